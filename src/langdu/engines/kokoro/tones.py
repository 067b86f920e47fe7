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
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np

from langdu.model import Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from langdu.engines.kokoro.symbols import PhonemeLine, SyllablePhonemes
    from langdu.model import Correction

    Floats = NDArray[np.float64]
    Frames = NDArray[np.int64]
    Pitch = NDArray[np.float32]

# A contour is the pitch at this many places of a syllable's rhyme, in semitones over the speaker's median.
POINTS: Final = 7
VOICED: Final = 40.0  # Hz: below, the model means no voice, or a creak
_LEAST: Final = 3  # halves of frames that make a contour
# Semitones by which a syllable may differ from what is usual before it is drawn back.
_FREE: Final = 1.0
# The register of a syllable is the median over it and so many syllables on each side.
_AROUND: Final = 4
# Frames of the rhyme, at the voice's own pace: of the neutral tone, and the least of any other.
_NEUTRAL: Final = 4
_FULL: Final = 6


class Deep(NamedTuple):
    """What is changed in a voice that the model would let creak. All pitch is in semitones.

    raised: by how much all of it is raised. lowest, lowest_neutral: the lowest contours over its median: of all tones,
    and of the neutral tone. register: the lowest of a stretch of speech. above, fallen: a fourth tone begins so far
    above the first tone, and only at the end of its rhyme comes down to so much over the median; if it creaks earlier,
    it sounds like a neutral tone. smooth: whether pitch follows the contours alone, because the model's own has holes.
    """

    raised: float
    lowest: float
    lowest_neutral: float
    register: float
    above: float
    fallen: float
    smooth: bool


_NOT_DEEP: Final = Deep(
    raised=0.0, lowest=-np.inf, lowest_neutral=-np.inf, register=-np.inf, above=-np.inf, fallen=-np.inf, smooth=False
)
_DEEP: Final = {
    "zm_yunyang": Deep(raised=3.0, lowest=-5.0, lowest_neutral=-3.0, register=-0.5, above=2.0, fallen=-3.0, smooth=True)
}
# How much of its fall a fourth tone has done at each point of its contour.
_FALLEN: Final = np.array([0.0, 0.05, 0.2, 0.4, 0.6, 0.8, 1.0])
# Some speakers hurry, with six syllables a second: how much longer theirs become, so that all speak at one pace.
_SLOWER: Final = {"zf_xiaoyi": 1.1, "zm_yunxi": 1.15, "zm_yunyang": 1.15}
# The model often lets the rhyme before a pause die away at once: the least halves of frames in which it is heard, and
# how far from the median energy of the line it begins and ends there at least.
_LAST: Final = 10
_LAST_ENERGY: Final = (1.0, -1.0)
# The pitch dies away there too and falls by up to 16 semitones, so only the first points of a contour count.
_LAST_BEGINS: Final = 3
# Speech is lower before a pause; the model's by up to 5 semitones. This is the most that langdu lets it sink.
_SINKS: Final = -1.5
# Nothing follows to which the pitch could lead, so here the first tone falls by one semitone at most, and the second
# rises by at least four, along the curve `_RISING`.
_LAST_FALL: Final = 1.0
_LAST_RISE: Final = 4.0
_RISING: Final = np.array([0.15, 0.0, 0.1, 0.3, 0.55, 0.8, 1.0])
# The lowest contours there, in semitones over the speaker's median: of all tones, and of the neutral tone.
_LAST_LOWEST: Final = -6.0
_LAST_LOWEST_NEUTRAL: Final = -4.0
_SONORANTS: Final = frozenset("mnlɻ")
# Halves of frames over which a change of pitch begins and ends.
_SMOOTH: Final = 3
# The model's tones are a little nearer to each other than a careful reader's: semitones that each contour is moved.
_CLEARER: Final = {
    Tone.HIGH: np.full(POINTS, 1.5),
    Tone.RISING: np.array([-0.3, -0.8, -0.8, -0.3, 0.2, 0.6, 0.8]),
    Tone.LOW: np.zeros(POINTS),
    Tone.FALLING: np.array([1.0, 1.2, 1.0, 0.3, -0.3, -0.8, -1.0]),
    Tone.NEUTRAL: np.full(POINTS, -0.8),
}
# How much lower or higher than the model a neutral tone should be after each tone, in semitones, and how it falls.
# Source: Lee (2003), A phonetic study of the neutral tone in Beijing Mandarin, ICPhS 15; the figures are fitted.
_NEUTRAL_PITCH: Final = {Tone.HIGH: -2.0, Tone.RISING: -1.0, Tone.LOW: 1.0, Tone.FALLING: -1.5}
_NEUTRAL_FALL: Final = np.linspace(1.0, -1.0, POINTS)


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
    deep: Deep


