"""Compares what should be heard with what is heard."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from langdu.model import Tone
from langdu.verify import features
from langdu.verify.measure import measures
from langdu.verify.sound import hear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.model import Timing
    from langdu.verify.ear import Ear
    from langdu.verify.features import PhrasePlace
    from langdu.verify.measure import Measure

_SILENT = -50.0  # dB of full scale: the quietest syllable of 270 peaked at −27, silence in an MP3 is below −80
# Lengths that no voice has, for voices without an ear: seconds at the voice's own pace.
_SHORTEST, _LONGEST = 0.03, 1.2
# They end low, where a man's voice often creaks: of such a syllable, no tone can be told.
_CREAKY = {Tone.LOW, Tone.FALLING, Tone.NEUTRAL}


class DoubtKind(StrEnum):
    """What is wrong with a syllable."""

    MISSING = "missing"
    SHORT = "short"
    LONG = "long"
    TONE = "tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A syllable that does not sound as it should: number `index` of those asked for.

    `score` is relative to the limit: 1 is at the limit, more is worse; a missing syllable has 9. If its tone is in
    doubt and audible, `heard` is the tone that it sounds like. `contour` is its pitch from beginning to end, in
    semitones over 256 Hz.
    """

    index: int
    kind: DoubtKind
    score: float
    message: str
    heard: Tone | None = None
    contour: tuple[float, ...] | None = None


def listen(
    samples: NDArray[np.float32], sample_rate: int, asked: Sequence[Timing], ear: Ear | None, rate: float = 1.0
) -> list[Doubt]:
    """The doubtful syllables in some sound, in order, each with its worst doubt.

    `samples` are mono, full scale 1; `rate` is the requested pace, 1 the voice's own. Without an `ear` for the
    voice, only presence and impossible lengths are judged.
    """
    return [doubt for doubt in judge(samples, sample_rate, asked, ear, rate) if doubt.score >= 1]


def judge(  # noqa: PLR0913, PLR0917 - the last two can be left out
    samples: NDArray[np.float32],
    sample_rate: int,
    asked: Sequence[Timing],
    ear: Ear | None,
    rate: float = 1.0,
    silence: float = np.inf,
) -> list[Doubt]:
    """As `listen`, but with the worst doubt of every syllable, even if its score is below 1 and so not a doubt.

    `silence` is how many seconds of silence follow `samples`.
    """
    if not asked:
        return []
    measured = measures(hear(samples, sample_rate), asked, sample_rate)
    places = features.phrase_places(asked, sample_rate, silence)
    heard = features.heard_features(measured, places, rate)
    judged = []
    for i, (measure, place) in enumerate(zip(measured, places, strict=True)):
        if measure.peak < _SILENT:
            judged.append(_missing(i, measure))
        elif ear is None or place is None:
            judged.append(_impossible(i, measure, rate))
        else:
            length, tone = _length(i, measure, place, ear, rate), _tone(i, measure, heard[i], place, ear, rate)
            judged.append(length if length.score >= min(1, tone.score) else tone)
    return judged


def _missing(index: int, measure: Measure) -> Doubt:
    message = f"nothing is heard (at most {measure.peak:.0f} dB)"
    return Doubt(index=index, kind=DoubtKind.MISSING, score=9.0, message=message)


def _impossible(index: int, measure: Measure, rate: float) -> Doubt:
    seconds = measure.sounding * rate
    short, long = _SHORTEST / max(seconds, 0.001), seconds / _LONGEST
    message = f"{measure.sounding:.2f} s of it are heard"
    kind = DoubtKind.SHORT if short >= long else DoubtKind.LONG
    return Doubt(index=index, kind=kind, score=max(short, long), message=message)


def _length(index: int, measure: Measure, place: PhrasePlace, ear: Ear, rate: float) -> Doubt:
    tone, context = place.syllable.tone, features.context(place)
    lengths = features.lengths(measure, rate)
    off = ear.stretch(lengths, tone, context)
    short, long = float(-off.min()) / ear.limits.short, float(off.max()) / ear.limits.long
    worst = int(off.argmin() if short >= long else off.argmax())
    usual = np.exp(lengths[worst] - off[worst] * ear.deviation(tone, context)[worst]) / rate
    is_heard = (measure.length, measure.sounding)[worst]
    message = f"{is_heard:.2f} s are heard, {usual:.2f} s are usual here"
    kind = DoubtKind.SHORT if short >= long else DoubtKind.LONG
    return Doubt(index=index, kind=kind, score=max(short, long), message=message)


def _tone(  # noqa: PLR0913, PLR0917 - all are needed
    index: int, measure: Measure, heard: Sequence[float] | None, place: PhrasePlace, ear: Ear, rate: float
) -> Doubt:
    tone, context = place.syllable.tone, features.context(place)
    if heard is None or measure.contour is None:
        score = 0.9 if measure.creaks and tone in _CREAKY else 1.0
        return Doubt(index=index, kind=DoubtKind.TONE, score=score, message="no pitch is heard")
    likely = ear.tones(heard, context)
    nearest = Tone(int(likely.argmax()) + 1)
    # Fast speech has less distinct tones: at 1.3 times the pace, the same limit gives twice as many false doubts.
    odds = float(likely.max() - likely[tone - 1]) / (ear.limits.odds * max(1.0, rate))
    odd = ear.oddness(measure.contour, tone, context) / ear.limits.odd
    return Doubt(
        index=index,
        kind=DoubtKind.TONE,
        score=max(odds, odd),
        message=f"it sounds like {_NAMES[nearest]}" if odds >= odd else "its pitch is unusual",
        heard=nearest if odds >= 1 else None,
        contour=measure.contour,
    )


_NAMES = {
    Tone.HIGH: "a first tone",
    Tone.RISING: "a second tone",
    Tone.LOW: "a third tone",
    Tone.FALLING: "a fourth tone",
    Tone.NEUTRAL: "a neutral tone",
}
