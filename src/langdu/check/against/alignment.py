"""Which of the learner's syllables stands for which of the article's: the cheapest alignment of two sequences.

Source: Needleman and Wunsch (1970), in the space of a row: Hirschberg (1975). Rows are computed by numpy.
"""

from __future__ import annotations

from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from langdu.pinyin import final, initial, normal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.check.against import AskedSyllable, LearnerSyllable
    from langdu.model import Syllable

Ints = npt.NDArray[np.int32]

# Costs. Two syllables that have nothing in common are still a pair rather than one missing and one extra.
_VARIANT: Final = 1
_TONE: Final = 2
_MISSPELLED: Final = 3
_STRANGE: Final = 5  # letters that are no syllable, and not like the asked one
_HALF: Final = 4  # the same initial or final
_OTHER: Final = 6
_GAP: Final = 4
_OPTIONAL: Final = 1
# From this share of letters in common, a misspelled syllable resembles the asked one.
_ALIKE: Final = 0.6
# Lines tend to begin where paragraphs do.
_BOTH_BEGIN: Final = -1
# Up to this many cells, the whole table is kept and read backwards.
_CELLS: Final = 1 << 20


class _Costs(NamedTuple):
    """`table[kinds[i], learned[j]]` is the cost of a pair, `gaps[i]` that of a missing syllable."""

    table: Ints
    kinds: Ints
    learned: Ints
    begins: npt.NDArray[np.bool_]
    line_begins: npt.NDArray[np.bool_]
    gaps: Ints

    def row(self, i: int, learned: slice) -> Ints:
        """The costs of pairs with the asked syllable `i`."""
        row: Ints = self.table[self.kinds[i], self.learned[learned]]
        return row + _BOTH_BEGIN * self.line_begins[learned] if self.begins[i] else row


def aligned(
    asked: Sequence[AskedSyllable], learner: Sequence[LearnerSyllable]
) -> Iterator[tuple[int | None, int | None]]:
    """Pairs of indices in order, None on one side for what is missing or extra."""
    return _aligned(_costs(asked, learner), 0, len(asked), 0, len(learner))


def is_alike(asked: AskedSyllable, learner: LearnerSyllable) -> bool:
    """Whether the learner's syllable is the asked one, or an accepted way to write it."""
    return _pair(_ways(asked), learner.syllable, learner.toned) <= _VARIANT


def cost(asked: Sequence[AskedSyllable], learner: Sequence[LearnerSyllable]) -> int:
    """The cost of the cheapest alignment."""
    costs = _costs(asked, learner)
    return int(_last_row(costs, range(len(asked)), slice(0, len(learner)))[-1])


def _costs(asked: Sequence[AskedSyllable], learner: Sequence[LearnerSyllable]) -> _Costs:
    kinds, kind_of = _numbered([_ways(a) for a in asked])
    learned, learned_as = _numbered([(s.syllable, s.toned, "" if s.syllable else _bare(s.written)) for s in learner])
    table = [[_pair(kind, *given) for given in learned_as] for kind in kind_of]
    return _Costs(
        np.array(table, np.int32).reshape(len(kind_of), len(learned_as)),
        kinds,
        learned,
        np.array([a.begins for a in asked], np.bool_),
        np.array([s.begins for s in learner], np.bool_),
        np.array([_GAP if a.required else _OPTIONAL for a in asked], np.int32),
    )


def _bare(written: str) -> str:
    """Letters without marks and digits."""
    return "".join(char for char in normal("NFKD", written.lower()) if char.isalpha())


def _ways(asked: AskedSyllable) -> tuple[Syllable, ...]:
    return asked.syllable, *asked.accepted


def _numbered(values: Sequence[Any]) -> tuple[Ints, list[Any]]:
    """Each value as the number of its kind, and the kinds."""
    kinds = {value: i for i, value in enumerate(dict.fromkeys(values))}
    return np.array([kinds[value] for value in values], np.int32), list(kinds)


@lru_cache(maxsize=1 << 16)
def _pair(ways: tuple[Syllable, ...], given: Syllable | None, toned: bool, letters: str = "") -> int:  # noqa: FBT001 - a field of a table
    wanted, *others = ways
    if given is None:
        return _MISSPELLED if SequenceMatcher(None, letters, wanted.base).ratio() > _ALIKE else _STRANGE
    same = (given.base, given.erhua) == (wanted.base, wanted.erhua)
    if same and (given.tone is wanted.tone or not toned):
        return 0
    if any((given.base, given.erhua) == (w.base, w.erhua) and (given.tone is w.tone or not toned) for w in others):
        return _VARIANT
    if same or any(given.base == way.base for way in ways):
        return _TONE
    return _HALF if initial(given) == initial(wanted) or final(given) == final(wanted) else _OTHER


def _aligned(costs: _Costs, a: int, b: int, c: int, d: int) -> Iterator[tuple[int | None, int | None]]:
    """The alignment of the asked syllables `a:b` with the learner's `c:d`."""
    if (b - a) * (d - c) <= _CELLS or b - a < 2:
        yield from _traced(costs, a, b, c, d)
        return
    middle = (a + b) // 2
    ahead = _last_row(costs, range(a, middle), slice(c, d))
    back = _last_row(costs, range(b - 1, middle - 1, -1), slice(d - 1, c - 1 if c else None, -1))[::-1]
    cut = c + int(np.argmin(ahead + back))
    yield from _aligned(costs, a, middle, c, cut)
    yield from _aligned(costs, middle, b, cut, d)


def _last_row(costs: _Costs, asked: range, learned: slice) -> Ints:
    """The costs of aligning all of `asked` with the first 0, 1, 2 … of `learned`."""
    size = len(costs.learned[learned])
    steps = _GAP * np.arange(size + 1, dtype=np.int32)
    row = steps
    for i in asked:
        row = _next_row(row, costs.row(i, learned), costs.gaps[i], steps)
    return row


def _next_row(row: Ints, pairs: Ints, gap: int, steps: Ints) -> Ints:
    best = row + gap
    best[1:] = np.minimum(best[1:], row[:-1] + pairs)
    # An extra syllable costs the same wherever it is, so all extra ones in a row are found by one running minimum.
    least: Ints = np.minimum.accumulate(best - steps) + steps
    return least


def _traced(costs: _Costs, a: int, b: int, c: int, d: int) -> Iterator[tuple[int | None, int | None]]:
    steps = _GAP * np.arange(d - c + 1, dtype=np.int32)
    rows, pairs = [steps], [costs.row(i, slice(c, d)) for i in range(a, b)]
    for i in range(a, b):
        rows.append(_next_row(rows[-1], pairs[i - a], costs.gaps[i], steps))
    path: list[tuple[int | None, int | None]] = []
    i, j = b - a, d - c
    while i or j:
        here = rows[i][j]
        if i and j and here == rows[i - 1][j - 1] + pairs[i - 1][j - 1]:
            i, j = i - 1, j - 1
            path.append((a + i, c + j))
        elif i and here == rows[i - 1][j] + costs.gaps[a + i - 1]:
            i -= 1
            path.append((a + i, None))
        else:
            j -= 1
            path.append((None, c + j))
    yield from reversed(path)
