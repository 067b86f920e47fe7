"""The voice `baker`: FastSpeech2 and multi-band MelGAN, offline, exactly as the pinyin says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys, described
from langdu.engines.baker.symbols import NEAREST
from langdu.errors import EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from langdu.engines.baker.speech import Speech
    from langdu.model import Clip, Utterance, Voice


class Baker:
    """The neural voice. It is loaded when it first speaks, and is one thread's: start more processes, not threads."""

    name = "baker"
    capabilities = Capabilities(
        max_syllables=40,  # it takes 140, and speaks faster the longer the utterance is
        sample_rate=24_000,
        needs_network=False,
        obeys_pinyin=Obeys.EXACTLY,
        speaks_english=False,
        exact_marks=True,
        obeys_corrections=True,
        approximates=frozenset(NEAREST),
    )

    def __init__(self, folder: Path | None = None) -> None:
        """`folder` holds what `surgery.prepare` made of the voice's files."""
        self._folder = folder
        self._speech: Speech | None = None

    def voices(self) -> Sequence[Voice]:
        """The one voice, its licence and origin."""
        return described(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:  # noqa: ARG002 - one voice only
        """Speak one utterance with its surface tones; a mark is exact to 12.5 ms, the model's frame.

        Raises: EngineUnavailable: the voice is not installed. SynthesisFailed: the utterance is over 25 s long, or has
        a syllable that is none of Mandarin.
        """
        if self._speech is None:
            self._speech = self._load()
        return self._speech.say(utterance, rate)

    def _load(self) -> Speech:
        from langdu.engines.baker.speech import Speech  # noqa: PLC0415 - numpy and LiteRT: 0.15 s that few commands need

        if self._folder is None:
            raise EngineUnavailable("the voice baker is not installed; run: langdu voices install baker")
        try:
            return Speech(self._folder)
        except (OSError, ValueError) as error:
            raise EngineUnavailable(
                f"the voice in {self._folder} cannot be loaded ({error}); run: langdu voices install baker"
            ) from error
