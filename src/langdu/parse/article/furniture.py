"""Lines around an article that are not part of it: 相关推荐, 责任编辑, 分享到, page numbers, copyright."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from langdu import lexicon
from langdu.data import rows
from langdu.marks import ELLIPSIS, FULL_STOPS, SEMICOLONS

if TYPE_CHECKING:
    from collections.abc import Sequence

# A line after a heading such as 相关推荐 is a link if it is no longer than this and does not end like a sentence.
_LINK = 40
# Nothing in the table is longer, so longer paragraphs are not looked at.
_LONGEST = 200
_LIST_MARKS = "-•·*●■◆▪> \t"
# Links do not end with these.
_NO_LINK_ENDS = FULL_STOPS + ELLIPSIS + SEMICOLONS + "”"


class _Table(NamedTuple):
    any: re.Pattern[str]
    head: re.Pattern[str]
    tail: re.Pattern[str]
    list: re.Pattern[str]


@cache
def _table() -> _Table:
    by_place: dict[str, list[str]] = {"any": [], "head": [], "tail": [], "list": []}
    for where, pattern in rows("furniture.tsv")[1:]:  # the first names the columns
        by_place[where].append(f"(?:{pattern})")
    return _Table(**{where: re.compile("|".join(patterns)) for where, patterns in by_place.items()})


def find_furniture(lines: Sequence[str]) -> set[int]:
    """The indices of the lines that are furniture. An empty text stands for a line that belongs to the article.

    >>> sorted(find_furniture(["欢迎来到长春。", "春天来了，" * 9, "欢迎", "相关推荐", "长春的夏天", "欢迎"]))
    [3, 4, 5]
    """
    table = _table()
    lines = [_folded(line) if len(line) <= _LONGEST else "-" * _LONGEST for line in lines]
    indices = {i for i, line in enumerate(lines) if table.any.fullmatch(line)}
    lines = [line.lstrip(_LIST_MARKS) for line in lines]
    indices |= {i for i, line in enumerate(lines) if table.any.fullmatch(line) or table.list.fullmatch(line)}
    end = 0
    for i in sorted(indices):
        if i >= end and table.list.fullmatch(lines[i]):
            links = _links(lines, i + 1)
            indices |= links
            end = max(links, default=i) + 1
    return indices | _beside(lines, indices, table)


def _folded(line: str) -> str:
    """A line as the table writes it: half-width and simplified."""
    return lexicon.simplified(unicodedata.normalize("NFKC", line))


def _links(lines: Sequence[str], start: int) -> set[int]:
    """The links from a line on."""
    end = start
    while end < len(lines) and 0 < len(lines[end]) <= _LINK and lines[end][-1] not in _NO_LINK_ENDS:
        end += 1
    return set(range(start, end))


def _beside(lines: Sequence[str], indices: set[int], table: _Table) -> set[int]:
    """The lines that are furniture only beside other furniture, at the head or the tail of an article."""
    more: set[int] = set()
    for pattern, step in ((table.tail, 1), (table.head, -1)):
        for i in sorted(indices)[::step]:
            at = i + step
            while 0 <= at < len(lines) and at not in indices and pattern.fullmatch(lines[at]):
                more.add(at)
                at += step
    return more
