"""Tables that a text writes in HTML with a cell a line: each row becomes one line, as a page shows it."""

from __future__ import annotations

import re

# A row without another one in it; the scan stops at the next tag of a row, so that it is linear.
_ROW = re.compile(r"<tr\b[^<>]*>(?:(?!</?tr\b)[\s\S])*</tr\s*>", re.IGNORECASE)
_BETWEEN_CELLS = re.compile(r"(</t[dh]\s*>)\s*\n\s*(?=<t[dh]\b)", re.IGNORECASE)
_BESIDE_TAG = re.compile(r"(?<=>)[ \t]*\n\s*|\s*\n[ \t]*(?=<)")


def in_one_line(text: str) -> str:
    """The text with every row of a table in one line, its cells parted by tabs.

    Later lines keep their numbers: an empty tag stands for each line that a row has lost.
    """
    return _ROW.sub(lambda row: _one_line(row[0]), text) if "<tr" in text.lower() else text


def _one_line(row: str) -> str:
    lines = row.count("\n")
    row = _BESIDE_TAG.sub("", _BETWEEN_CELLS.sub("\\1\t", row)).replace("\n", " ")
    return row + "\n<br/>" * lines
