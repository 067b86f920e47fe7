"""What tells tones and lengths apart, as numbers: where a syllable stands, and what is heard there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from langdu import pinyin
from langdu.model import Break, Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.verify.measure import Asked, Measure

_PAUSE = 0.02  # seconds of silence that part two syllables: across them, neither shapes the other
_STOP = 0.35  # seconds of silence that end a sentence
_TONES = tuple(Tone)
# A voiceless initial has no pitch and is longer; the breath of an aspirate or a fricative raises what follows.
_INITIALS = ({*"bdgjz", "zh"}, {*"ptkqc", "ch"}, {*"fhxs", "sh"})


@dataclass(frozen=True, slots=True)
class PhrasePlace:
    """Where a syllable stands between two pauses: `at` of `of`, and the tones beside it, None across a pause.

    The breaks beside it are those that no mark shows: before one, a syllable is longer.
    """

    syllable: Syllable
    before: Tone | None
    after: Tone | None
    at: int
    of: int
    pause_after: bool
    stop_after: bool
    breaks: tuple[Break | None, Break | None]


def places(asked: Sequence[Asked], sample_rate: int, silence: float = np.inf) -> list[PhrasePlace | None]:
    """The place of each syllable; None for a letter, whose name has tones of its own.

    `silence` seconds follow the last.
    """
    gaps = [(b.start - a.end) / sample_rate for a, b in pairwise(asked)]
    gaps = [np.inf, *gaps, max(silence, _PAUSE)]
    edges = [i for i, gap in enumerate(gaps) if gap >= _PAUSE]
    found: list[PhrasePlace | None] = []
    for first, last in pairwise(edges):
        for i in range(first, last):
            syllable = asked[i].syllable
            beside = [asked[j].syllable if first <= j < last else None for j in (i - 1, i + 1)]
            before, after = (each.tone if each else None for each in beside)
            pause, stop = i + 1 == last, gaps[i + 1] >= _STOP
            if syllable is None:
                found.append(None)
            else:
                breaks = (asked[i - 1].break_after if i else None, asked[i].break_after)
                found.append(PhrasePlace(syllable, before, after, i - first, last - first, pause, stop, breaks))
    return found


AT_PAUSE = 20  # where a context says whether a pause follows


def context(place: PhrasePlace) -> list[float]:
    """The place as numbers, the first always 1. The syllable's own tone is not among them."""
    before = [float(place.before is tone) for tone in _TONES]
    after = [float(place.after is tone) for tone in _TONES]
    left = place.of - place.at - 1
    where = [min(place.at, 12) / 10, float(np.log(place.of)), min(left, 6) / 6]
    pauses = [float(place.pause_after), float(place.stop_after)]
    breaks = [float(beside is level) for beside in place.breaks for level in Break]
    return [1.0, *before, *after, *_sounds(place.syllable.base, erhua=place.syllable.erhua), *pauses, *where, *breaks]


@lru_cache(4_096)
def _sounds(base: str, *, erhua: bool) -> tuple[float, ...]:
    """What a syllable is made of, so far as it shapes length and pitch."""
    syllable = Syllable(base, Tone.HIGH)
    initial, final = pinyin.initial(syllable), pinyin.final(syllable)
    vowels = final.rstrip("ng")
    ends = (final.endswith("n"), final.endswith("g"), len(vowels) > 1)
    kinds = (*(initial in each for each in _INITIALS), *ends, final[:1] in "iuü", final[:1] == "a", erhua)
    return tuple(map(float, kinds))


def lengths(measure: Measure, rate: float) -> list[float]:
    """Length and sounding length, in log seconds at the voice's own pace."""
    return [float(np.log(max(each, 0.01) * rate)) for each in (measure.length, measure.sounding)]


def heard(found: Sequence[Measure], parted: Sequence[PhrasePlace | None], rate: float) -> list[list[float] | None]:
    """What is heard of each syllable and of its neighbours, as numbers; None without a contour, and for a letter."""
    level = float(np.median([each.level for each in found])) if found else 0.0
    rows: list[list[float] | None] = []
    for i, (measure, place) in enumerate(zip(found, parted, strict=True)):
        if place is None or measure.contour is None or measure.fit is None:
            rows.append(None)
            continue
        own = [*measure.contour, *measure.fit, *_logs(measure, rate), measure.level - level]
        before = _neighbour(found[i - 1] if place.at else None, rate)
        after = _neighbour(found[i + 1] if place.at + 1 < place.of else None, rate)
        rows.append([*own, *before, *after])
    return rows


def _logs(measure: Measure, rate: float) -> list[float]:
    return [float(np.log(max(measure.voiced, 0.01) * rate)), float(np.log(max(measure.length, 0.01) * rate))]


def _neighbour(measure: Measure | None, rate: float) -> list[float]:
    if measure is None or measure.contour is None:
        return [0.0] * 6
    return [1.0, *measure.contour[::2], *_logs(measure, rate)]


def as_array(rows: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Rows of numbers as one array."""
    return np.array(rows, np.float64)
