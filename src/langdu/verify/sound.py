"""Samples → pitch and level over time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from math import gcd
from typing import TYPE_CHECKING, Any

import numpy as np

import langdu.inference  # noqa: F401 - before swift_f0, which loads onnxruntime

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP = 0.016  # seconds from one pitch to the next
LEVEL_HOP = 0.005  # seconds that one level is of
_PITCH_RATE = 16_000  # what the pitch detector takes
_LOWEST, _HIGHEST = 80.0, 600.0  # Hz: no voice reads news outside
_REFERENCE = 256.0  # Hz, 0 semitones: the median of the voice baker
_VOICED = 0.5  # the detector's own threshold
_REACH = 32  # samples of the lower of both rates on each side that resampling looks at
_TRANSITION = 0.92  # of the lower Nyquist frequency passes; pitch is far below


@dataclass(frozen=True, slots=True, eq=False)
class PitchAndLevel:
    """Pitch and level of a sound over time, from its beginning.

    `pitch[i]` at `i * HOP` seconds is in semitones over 256 Hz, NaN where no voice is; `level[i]` is that of
    `LEVEL_HOP` seconds from `i * LEVEL_HOP` on, RMS in dB of full scale, at least −100.
    """

    pitch: NDArray[np.float64]
    level: NDArray[np.float64]


def hear(samples: NDArray[np.float32], sample_rate: int) -> PitchAndLevel:
    """Pitch and level of mono sound, full scale 1. Takes about 1 % of the sound's own length."""
    size = round(LEVEL_HOP * sample_rate)
    frames = samples[: len(samples) // size * size].reshape(-1, size)
    power = np.mean(frames.astype(np.float64) ** 2, axis=1)
    return PitchAndLevel(_pitch(samples, sample_rate), 10 * np.log10(power + 1e-10))


def _pitch(samples: NDArray[np.float32], sample_rate: int) -> NDArray[np.float64]:
    if len(samples) < 2 * HOP * sample_rate:
        return np.full(1, np.nan)
    found = _detector().detect(resampled(samples, sample_rate), _PITCH_RATE, _LOWEST, _HIGHEST)
    semitones = 12 * np.log2(found.pitch_hz / _REFERENCE)
    pitch: NDArray[np.float64] = np.where(found.confidence >= _VOICED, semitones, np.nan)
    return pitch


@cache
def _detector() -> Any:  # noqa: ANN401 - swift_f0.SwiftF0, imported only when something is listened to
    from swift_f0 import SwiftF0  # noqa: PLC0415 - 0.1 s that reading without listening need not spend

    return SwiftF0(threads=1, spin=False)


def resampled(samples: NDArray[np.float32], sample_rate: int, to: int = _PITCH_RATE) -> NDArray[np.float32]:
    """The sound at another rate: a windowed sinc for each phase of the two rates.

    >>> tone = np.sin(2 * np.pi * 200 * np.arange(2_400) / 24_000).astype(np.float32)
    >>> wanted = np.sin(2 * np.pi * 200 * np.arange(1_600) / 16_000)
    >>> made = resampled(tone, 24_000)
    >>> len(made), bool(np.abs(made - wanted)[50:-50].max() < 1e-3)
    (1600, True)
    """
    if sample_rate == to:
        return samples
    phases, step = to // gcd(sample_rate, to), sample_rate // gcd(sample_rate, to)
    reach = -(-_REACH * max(sample_rate, to) // to)
    count = len(samples) * to // sample_rate
    padded = np.pad(samples, (reach, reach + step))
    windows = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    out = np.zeros(-(-count // phases) * phases, np.float32)
    for phase in range(phases):
        first, part = divmod(phase * step, phases)
        made = windows[first::step] @ _kernel(reach, part / phases, min(1.0, to / sample_rate))
        row = out[phase::phases]
        row[: len(made)] = made[: len(row)]
    return out[:count]


def _kernel(reach: int, shift: float, band: float) -> NDArray[np.float32]:
    """A low pass for a sample `shift` after the window's middle; `band` is the part of the source's band that fits."""
    at = np.arange(-reach, reach + 1) - shift
    taper = np.i0(8 * np.sqrt(np.clip(1 - (at / (reach + 1)) ** 2, 0, None)))
    taps = np.sinc(at * band * _TRANSITION) * taper
    made: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return made
