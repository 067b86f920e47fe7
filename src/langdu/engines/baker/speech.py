"""Utterance → clip, with the models loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from langdu.engines.baker import symbols, timing
from langdu.engines.baker.models import FRAME, MAX_FRAMES, SAMPLE_RATE, Models
from langdu.errors import SynthesisFailed
from langdu.model import Clip, Mark

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.model import Utterance

MARGIN = 3 * FRAME  # 37.5 ms of silence before the first sound of every clip and after the last
_FADE = 120  # samples, 5 ms: so that cutting into the little sound in the margin makes no click


class BakerSynthesizer:
    """The loaded voice."""

    def __init__(self, folder: Path) -> None:
        self._models = Models(folder)

    def say(self, utterance: Utterance, rate: float) -> Clip:
        """Speak one utterance; see `Baker.synthesize`."""
        line = symbols.line(utterance)
        if not line.said:
            return Clip(bytes(2 * MARGIN), SAMPLE_RATE, ())
        prosody = timing.shaped(line, self._models.predict(line.symbols))
        prosody = timing.corrected(line, prosody, utterance.corrections)
        frames = timing.whole_frames(line, prosody.lengths[0], rate)
        if frames.sum() > MAX_FRAMES:
            seconds = FRAME / SAMPLE_RATE * np.array([MAX_FRAMES, frames.sum()])
            raise SynthesisFailed(
                f"{utterance.text[:20]}… is too long for one utterance: the voice baker speaks {seconds[0]:.0f} s at "
                f"once and this takes {seconds[1]:.0f} s; cut it into sentences, or speak faster"
            )
        samples = self._models.vocode(self._models.render(prosody, frames))
        return _clip(*timing.with_silences(samples, timing.locate(line, frames, samples, rate)))


def _clip(samples: NDArray[np.float32], sound: timing.SoundLayout) -> Clip:
    """The audible part, with the same short silence before and after it in every clip."""
    kept = np.pad(samples, MARGIN)[sound.start : sound.end + 2 * MARGIN].copy()
    fade = np.linspace(0, 1, _FADE, dtype=np.float32)
    kept[:_FADE] *= fade
    kept[-_FADE:] *= fade[::-1]
    pcm = np.rint(np.clip(kept, -1, 1) * 32_767).astype("<i2").tobytes()
    shift = MARGIN - sound.start
    marks = (Mark(mark.index, mark.start + shift, mark.end + shift) for mark in sound.marks)
    return Clip(pcm, SAMPLE_RATE, tuple(marks))
