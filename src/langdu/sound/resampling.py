"""Sound at another sample rate: a windowed sinc.

The tables in data/ears were made with this filter, so it must stay bit for bit, or they must be made anew.
"""

from __future__ import annotations

from math import gcd
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.sound.pcm import rounded

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Samples, at the lower of the two rates, that the filter reaches to each side.
_REACH: Final = 32
# How much of the lower Nyquist frequency passes.
_TRANSITION: Final = 0.92


def at_rate(sound: NDArray[np.int16], sample_rate: int, to: int) -> NDArray[np.int16]:
    """16-bit sound at another rate; peaks that the filter lifts above full scale are clipped."""
    return sound if sample_rate == to else rounded(resampled(sound.astype(np.float32), sample_rate, to))


def resampled(samples: NDArray[np.float32], sample_rate: int, to: int) -> NDArray[np.float32]:
    """The sound at another rate: a windowed sinc for each phase of the two rates.

    >>> tone = np.sin(2 * np.pi * 200 * np.arange(2_400) / 24_000).astype(np.float32)
    >>> wanted = np.sin(2 * np.pi * 200 * np.arange(1_600) / 16_000)
    >>> lower = resampled(tone, 24_000, 16_000)
    >>> len(lower), bool(np.abs(lower - wanted)[50:-50].max() < 1e-3)
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
        filtered = windows[first::step] @ _kernel(reach, part / phases, min(1.0, to / sample_rate))
        row = out[phase::phases]
        row[: len(filtered)] = filtered[: len(row)]
    return out[:count]


def _kernel(reach: int, shift: float, band: float) -> NDArray[np.float32]:
    """A low pass for a sample `shift` after the window's middle; `band` is the part of the source's band that fits."""
    at = np.arange(-reach, reach + 1) - shift
    taper = np.i0(8 * np.sqrt(np.clip(1 - (at / (reach + 1)) ** 2, 0, None)))
    taps = np.sinc(at * band * _TRANSITION) * taper
    normalised: NDArray[np.float32] = (taps / taps.sum()).astype(np.float32)
    return normalised
