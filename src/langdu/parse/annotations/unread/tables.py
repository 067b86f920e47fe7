"""Tables in a text: the cells that say how something is misread."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.model import Span
from langdu.parse.annotations.alignment.exact import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterator

_MISREADING = re.compile(
    r"误读|誤讀|错读|錯讀|误念|誤念|错念|錯念|误音|错音|常错|常錯|错误|錯誤|[误誤错錯]的?(?:读|讀|发|發|拼|注)?音|^[误誤错錯×✗✘❌]$"
)
# But 易错字 and 易误读的词 are headings of words, and not of their wrong readings.
_WORDS = re.compile(r"[字词詞]语?$")
_LINE = re.compile(r"[^\n]*\n?")


def find_misread_cells(view: str) -> list[Span]:
    """The cells under a heading such as 常见误读, in tables with bars or tabs, without the bars.

    A table ends where a line of text has none of its bars or tabs.
    """
    if not _MISREADING.search(view):
        return []
    cells: list[Span] = []
    columns: dict[str, set[int]] = {}
    for match in _LINE.finditer(view):
        line = Span(match.start(), match.end())
        bar = "|" if "|" in match[0] else "\t" if "\t" in match[0] else ""
        if not match[0].strip(f" \t\n{HIDDEN}"):
            continue  # the line under the head, whose bars are hidden
        if not bar:
            columns = {}
        elif bar in columns:
            cells += [cell for i, cell in enumerate(_cells(view, line, bar)) if i in columns[bar]]
        else:
            columns = {bar: {i for i, cell in enumerate(_cells(view, line, bar)) if _is_misreading(cell.of(view))}}
    return cells


def _is_misreading(heading: str) -> bool:
    heading = heading.strip(" *_#\n")
    return _MISREADING.search(heading) is not None and not _WORDS.search(heading)


def _cells(view: str, line: Span, bar: str) -> Iterator[Span]:
    at = line.start
    for end in [i for i in range(line.start, line.end) if view[i] == bar] + [line.end]:
        yield Span(at, end - 1 if end == line.end and view[end - 1 : end] == "\n" else end)
        at = end + 1
