"""Samples → pitch and level over time."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

import langdu.inference  # noqa: F401 - before swift_f0, which loads onnxruntime
from langdu.sound.levels import power, windowed
from langdu.sound.resampling import resampled

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOP = 0.016  # seconds from one pitch to the next
LEVEL_HOP = 0.005  # seconds that one level covers
_PITCH_RATE = 16_000  # the sample rate that the pitch detector needs
_LOWEST, _HIGHEST = 50.0, 600.0  # Hz: the pitch of anybody who reads news; a man's third tones go down to 60
_REFERENCE = 256.0  # Hz, 0 semitones: the median of the voice baker
_VOICED = 0.5  # the detector's own threshold
_CREAK = 0.35  # of its confidence: what creaks has more, noise nearly always less


@dataclass(frozen=True, slots=True, eq=False)
class PitchAndLevel:
    """Pitch and level of a sound over time.

    `pitch[i]` is the pitch at `i * HOP` seconds, in semitones over 256 Hz, NaN where there is no voice; `creak[i]`
    says whether a voice may creak there. `level[i]` is the RMS of `LEVEL_HOP` seconds from `i * LEVEL_HOP` on, in dB of
    full scale, at least −100.
    """

    pitch: NDArray[np.float64]
    creak: NDArray[np.bool_]
    level: NDArray[np.float64]


def hear(samples: NDArray[np.float32], sample_rate: int) -> PitchAndLevel:
    """Pitch and level of mono sound, full scale 1. Takes about 1 % of the sound's own length."""
    energy = power(windowed(samples, round(LEVEL_HOP * sample_rate)))
    pitch, creak = _pitch(samples, sample_rate)
    return PitchAndLevel(pitch, creak, 10 * np.log10(energy + 1e-10))


def _pitch(samples: NDArray[np.float32], sample_rate: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    if len(samples) < 2 * HOP * sample_rate:
        return np.full(1, np.nan), np.zeros(1, bool)
    detected = _detector().detect(resampled(samples, sample_rate, _PITCH_RATE), _PITCH_RATE, _LOWEST, _HIGHEST)
    semitones = 12 * np.log2(detected.pitch_hz / _REFERENCE)
    voiced = detected.confidence >= _VOICED
    return np.where(voiced, semitones, np.nan), (detected.confidence >= _CREAK) & ~voiced


@cache
def _detector() -> Any:  # noqa: ANN401 - swift_f0.SwiftF0, imported only when something is listened to
    from swift_f0 import SwiftF0  # noqa: PLC0415 - 0.1 s that reading without listening need not spend

    return SwiftF0(threads=1, spin=False)
