"""Music under a voice: faded, ducked while something is said, looped or cut to length; and chimes between.

The level of music is that of its loudest 400 ms (EBU Tech 3341: momentary), unweighted, compared with the level of the
voice while it speaks. So music that swells stays under the voice too, however loud or quiet its file is.

numpy makes the bed piece by piece. pydub holds a whole sound in memory and counts in milliseconds, and its fades are
linear in amplitude, so they begin with steps of 10 dB. Here gains change linearly in dB.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.audio.segments import audio_segment, detect_leading_silence
from langdu.sound import pcm as samples
from langdu.sound.levels import decibels as in_decibels
from langdu.sound.levels import power
from langdu.sound.pcm import FULL_SCALE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

# Levels in dB compared with the voice: the bed alone, the bed under the voice, a chime. Source for the second: WCAG
# 2.2, 1.4.7 (low or no background audio): at least 20 dB below the speech.
ALONE: Final = -3.0
UNDER: Final = -20.0
_CHIME: Final = -3.0
# The highest sample of music, of full scale, so that nothing is clipped when the voice is added.
_PEAK: Final = 0.45
# The mix is multiplied by this so that it has room; the gain that makes the whole as loud as asked comes later.
HEADROOM: Final = 0.5
# How long the bed takes to go down before the voice, to come up after it, to fade in and to fade out.
_DOWN_S: Final = 0.6
_UP_S: Final = 1.0
_IN_S: Final = 1.0
_OUT_S: Final = 3.0
# dB at which a fade begins: near the quietest step of 16 bits.
_NOTHING: Final = -66.0
# In a gap shorter than this the bed stays down: it would have to go down again at once.
_BRIDGED_S: Final = 2.5
# How long the end of a looped bed goes over into its beginning.
_SEAM_S: Final = 1.0
_MOMENT_S: Final = 0.4
_BLOCK: Final = 1 << 20
# At the ends of a file anything below this, in dBFS, is silence.
_SILENCE: Final = -60.0
# The longest chime, its fade in and its fade out, which takes at most a third of it.
_LONGEST_MS: Final = 6000
_ONSET_MS: Final = 5
_END_MS: Final = 600

Stretch = tuple[int, int]
"""`[start, end)` in samples of the programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """The music of a programme: mono, placed in samples of the programme at `sample_rate`.

    `bed` starts anew in each of the `stretches`; `chime` begins at each of `chimes`. `speech` is when something is
    said, in order, and `level` how strong that is (RMS in dBFS).
    """

    sample_rate: int
    level: float
    speech: Sequence[Stretch]
    bed: NDArray[np.int16] | None = None
    stretches: Sequence[Stretch] = ()
    chime: NDArray[np.int16] | None = None
    chimes: Sequence[int] = ()


def level(paragraphs: Iterable[bytes], speech: Sequence[Stretch]) -> float:
    """The level of a voice while it speaks: RMS in dBFS over `speech`; −inf if nothing is said."""
    energy, count, at, first = 0.0, 0, 0, 0
    for pcm in paragraphs:
        sound = samples.floats(pcm).astype(np.float64)
        for start, end in islice(speech, first, None):
            if start >= at + len(sound):
                break
            piece = sound[max(0, start - at) : max(0, end - at)]
            energy += float(piece @ piece)
            count += len(piece)
            first += end <= at + len(sound)
        at += len(sound)
    return in_decibels(np.sqrt(energy / count)) if count else -np.inf


