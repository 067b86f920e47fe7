"""How long each symbol lasts, where each character then sounds, and where the sound begins and ends."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from langdu.engines.baker.models import FRAME, SAMPLE_RATE
from langdu.engines.baker.symbols import UNBROKEN
from langdu.errors import SynthesisFailed
from langdu.model import Mark
from langdu.sound.levels import rms, windowed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from langdu.engines.baker.models import Prosody
    from langdu.engines.baker.symbols import SymbolLine
    from langdu.model import Correction

NEUTRAL = 7.5  # frames: the longest final of a neutral tone, with its #0 or #1 (other tones: 12)
_SEMITONES = 2.2  # in one of the model's units of F0, about
_NEUTRAL_PITCH = {"3": 0.5, "4": -0.4}  # by the tone before, in the model's unit
# How much before its symbol an initial is marked inside a phrase, in samples: half of the way to where its noise above
# 2 kHz rises (median of 500 syllables, benchmarks/marks.py), since for the other half the vowel before it still sounds
# too, and its pitch is not this syllable's. The other initials are heard within 10 ms of their symbols.
_EARLY = {"s": 300, "sh": 300, "x": 360, "q": 240, "j": 132}
_QUIET = 10 ** (-55 / 20)  # a frame's level (RMS, full scale 1); the voice's silence is digital zero


def shaped(line: SymbolLine, prosody: Prosody) -> Prosody:
    """The predicted prosody, with neutral tones made as short and as high as they should be.

    Left to itself, the model makes a neutral tone nearly as long as the others wherever its own text did not often have
    one (时候, 先生), and then it sounds like a falling tone: of 120 syllables in the neutral tone 69 % were taken for
    one, and 97 % when short.

    Source: Lee (2003), A phonetic study of the neutral tone in Beijing Mandarin, ICPhS 15: shorter than the tone
    before it, which decides how high it is. The figures are fitted to this voice.
    """
    lengths, f0 = prosody.lengths.copy(), prosody.f0.copy()
    for place, before in _neutral(line.symbols):
        rest = slice(place, place + 1 + (line.symbols[place + 1] in UNBROKEN))
        lengths[0, rest] *= min(1, NEUTRAL / lengths[0, rest].sum())
        f0[0, rest] += _NEUTRAL_PITCH.get(before, 0)
    return replace(prosody, lengths=lengths, f0=f0)


def corrected(line: SymbolLine, prosody: Prosody, corrections: Sequence[Correction]) -> Prosody:
    """The predicted prosody, with some characters changed as `corrections` ask.

    The pitch of a syllable is mostly that of the `#0` or `#1` after it: raised alone, it lifts the syllable by 2
    semitones a unit, its final alone by 0.5. No choice of the two makes it fall or rise more: the contour is the tone's
    own.
    """
    if not corrections:
        return prosody
    lengths, f0 = prosody.lengths.copy(), prosody.f0.copy()
    by_index = {character.index: character for character in line.said}
    for correction in corrections:
        if correction.index in by_index:
            start, end = by_index[correction.index].start, by_index[correction.index].end
            own = slice(start, end + (line.symbols[end] in UNBROKEN))
            lengths[0, own] *= correction.length
            f0[0, own] += correction.pitch / _SEMITONES
    return replace(prosody, lengths=lengths, f0=f0)


def _neutral(symbols: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Where each neutral final is, and the last tone before it that was not neutral."""
    before = ""
    for i, (first, final) in enumerate(pairwise(symbols), start=1):
        if first.isalpha() or first == "^":  # an initial: what follows is the syllable's own final, not er5 or #2
            if final.endswith("5"):
                yield i, before
            elif final[-1].isdigit():
                before = final[-1]


def whole_frames(line: SymbolLine, lengths: NDArray[np.float32], rate: float) -> NDArray[np.int32]:
    """Frames for each symbol; `rate` 2.0 makes them half as many."""
    frames: NDArray[np.int32] = np.rint(lengths / rate).astype(np.int32)
    for said in line.said:  # however fast, no vowel is lost
        frames[said.end - 1] = max(frames[said.end - 1], 1)
    return frames


@dataclass(frozen=True, slots=True)
class SoundLayout:
    """Where a line sounds, in samples.

    `start` and `end` enclose everything audible; there is a mark for each character; `silences` are (place, length) of
    the silences to insert, in order.
    """

    start: int
    end: int
    marks: tuple[Mark, ...]
    silences: tuple[tuple[int, int], ...] = ()


