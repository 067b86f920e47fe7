"""Engines turn utterances into clips. Built-in ones are imported on demand; others come by entry point."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from importlib import import_module, resources
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from langdu.errors import ConfigError, EngineUnavailable
from langdu.model import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from langdu.model import Clip, Utterance

BUILT_IN = {
    "baker": "langdu.engines.baker:Baker",
    "gtts": "langdu.engines.gtts:Gtts",
    "silence": "langdu.engines.silence:Silence",
}
# What must be done to the files of a voice once, before its engine can load them.
PREPARE = {
    "baker": "langdu.engines.baker.surgery:prepare",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What an engine can do. `max_syllables` is the most it takes in one utterance.

    One that does not speak English is given the known English words in Chinese syllables, and letters by name. One that
    obeys corrections says a character longer, shorter, higher or lower when an utterance's `corrections` ask for it.
    `approximates` are the bases of syllables (ê) that it has no sound for and says with the nearest one.
    """

    max_syllables: int
    sample_rate: int
    needs_network: bool
    obeys_pinyin: bool
    speaks_english: bool
    exact_marks: bool
    obeys_corrections: bool = False
    approximates: frozenset[str] = frozenset()


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


def create(name: str, folder: Path | None) -> Engine:
    """An engine by its name, built-in or of another package; `folder` is that of its voice, None if it needs none.

    Raises: ConfigError: no engine has this name. EngineUnavailable: another package's engine cannot be imported.
    """
    others = {point.name: point for point in entry_points(group="langdu.engines")}
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
    made: Engine = engine() if folder is None else engine(folder)
    return made


def fingerprint(name: str) -> str:
    """Tells an engine's program from every other version of it: the hash of its source, built-in or not."""
    target = BUILT_IN.get(name) or next(p.value for p in entry_points(group="langdu.engines") if p.name == name)
    spec = find_spec(target.split(":")[0])
    if spec is None or spec.origin is None:
        return target
    origin = Path(spec.origin)
    files = sorted(origin.parent.rglob("*.py")) if origin.name == "__init__.py" else [origin]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def described(engine: str) -> list[Voice]:
    """The voices of a built-in engine, as data/voices.toml describes them."""
    table = tomllib.loads(resources.files("langdu.data").joinpath("voices.toml").read_text(encoding="utf-8"))
    rows = ((voice, row) for voice, row in table.items() if row["engine"] == engine)
    return [Voice(id=voice, **{k: v for k, v in row.items() if k != "wheel"}) for voice, row in rows]


def prepare(name: str) -> Callable[[Path], None]:
    """What must be done once to a folder with the files of this engine's voice; most engines need nothing."""
    if name not in PREPARE:
        return lambda _: None
    done: Callable[[Path], None] = _load(PREPARE[name])
    return done


def _load(target: str) -> Any:  # noqa: ANN401 - what it is, its caller knows
    module, name = target.split(":")
    return getattr(import_module(module), name)
