"""What was asked against what is heard."""

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
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from langdu.verify.ear import Ear
    from langdu.verify.features import Place
    from langdu.verify.measure import Asked, Measure

_SILENT = -50.0  # dB of full scale: the quietest syllable of 270 peaked at −27, silence in an MP3 is below −80
# What no voice does, of whose lengths nothing is known: seconds at its own pace.
_SHORTEST, _LONGEST = 0.03, 1.2


class Kind(StrEnum):
    """What is doubtful."""

    MISSING = "missing"
    SHORT = "short"
    LONG = "long"
    TONE = "tone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubt:
    """A syllable that does not sound as asked: number `index` of those asked for.

    `score` is how far it is over the limit: 1 is at it, more is worse; a syllable that is missing has 9. `heard` is the
    tone that it sounds like, if it is the tone that is doubtful and any can be heard; `contour` its pitch from beginning
    to end, in semitones over 256 Hz.
    """

    index: int
    kind: Kind
    score: float
    message: str
    heard: Tone | None = None
    contour: tuple[float, ...] | None = None


def listen(
    samples: NDArray[np.float32], sample_rate: int, asked: Sequence[Asked], ear: Ear | None, rate: float = 1.0
) -> list[Doubt]:
    """What is doubtful in some sound, at most one doubt a syllable, in order.

    `samples` are mono, full scale 1; `rate` is the pace that was asked for, 1 the voice's own. Without an `ear` for the
    voice, only presence and impossible lengths are judged.
    """
    if not asked:
        return []
    found = measures(hear(samples, sample_rate), asked, sample_rate)
    return list(compare(asked, found, sample_rate, ear, rate))


def compare(
    asked: Sequence[Asked], found: Sequence[Measure], sample_rate: int, ear: Ear | None, rate: float
) -> Iterator[Doubt]:
    """The doubts that measures give rise to."""
    places = features.places(asked, sample_rate)
    heard = features.heard(found, places, rate)
    for i, (measure, place) in enumerate(zip(found, places, strict=True)):
        doubt = _missing(i, measure)
        if doubt is None and (ear is None or place is None):
            doubt = _impossible(i, measure, rate)
        elif doubt is None and ear and place:
            doubt = _length(i, measure, place, ear, rate) or _tone(i, measure, heard[i], place, ear, rate)
        if doubt:
            yield doubt


def _missing(index: int, measure: Measure) -> Doubt | None:
    if measure.peak >= _SILENT:
        return None
    message = f"nothing is heard (at most {measure.peak:.0f} dB)"
    return Doubt(index=index, kind=Kind.MISSING, score=9.0, message=message)


def _impossible(index: int, measure: Measure, rate: float) -> Doubt | None:
    if measure.sounding * rate < _SHORTEST:
        kind, word, score = Kind.SHORT, "only", _SHORTEST / max(measure.sounding * rate, 0.001)
    elif measure.sounding * rate > _LONGEST:
        kind, word, score = Kind.LONG, "as much as", measure.sounding * rate / _LONGEST
    else:
        return None
    return Doubt(index=index, kind=kind, score=score, message=f"{word} {measure.sounding:.2f} s of it are heard")


def _length(index: int, measure: Measure, place: Place, ear: Ear, rate: float) -> Doubt | None:
    tone, context = place.syllable.tone, features.context(place)
    lengths = features.lengths(measure, rate)
    off = ear.stretch(lengths, tone, context)
    short, long = float(-off.min()) / ear.limits.short, float(off.max()) / ear.limits.long
    if max(short, long) < 1:
        return None
    worst = int(off.argmin() if short >= long else off.argmax())
    usual = np.exp(lengths[worst] - off[worst] * ear.deviations[tone - 1][worst]) / rate
    kind, is_heard = (Kind.SHORT if short >= long else Kind.LONG), (measure.length, measure.sounding)[worst]
    message = f"{kind} with {is_heard:.2f} s: {usual:.2f} s are usual here"
    return Doubt(index=index, kind=kind, score=max(short, long), message=message)


def _tone(  # noqa: PLR0913, PLR0917 - what is heard, where, and by whom
    index: int, measure: Measure, heard: Sequence[float] | None, place: Place, ear: Ear, rate: float
) -> Doubt | None:
    if heard is None or measure.contour is None:
        return Doubt(index=index, kind=Kind.TONE, score=1.0, message="no pitch is heard")
    tone, context = place.syllable.tone, features.context(place)
    likely = ear.tones(heard, context)
    nearest = Tone(int(likely.argmax()) + 1)
    # In haste, tones are less distinct: at 1.3 times the pace, the same limit doubts four times as many without cause.
    odds = float(likely.max() - likely[tone - 1]) / (ear.limits.odds * max(1.0, rate))
    odd = ear.oddness(measure.contour, tone, context) / ear.limits.odd
    if max(odds, odd) < 1:
        return None
    message = f"it sounds like {_NAMES[nearest]}" if odds >= odd and nearest is not tone else "its pitch is unusual"
    heard_as = nearest if odds >= 1 else None
    return Doubt(
        index=index,
        kind=Kind.TONE,
        score=max(odds, odd),
        message=message,
        heard=heard_as,
        contour=measure.contour,
    )


_NAMES = {
    Tone.HIGH: "a first tone",
    Tone.RISING: "a second tone",
    Tone.LOW: "a third tone",
    Tone.FALLING: "a fourth tone",
    Tone.NEUTRAL: "a neutral tone",
}
