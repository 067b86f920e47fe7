"""When each character is said, for engines that do not tell: by what is loud and what is silent.

A speaker pauses at marks, so the pauses of a clip are assigned to the marks of its text; between two pauses that are
known, syllables share the time evenly, and each boundary moves to the softest moment nearby.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.engines.sound import WINDOWS_A_SECOND, loud, loudness
from langdu.model import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.model import Syllable

# Hundredths of a second. The closure of a stop lasts half as long as the shortest pause.
_PAUSE: Final = 12
# What it costs to leave a mark without a pause, in hundredths of a second that its place could be wrong.
_UNHEARD: Final = (
    dict.fromkeys("。！？!?；;…\n", 80) | dict.fromkeys("，,：:—", 40) | dict.fromkeys("、·（）()《》“”‘’ ", 6)
)
# How far a boundary between two syllables moves to a softer moment, in syllables.
_NEARBY: Final = 0.3


@dataclass(frozen=True, slots=True)
class _Boundary:
    """A place in a text where its speaker may pause: after so many syllables; `cost` is what no pause there costs."""

    after: int
    cost: int


def marks(
    sound: NDArray[np.int16], sample_rate: int, text: str, said: Sequence[tuple[int, Sequence[Syllable]]]
) -> list[Mark]:
    """A mark for each said character of `text`; `said` is what `letters.spoken` gives, and not empty.

    Law: marks are in order, do not overlap, and lie inside the sound. Their error is in docs/voices.md.
    """
    levels = loudness(sound, sample_rate)
    sounding = np.flatnonzero(loud(levels))
    if not len(sounding):
        sounding = np.arange(max(1, len(levels)))
    counts = [len(syllables) for _, syllables in said]
    places = _places(levels, sounding, sum(counts), _boundaries(text, said))
    window = sample_rate // WINDOWS_A_SECOND
    out, done = [], 0
    for (index, _), count in zip(said, counts, strict=True):
        start, end = places[done][1], places[done + count][0]
        out.append(Mark(index, round(start * window), max(round(end * window), round(start * window) + 1)))
        done += count
    return out


def _boundaries(text: str, said: Sequence[tuple[int, Sequence[Syllable]]]) -> list[_Boundary]:
    """Where marks stand between two said characters."""
    found, done = [], 0
    for (index, syllables), (after, _) in pairwise(said):
        done += len(syllables)
        cost = max((_UNHEARD.get(char, 0) for char in text[index + 1 : after]), default=0)
        if cost:
            found.append(_Boundary(done, cost))
    return found


def _places(
    levels: NDArray[np.float32], sounding: NDArray[np.intp], syllables: int, boundaries: Sequence[_Boundary]
) -> list[tuple[float, float]]:
    """For each edge of a syllable where the one before it ends and the one after it begins, in hundredths of a second.

    The two differ only where there is a pause.
    """
    gaps = np.flatnonzero(np.diff(sounding) > _PAUSE)
    lengths = [int(each) for each in np.diff(sounding)[gaps]]
    at = _assigned([int(gap) + 1 for gap in gaps], lengths, len(sounding) / syllables, boundaries)
    known = [(0, 0), *((boundaries[i].after, place) for i, place in at), (syllables, len(sounding))]
    places: list[tuple[float, float]] = [(0.0, float(sounding[0]))]
    for (first, start), (last, end) in pairwise(known):
        size = (end - start) / (last - first)
        for i in range(first + 1, last):
            softest = _softest(levels, sounding, start + size * (i - first), size)
            places.append((softest, softest))
        after = float(sounding[end]) if end < len(sounding) else float(sounding[-1] + 1)
        places.append((float(sounding[end - 1] + 1), after))
    return places


def _softest(levels: NDArray[np.float32], sounding: NDArray[np.intp], about: float, size: float) -> float:
    """The softest moment near a place that is counted in sounding hundredths, but rather a near one than a far one."""
    around = np.arange(max(1, int(about - _NEARBY * size)), min(len(sounding) - 1, int(about + _NEARBY * size)) + 1)
    if not len(around):
        return float(sounding[min(int(about), len(sounding) - 1)])
    level = np.log(levels[sounding[around]] + 10) + np.log(levels[sounding[around - 1]] + 10)
    far = ((around - about) / (_NEARBY * size)) ** 2
    return float(sounding[around[np.argmin(level + far)]])


def _assigned(
    pauses: Sequence[int], lengths: Sequence[int], size: float, boundaries: Sequence[_Boundary]
) -> list[tuple[int, int]]:
    """Which boundary is heard as which pause, both in order: (index of the boundary, where the pause is).

    Places are counted in sounding hundredths, of which a syllable takes `size`. What costs least: pauses far from where
    even syllables would put the boundary, boundaries without a pause, pauses without a boundary, by their length.
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
    found, i, j = [], len(boundaries), len(pauses)
    while i or j:
        if step[i, j] == 2:
            found.append((i - 1, pauses[j - 1]))
        i, j = i - (step[i, j] != 1), j - (step[i, j] != 0)
    return found[::-1]
