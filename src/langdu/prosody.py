"""Where a reader joins words, and where he breathes: prosodic words and prosodic phrases.

What writers say of it is where they put commas: `data/breaks.tsv` has, for the words met often enough, how much
likelier than on the average a comma is after them and before them (docs/prosody.md; made by training/breaks.py).

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

# A prosodic word has two or three syllables, four if it must. Source: Feng, 汉语的韵律、词法与句法 (1997), chapter 1.
_LONGEST: Final = 4
# A numeral or a pronoun that points leans on its measure word (几本, 这个), a particle on what is before it (会见了).
_POINTING: Final = frozenset("一二三四五六七八九十百千万亿两几每这那哪某第半")
_PARTICLES: Final = frozenset("的地得了着过们吗呢吧啊嘛")
_TIGHT: Final = -20.0
# Between two marks a reader breathes about every seven syllables; a phrase of this many more or less costs as much as a
# boundary that is worse by one (in log odds of a comma), and one with so many needs no breath at all.
_USUAL: Final = 7
_SPREAD: Final = 2.5
_ONE_BREATH: Final = 10
# A phrase of a and b syllables costs (2ab - 49) / 6.25 more than two, and no boundary costs more than 4: any phrase of
# more than this many syllables is better cut, wherever it has a boundary.
_TOO_LONG: Final = 38
# How much a boundary's log odds count; beyond these limits they say the same.
_WEIGHT: Final = 0.5
_WORST: Final = -8.0
_BEST: Final = 4.0


@cache
def table() -> Mapping[str, tuple[float, float]]:
    """Of each word in the table, the log odds of a comma after it and before it, 0 for an average word."""
    return {word: (float(after), float(before)) for word, after, before in rows("breaks.tsv")}


def affinity(left: str, right: str, known: Mapping[str, tuple[float, float]] | None = None) -> float:
    """How well a reader can breathe between two words: log odds of a comma, 0 as between most words.

    >>> affinity("但", "他") < affinity("他", "但")
    True
    """
    known = table() if known is None else known
    return known.get(left, (0.0, 0.0))[0] + known.get(right, (0.0, 0.0))[1]


def prosodic_words(text: str, words: Sequence[Span]) -> list[Span]:
    """The words of a text, with single syllables joined to the neighbour that they lean on.

    `words` cover the text in order, and so does the result. Nothing is joined across what is no hanzi.

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
    """Words in a row without a mark: the weakest boundary beside a single syllable goes first.

    A group is known by its first word. The heap holds boundaries by the groups before them; one whose groups have
    changed since is passed over.
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
    leans = right in _PARTICLES or (left in _POINTING and len(right) == 1)
    return _TIGHT if leans else affinity(left, right)


def phrase_ends(text: str, groups: Sequence[Span], words: Sequence[Span]) -> set[int]:
    """Where a reader breathes inside a stretch without marks: the ends of prosodic phrases, as offsets.

    `groups` are prosodic words, `words` the words they were made of. The phrases of a stretch are those that cost
    least: a length far from the usual costs, and so does a boundary where no writer would put a comma.
    """
    ends: set[int] = set()
    beside = {left.end: affinity(left.of(text), right.of(text)) for left, right in pairwise(words)}
    for stretch in _stretches(text, groups):
        if stretch[-1].end - stretch[0].start > _ONE_BREATH:
            ends |= _cheapest(stretch, beside)
    return ends


def _stretches(text: str, groups: Sequence[Span]) -> Iterator[list[Span]]:
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
    """The ends of the phrases that cost least together, by dynamic programming over the prosodic words."""
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