@cache
def speaker_tones(speaker: str) -> SpeakerTones:
    """The table of a speaker."""
    table: dict[str, Any] = json.loads(
        resources.files("langdu.data").joinpath("kokoro", "tones.json").read_text(encoding="utf-8")
    )
    row = table[speaker]
    alone, after, before = (np.array(row[name], np.float64) for name in ("alone", "after", "before"))
    return SpeakerTones(row["reference"], alone, after, before, _DEEP.get(speaker, _NOT_DEEP))


@dataclass(frozen=True, slots=True)
class TonePlace:
    """A syllable with its neighbours inside a phrase: None at a pause, or beside English."""

    index: int
    syllable: SyllablePhonemes
    before: Tone | None
    after: Tone | None


def places(line: PhonemeLine) -> Iterator[TonePlace]:
    """Each syllable of a line, in order."""
    flat = [(unit, syllable) for unit in line.said for syllable in unit.syllables or (None,)]
    for i, (unit, syllable) in enumerate(flat):
        if syllable is None:
            continue
        earlier = flat[i - 1][1] if i and (flat[i - 1][0] is unit or not unit.pause) else None
        next_unit, later = flat[i + 1] if i + 1 < len(flat) else (unit, None)
        if next_unit is not unit and next_unit.pause:
            later = None
        before, after = (other.tone if other else None for other in (earlier, later))
        yield TonePlace(unit.indices[0], syllable, before, after)


def whole_frames(
    line: PhonemeLine, lengths: NDArray[np.float32], speaker: str, rate: float, corrections: Sequence[Correction]
) -> Frames:
    """Frames for each symbol, pads included: neutral tones short, corrections obeyed; none has less than one.

    What is lost by rounding one symbol is given to the next, so that a `rate` of 1.1 is not the same as 1.
    """
    wanted = np.maximum(np.rint(lengths.astype(np.float64)), 1.0) * _SLOWER.get(speaker, 1.0)
    stretched = {correction.index: correction.length for correction in corrections}
    for place in places(line):
        own = slice(place.syllable.start + 1, place.syllable.end + 1)
        rhyme = slice(place.syllable.rhyme + 1, place.syllable.end + 1)
        if place.syllable.tone is Tone.NEUTRAL and place.after is not None:
            wanted[rhyme] *= _NEUTRAL / wanted[rhyme].sum()
        else:
            wanted[rhyme] *= max(1.0, _FULL / wanted[rhyme].sum())
        wanted[own] *= stretched.get(place.index, 1.0)
    wanted[1:-1] /= rate
    frames: Frames = np.diff(np.rint(np.concatenate([[0.0], np.cumsum(wanted)]))).astype(np.int64)
    return np.maximum(frames, 1)


