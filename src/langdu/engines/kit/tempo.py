"""Tempo for services that know only one speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.errors import SynthesisFailed
from langdu.sound import pcm, tempo
from langdu.sound.ffmpeg import FfmpegFailed

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


def in_tempo(sound: NDArray[np.int16], sample_rate: int, rate: float) -> NDArray[np.int16]:
    """The same voice faster or slower, 0.5 to 2. Raises: SynthesisFailed: ffmpeg is missing or fails."""
    if rate == 1:
        return sound
    try:
        return pcm.integers(tempo.in_tempo(sound.astype("<i2").tobytes(), sample_rate, rate))
    except FfmpegFailed as error:
        raise SynthesisFailed(f"the tempo of the sound cannot be changed: {error}") from error
