"""Where a reader joins words and where a reader breathes: prosodic words and prosodic phrases.

Commas show where writers would breathe. `data/breaks.tsv` says how much likelier than usual a comma is before and after
each frequent word (docs/prosody.md; made by training/breaks.py).

Source: the levels are those of C-ToBI (Li Aijun, Chinese Prosody and Prosodic Labeling of Spontaneous Speech, 2002):
prosodic word, then prosodic phrase.
"""

from __future__ import annotations

from bisect import bisect_left
from functools import cache
from heapq import heappop, heappush
from itertools import accumulate, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu.data import rows
from langdu.marks import HANZI
from langdu.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

PATH: Final = Path(__file__).parent / "data" / "breaks.tsv"

# A prosodic word has two or three syllables, rarely four. Source: Feng, 汉语的韵律、词法与句法 (1997), chapter 1.
_LONGEST: Final = 4
# Numerals and demonstratives lean on the word after them (几本, 这个), particles on the one before them (会见了).
_POINTING: Final = frozenset("一二三四五六七八九十百千万亿两几每这那哪某第半")
_PARTICLES: Final = frozenset("的地得了着过们吗呢吧啊嘛")
_TIGHT: Final = -20.0
# Between two marks a reader breathes about every `_USUAL` syllables. A phrase that is longer or shorter by `_SPREAD`
# costs 1. A stretch of up to `_ONE_BREATH` needs no breath at all.
_USUAL: Final = 7
_SPREAD: Final = 2.5
_ONE_BREATH: Final = 10
# A phrase of a + b syllables costs (2ab - 49) / 6.25 more than two of a and b, and no boundary costs more than 4. So a
# phrase of more than this many syllables is always better cut.
_TOO_LONG: Final = 38
# The weight of the log odds of a comma, and the limits to which they are cut.
_WEIGHT: Final = 0.5
_WORST: Final = -8.0
_BEST: Final = 4.0


@cache
def table() -> Mapping[str, tuple[float, float]]:
    """The log odds of a comma after and before each word of the table; 0 is average."""
    return {word: (float(after), float(before)) for word, after, before in rows("breaks.tsv")}


def affinity(left: str, right: str, known: Mapping[str, tuple[float, float]] | None = None) -> float:
    """How well a reader can breathe between two words, as log odds of a comma; 0 is average.

    >>> affinity("但", "他") < affinity("他", "但")
    True
    """
    known = table() if known is None else known
    return known.get(left, (0.0, 0.0))[0] + known.get(right, (0.0, 0.0))[1]


def prosodic_words(text: str, words: Sequence[Span]) -> list[Span]:
    """The words of a text, with single syllables joined to the neighbour that they lean on.

    `words` cover the text in order, and so does the result. Only words in hanzi are joined.

    >>> from langdu import lexicon
    >>> text = "我们的展览馆很好"
    >>> [word.of(text) for word in prosodic_words(text, lexicon.split_words(text))]
    ['我们的', '展览馆', '很好']
    """
    out: list[Span] = []
    stretch: list[Span] = []
    for word in words:
        if HANZI.match(text, word.start, word.end):
            stretch.append(word)
        else:
            out += [*_joined(text, stretch), word]
            stretch = []
    return [*out, *_joined(text, stretch)]


def _joined(text: str, words: Sequence[Span]) -> list[Span]:
    """Join words in a row without marks. The weakest boundary beside a single syllable goes first.

    A group is identified by its first word. The heap holds boundaries by the group before them; those whose groups have
    changed meanwhile are skipped.
    """
    ends = {i: word.end for i, word in enumerate(words)}
    before, after = list(range(-1, len(words) - 1)), list(range(1, len(words) + 1))
    loose = [_looseness(left.of(text), right.of(text)) for left, right in pairwise(words)]
    heap: list[tuple[float, int, int, int]] = []

    def offer(left: int, right: int) -> None:
        if left >= 0 and right < len(words):
            sizes = ends[left] - words[left].start, ends[right] - words[right].start
            if min(sizes) == 1 and sum(sizes) <= _LONGEST:
                heappush(heap, (loose[right - 1], sum(sizes), left, ends[right]))

    for i in range(len(words) - 1):
        offer(i, i + 1)
    while heap:
        _, _, left, end = heappop(heap)
        right = after[left] if left in ends else len(words)
        if right == len(words) or ends[right] != end or end - words[left].start > _LONGEST:
            continue
        ends[left] = ends.pop(right)
        after[left] = after[right]
        if after[left] < len(words):
            before[after[left]] = left
        offer(before[left], left)
        offer(left, after[left])
    return [Span(words[i].start, end) for i, end in sorted(ends.items())]


def _looseness(left: str, right: str) -> float:
    """How easily a reader separates two words: low if one leans on the other."""
    leans = right in _PARTICLES or (left in _POINTING and len(right) == 1)
    return _TIGHT if leans else affinity(left, right)


def phrase_ends(text: str, groups: Sequence[Span], words: Sequence[Span]) -> set[int]:
    """Where a reader breathes between two marks: the ends of prosodic phrases, as offsets.

    `groups` are prosodic words, `words` the words that they consist of. The phrases are those that cost least: an
    unusual length costs, and so does a boundary where writers put no comma.
    """
    ends: set[int] = set()
    beside = {left.end: affinity(left.of(text), right.of(text)) for left, right in pairwise(words)}
    for stretch in _stretches(text, groups):
        if stretch[-1].end - stretch[0].start > _ONE_BREATH:
            ends |= _cheapest(stretch, beside)
    return ends


def _stretches(text: str, groups: Sequence[Span]) -> Iterator[list[Span]]:
    """Prosodic words in hanzi that no mark separates."""
    stretch: list[Span] = []
    for group in groups:
        if HANZI.match(text, group.start):
            stretch.append(group)
        elif stretch:
            yield stretch
            stretch = []
    if stretch:
        yield stretch


def _cheapest(stretch: Sequence[Span], beside: Mapping[int, float]) -> set[int]:
    """The ends of the phrases with the least total cost, by dynamic programming over the prosodic words."""
    at = [0, *accumulate(len(group) for group in stretch)]
    costs, came = [0.0], [0]
    for end in range(1, len(at)):
        last = end == len(stretch)
        price = 0.0 if last else -_WEIGHT * min(_BEST, max(_WORST, beside.get(stretch[end - 1].end, 0.0)))
        first = min(end - 1, bisect_left(at, at[end] - _TOO_LONG))
        total, start = min((costs[s] + ((at[end] - at[s] - _USUAL) / _SPREAD) ** 2, s) for s in range(first, end))
        costs.append(total + price)
        came.append(start)
    ends, i = set(), came[-1]
    while i:
        ends.add(stretch[i - 1].end)
        i = came[i]
    return ends