def shaped(
    line: PhonemeLine,
    frames: Frames,
    f0: NDArray[np.float32],
    speaker: str,
    corrections: Sequence[Correction],
) -> NDArray[np.float32]:
    """The model's pitch in Hz (two values a frame), moved towards the tones of the line, and as corrections ask."""
    tones = speaker_tones(speaker)
    said = [_held(contour, tones) for contour in contours(line, frames, f0, tones.reference)]
    usual = [_usual(contour.place, tones) for contour in said]
    off = [
        np.nan if _is_vague(contour.place) else float(np.median(contour.semitones - its_usual))
        for contour, its_usual in zip(said, usual, strict=True)
    ]
    raised = {correction.index: correction.pitch for correction in corrections}
    made, flat, voiced = f0.astype(np.float64), 2 ** (tones.reference / 12), f0 > VOICED
    if tones.deep.smooth:
        made[voiced] = flat
    moved: list[tuple[Frames, Floats]] = [(np.array([0, len(f0) - 1]), np.zeros(2))]
    for i, (place, at, hertz, semitones) in enumerate(said):
        made[at], begins_with = (flat, 0.0) if tones.deep.smooth else (hertz, semitones)
        voiced[at] = True
        wanted = np.maximum(usual[i], _falling(tones)) if place.syllable.tone is Tone.FALLING else usual[i]
        wanted = wanted + max(_register(off, i), tones.deep.register)
        deviation = semitones - wanted if place.after is not None else np.mean((semitones - wanted)[:_LAST_BEGINS])
        wanted += _FREE * np.tanh(deviation / _FREE) + raised.get(place.index, 0.0)
        moved.append((at, _stretched(wanted - begins_with, len(at))))
    changes = _joined(moved, len(f0)) + tones.deep.raised
    return np.where(voiced, made * 2 ** (changes / 12), f0).astype(np.float32)


def _held(contour: Contour, tones: SpeakerTones) -> Contour:
    """A contour that stays as it begins, if it is before a pause."""
    if contour.place.after is not None:
        return contour
    level = contour.semitones[:_LAST_BEGINS].mean()
    hertz = np.full(len(contour.at), 2 ** ((level + tones.reference) / 12))
    return contour._replace(hertz=hertz, semitones=np.full(POINTS, level))


def _stretched(contour: Floats, count: int) -> Floats:
    """A contour at `count` places."""
    return np.interp(np.linspace(0, POINTS - 1, count), np.arange(POINTS), contour)


