"""Engines turn utterances into clips. Built-in ones are imported on demand; others come by entry point."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Protocol

from langdu.errors import ConfigError, EngineUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Clip, Utterance, Voice

BUILT_IN = {
    "baker": "langdu.engines.baker:Baker",
    "gtts": "langdu.engines.gtts:Gtts",
    "silence": "langdu.engines.silence:Silence",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do. `max_syllables` is the most it takes in one utterance."""

    max_syllables: int
    sample_rate: int
    needs_network: bool
    obeys_pinyin: bool
    exact_marks: bool


class Engine(Protocol):
    """Turns one utterance into one clip. No progress bars, no joining, no files but its own voice's."""

    name: str
    capabilities: Capabilities

    def voices(self) -> Sequence[Voice]:
        """The voices that this engine can speak with."""
        ...

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance; `rate` 1.0 is the voice's own, 2.0 twice as fast.

        Returns: a clip that is never empty, with a mark for each said character; `pause_after` is not in it.
        Raises: EngineUnavailable: the voice is not installed, or there is no network. SynthesisFailed: no usable sound.
        """
        ...
