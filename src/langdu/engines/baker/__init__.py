"""The voice `baker`: FastSpeech2 and multi-band MelGAN, offline, and it follows the pinyin exactly."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.engines.baker.symbols import NEAREST
from langdu.engines.kit import espeakng
from langdu.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.engines.baker.speech import BakerSynthesizer
    from langdu.model import Clip, Utterance, Voice


class Baker:
    """The neural voice, loaded when it first speaks. Not thread-safe; use more processes."""

    name = "baker"

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds what `surgery.prepare` made of the voice's files."""
        self._folder = folder
        self._speech: BakerSynthesizer | None = None

    @cached_property
    def capabilities(self) -> Capabilities:
        """What it can do; it speaks English words if espeak-ng, an extra, is installed."""
        return Capabilities(
            max_syllables=40,  # it takes 140, but speaks faster the longer the utterance is
            sample_rate=24_000,
            needs_network=False,
            obeys_pinyin=Obeys.EXACTLY,
            speaks_english=espeakng.installed(),
            spells_abbreviations=True,
            exact_marks=True,
            obeys_corrections=True,
            approximates=frozenset(NEAREST),
            variant=espeakng.maker(),
        )

    def voices(self) -> Sequence[Voice]:
        """The one voice, its licence and origin."""
        return built_in_voices(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:  # noqa: ARG002 - one voice only
        """Speak one utterance with its surface tones; a mark is exact to 12.5 ms, the model's frame.

        Raises: EngineUnavailable: the voice is not installed, or espeak-ng is damaged. SynthesisFailed: the utterance
        is over 25 s long, or has a syllable that is not Mandarin.
        """
        if self._speech is None:
            self._speech = self._load()
        if not self.capabilities.speaks_english:
            return self._speech.say(utterance, rate)
        from langdu.engines.baker.bilingual import say  # noqa: PLC0415 - an extra, and what only speaking needs

        return say(self._speech, utterance, rate)

    def _load(self) -> BakerSynthesizer:
        from langdu.engines.baker.speech import BakerSynthesizer  # noqa: PLC0415 - numpy and LiteRT take 0.15 s, which few commands need

        if self._folder is None:
            raise EngineUnavailable("the voice baker is not installed; run: langdu voices install baker")
        try:
            return BakerSynthesizer(self._folder)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(
                f"the voice in {self._folder} cannot be loaded ({error}); run: langdu voices install baker"
            ) from error
