"""How loud a programme is, and making it as loud as asked, by one gain for all of it (EBU R 128).

Measured by ffmpeg's ebur128 while the sound is made. A programme in one channel is measured as one channel.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from langdu.sound.ffmpeg import Ffmpeg

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

# Gains are so many dB apart, counted from the one that suits what the voice usually says: an edit that changes how
# loud the whole is by a little then leaves the gain as it was, and every paragraph that was encoded.
_STEP: Final = 0.7
# Of full scale. EBU R 128 allows −1 dBTP in what is heard; what codecs add to a peak is below 1 dB.
_CEILING: Final = 10 ** (-2 / 20)
# Between two samples the sound can be higher than both, for a voice by less than 6 dB.
_BETWEEN: Final = 0.5
# Source: ITU-R BS.1770-5, annex 2: four times the rate finds a peak to within 0.7 dB; sinc, windowed, 12 samples long.
_TAPS: Final = 12
# Seconds in which the limiter closes before a peak, and opens after it.
_LOOK: Final = 0.005
_FULL: Final = 32_768.0


class Meter:
    """A context manager that takes mono 16-bit PCM and, when the block ends, knows how loud it is altogether.

    `loudness` is in LUFS, None for what is too short (0.4 s) or too quiet (−70 LUFS) to be measured. `path` is what
    errors say could not be made.

    Raises: ExportError: ffmpeg is missing or fails.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._path = path
        self._sample_rate = sample_rate
        self.loudness: float | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            arguments = ["-af", "ebur128=framelog=quiet", "-v", "info", "-nostats", "-f", "null", "-"]
            self._ffmpeg = stack.enter_context(Ffmpeg(self._path, self._sample_rate, arguments))
            self._stack = stack.pop_all()
        return self

    def add(self, pcm: bytes) -> None:
        """Hear some more."""
        self._ffmpeg.write(pcm)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if kind is None:
            found = re.findall(r"\bI: +(-?[\d.]+) LUFS", self._ffmpeg.said)
            self.loudness = float(found[-1]) if found and float(found[-1]) > -70 else None


def expected_gain(usual: float | None, target: float) -> float:
    """The gain in dB for a voice that is usually so loud, or for one of which nothing is known.

    >>> expected_gain(-23.0, -18.0), expected_gain(None, -18.0)
    (5.0, 0.0)
    """
    return 0.0 if usual is None else round(target - usual, 2)


def gain(loudness: float | None, usual: float | None, target: float) -> float:
    """The gain in dB that makes a programme as loud as `target` (LUFS), to within 0.35 dB.

    >>> gain(-23.2, -23.0, -18.0), gain(-25.0, -23.0, -18.0), gain(None, -23.0, -18.0)
    (5.0, 7.1, 5.0)
    """
    expected = expected_gain(usual, target)
    if loudness is None:
        return expected
    return round(expected + _STEP * round((target - loudness - expected) / _STEP), 2)


def levelled(pcm: bytes, decibels: float, sample_rate: int) -> bytes:
    """A paragraph's sound with a gain. Where that would be above −2 dBTP it is turned down, 5 ms before and after.

    Laws: as long as before; silence stays silence; the same sound gives the same bytes, wherever it stands.
    """
    sound = np.frombuffer(pcm, "<i2") * np.float32(10 ** (decibels / 20) / _FULL)
    where, peaks = _peaks(sound)
    if (peaks > _CEILING).any():
        allowed = np.ones(len(sound), np.float32)
        np.minimum.at(allowed, where, _CEILING / np.maximum(peaks, _CEILING))
        sound *= _smooth(allowed, max(1, round(_LOOK * sample_rate)))
    scaled: bytes = np.rint(sound * _FULL).astype("<i2").tobytes()
    return scaled


def _peaks(sound: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Samples near which the sound may be too high, and how high it is there, between samples too."""
    where = np.flatnonzero(np.abs(sound) > _BETWEEN * _CEILING)
    around = np.arange(_TAPS) - _TAPS // 2 + 1
    padded = np.pad(sound, _TAPS)
    high = np.abs(sound[where])
    for quarter in (1, 2, 3):
        distance = around - quarter / 4
        taps = (np.sinc(distance) * np.cos(np.pi * distance / (_TAPS + 1)) ** 2).astype(np.float32)
        for side in (0, -1):  # after the sample and before it
            found = np.zeros_like(high)
            for at, tap in zip(around, taps, strict=True):
                found += tap * padded[where + (_TAPS + side + at)]
            high = np.maximum(high, np.abs(found))
    return where, high


def _smooth(allowed: NDArray[np.float32], look: int) -> NDArray[np.float32]:
    """A gain that is nowhere above what is allowed, and changes over `look` samples on either side."""
    width = 2 * look + 1
    lowest = np.pad(allowed, 2 * look, constant_values=1.0)
    reach = 1
    while reach < width:  # lowest[i] is that of `reach` samples from i on
        step = min(reach, width - reach)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        reach += step
    smooth = lowest.astype(np.float64)
    for _ in range(2):  # a moving average of a moving average
        total = np.cumsum(np.pad(smooth, (1, 0)))
        smooth = (total[look + 1 :] - total[: -look - 1]) / (look + 1)
    return smooth.astype(np.float32)
