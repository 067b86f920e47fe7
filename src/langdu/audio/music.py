"""Music under a voice: faded, ducked while something is said, looped or cut to length; and chimes between.

Levels are those of the loudest 400 ms (EBU Tech 3341: momentary), unweighted, against the voice's while it speaks: a
bound, so that a piece that swells stays under the voice too, however loud or quiet its file is.

The bed is made by numpy, sample by sample as it is asked for: pydub holds a sound whole and counts in milliseconds, and
its fades, straight lines of amplitude, begin with steps of 10 dB. Here gains change in straight lines of dB.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.audio.segments import detect_leading_silence, segment

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from numpy.typing import NDArray

# dB beside the voice: the bed by itself, under the voice, and a chime. Source for the second: WCAG 2.2, 1.4.7 (low or
# no background audio): at least 20 dB below the speech.
ALONE: Final = -3.0
UNDER: Final = -20.0
_CHIME: Final = -3.0
# No sample of music is higher than this, of full scale, so that with the voice nothing is clipped.
_PEAK: Final = 0.45
# What is left of everything, so that it has room; the gain that makes the whole as loud as asked comes later.
HEADROOM: Final = 0.5
# Seconds: down before the voice, up after it, in at the beginning, out at the end.
_DOWN: Final = 0.6
_UP: Final = 1.0
_IN: Final = 1.0
_OUT: Final = 3.0
# dB from which a fade begins: below the quietest step of 16 bits, or near it.
_NOTHING: Final = -66.0
# The bed does not come up in a gap in which it would go down again at once.
_BRIDGED: Final = 2.5
_SEAM: Final = 1.0
_MOMENT: Final = 0.4
_BLOCK: Final = 1 << 20
# What is silence at the ends of a file, in dBFS.
_SILENCE: Final = -60.0
# How long a chime may be, how it begins and how it ends, in ms. A third of it, at most, fades away.
_LONGEST: Final = 6000
_ONSET: Final = 5
_END: Final = 600

Samples = tuple[int, int]
"""`[start, end)` in samples of the programme."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What sounds beside the voice of a programme: mono, in samples of it at `sample_rate`.

    `bed` is heard in the `stretches`, from its beginning in each; `chime` begins at each of `chimes`. `speech` is when
    something is said, in order, and `level` how loud that is (RMS in dBFS).
    """

    sample_rate: int
    level: float
    speech: Sequence[Samples]
    bed: NDArray[np.int16] | None = None
    stretches: Sequence[Samples] = ()
    chime: NDArray[np.int16] | None = None
    chimes: Sequence[int] = ()


def level(paragraphs: Iterable[bytes], speech: Sequence[Samples]) -> float:
    """How loud a voice is while it speaks: RMS in dBFS over `speech`; −inf if nothing is said."""
    energy, count, at, first = 0.0, 0, 0, 0
    for pcm in paragraphs:
        sound = np.frombuffer(pcm, "<i2").astype(np.float64) / 32_768
        for start, end in islice(speech, first, None):
            if start >= at + len(sound):
                break
            piece = sound[max(0, start - at) : max(0, end - at)]
            energy += float(piece @ piece)
            count += len(piece)
            first += end <= at + len(sound)
        at += len(sound)
    return _decibels(np.sqrt(energy / count)) if count else -np.inf


def loudest(sound: NDArray[np.int16], sample_rate: int) -> float:
    """RMS of the loudest 400 ms, in dBFS; −inf for silence."""
    size = round(_MOMENT * sample_rate)
    starts = range(0, max(1, len(sound) - size + 1), size // 4)
    energies = [float(np.mean((sound[start : start + size] / 32_768) ** 2)) for start in starts if len(sound)]
    return _decibels(np.sqrt(max(energies, default=0.0)))


def trimmed(pcm: bytes, sample_rate: int) -> bytes:
    """A chime without the silence around it, at most 6 s of it, with no click at its ends; b"" if all is silence."""
    whole = segment(pcm, sample_rate)
    start = detect_leading_silence(whole, _SILENCE, _ONSET)
    end = len(whole) - detect_leading_silence(whole.reverse(), _SILENCE, _ONSET)
    if start >= end:
        return b""
    kept = whole[start : min(end, start + _LONGEST)].fade_in(min(_ONSET, end - start))
    sound = np.frombuffer(kept.raw_data, "<i2").astype(np.float64)
    fading = min(_END * sample_rate // 1000, len(sound) // 3)
    sound[len(sound) - fading :] *= 10 ** (np.linspace(0, _NOTHING, fading) / 20)
    made: bytes = np.rint(sound).astype("<i2").tobytes()
    return made


def mixed(paragraphs: Iterable[bytes], score: Score) -> Iterator[bytes]:
    """The voice of each paragraph with what sounds beside it, 6 dB lower than it was, so that nothing is clipped.

    Laws: as long as before; where nothing sounds beside it the voice is as it was, but for the 6 dB.
    """
    bed = _Bed(score)
    at = 0
    for pcm in paragraphs:
        sound = np.frombuffer(pcm, "<i2") / np.float32(32_768)
        whole = sound + bed.sound(at, at + len(sound)) + _chimes(score, at, at + len(sound))
        at += len(sound)
        made: bytes = np.rint(np.float32(HEADROOM) * whole * 32_768).astype("<i2").tobytes()
        yield made


class _Bed:
    """The bed of a programme, a piece at a time."""

    def __init__(self, score: Score) -> None:
        self._score = score
        self._rate = rate = score.sample_rate
        used = max((end - start for start, end in score.stretches), default=0)
        self._bed = (score.bed if score.bed is not None else np.zeros(0, np.int16))[:used]
        self._seam = min(round(_SEAM * rate), len(self._bed) // 4) if len(self._bed) < used else 0
        self._period, self._alike = _loop(self._bed, self._seam)
        self._gain = _gain(score, self._bed, ALONE)
        under = score.level + UNDER - (self._gain + loudest(self._bed, rate))
        self._ducks = _ducks(score.speech, min(0.0, under), rate)

    def sound(self, start: int, end: int) -> NDArray[np.float32]:
        """From one sample of the programme to another, full scale 1."""
        made = np.zeros(end - start, np.float32)
        if not np.isfinite(self._gain):  # silence beside a voice, or music beside none
            return made
        for begins, ends in self._score.stretches:
            low, high = max(start, begins), min(end, ends)
            if low < high:
                where = np.arange(low, high)
                decibels = self._fades(where, begins, ends) + self._ducked(where)
                piece = self._looped(low - begins, high - begins) * 10 ** ((self._gain + decibels) / 20)
                made[low - start : high - start] += piece.astype(np.float32)
        return made

    def _fades(self, where: NDArray[np.int64], begins: int, ends: int) -> NDArray[np.float64]:
        longest = (ends - begins) / 2
        into, out = (min(longest, seconds * self._rate) for seconds in (_IN, _OUT))
        return np.interp(where, [begins, begins + into, ends - out, ends], [_NOTHING, 0, 0, _NOTHING])

    def _ducked(self, where: NDArray[np.int64]) -> NDArray[np.float64]:
        places, decibels = self._ducks
        return np.interp(where, places, decibels) if places else np.zeros(len(where))

    def _looped(self, start: int, end: int) -> NDArray[np.float32]:
        """The bed from one of its samples to another, going round: its end goes over into its beginning."""
        pieces = []
        while start < end:
            lap, at = divmod(start, self._period)
            size = min(end - start, (self._seam if at < self._seam else self._period) - at)
            piece = self._bed[at : at + size].astype(np.float32) / 32_768
            if lap and at < self._seam:
                angle = (np.arange(at, at + size) + 0.5) / self._seam * np.float32(np.pi / 2)
                before = self._bed[self._period + at : self._period + at + size].astype(np.float32) / 32_768
                both = piece * np.sin(angle) + before * np.cos(angle)
                piece = both / np.sqrt(1 + self._alike * np.sin(2 * angle))  # as loud in the middle as at its ends
            pieces.append(piece)
            start += size
        return np.concatenate(pieces) if pieces else np.zeros(0, np.float32)


def _loop(bed: NDArray[np.int16], seam: int) -> tuple[int, float]:
    """After how many samples a bed begins anew, and how alike what is then joined is, over `seam` samples (0 to 1).

    Looked for where it is most alike, near the end: two sounds out of phase would cancel each other for a moment.
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


