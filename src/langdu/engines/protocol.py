"""What an engine is: the `Engine` protocol, what it says of itself, and the check of every clip it gives."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from langdu.engines.kit.letters import spoken
from langdu.errors import SynthesisFailed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Clip, Utterance, Voice


class Obeys(StrEnum):
    """How far an engine follows the readings it is given."""

    EXACTLY = "exactly"
    BY_HOMOPHONE = "by homophone"  # it takes hanzi only, so it gets other hanzi that have only the wanted reading
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do.

    max_syllables: the most it takes in one utterance.
    sample_rate: of its clips, in Hz.
    speaks_english: says English words itself. Others get known English words in Chinese syllables, and letters by name.
    exact_marks: its marks are known, not estimated from the sound.
    spells_abbreviations: it speaks English, and is given the names of letters in known abbreviations as Chinese.
    obeys_corrections: it makes a character longer, shorter, higher or lower when `Utterance.corrections` ask for it.
    approximates: bases of syllables (ê) for which it has no sound; it says the nearest one.
    variant: whatever else changes its sound, such as a service's address or another program's version. It becomes part
        of the names of cached clips, so it must not hold a key.
    max_characters: for a service that counts requests: the most it takes in one. Utterances are then sent together
        (running/packs.py).
    """

    max_syllables: int
    sample_rate: int
    needs_network: bool
    obeys_pinyin: Obeys
    speaks_english: bool
    exact_marks: bool
    spells_abbreviations: bool = False
    obeys_corrections: bool = False
    approximates: frozenset[str] = frozenset()
    variant: str = ""
    max_characters: int | None = None


class Engine(Protocol):
    """Turns one utterance into one clip. No progress bars, no joining, no files but those of its own voice.

    An engine loads models and other packages when it first speaks, not before: listing the voices creates every engine.
    An engine whose voices the user names (`piper:FILE.onnx`) is a `HasUserVoices` too.
    """

    name: str

    @property
    def capabilities(self) -> Capabilities:
        """What it can do."""
        ...

    def voices(self) -> Sequence[Voice]:
        """The voices that this engine can speak with."""
        ...

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance; `rate` 1.0 is the voice's own pace, 2.0 twice as fast.

        `rate` is final: the utterance's own `pace` is already in it.

        Returns: a clip that is never empty, with a mark for each character in `spoken(utterance)` (kit/letters.py);
        the silence of `pause_after_ms` is not in it.
        Raises: EngineUnavailable: the voice is not installed, or there is no network. SynthesisFailed: no usable sound.
        """
        ...


@runtime_checkable
class HasUserVoices(Protocol):
    """An engine with voices that langdu does not list: the user's own files, or the many voices of a service."""

    def named(self, name: str) -> Voice:
        """The voice that the user calls `ENGINE:name`; `files` says where its files are, `sha256` is their hash.

        Raises: ConfigError: there is no such voice, or its file is not a voice.
        """
        ...


@runtime_checkable
class HasAccount(Protocol):
    """An engine whose service wants the user's own key."""

    def check_account(self) -> None:
        """Make sure, without a request, that there is a key.

        Raises: EngineUnavailable: the key, or the SDK of the service, is missing.
        """
        ...


def say(engine: Engine, utterance: Utterance, voice: Voice, rate: float) -> Clip:
    """Speak one utterance, and check that the clip keeps the engine's promises.

    Every utterance reaches its engine here. The utterance's pace becomes part of the rate, so that no engine can forget
    it; what the engine gets has pace 1.

    Raises: SynthesisFailed: the clip breaks a promise, or the engine could not speak. EngineUnavailable: as the engine.
    """
    clip = engine.synthesize(replace(utterance, pace=1.0), voice, rate * utterance.pace)
    wrong = _broken_promise(clip, utterance, engine.capabilities.sample_rate)
    if wrong:
        raise SynthesisFailed(
            f"the engine {engine.name} gave {wrong} for {utterance.text[:20]!r}: this is a fault of the engine, tell "
            "whoever makes it; until then, choose another voice"
        )
    return clip


def _broken_promise(clip: Clip, utterance: Utterance, sample_rate: int) -> str | None:
    if clip.sample_rate != sample_rate:
        return f"{clip.sample_rate} samples a second where it promises {sample_rate}"
    if not clip.pcm or len(clip.pcm) % 2:
        return f"{len(clip.pcm)} bytes, which are not 16-bit samples"
    if [mark.index for mark in clip.marks] != [index for index, _ in spoken(utterance)]:
        return "marks for other characters than those that are said"
    edges = [0, *(edge for mark in clip.marks for edge in (mark.start, mark.end)), len(clip)]
    if any(after < before for before, after in pairwise(edges)):
        return "marks that overlap or lie outside the sound"
    return None
