"""Lengths and pitch of syllables: the model's own, moved towards what their tones ask for.

The model learned its melody from characters' dictionary tones, so it applies third-tone sandhi by itself, says neutral
tones almost as long as others, and a third tone after a pause too high. langdu has decided all tones already. Here the
model's pitch is compared with how this speaker says each tone between its neighbours (data/kokoro/tones.json, learned
by training/kokoro_tones.py from sentences in which the model has a context for every tone). Small deviations stay,
since they are what makes speech lively; larger ones are compressed.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from langdu.model import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from langdu.engines.kokoro.symbols import PhonemeLine, SyllablePhonemes
    from langdu.model import Correction

    Floats = NDArray[np.float64]

# A contour is the pitch at this many places of a syllable's rhyme, in semitones over the speaker's median.
POINTS: Final = 7
VOICED: Final = 40.0  # Hz: below, the model means no voice, or a creak
# Semitones by which a syllable may differ from what is usual before it is drawn back.
_FREE: Final = 1.0
# The register of a syllable is the median over it and so many syllables on each side.
_AROUND: Final = 4
# The most frames of a syllable in the neutral tone, at the voice's own pace.
_NEUTRAL: Final = 6
# How much lower or higher than the model a neutral tone should be after each tone, in semitones, and how it falls.
# Source: Lee (2003), A phonetic study of the neutral tone in Beijing Mandarin, ICPhS 15; the figures are fitted.
_NEUTRAL_PITCH: Final = {Tone.HIGH: -2.0, Tone.RISING: -1.0, Tone.LOW: 1.0, Tone.FALLING: -1.5}
_NEUTRAL_FALL: Final = np.linspace(0.5, -0.5, POINTS)


@dataclass(frozen=True, slots=True, eq=False)
class SpeakerTones:
    """How one speaker says each tone, in contours.

    The contour of a tone is `alone[tone]` + `after[tone][tone before]` + `before[tone][tone after]`; 0 stands for a
    pause. `reference` is the speaker's median pitch in semitones over 1 Hz.
    """

    reference: float
    alone: Floats
    after: Floats
    before: Floats


@cache
def speaker_tones(speaker: str) -> SpeakerTones:
    """The table of a speaker."""
    table: dict[str, Any] = json.loads(
        resources.files("langdu.data").joinpath("kokoro", "tones.json").read_text(encoding="utf-8")
    )
    row = table[speaker]
    return SpeakerTones(row["reference"], *(np.array(row[name], np.float64) for name in ("alone", "after", "before")))


@dataclass(frozen=True, slots=True)
class _Place:
    """A syllable with its neighbours inside a phrase: None at a pause, or beside English."""

    index: int
    syllable: SyllablePhonemes
    before: Tone | None
    after: Tone | None


def _places(line: PhonemeLine) -> Iterator[_Place]:
    flat = [(unit, syllable) for unit in line.said for syllable in unit.syllables or (None,)]
    for i, (unit, syllable) in enumerate(flat):
        if syllable is None:
            continue
        earlier = flat[i - 1][1] if i and (flat[i - 1][0] is unit or not unit.pause) else None
        next_unit, later = flat[i + 1] if i + 1 < len(flat) else (unit, None)
        if next_unit is not unit and next_unit.pause:
            later = None
        before, after = (other.tone if other else None for other in (earlier, later))
        yield _Place(unit.indices[0], syllable, before, after)


def whole_frames(
    line: PhonemeLine, lengths: NDArray[np.float32], rate: float, corrections: Sequence[Correction]
) -> NDArray[np.int64]:
    """Frames for each symbol, pads included: neutral tones short, corrections obeyed; none has less than one.

    What is lost by rounding one symbol is given to the next, so that a `rate` of 1.1 is not the same as 1.
    """
    wanted = np.maximum(np.rint(lengths.astype(np.float64)), 1.0)
    stretched = {correction.index: correction.length for correction in corrections}
    for place in _places(line):
        own = slice(place.syllable.start + 1, place.syllable.end + 1)
        if place.syllable.tone is Tone.NEUTRAL and place.after is not None:
            wanted[own] *= min(1.0, _NEUTRAL / wanted[own].sum())
        wanted[own] *= stretched.get(place.index, 1.0)
    wanted[1:-1] /= rate
    frames: NDArray[np.int64] = np.diff(np.rint(np.concatenate([[0.0], np.cumsum(wanted)]))).astype(np.int64)
    return np.maximum(frames, 1)


def shaped(
    line: PhonemeLine,
    frames: NDArray[np.int64],
    f0: NDArray[np.float32],
    speaker: str,
    corrections: Sequence[Correction],
) -> NDArray[np.float32]:
    """The model's pitch in Hz (two values a frame), moved towards the tones of the line, and as corrections ask."""
    tones = speaker_tones(speaker)
    starts = 2 * np.concatenate([[0], np.cumsum(frames)])
    places = list(_places(line))
    voiced = [_voiced(f0, starts[p.syllable.rhyme + 1], starts[p.syllable.end + 1]) for p in places]
    heard = [_contour(f0[at], tones) if len(at) > 2 else None for at in voiced]
    usual = [_usual(place, tones) for place in places]
    off = [
        np.nan if h is None or p.syllable.tone is Tone.NEUTRAL else float(np.median(h - u))
        for p, h, u in zip(places, heard, usual, strict=True)
    ]
    raised = {correction.index: correction.pitch for correction in corrections}
    made = f0.copy()
    for i, (place, at, contour) in enumerate(zip(places, voiced, heard, strict=True)):
        if contour is None:
            continue
        register = _register(off, i)
        deviation = contour - usual[i] - register
        change = usual[i] + register + _FREE * np.tanh(deviation / _FREE) - contour + raised.get(place.index, 0.0)
        made[at] *= 2 ** (np.interp(np.linspace(0, POINTS - 1, len(at)), np.arange(POINTS), change) / 12)
    return made


def _voiced(f0: NDArray[np.float32], start: int, end: int) -> NDArray[np.int64]:
    voiced: NDArray[np.int64] = start + np.flatnonzero(f0[start:end] > VOICED)
    return voiced


def _contour(hertz: NDArray[np.float32], tones: SpeakerTones) -> Floats:
    semitones = 12 * np.log2(hertz) - tones.reference
    return np.interp(np.linspace(0, len(semitones) - 1, POINTS), np.arange(len(semitones)), semitones)


def _usual(place: _Place, tones: SpeakerTones) -> Floats:
    """The usual contour of a syllable in its place.

    Before another third tone, a third tone that langdu wants is as low as before a fourth tone: the model always makes
    it rise, so it has no example of its own.
    """
    tone = place.syllable.tone
    after = Tone.FALLING if tone is place.after is Tone.LOW else place.after
    contour = tones.alone[tone - 1] + tones.after[tone - 1][place.before or 0] + tones.before[tone - 1][after or 0]
    if tone is Tone.NEUTRAL:
        return np.asarray(contour + _NEUTRAL_PITCH.get(place.before or Tone.NEUTRAL, -1.0) + _NEUTRAL_FALL)
    return np.asarray(contour)


def _register(off: Sequence[float], index: int) -> float:
    """How much higher than usual the speech around a syllable is."""
    around = np.array(off[max(0, index - _AROUND) : index + _AROUND + 1])
    around = around[np.isfinite(around)]
    return float(np.median(around)) if len(around) else 0.0