def _ducks(speech: Sequence[Samples], under: float, rate: int) -> tuple[list[float], list[float]]:
    """Places of the programme, and how many dB the bed is ducked there; between them it changes evenly."""
    together: list[list[int]] = []
    for start, end in speech:
        if together and start - together[-1][1] < _BRIDGED * rate:
            together[-1][1] = max(end, together[-1][1])
        else:
            together.append([start, end])
    places: list[float] = []
    decibels: list[float] = []
    for start, end in together:
        places += [start - _DOWN * rate, start, end, end + _UP * rate]
        decibels += [0, under, under, 0]
    return places, decibels


def _chimes(score: Score, start: int, end: int) -> NDArray[np.float32]:
    made = np.zeros(end - start, np.float32)
    chime = score.chime
    if chime is None or not np.isfinite(decibels := _gain(score, chime, _CHIME)):
        return made
    gain = 10 ** (decibels / 20)
    for begins in score.chimes:
        low, high = max(start, begins), min(end, begins + len(chime))
        if low < high:
            made[low - start : high - start] += chime[low - begins : high - begins] * np.float32(gain / 32_768)
    return made


def _gain(score: Score, sound: NDArray[np.int16], beside: float) -> float:
    """The gain in dB that makes music as loud as the voice and `beside` more, if its peaks allow it."""
    blocks = range(0, len(sound), _BLOCK)
    peak = max((int(np.abs(sound[at : at + _BLOCK].astype(np.int32)).max()) for at in blocks), default=0)
    if not peak:
        return -np.inf
    return min(score.level + beside - loudest(sound, score.sample_rate), _decibels(_PEAK * 32_768 / peak))


def _decibels(amplitude: float) -> float:
    return float(20 * np.log10(amplitude)) if amplitude > 0 else -np.inf
