"""Tables in HTML with a line for each cell: every row becomes one line, as a page shows it."""

from __future__ import annotations

import re

# A row without another one in it. The pattern stops at the next tag of a row, so that it is linear.
_ROW = re.compile(r"<tr\b[^<>]*>(?:(?!</?tr\b)[\s\S])*</tr\s*>", re.IGNORECASE)
# Possessive, so that a long run of blanks is matched once.
_BETWEEN_CELLS = re.compile(r"(</t[dh]\s*+>)[^\S\n]*+\n\s*+(?=<t[dh]\b)", re.IGNORECASE)
_BLANKS = re.compile(r"(?P<behind>(?<=>))?(?P<run>\s++)(?P<before>(?=<))?")


def in_one_line(text: str) -> str:
    """The text with every row of a table in one line, with tabs between cells.

    An empty tag is added for each line that a row loses, so that later lines keep their numbers.
    """
    return _ROW.sub(lambda row: _one_line(row[0]), text) if "<tr" in text.lower() else text


def _one_line(row: str) -> str:
    lines = row.count("\n")
    row = _BLANKS.sub(_beside_tag, _BETWEEN_CELLS.sub("\\1\t", row)).replace("\n", " ")
    return row + "\n<br/>" * lines


def _beside_tag(blanks: re.Match[str]) -> str:
    """Blanks, or nothing if they hold a line end right beside a tag."""
    run = blanks["run"]
    behind = blanks["behind"] is not None and run.lstrip(" \t").startswith("\n")
    before = blanks["before"] is not None and run.rstrip(" \t").endswith("\n")
    return "" if behind or before else run
