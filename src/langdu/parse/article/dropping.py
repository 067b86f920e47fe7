"""Lines that are dropped: copies, and what stands around the article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.marks import HANZI
from langdu.model import Dropped
from langdu.parse.article.duplicates import Copies
from langdu.parse.article.furniture import find_furniture

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.parse.article.lines import SourceLine

_CRUMBS = re.compile(r"[>»›→|:：]")
# How many lines may stand over the title.
_HEAD = 6


def drop_duplicates(lines: Sequence[SourceLine]) -> tuple[list[SourceLine], list[Dropped]]:
    """The lines with only one copy of each paragraph: the first, or the one with more annotations."""
    gone: set[int] = set()
    for first, copy, length in Copies([line.key for line in lines]).blocks():
        earlier, later = range(first, first + length), range(copy, copy + length)
        gone.update(earlier if _annotations(lines, later) > _annotations(lines, earlier) else later)
    return _without(lines, gone, "duplicate")


def _annotations(lines: Sequence[SourceLine], indices: Iterable[int]) -> int:
    return sum(run.annotation is not None for i in indices for run in lines[i].runs)


def drop_crumbs(lines: Sequence[SourceLine]) -> tuple[list[SourceLine], list[Dropped]]:
    """The lines without the path that a page has over its title, 首页 > 新闻 > 正文: it must not become the title."""
    at = 0
    while at < min(_HEAD, len(lines)) and _CRUMBS.search(lines[at].text) and find_furniture([lines[at].text.strip()]):
        at += 1
    return _without(lines, set(range(at)), "furniture")


def drop_furniture(lines: Sequence[SourceLine]) -> tuple[list[SourceLine], list[Dropped]]:
    """The lines without what stands around the article.

    A line whose hanzi are all annotated stays, since it is a word of a lesson. Furniture may have some pinyin that a
    program put there: 責(zé)任編輯.
    """
    texts = ["" if _is_all_annotated(line) else line.text.strip() for line in lines]
    return _without(lines, find_furniture(texts), "furniture")


def _is_all_annotated(line: SourceLine) -> bool:
    annotated = any(run.annotation for run in line.runs)
    return annotated and not any(HANZI.search(run.text) for run in line.runs if not run.annotation)


def _without(lines: Sequence[SourceLine], gone: set[int], reason: str) -> tuple[list[SourceLine], list[Dropped]]:
    kept = [line for i, line in enumerate(lines) if i not in gone]
    return kept, [Dropped(lines[i].number, lines[i].text, reason) for i in sorted(gone)]
