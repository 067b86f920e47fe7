"""Engines turn utterances into clips. Built-in ones are imported on demand; others come by entry point."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from importlib import import_module, resources
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from langdu.engines.kit.letters import spoken
from langdu.errors import ConfigError, EngineUnavailable, SynthesisFailed
from langdu.model import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from importlib.metadata import EntryPoints

    from langdu.model import Clip, Utterance

BUILT_IN = {
    "azure": "langdu.engines.clouds:Azure",
    "baker": "langdu.engines.baker:Baker",
    "espeak": "langdu.engines.espeak:Espeak",
    "google": "langdu.engines.clouds:Google",
    "gtts": "langdu.engines.gtts:Gtts",
    "piper": "langdu.engines.piper:Piper",
    "polly": "langdu.engines.clouds:Polly",
    "sherpa": "langdu.engines.sherpa:Sherpa",
    "silence": "langdu.engines.silence:Silence",
}
# What must be done to the files of a voice once, before its engine can load them.
PREPARE = {
    "baker": "langdu.engines.baker.surgery:prepare",
}


class Obeys(StrEnum):
    """How far an engine says the readings that it is given."""

    EXACTLY = "exactly"
    BY_HOMOPHONE = "by homophone"  # it takes hanzi only, and gets others that have only the wanted reading
    NOT = "not"


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do. `max_syllables` is the most it takes in one utterance.

    One that does not speak English is given the known English words in Chinese syllables, and letters by name. One that
    speaks English words, but `spells_abbreviations` in Chinese, is given only the known abbreviations so. One that
    obeys corrections says a character longer, shorter, higher or lower when an utterance's `corrections` ask for it.
    `approximates` are the bases of syllables (ê) that it has no sound for and says with the nearest one. `variant` is
    what else makes its sound than its program, its voice and the voice's files: the address of a service, the version
    of another program; no key, for it names the clips that are kept. `max_characters` is for a service that counts its
    requests and takes so many characters in each: utterances are then sent together (`engines.packs`).
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
    """Turns one utterance into one clip. No progress bars, no joining, no files but its own voice's.

    What it needs beside langdu itself (another package, a model) it loads when it first speaks, not before: the list of
    voices asks every engine what it can do. An engine whose voices the user names (`piper:FILE.onnx`) is a `Names` too.
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
        """Speak one utterance; `rate` 1.0 is the voice's own, 2.0 twice as fast.

        Returns: a clip that is never empty, with a mark for each said character; `pause_after` is not in it.
        Raises: EngineUnavailable: the voice is not installed, or there is no network. SynthesisFailed: no usable sound.
        """
        ...


@runtime_checkable
class Names(Protocol):
    """What an engine has that speaks with voices langdu does not list: the user's own files, or a service's many."""

    def named(self, name: str) -> Voice:
        """The voice that the user calls `ENGINE:name`; its `files` are where its files are, `sha256` what they hold.

        Raises: ConfigError: there is no such voice, or its file is not what it should be.
        """
        ...


def create(name: str, files: Path | None) -> Engine:
    """An engine by its name, built-in or of another package; `files` is where its voice's are, None if it needs none.

    Raises: ConfigError: no engine has this name. EngineUnavailable: another package's engine cannot be imported.
    """
    others = {point.name: point for point in _others()}
    if name in BUILT_IN:
        engine = _load(BUILT_IN[name])
    elif name in others:
        try:
            engine = others[name].load()
        except (ImportError, AttributeError) as error:
            raise EngineUnavailable(f"the engine {name} of {others[name].value} cannot be loaded: {error}") from error
    else:
        known = ", ".join(sorted({*BUILT_IN, *others}))
        raise ConfigError(f"there is no engine {name!r}; there are {known}")
    made: Engine = engine() if files is None else engine(files)
    return made


def named(voice_id: str) -> Voice:
    """The voice `ENGINE:NAME`, which its engine knows by what the user calls it.

    Raises: ConfigError: there is no such engine or voice. EngineUnavailable: the engine cannot be imported.
    """
    engine, _, name = voice_id.partition(":")
    made = create(engine, None)
    if not isinstance(made, Names):
        raise ConfigError(f"there is no voice {voice_id}: the engine {engine} has only those that langdu voices lists")
    return made.named(name)


def brought() -> Iterator[Voice]:
    """The voices of other packages' engines.

    Raises: EngineUnavailable: one of them cannot be imported.
    """
    for point in _others():
        yield from create(point.name, None).voices()


def say(engine: Engine, utterance: Utterance, voice: Voice, rate: float) -> Clip:
    """One utterance spoken, and the clip held to what every engine promises.

    Raises: SynthesisFailed: it is not what was promised, or the engine could not speak. EngineUnavailable: as above.
    """
    clip = engine.synthesize(utterance, voice, rate)
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
        return f"{len(clip.pcm)} bytes, which are no 16-bit samples"
    if [mark.index for mark in clip.marks] != [index for index, _ in spoken(utterance)]:
        return "marks of other characters than those that are said"
    edges = [0, *(edge for mark in clip.marks for edge in (mark.start, mark.end)), len(clip)]
    if any(after < before for before, after in pairwise(edges)):
        return "marks that overlap or lie outside of the sound"
    return None


def _others() -> EntryPoints:
    """The engines of other packages."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - 15 ms, which checking an article need not wait for

    return entry_points(group="langdu.engines")


def fingerprint(name: str) -> str:
    """Tells an engine's program from every other version of it: the hash of its source, built-in or not.

    Of a built-in engine it covers what engines share (sound, estimated marks) too.
    """
    target = BUILT_IN.get(name) or next(point.value for point in _others() if point.name == name)
    spec = find_spec(target.split(":")[0])
    if spec is None or spec.origin is None:
        return target
    origin = Path(spec.origin)
    files = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
    if name in BUILT_IN:
        files += [Path(__file__), *sorted(Path(__file__).parent.glob("kit/*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def described(engine: str) -> list[Voice]:
    """The voices of a built-in engine, as data/voices.toml describes them."""
    table = tomllib.loads(resources.files("langdu.data").joinpath("voices.toml").read_text(encoding="utf-8"))
    rows = ((voice, row) for voice, row in table.items() if row["engine"] == engine)
    known = {field.name for field in fields(Voice)}
    return [Voice(id=voice, **{k: v for k, v in row.items() if k in known}) for voice, row in rows]


def prepare(name: str) -> Callable[[Path], None]:
    """What must be done once to a folder with the files of this engine's voice; most engines need nothing."""
    if name not in PREPARE:
        return lambda _: None
    done: Callable[[Path], None] = _load(PREPARE[name])
    return done


def _load(target: str) -> Any:  # noqa: ANN401 - what it is, its caller knows
    module, name = target.split(":")
    return getattr(import_module(module), name)
