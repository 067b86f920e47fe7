"""Where written text may be cut: at sentences, and inside a sentence at the best mark near its middle."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from langdu.marks import sentence_ends

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

# The marks where a long sentence breaks, the best first. ASCII marks count too, because many people type them between
# hanzi; but not between ASCII letters or digits, so that 5,000 and 21:15 stay whole.
_ASCII: Final = "(?<![!-~]){0}|{0}(?![!-~])"
_BREAKS: Final = tuple(
    map(re.compile, ("[；：]|" + _ASCII.format("[;:]"), "，|" + _ASCII.format(","), "、|" + _ASCII.format("[ \u3000]")))
)
# These characters belong to the mark before them: “走！”他说 has one boundary, after ”; a comma after it belongs too.
_FOLLOWING: Final = frozenset("”’』」》〉）)】］]，、；：,;:。！？!?… \n\u3000")


def clause_ends(text: str) -> list[int]:
    """Where sentences and clauses end: clauses at ；, ： or ，. The end of the text is left out.

    >>> clause_ends("“走！”他说，明天再来。好……")
    [4, 7, 12]
    """
    return sorted({*sentence_ends(text), *(end for mark in _BREAKS[:2] for end in _ends(text, mark))})


def shortened(
    text: str, ends: Collection[int], too_long: Callable[[int, int], bool], breaths: Collection[int] = ()
) -> list[int]:
    """`ends`, and more cuts inside pieces that are too long, if there are places to cut.

    A place to cut is a mark, or one of the offsets `breaths`, where a reader breathes although there is no mark.
    """
    bounds = [0, *sorted(ends), len(text)]
    places = [*((rank, end) for rank, mark in enumerate(_BREAKS) for end in _ends(text, mark))]
    places += [(len(_BREAKS), _after(text, at)) for at in breaths]
    cuts = [cut for start, end in pairwise(bounds) for cut in (*_halve(start, end, places, too_long), end)]
    return cuts[:-1]


def _ends(text: str, mark: re.Pattern[str]) -> list[int]:
    ends = (_after(text, m.end()) for m in mark.finditer(text))
    return list(dict.fromkeys(end for end in ends if end < len(text)))


def _after(text: str, at: int) -> int:
    """The end of a piece whose mark ends at `at`."""
    while at < len(text) and (text[at] in _FOLLOWING or (text[at] == '"' and text.count('"', 0, at) % 2)):
        at += 1
    return at


def _halve(start: int, end: int, places: list[tuple[int, int]], too_long: Callable[[int, int], bool]) -> Iterator[int]:
    """Cuts for a piece that is too long: at the best place near its middle, then again in each half if need be."""
    inside = [(rank, at) for rank, at in places if start < at < end] if too_long(start, end) else []
    if inside:
        # A place of the next lower rank is taken when it is nearer to the middle by a third of the piece.
        _, at = min(inside, key=lambda p: (3 * abs(2 * p[1] - start - end) + p[0] * 2 * (end - start), p))
        yield from (*_halve(start, at, inside, too_long), at, *_halve(at, end, inside, too_long))
