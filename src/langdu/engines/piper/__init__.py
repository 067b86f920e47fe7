"""Piper voices that the user has downloaded (`piper:FILE.onnx`), which follow the pinyin exactly.

langdu runs the models itself: Piper's own package is under the GPL, and takes hanzi instead of pinyin.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.engines.kit.digest import digest
from langdu.engines.piper import config
from langdu.engines.piper.symbols import NEAREST
from langdu.errors import ConfigError, EngineUnavailable
from langdu.files import user_path

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.engines.piper.speech import PiperSynthesizer
    from langdu.model import Clip, Utterance, Voice


class Piper:
    """A Piper model and its description, loaded when it first speaks."""

    name = "piper"

    def __init__(self, model: Path | None = None) -> None:
        """`model` is the .onnx file; without it, the engine only describes such voices and cannot speak."""
        self._model = model
        self._speech: PiperSynthesizer | None = None

    @property
    def capabilities(self) -> Capabilities:
        """What the voice can do. Raises: ConfigError: its description is missing or damaged."""
        return Capabilities(
            max_syllables=40,
            sample_rate=config.read_config(self._model).sample_rate if self._model else 22_050,
            needs_network=False,
            obeys_pinyin=Obeys.EXACTLY,
            speaks_english=False,
            exact_marks=False,
            approximates=frozenset(NEAREST),
        )

    def voices(self) -> Sequence[Voice]:
        """A placeholder for the user's voices."""
        return built_in_voices(self.name)

    def named(self, name: str) -> Voice:
        """The voice in the file `name`.

        Raises: ConfigError: it is missing, or is not a Chinese Piper voice that takes pinyin.
        """
        model = user_path(name)
        config.read_config(model)
        kind = self.voices()[0]
        return replace(
            kind,
            id=f"piper:{name}",
            name=model.stem,
            origin=str(model),
            sha256=digest([model, config.beside(model)]),
            files=model,
        )

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance with its surface tones; the marks are estimated.

        Raises: ConfigError: no file is named, or the voice's description is damaged. EngineUnavailable: its model
        cannot be loaded. SynthesisFailed: it has no phoneme for a syllable, or gave no sound.
        """
        if self._speech is None:
            self._speech = self._load()
        return self._speech.say(utterance, voice.id, rate)

    def _load(self) -> PiperSynthesizer:
        from langdu.engines.piper.speech import PiperSynthesizer  # noqa: PLC0415 - only speaking needs numpy and onnxruntime

        if self._model is None:
            raise ConfigError("the voice piper needs the file of a voice: --voice piper:FILE.onnx")
        try:
            return PiperSynthesizer(self._model)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(
                f"{self._model} cannot be loaded as a voice of Piper ({error}); download it again, with its .json"
            ) from error
