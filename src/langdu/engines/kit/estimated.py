"""Estimates when each character is said from loudness, for engines that do not report it.

A speaker pauses at punctuation, so the pauses of a clip are assigned to the punctuation of its text. Between two known
pauses, syllables share the time as evenly as possible while beginning at soft moments.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.model import Mark
from langdu.sound.levels import WINDOWS_A_SECOND, hundredths, loud

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.model import Syllable

# Hundredths of a second. The closure of a stop lasts half as long as the shortest pause.
_PAUSE: Final = 12
# What punctuation without a pause costs, in hundredths of a second of error in its place.
_UNHEARD: Final = (
    dict.fromkeys("。！？!?；;…\n", 80) | dict.fromkeys("，,：:—", 40) | dict.fromkeys("、·（）()《》“”‘’ ", 6)
)
# No syllable is shorter; hundredths of a second.
_SHORTEST: Final = 2
# How much syllables differ in length, as a share of their mean.
_SPREAD: Final = 0.35


@dataclass(frozen=True, slots=True)
class _Boundary:
    """A place where the speaker may pause: after `after` syllables. `cost` is the cost of no pause there."""

    after: int
    cost: int


def marks(
    sound: NDArray[np.int16], sample_rate: int, text: str, said: Sequence[tuple[int, Sequence[Syllable]]]
) -> list[Mark]:
    """A mark for each said character of `text`; `said` is what `letters.spoken` gives, and not empty.

    Law: marks are in order, do not overlap, and lie inside the sound. Their error is in docs/measured.md.
    """
    levels = hundredths(sound, sample_rate)
    sounding = np.flatnonzero(loud(levels))
    counts = [len(syllables) for _, syllables in said]
    whole, window = sum(counts), sample_rate // WINDOWS_A_SECOND
    if len(sounding) < _SHORTEST * whole:  # hardly any sound
        places, window = [(len(sound) * i // whole,) * 2 for i in range(whole + 1)], 1
    else:
        places = _places(levels, sounding, whole, _boundaries(text, said))
    out, done = [], 0
    for (index, _), count in zip(said, counts, strict=True):
        start, end = places[done][1], places[done + count][0]
        out.append(Mark(index, start * window, end * window))
        done += count
    return out


def _boundaries(text: str, said: Sequence[tuple[int, Sequence[Syllable]]]) -> list[_Boundary]:
    """Where punctuation stands between two said characters."""
    boundaries, done = [], 0
    for (index, syllables), (after, _) in pairwise(said):
        done += len(syllables)
        cost = max((_UNHEARD.get(char, 0) for char in text[index + 1 : after]), default=0)
        if cost:
            boundaries.append(_Boundary(done, cost))
    return boundaries


def _places(
    levels: NDArray[np.float64], sounding: NDArray[np.intp], syllables: int, boundaries: Sequence[_Boundary]
) -> list[tuple[int, int]]:
    """For each edge between syllables: where one ends and where the next begins, in hundredths of a second.

    The two differ only where there is a pause.
    """
    silent = np.diff(sounding)
    pauses = np.flatnonzero(silent > _PAUSE)
    lengths = [int(length) for length in silent[pauses]]
    at = _assigned([int(pause) + 1 for pause in pauses], lengths, len(sounding) / syllables, boundaries)
    known = [(0, 0)]
    for after, place in ((boundaries[i].after, place) for i, place in at):
        enough = place - known[-1][1] >= _SHORTEST * (after - known[-1][0])
        if enough and len(sounding) - place >= _SHORTEST * (syllables - after):
            known.append((after, place))
    known.append((syllables, len(sounding)))
    edges = [0]
    softness = _softness(levels, sounding)
    for (first, start), (last, end) in pairwise(known):
        edges += [start + end_inside for end_inside in _shared(softness[start : end + 1], last - first)]
    return [(_end(sounding, edge), _start(sounding, edge)) for edge in edges]


def _end(sounding: NDArray[np.intp], edge: int) -> int:
    return int(sounding[edge - 1]) + 1 if edge else int(sounding[0])


def _start(sounding: NDArray[np.intp], edge: int) -> int:
    return int(sounding[edge]) if edge < len(sounding) else int(sounding[-1]) + 1


def _softness(levels: NDArray[np.float64], sounding: NDArray[np.intp]) -> NDArray[np.float64]:
    """What it costs to begin a syllable before each sounding hundredth, and after the last: how loud it is there."""
    level = np.log(levels[sounding] + 10.0)
    both = np.concatenate([[0.0], level[1:] + level[:-1], [0.0]])
    both[1:-1][np.diff(sounding) > 1] = 2 * np.log(10.0)  # there is silence between the two
    return both


def _shared(softness: NDArray[np.float64], syllables: int) -> list[int]:
    """The ends of syllables that share a stretch of sound: as even as possible, and at soft moments (Viterbi).

    `softness` has an entry for each edge of the stretch's hundredths: one more than there are hundredths.
    """
    size = len(softness) - 1
    mean = size / syllables
    spans = range(max(1, int(mean / 3)), min(size, int(2.5 * mean) + 1) + 1)
    cost = np.full(size + 1, np.inf)
    cost[0] = 0
    steps = np.zeros((syllables, size + 1), np.int32)
    for i in range(syllables):
        best = np.full(size + 1, np.inf)
        for span in spans:
            way = cost[: size + 1 - span] + ((span - mean) / (_SPREAD * mean)) ** 2
            better = way < best[span:]
            best[span:][better] = way[better]
            steps[i, span:][better] = span
        cost = best + softness
    ends, at = [], size
    for i in reversed(range(syllables)):
        ends.append(at)
        at -= int(steps[i, at])
    return ends[::-1]


def _assigned(
    pauses: Sequence[int], lengths: Sequence[int], size: float, boundaries: Sequence[_Boundary]
) -> list[tuple[int, int]]:
    """Which boundary is heard as which pause, both in order: (index of the boundary, where the pause is).

    Places are counted in sounding hundredths, of which a syllable takes `size`. Minimises the cost of pauses far from
    where even syllables would put the boundary, of boundaries without a pause, and of pauses without a boundary.
    """
    rows, columns = len(boundaries) + 1, len(pauses) + 1
    cost = np.full((rows, columns), np.inf)
    cost[0, 0] = 0
    step = np.zeros((rows, columns), np.int8)
    for i in range(rows):
        for j in range(columns):
            ways = [np.inf, np.inf, np.inf] if i or j else [0.0, np.inf, np.inf]
            if i:
                ways[0] = cost[i - 1, j] + boundaries[i - 1].cost
            if j:
                ways[1] = cost[i, j - 1] + 0.8 * lengths[j - 1]
            if i and j:
                ways[2] = cost[i - 1, j - 1] + abs(pauses[j - 1] - size * boundaries[i - 1].after)
            step[i, j] = int(np.argmin(ways))
            cost[i, j] = ways[step[i, j]]
    pairs, i, j = [], len(boundaries), len(pauses)
    while i or j:
        if step[i, j] == 2:
            pairs.append((i - 1, pauses[j - 1]))
        i, j = i - (step[i, j] != 1), j - (step[i, j] != 0)
    return pairs[::-1]