def loudest(sound: NDArray[np.int16], sample_rate: int) -> float:
    """RMS of the loudest 400 ms, in dBFS; −inf for silence."""
    size = round(_MOMENT_S * sample_rate)
    starts = range(0, max(1, len(sound) - size + 1), size // 4)
    energies = [float(power(sound[start : start + size] / FULL_SCALE)) for start in starts if len(sound)]
    return in_decibels(np.sqrt(max(energies, default=0.0)))


def trimmed(pcm: bytes, sample_rate: int) -> bytes:
    """A chime without the silence around it, cut to 6 s and without a click at its ends; b"" if all is silence."""
    whole = audio_segment(pcm, sample_rate)
    start = detect_leading_silence(whole, _SILENCE, _ONSET_MS)
    end = len(whole) - detect_leading_silence(whole.reverse(), _SILENCE, _ONSET_MS)
    if start >= end:
        return b""
    kept = whole[start : min(end, start + _LONGEST_MS)].fade_in(min(_ONSET_MS, end - start))
    sound = samples.floats(kept.raw_data).astype(np.float64)
    fading = min(_END_MS * sample_rate // 1000, len(sound) // 3)
    sound[len(sound) - fading :] *= 10 ** (np.linspace(0, _NOTHING, fading) / 20)
    return samples.from_floats(sound)


def mixed(paragraphs: Iterable[bytes], score: Score) -> Iterator[bytes]:
    """The voice of each paragraph with its music, all of it 6 dB lower, so that nothing is clipped.

    Laws: the length stays; where there is no music the voice stays as it was, but for the 6 dB.
    """
    bed = _Bed(score)
    at = 0
    for pcm in paragraphs:
        sound = samples.floats(pcm)
        whole = sound + bed.sound(at, at + len(sound)) + _chimes(score, at, at + len(sound))
        at += len(sound)
        yield samples.from_floats(np.float32(HEADROOM) * whole)


class _Bed:
    """The bed of a programme, piece by piece."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._rate = rate = score.sample_rate
        used = max((end - start for start, end in score.stretches), default=0)
        self._bed = (score.bed if score.bed is not None else np.zeros(0, np.int16))[:used]
        self._seam = min(round(_SEAM_S * rate), len(self._bed) // 4) if len(self._bed) < used else 0
        self._period, self._alike = _loop(self._bed, self._seam)
        self._gain = _gain(score, self._bed, ALONE)
        under = score.level + UNDER - (self._gain + loudest(self._bed, rate))
        self._ducks = _ducks(score.speech, min(0.0, under), rate)

    def sound(self, start: int, end: int) -> NDArray[np.float32]:
        """The bed from one sample of the programme to another, full scale 1."""
        bed = np.zeros(end - start, np.float32)
        if not np.isfinite(self._gain):  # the music is silence, or there is no voice to compare it with
            return bed
        for begins, ends in self._score.stretches:
            low, high = max(start, begins), min(end, ends)
            if low < high:
                where = np.arange(low, high)
                decibels = self._fades(where, begins, ends) + self._ducked(where)
                piece = self._looped(low - begins, high - begins) * 10 ** ((self._gain + decibels) / 20)
                bed[low - start : high - start] += piece.astype(np.float32)
        return bed

    def _fades(self, where: NDArray[np.int64], begins: int, ends: int) -> NDArray[np.float64]:
        longest = (ends - begins) / 2
        into, out = (min(longest, seconds * self._rate) for seconds in (_IN_S, _OUT_S))
        return np.interp(where, [begins, begins + into, ends - out, ends], [_NOTHING, 0, 0, _NOTHING])

    def _ducked(self, where: NDArray[np.int64]) -> NDArray[np.float64]:
        places, decibels = self._ducks
        return np.interp(where, places, decibels) if places else np.zeros(len(where))

    def _looped(self, start: int, end: int) -> NDArray[np.float32]:
        """The bed from one of its own samples to another; looped, its end goes over into its beginning."""
        pieces = []
        while start < end:
            lap, at = divmod(start, self._period)
            size = min(end - start, (self._seam if at < self._seam else self._period) - at)
            piece = self._bed[at : at + size].astype(np.float32) / FULL_SCALE
            if lap and at < self._seam:
                angle = (np.arange(at, at + size) + 0.5) / self._seam * np.float32(np.pi / 2)
                before = self._bed[self._period + at : self._period + at + size].astype(np.float32) / FULL_SCALE
                both = piece * np.sin(angle) + before * np.cos(angle)
                piece = both / np.sqrt(1 + self._alike * np.sin(2 * angle))  # as loud in the middle as at its ends
            pieces.append(piece)
            start += size
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def _loop(bed: NDArray[np.int16], seam: int) -> tuple[int, float]:
    """The length of the loop in samples, and how alike its end and its beginning are over `seam` samples (0 to 1).

    The loop ends where, near the end of the bed, the two are most alike: sounds out of phase would cancel each other
    for a moment.
    """
    if not seam:
        return max(1, len(bed)), 0.0
    first = len(bed) - 2 * seam
    head, tail = bed[:seam].astype(np.float64), bed[first:].astype(np.float64)
    size = 1 << (3 * seam).bit_length()
    products = np.fft.irfft(np.fft.rfft(tail, size) * np.conj(np.fft.rfft(head, size)), size)[: seam + 1]
    energy = np.cumsum(np.pad(tail**2, (1, 0)))
    scale = np.sqrt((energy[seam:] - energy[: seam + 1]) * float(head @ head))
    alike = np.divide(products, scale, out=np.zeros_like(scale), where=scale > 0)
    best = int(np.argmax(alike))
    return first + best, float(np.clip(alike[best], 0, 1))


def _ducks(speech: Sequence[Stretch], under: float, rate: int) -> tuple[list[float], list[float]]:
    """Samples of the programme, and the gain of the bed there in dB; between them it changes linearly."""
    together: list[list[int]] = []
    for start, end in speech:
        if together and start - together[-1][1] < _BRIDGED_S * rate:
            together[-1][1] = max(end, together[-1][1])
        else:
            together.append([start, end])
    places: list[float] = []
    decibels: list[float] = []
    for start, end in together:
        places += [start - _DOWN_S * rate, start, end, end + _UP_S * rate]
        decibels += [0, under, under, 0]
    return places, decibels


def _chimes(score: Score, start: int, end: int) -> NDArray[np.float32]:
    sound = np.zeros(end - start, np.float32)
    chime = score.chime
    if chime is None or not np.isfinite(decibels := _gain(score, chime, _CHIME)):
        return sound
    gain = 10 ** (decibels / 20)
    for begins in score.chimes:
        low, high = max(start, begins), min(end, begins + len(chime))
        if low < high:
            sound[low - start : high - start] += chime[low - begins : high - begins] * np.float32(gain / FULL_SCALE)
    return sound


def _gain(score: Score, sound: NDArray[np.int16], beside: float) -> float:
    """The gain in dB that puts music `beside` dB above the voice, or less if its peaks would be too high."""
    blocks = range(0, len(sound), _BLOCK)
    peak = max((int(np.abs(sound[at : at + _BLOCK].astype(np.int32)).max()) for at in blocks), default=0)
    if not peak:
        return -np.inf
    return min(score.level + beside - loudest(sound, score.sample_rate), in_decibels(_PEAK * FULL_SCALE / peak))
