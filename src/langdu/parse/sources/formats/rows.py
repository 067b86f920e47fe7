"""Tables that a text writes in HTML with a cell a line: each row becomes one line, as a page shows it."""

from __future__ import annotations

import re

# A row without another one in it; the scan stops at the next tag of a row, so that it is linear.
_ROW = re.compile(r"<tr\b[^<>]*>(?:(?!</?tr\b)[\s\S])*</tr\s*>", re.IGNORECASE)
# Possessive, so that a long run of blanks is looked at once.
_BETWEEN_CELLS = re.compile(r"(</t[dh]\s*+>)[^\S\n]*+\n\s*+(?=<t[dh]\b)", re.IGNORECASE)
_BLANKS = re.compile(r"(?P<behind>(?<=>))?(?P<run>\s++)(?P<before>(?=<))?")


def in_one_line(text: str) -> str:
    """The text with every row of a table in one line, its cells parted by tabs.

    Later lines keep their numbers: an empty tag stands for each line that a row has lost.
    """
    return _ROW.sub(lambda row: _one_line(row[0]), text) if "<tr" in text.lower() else text


def _one_line(row: str) -> str:
    lines = row.count("\n")
    row = _BLANKS.sub(_beside_tag, _BETWEEN_CELLS.sub("\\1\t", row)).replace("\n", " ")
    return row + "\n<br/>" * lines


def _beside_tag(blanks: re.Match[str]) -> str:
    """A line's end right behind a tag or right before one goes, with the blanks around it."""
    run = blanks["run"]
    behind = blanks["behind"] is not None and run.lstrip(" \t").startswith("\n")
    before = blanks["before"] is not None and run.rstrip(" \t").endswith("\n")
    return "" if behind or before else run
