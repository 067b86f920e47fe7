"""How loud each syllable is.

The model lets single syllables and the ends of sentences become too soft: a last syllable is often 9 dB softer than the
beginning, sometimes 14, in a good reader 4. More energy asked of the model changes little: 1 dB for a unit, while the
energies of a line differ by 7 units. So soft syllables are amplified. zm_yunxi begins most sentences with a syllable
that is up to 14 dB too loud, and zm_yunyang some: these are attenuated.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.engines.kokoro.models import FRAME, SAMPLE_RATE
from langdu.engines.kokoro.tones import places
from langdu.sound.levels import power, windowed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from langdu.engines.kokoro.symbols import PhonemeLine
    from langdu.engines.kokoro.tones import Floats, Frames

_WINDOW: Final = 120  # samples, 5 ms
# A syllable is as loud as its loudest so many windows.
_LOUDEST: Final = 8
# The sound of a rhyme begins before its first frame, by so many samples.
_AHEAD: Final = 35 * SAMPLE_RATE // 1000
# A line is as loud as its syllables at this quantile. A syllable may be so many dB softer or louder, and gains so many
# at most.
_LINE: Final = 0.75
_APART: Final = 5.0
_MOST: Final = 12.0


def evened(line: PhonemeLine, frames: Frames, samples: NDArray[np.float32], start: int) -> NDArray[np.float32]:
    """The sound, which begins with frame `start`, with its soft syllables amplified, its loud ones attenuated."""
    centres, levels = _levels(line, frames, samples, start)
    if len(levels) == 0:
        return samples
    usual = np.quantile(levels, _LINE)
    wanted = np.clip(levels, usual - _APART, usual + _APART)
    gains = np.interp(np.arange(len(samples)), centres, np.minimum(wanted - levels, _MOST))
    even: NDArray[np.float32] = (samples * 10 ** (gains / 20)).astype(np.float32)
    return even


def _levels(line: PhonemeLine, frames: Frames, samples: NDArray[np.float32], start: int) -> tuple[Floats, Floats]:
    """The middle of each syllable's rhyme in the sound, and how loud it is in dB of full scale 1."""
    starts = (np.concatenate([[0], np.cumsum(frames)]) - start) * FRAME - _AHEAD
    powers = power(windowed(samples, _WINDOW))
    centres, levels = [], []
    for place in places(line):
        first, end = (int(starts[at + 1]) // _WINDOW for at in (place.syllable.rhyme, place.syllable.end))
        own = powers[max(0, first) : max(0, end)]
        if len(own):
            loudest = np.sort(own)[-_LOUDEST:]
            centres.append((max(0, first) + float(np.average(np.arange(len(own)), weights=own + 1e-12))) * _WINDOW)
            levels.append(10 * np.log10(loudest.mean() + 1e-12))
    return np.array(centres), np.array(levels)
