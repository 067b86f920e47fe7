"""The numbers from which tones and lengths are judged: a syllable's context, and what is heard there."""

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

    from langdu.model import Timing
    from langdu.verify.measure import Measure

_PAUSE = 0.02  # seconds of silence across which two syllables do not affect each other
_STOP = 0.35  # seconds of silence that end a sentence
_TONES = tuple(Tone)
# A voiceless initial has no pitch and is longer; the breath of an aspirate or a fricative raises what follows.
_INITIALS = ({*"bdgjz", "zh"}, {*"ptkqc", "ch"}, {*"fhxs", "sh"})


@dataclass(frozen=True, slots=True, kw_only=True)
class PhrasePlace:
    """Where a syllable stands between two pauses: number `at` of `of`, with the tones beside it, None across a pause.

    `breaks` are those before and after it that no punctuation shows: a syllable before one is longer.
    """

    syllable: Syllable
    before: Tone | None
    after: Tone | None
    at: int
    of: int
    pause_after_ms: bool
    stop_after: bool
    breaks: tuple[Break | None, Break | None]


def phrase_places(asked: Sequence[Timing], sample_rate: int, silence: float = np.inf) -> list[PhrasePlace | None]:
    """The place of each syllable; None for a letter, whose name has tones of its own.

    `silence` seconds follow the last.
    """
    gaps = [(b.start - a.end) / sample_rate for a, b in pairwise(asked)]
    gaps = [np.inf, *gaps, max(silence, _PAUSE)]
    edges = [i for i, gap in enumerate(gaps) if gap >= _PAUSE]
    places: list[PhrasePlace | None] = []
    for first, last in pairwise(edges):
        for i in range(first, last):
            syllable = asked[i].surface
            beside = [asked[j].surface if first <= j < last else None for j in (i - 1, i + 1)]
            before, after = (neighbour.tone if neighbour else None for neighbour in beside)
            pause, stop = i + 1 == last, gaps[i + 1] >= _STOP
            if syllable is None:
                places.append(None)
            else:
                breaks = (asked[i - 1].break_after if i else None, asked[i].break_after)
                places.append(
                    PhrasePlace(
                        syllable=syllable,
                        before=before,
                        after=after,
                        at=i - first,
                        of=last - first,
                        pause_after_ms=pause,
                        stop_after=stop,
                        breaks=breaks,
                    )
                )
    return places


AT_PAUSE = 20  # the index in a context that says whether a pause follows


def context(place: PhrasePlace) -> list[float]:
    """The place as numbers, the first always 1; without the syllable's own tone."""
    before = [float(place.before is tone) for tone in _TONES]
    after = [float(place.after is tone) for tone in _TONES]
    left = place.of - place.at - 1
    where = [min(place.at, 12) / 10, float(np.log(place.of)), min(left, 6) / 6]
    pauses = [float(place.pause_after_ms), float(place.stop_after)]
    breaks = [float(beside is level) for beside in place.breaks for level in Break]
    return [1.0, *before, *after, *_sounds(place.syllable.base, erhua=place.syllable.erhua), *pauses, *where, *breaks]


@lru_cache(4_096)
def _sounds(base: str, *, erhua: bool) -> tuple[float, ...]:
    """The parts of a syllable that affect length and pitch."""
    syllable = Syllable(base, Tone.HIGH)
    initial, final = pinyin.initial(syllable), pinyin.final(syllable)
    vowels = final.rstrip("ng")
    ends = (final.endswith("n"), final.endswith("g"), len(vowels) > 1)
    kinds = (*(initial in group for group in _INITIALS), *ends, final[:1] in "iuü", final[:1] == "a", erhua)
    return tuple(map(float, kinds))


def lengths(measure: Measure, rate: float) -> list[float]:
    """Length and sounding length, in log seconds at the voice's own pace."""
    return [float(np.log(max(seconds, 0.01) * rate)) for seconds in (measure.length, measure.sounding)]


def heard_features(
    measured: Sequence[Measure], places: Sequence[PhrasePlace | None], rate: float
) -> list[list[float] | None]:
    """What is heard of each syllable and of its neighbours, as numbers; None without a contour, and for a letter."""
    level = float(np.median([measure.level for measure in measured])) if measured else 0.0
    rows: list[list[float] | None] = []
    for i, (measure, place) in enumerate(zip(measured, places, strict=True)):
        if place is None or measure.contour is None or measure.fit is None:
            rows.append(None)
            continue
        own = [*measure.contour, *measure.fit, *_logs(measure, rate), measure.level - level]
        before = _neighbour(measured[i - 1] if place.at else None, rate)
        after = _neighbour(measured[i + 1] if place.at + 1 < place.of else None, rate)
        rows.append([*own, *before, *after])
    return rows


def _logs(measure: Measure, rate: float) -> list[float]:
    return [float(np.log(max(measure.voiced, 0.01) * rate)), float(np.log(max(measure.length, 0.01) * rate))]


def _neighbour(measure: Measure | None, rate: float) -> list[float]:
    if measure is None or measure.contour is None:
        return [0.0] * 6
    return [1.0, *measure.contour[::2], *_logs(measure, rate)]