def _joined(moved: Sequence[tuple[Frames, Floats]], count: int) -> Floats:
    """Changes of pitch at some of `count` places, as a curve over all, without jumps: these are heard as breaks."""
    at, semitones = (np.concatenate(part) for part in zip(*moved, strict=True))
    order = np.argsort(at, kind="stable")
    curve = np.interp(np.arange(count), at[order], semitones[order])
    smooth: Floats = np.convolve(np.pad(curve, _SMOOTH // 2, "edge"), np.full(_SMOOTH, 1 / _SMOOTH), "valid")
    return smooth


class Contour(NamedTuple):
    """The pitch of one syllable: where it is in the model's pitch, in Hz, and as a contour over a reference."""

    place: TonePlace
    at: Frames
    hertz: Floats
    semitones: Floats


def contours(line: PhonemeLine, frames: Frames, f0: NDArray[np.float32], reference: float) -> Iterator[Contour]:
    """The contour of each syllable of a line, over a reference in semitones over 1 Hz.

    The model lets men's voices break off in low tones, and all voices before a pause. Pitch goes on there: inside a
    phrase to the end of the syllable, else for a usual syllable's length.
    """
    starts = 2 * np.concatenate([[0], np.cumsum(frames)])
    for place in places(line):
        start, end = starts[place.syllable.rhyme + 1], starts[place.syllable.end + 1]
        if place.after is None:
            start, least = _last(line, place, starts)
            end = max(least, start + int(np.argmin([*(f0[start:end] > VOICED), False])))
        voiced = start + np.flatnonzero(f0[start:end] > VOICED)
        if len(voiced) >= _LEAST:
            at = np.arange(voiced[0] if place.after is not None else start, end)
            hertz = np.interp(at, voiced, f0[voiced])
        else:
            at = np.arange(start, end)
            hertz = np.full(len(at), 2 ** (reference / 12))
        semitones = 12 * np.log2(hertz) - reference
        points = np.interp(np.linspace(0, len(at) - 1, POINTS), np.arange(len(at)), semitones)
        yield Contour(place, at, hertz, points)


def audible(line: PhonemeLine, frames: Frames, energy: NDArray[np.float32]) -> NDArray[np.float32]:
    """The model's energy (two values a frame), but the last syllable before a pause does not die away at once."""
    starts = 2 * np.concatenate([[0], np.cumsum(frames)])
    made = energy.copy()
    usual = float(np.median(energy[energy > 0])) if (energy > 0).any() else 0.0
    for place in places(line):
        if place.after is None:
            start, end = _last(line, place, starts)
            first, last = _LAST_ENERGY
            made[start:end] = np.maximum(made[start:end], usual + np.linspace(first, last, end - start))
    return made


def _last(line: PhonemeLine, place: TonePlace, starts: Frames) -> tuple[int, int]:
    """Where a syllable before a pause must be heard, in halves of frames: with its initial, if that is voiced."""
    syllable = place.syllable
    rhyme, end = int(starts[syllable.rhyme + 1]), int(starts[syllable.end + 1])
    start = int(starts[syllable.start + 1]) if line.text[syllable.start] in _SONORANTS else rhyme
    return start, min(end, rhyme + _LAST)


def _usual(place: TonePlace, tones: SpeakerTones) -> Floats:
    """The usual contour of a syllable in its place.

    Before another third tone, a third tone that langdu wants is as low as before a fourth tone: the model always makes
    it rise, so it has no example of its own.
    """
    tone = place.syllable.tone
    after = Tone.FALLING if tone is place.after is Tone.LOW else place.after
    contour = _CLEARER[tone] + tones.alone[tone - 1] + tones.after[tone - 1][place.before or 0]
    before = tones.before[tone - 1][after or 0]
    contour = contour + before if after else _last_contour(tone, contour) + max(before[:_LAST_BEGINS].mean(), _SINKS)
    if tone is Tone.NEUTRAL:
        contour = contour + _NEUTRAL_PITCH.get(place.before or Tone.NEUTRAL, -1.0) + _NEUTRAL_FALL
        lowest, last = tones.deep.lowest_neutral, _LAST_LOWEST_NEUTRAL
    else:
        lowest, last = tones.deep.lowest, _LAST_LOWEST
    return np.asarray(np.maximum(contour, lowest if place.after is not None else max(lowest, last)))


def _last_contour(tone: Tone, contour: Floats) -> Floats:
    """A contour before a pause, without the way to the next syllable."""
    if tone is Tone.HIGH:
        contour = np.maximum(contour, contour[:_LAST_BEGINS].mean() + np.linspace(0.0, -_LAST_FALL, POINTS))
    elif tone is Tone.RISING:
        contour = contour.min() + max(np.ptp(contour), _LAST_RISE) * _RISING
    return contour


def _falling(tones: SpeakerTones) -> Floats:
    """The lowest contour of a fourth tone."""
    begin = float(np.median(tones.alone[0] + _CLEARER[Tone.HIGH])) + tones.deep.above
    return begin + (tones.deep.fallen - begin) * _FALLEN if np.isfinite(begin) else np.full(POINTS, -np.inf)


def _is_vague(place: TonePlace) -> bool:
    """Whether the model's pitch of a syllable says nothing about the register around it."""
    return place.syllable.tone is Tone.NEUTRAL or place.after is None


def _register(off: Sequence[float], index: int) -> float:
    """How much higher than usual the speech around a syllable is."""
    around = np.array(off[max(0, index - _AROUND) : index + _AROUND + 1])
    around = around[np.isfinite(around)]
    return float(np.median(around)) if len(around) else 0.0
