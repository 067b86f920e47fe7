"""Levels of sound: root mean square, decibels, and where there is more than silence.

Levels are unweighted. How loud a programme is to the ear (LUFS) is measured in loudness.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Samples = NDArray[np.floating[Any]] | NDArray[np.int16]

WINDOWS_A_SECOND: Final = 100


def windowed(sound: Samples, size: int) -> Samples:
    """The sound in rows of `size` samples; an incomplete row at the end is dropped."""
    return sound[: len(sound) // size * size].reshape(-1, size)


def power(sound: Samples) -> NDArray[np.float64]:
    """The mean square of each row.

    >>> power(np.array([[3, 4, 0, 0], [2, 2, 2, 2]], np.int16)).tolist()
    [6.25, 4.0]
    """
    mean_square: NDArray[np.float64] = np.mean(np.square(sound.astype(np.float64)), axis=-1)
    return mean_square


def rms(sound: Samples) -> NDArray[np.float64]:
    """The root mean square of each row, on the scale of the samples."""
    return np.sqrt(power(sound))


def decibels(amplitude: float) -> float:
    """An amplitude in dB of full scale 1; −inf for silence.

    >>> decibels(0.1), decibels(0.0)
    (-20.0, -inf)
    """
    return float(20 * np.log10(amplitude)) if amplitude > 0 else -np.inf


def hundredths(sound: NDArray[np.int16], sample_rate: int) -> NDArray[np.float64]:
    """The RMS of each whole hundredth of a second, full scale 32,768."""
    return rms(windowed(sound, sample_rate // WINDOWS_A_SECOND))


def loud(levels: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which of these levels are more than silence: 34 dB under the loudest, and 50 dB under full scale 32,768."""
    above: NDArray[np.bool_] = levels > max(0.02 * levels.max(initial=0), 100.0)
    return above


def sounding(sound: NDArray[np.int16], sample_rate: int) -> range:
    """The samples from the first to the last hundredth of a second that is loud; an empty range for silence."""
    window = sample_rate // WINDOWS_A_SECOND
    where = np.flatnonzero(loud(hundredths(sound, sample_rate)))
    return range(int(where[0]) * window, (int(where[-1]) + 1) * window) if len(where) else range(0)
