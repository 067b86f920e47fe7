"""Makes clips from the output of VITS models, which Piper and sherpa-onnx run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.engines.kit import estimated
from langdu.engines.kit.letters import spoken
from langdu.errors import SynthesisFailed
from langdu.model import Clip

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from langdu.model import Utterance

FADE: Final = 0.005  # seconds: these models do not begin and end at zero, which clicks


def clip(audio: NDArray[np.float32], sample_rate: int, utterance: Utterance, voice: str) -> Clip:
    """The clip of an utterance; `audio` is the model's output, full scale 1, of any shape.

    The loudness is left as the model made it: scaling each clip to its own peak, as Piper does, would make one
    utterance louder than the next. The marks are estimated.

    Raises: SynthesisFailed: there is no sound in it.
    """
    wave = audio.reshape(-1)
    if not len(wave) or not np.isfinite(wave).all() or not wave.any():
        what = "no sound" if not len(wave) else "silence" if np.isfinite(wave).all() else "numbers that are not sound"
        raise SynthesisFailed(
            f"the voice {voice} gave {what} for {utterance.text[:20]!r}: its model is damaged or not for speech; "
            "download it again, or choose another voice"
        )
    edge = min(round(FADE * sample_rate), len(wave) // 2)
    rise = np.linspace(0, 1, edge, endpoint=False, dtype=np.float32)
    wave = np.concatenate([wave[:edge] * rise, wave[edge : len(wave) - edge], wave[len(wave) - edge :] * rise[::-1]])
    sound = (wave.clip(-1, 1) * 32_767).astype("<i2")
    return Clip(
        sound.tobytes(),
        sample_rate,
        tuple(estimated.marks(sound, sample_rate, utterance.text, spoken(utterance))),
    )


def nothing(sample_rate: int) -> Clip:
    """The clip of an utterance in which nothing is said: a tenth of a second of silence."""
    return Clip(bytes(2 * (sample_rate // 10)), sample_rate, ())