def locate(line: SymbolLine, frames: NDArray[np.int32], samples: NDArray[np.float32], rate: float) -> SoundLayout:
    """Find each character in the sound.

    Inside a phrase a syllable lasts from its initial to the end of the `#0` or `#1` after it: that is where the model
    says the rest of the vowel. At a silence the symbols are less exact: the model often begins a syllable with 0.1 s
    of silence, and lets the last one ring into the pause for up to 0.25 s. There the sound itself decides.

    Raises: SynthesisFailed: all is silence.
    """
    levels = rms(windowed(samples, FRAME))
    loud = levels > _QUIET
    heard = np.flatnonzero(loud)
    if not len(heard):
        raise SynthesisFailed(f"the voice made only silence of {' '.join(line.symbols)}")
    starts = np.concatenate([[0], np.cumsum(frames)]).tolist()
    begins = [starts[said.start] for said in line.said]
    ends = [*begins[1:], len(loud)]
    silences = []
    for i, (before, after) in enumerate(pairwise(line.said)):
        silence = _longest_silence(loud, starts[before.end], starts[after.start + 1])
        if line.symbols[before.end] not in UNBROKEN and silence:
            ends[i], begins[i + 1] = silence
            missing = line.pauses[before.end] / rate - (silence[1] - silence[0]) * FRAME / SAMPLE_RATE
            silences.append(((sum(silence) // 2) * FRAME, max(0, round(missing * SAMPLE_RATE))))
    first, last = line.said[0], line.said[-1]
    begins[0] = min(int(heard[0]), starts[first.start + 1])
    ends[-1] = max(int(heard[-1]) + 1, starts[last.end])
    sounds = begins[0]
    for i, begin in enumerate(begins):
        if i == 0 or ends[i - 1] < begin:
            begins[i] = _onset(levels, begin, ends[i])
    return SoundLayout(sounds * FRAME, ends[-1] * FRAME, tuple(_marks(line, begins, ends)), tuple(silences))


def _onset(levels: NDArray[np.float64], begin: int, end: int) -> int:
    """Where a syllable after a silence begins: after the last quiet frame before the loudest.

    Before that there may be a faint click or creak, up to 0.1 s earlier: 按, 长.

    >>> _onset(np.array([0, 0.002, 0, 0.03, 0.2, 0.1], dtype=np.float32), 1, 6)
    3
    """
    loudest = begin + int(np.argmax(levels[begin:end]))
    quiet = np.flatnonzero(levels[begin:loudest] <= _QUIET)
    return begin + int(quiet[-1]) + 1 if len(quiet) else begin


def _marks(line: SymbolLine, begins: Sequence[int], ends: Sequence[int]) -> list[Mark]:
    """Marks from the frames of each syllable, moved earlier where its sound begins before its symbol."""
    marks = [Mark(s.index, b * FRAME, e * FRAME) for s, b, e in zip(line.said, begins, ends, strict=True)]
    for i, (before, after) in enumerate(pairwise(line.said)):
        early = _EARLY.get(line.symbols[after.start], 0) if line.symbols[before.end] in UNBROKEN else 0
        at = max(marks[i].start + FRAME, marks[i + 1].start - early)
        if early and at < marks[i + 1].start:
            marks[i], marks[i + 1] = replace(marks[i], end=at), replace(marks[i + 1], start=at)
    return marks


def _longest_silence(loud: NDArray[np.bool_], start: int, end: int) -> tuple[int, int] | None:
    """The longest stretch of quiet frames in [start, end)."""
    quiet = np.concatenate([[False], ~loud[start:end], [False]])
    edges = np.flatnonzero(np.diff(quiet.astype(np.int8))).reshape(-1, 2) + start
    return max(((first, last) for first, last in edges.tolist()), key=lambda run: run[1] - run[0], default=None)


def with_silences(samples: NDArray[np.float32], sound: SoundLayout) -> tuple[NDArray[np.float32], SoundLayout]:
    """Insert the silences. The voice's own silence is digital zero, so more zeros make no click."""

    def moved(at: int) -> int:
        return at + sum(length for place, length in sound.silences if place <= at)

    places = [place for place, _ in sound.silences]
    longer = np.insert(samples, np.repeat(places, [length for _, length in sound.silences]).astype(np.int64), 0)
    marks = tuple(Mark(mark.index, moved(mark.start), moved(mark.end)) for mark in sound.marks)
    return longer, SoundLayout(moved(sound.start), moved(sound.end), marks)
