"""How loud a programme is to the ear (EBU R 128), and the one gain that makes all of it as loud as asked.

ffmpeg's ebur128 measures while the sound is made. A programme in one channel is measured as one channel.
"""

from __future__ import annotations

import re
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

import numpy as np

from langdu.sound import pcm as samples
from langdu.sound.ffmpeg import Ffmpeg, writing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from numpy.typing import NDArray

# Gains are multiples of this many dB away from the one that suits what the voice usually says: an edit that changes the
# loudness of the whole a little then leaves the gain as it was, and with it every paragraph that is already encoded.
_STEP: Final = 0.7
# The highest peak, of full scale. EBU R 128 allows −1 dBTP after decoding; codecs add less than 1 dB to a peak.
_CEILING: Final = 10 ** (-2 / 20)
# Between two samples the sound can be higher than both; in a voice by less than 6 dB.
_BETWEEN: Final = 0.5
# Four times the rate finds a peak to within 0.7 dB, with a windowed sinc 12 samples long. Source: ITU-R BS.1770-5,
# annex 2.
_TAPS: Final = 12
# In the order of their bits.
_EVERY_SAMPLE: Final = np.arange(1 << 16, dtype="<u2")
# The limiter closes in this time before a peak, and opens in as much after it.
_LOOK_S: Final = 0.005


class Meter:
    """A context manager that takes mono 16-bit PCM and, when the block ends, knows how loud all of it is.

    `loudness` is in LUFS; None if the sound is too short (0.4 s) or too quiet (−70 LUFS) to be measured. `path` is the
    file that errors name.

    Raises: ExportError: ffmpeg is missing or fails.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._path = path
        self._sample_rate = sample_rate
        self.loudness: float | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            arguments = ["-af", "ebur128=framelog=quiet", "-v", "info", "-nostats", "-f", "null", "-"]
            stack.enter_context(writing(self._path))
            self._ffmpeg = stack.enter_context(Ffmpeg(self._sample_rate, arguments))
            self._stack = stack.pop_all()
        return self

    def add(self, pcm: bytes) -> None:
        """Measure some more sound."""
        self._ffmpeg.write(pcm)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if kind is None:
            measured = re.findall(r"\bI: +(-?[\d.]+) LUFS", self._ffmpeg.log)
            self.loudness = float(measured[-1]) if measured and float(measured[-1]) > -70 else None


def expected_gain(usual: float | None, target: float) -> float:
    """The gain in dB for a voice that is usually as loud as `usual`; 0 if that is not known.

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
    """A paragraph's sound with a gain; where a peak would be above −2 dBTP it is turned down, 5 ms before and after.

    Laws: the length stays; silence stays silence; the same sound gives the same bytes, wherever it stands.
    """
    sound = samples.integers(pcm)
    factor = np.float32(10 ** (decibels / 20))
    # All that a sample can be, louder: to look it up is much faster than to compute a minute of samples.
    louder = samples.floats(_EVERY_SAMPLE.tobytes()) * factor
    out = samples.integers(samples.from_floats(louder))[sound.view(np.uint16)]
    where = np.flatnonzero((np.abs(louder) > _BETWEEN * _CEILING)[sound.view(np.uint16)])
    peaks = _peaks(sound, factor, where)
    where, peaks = where[peaks > _CEILING], peaks[peaks > _CEILING]
    if len(where):
        look = max(1, round(_LOOK_S * sample_rate))
        # Most of a paragraph is far from any peak. What is near is computed as if it were in one piece, which changes
        # nothing: between two peaks there are still twice `2 * look` samples that need no limit.
        near = _around(where, 2 * look, len(sound))
        allowed = np.ones(len(near), np.float32)
        allowed[np.searchsorted(near, where)] = _CEILING / peaks
        limited = samples.floats(sound[near].tobytes()) * factor * _smooth(allowed, look)
        out[near] = samples.integers(samples.from_floats(limited))
    return out.tobytes()


def _around(places: NDArray[np.intp], reach: int, length: int) -> NDArray[np.intp]:
    """Every place within `reach` of one of these, in order, in a sound of this length."""
    far = np.flatnonzero(np.diff(places) > 2 * reach)
    starts = np.maximum(places[[0, *(far + 1)]] - reach, 0)
    ends = np.minimum(places[[*far, -1]] + reach + 1, length)
    return np.concatenate([np.arange(start, end) for start, end in zip(starts, ends, strict=True)])


def _peaks(sound: NDArray[np.int16], factor: np.float32, where: NDArray[np.intp]) -> NDArray[np.float32]:
    """How high the louder sound is near each of these samples, between samples too."""
    around = np.arange(_TAPS) - _TAPS // 2 + 1
    padded = np.pad(sound, _TAPS)
    neighbours = {
        at: samples.floats(padded[where + (_TAPS + at)].tobytes()) * factor
        for at in range(around[0] - 1, around[-1] + 1)
    }
    high: NDArray[np.float32] = np.abs(neighbours[0])
    for quarter in (1, 2, 3):
        distance = around - quarter / 4
        taps = (np.sinc(distance) * np.cos(np.pi * distance / (_TAPS + 1)) ** 2).astype(np.float32)
        for side in (0, -1):  # after the sample and before it
            between = np.zeros_like(high)
            for at, tap in zip(around.tolist(), taps, strict=True):
                between += tap * neighbours[side + at]
            high = np.maximum(high, np.abs(between))
    return high


def _smooth(allowed: NDArray[np.float32], look: int) -> NDArray[np.float32]:
    """A gain that is nowhere above `allowed`, and changes smoothly over `look` samples on either side."""
    width = 2 * look + 1
    lowest = np.pad(allowed, 2 * look, constant_values=1.0)
    reach = 1
    while reach < width:  # lowest[i] is the lowest of `reach` samples from i on
        step = min(reach, width - reach)
        lowest = np.minimum(lowest[:-step], lowest[step:])
        reach += step
    smooth = lowest.astype(np.float64)
    for _ in range(2):  # a moving average of a moving average
        total = np.cumsum(np.pad(smooth, (1, 0)))
        smooth = (total[look + 1 :] - total[: -look - 1]) / (look + 1)
    return smooth.astype(np.float32)
