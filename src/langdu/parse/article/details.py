"""Who wrote an article, when, and where it appeared, as the lines at its head and its end say."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from langdu.marks import HANZI_RANGES

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAME = f"[{HANZI_RANGES}·]"
_WRITER = "作者|记者|撰文|文字|通讯员"
_PUBLISHER = "来源|稿源|出处|文章来源|信息来源"
_REPORTER = r"(?:本报|本网|本刊|实习)?记者"
_DATE = (
    r"(?P<year>(?:19|20)\d\d)\s*[-年/.]\s*(?P<month>\d{1,2})\s*[-月/.]\s*(?P<day>\d{1,2})(?:\s*日)?"
    r"(?:[ T]{1,3}(?P<hour>[01]?\d|2[0-3])[:：](?P<minute>[0-5]\d))?"
)
_FIND_AUTHOR = re.compile(
    rf"(?:{_WRITER}|(?:^|[(（\s])文)\s*[:：/／|｜]\s*(?P<name>{_NAME}{{2,8}}(?:[、 ]{_NAME}{{2,8}}){{0,4}})"
    rf"|{_REPORTER}\s+(?P<reporter>{_NAME}{{2,4}})(?!{_NAME})"
)
_FIND_ORIGIN = re.compile(rf"(?:{_PUBLISHER})\s*[:：]\s*(?P<name>[^\s|｜,，()（）]{{2,30}})")
_FIND_DATE = re.compile(rf"{_DATE}(?!\d)")
# One part of a byline: a name, a publisher, or a date with the time, in seconds too.
_PART = (
    rf"(?:(?:{_WRITER}|{_PUBLISHER}|文|摄影|图|编辑|责编|责任编辑)\s?[:：/／]\s?[^\s。，！？]{{1,20}}|{_REPORTER}\s{_NAME}{{2,4}}"
    rf"|(?:(?:发布|发表|更新|发稿)?(?:时间|日期|于)\s?[:：]?\s?)?{re.sub('P<[a-z]+>', ':', _DATE)}(?:[:：]\d\d)?)"
)
_BYLINE = re.compile(rf"{_PART}(?:[\s|｜·,，/]+{_PART}){{0,6}}")
# Bylines are short, and among the first or the last lines: a date in a paragraph belongs to its text.
_EDGE = 5
_SHORT = 80


class Details(NamedTuple):
    """Who wrote an article, when, and where it appeared. `date` is in ISO 8601, with the time if there is one."""

    author: str | None
    date: str | None
    origin: str | None


def find_details(lines: Sequence[str]) -> Details:
    """What the bylines at both ends of an article say.

    >>> find_details(["江上的冬天", "2024年1月5日 09:30　来源：松江晚报　作者：王小明"])
    Details(author='王小明', date='2024-01-05T09:30', origin='松江晚报')
    """
    edges = [line for line in [*lines[:_EDGE], *lines[_EDGE:][-_EDGE:]] if len(line) <= _SHORT]
    author = next(filter(None, map(_FIND_AUTHOR.search, edges)), None)
    origin = next(filter(None, map(_FIND_ORIGIN.search, edges)), None)
    date = next(filter(None, map(_FIND_DATE.search, edges)), None)
    return Details(
        author=(author["name"] or author["reporter"]) if author else None,
        date=_iso(date) if date else None,
        origin=origin["name"] if origin else None,
    )


def is_byline(line: str) -> bool:
    """Whether a line only says who wrote an article, when, and where it appeared.

    >>> is_byline("记者：李强 2024年12月3日"), is_byline("2024-08-09 21:15"), is_byline("记者：你从哪里来？")
    (True, True, False)
    """
    return len(line) <= _SHORT and _BYLINE.fullmatch(line) is not None


def _iso(match: re.Match[str]) -> str | None:
    month, day = int(match["month"]), int(match["day"])
    if not (1 <= month <= 12 and 1 <= day <= 31):
        return None
    time = f"T{int(match['hour']):02}:{match['minute']}" if match["hour"] else ""
    return f"{match['year']}-{month:02}-{day:02}{time}"
