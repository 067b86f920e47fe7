"""Utterance → clip, with the models loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.engines.kit.pieces import joined
from langdu.engines.kokoro import levels, symbols, timing, tones
from langdu.engines.kokoro.models import MAX_SYMBOLS, SAMPLE_RATE, KokoroModels
from langdu.errors import SynthesisFailed

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Clip, Utterance


class KokoroSynthesizer:
    """The loaded voice."""

    def __init__(self, folder: Path) -> None:
        self._models = KokoroModels(folder)

    def say(self, utterance: Utterance, speaker: str, rate: float) -> Clip:
        """Speak one utterance; see `Kokoro.synthesize`."""
        line = symbols.line(utterance)
        if not line.said:
            return joined([], SAMPLE_RATE)
        if len(line.text) > MAX_SYMBOLS:
            raise SynthesisFailed(
                f"{utterance.text[:20]}… is too long for one utterance: the voice kokoro speaks {MAX_SYMBOLS} phonemes "
                f"at once and this has {len(line.text)}; cut it into sentences"
            )
        predicted = self._models.predict(line.text, speaker)
        frames = tones.whole_frames(line, predicted.lengths, speaker, rate, utterance.corrections)
        melody = self._models.melody(predicted, frames)
        f0 = tones.shaped(line, frames, melody.f0, speaker, utterance.corrections)
        samples, start = self._models.render(melody, f0, tones.audible(line, frames, melody.energy), frames)
        louder = levels.evened(line, frames, samples, start)
        return joined(timing.pieces(line, frames, louder, start, rate), SAMPLE_RATE)
