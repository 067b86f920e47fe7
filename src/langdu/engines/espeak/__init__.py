"""The voice `espeak`: the program espeak-ng, offline, tiny, fast, exact to the pinyin, with a robot's sound."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.engines.kit import espeakng

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Clip, Utterance, Voice


class Espeak:
    """Speaks with rules and formants instead of a model; loaded when it first speaks."""

    name = "espeak"

    @cached_property
    def capabilities(self) -> Capabilities:
        """What it can do; another version of espeak-ng makes another sound."""
        return Capabilities(
            max_syllables=40,
            sample_rate=espeakng.SAMPLE_RATE,
            needs_network=False,
            obeys_pinyin=Obeys.EXACTLY,
            speaks_english=True,
            spells_abbreviations=True,
            exact_marks=True,
            variant=espeakng.maker(),
        )

    def voices(self) -> Sequence[Voice]:
        """The one voice."""
        return built_in_voices(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:  # noqa: ARG002 - one voice only
        """Speak one utterance with its surface tones; marks are where espeak-ng itself begins a syllable.

        Raises: EngineUnavailable: the extra is not installed. SynthesisFailed: a syllable is not Mandarin.
        """
        from langdu.engines.espeak.speech import say  # noqa: PLC0415 - numpy takes 0.1 s, which few commands need

        return say(utterance, rate)
