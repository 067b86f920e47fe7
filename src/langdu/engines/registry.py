"""Finds engines and their voices by name. Built-in engines are imported on demand; others come by entry point."""

from __future__ import annotations

import tomllib
from dataclasses import fields
from importlib import import_module, resources
from typing import TYPE_CHECKING, Any

from langdu.engines.protocol import HasUserVoices
from langdu.errors import ConfigError, EngineUnavailable, no_such
from langdu.model import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from importlib.metadata import EntryPoints
    from pathlib import Path

    from langdu.engines.protocol import Engine

BUILT_IN = {
    "azure": "langdu.engines.clouds:Azure",
    "baker": "langdu.engines.baker:Baker",
    "espeak": "langdu.engines.espeak:Espeak",
    "google": "langdu.engines.clouds:Google",
    "gtts": "langdu.engines.gtts:Gtts",
    "kokoro": "langdu.engines.kokoro:Kokoro",
    "piper": "langdu.engines.piper:Piper",
    "polly": "langdu.engines.clouds:Polly",
    "sherpa": "langdu.engines.sherpa:Sherpa",
    "silence": "langdu.engines.silence:Silence",
}
# Functions that convert the downloaded files of a voice once, before its engine can load them.
PREPARERS = {
    "baker": "langdu.engines.baker.surgery:prepare",
    "kokoro": "langdu.engines.kokoro.surgery:prepare",
}


def create(name: str, files: Path | None) -> Engine:
    """Create an engine, built-in or of another package; `files` is where its voice's files are, None if it needs none.

    Raises: ConfigError: no engine has this name. EngineUnavailable: another package's engine cannot be imported.
    """
    plugins = {point.name: point for point in _plugins()}
    if name in BUILT_IN:
        engine_class = _load(BUILT_IN[name])
    elif name in plugins:
        try:
            engine_class = plugins[name].load()
        except (ImportError, AttributeError) as error:
            raise EngineUnavailable(f"the engine {name} of {plugins[name].value} cannot be loaded: {error}") from error
    else:
        raise no_such("engine", name, sorted({*BUILT_IN, *plugins}))
    engine: Engine = engine_class() if files is None else engine_class(files)
    return engine


def user_voice(voice_id: str) -> Voice:
    """The voice `ENGINE:NAME`, where the user chooses the NAME: a file, a folder, or a voice of a service.

    Raises: ConfigError: there is no such engine or voice. EngineUnavailable: the engine cannot be imported.
    """
    engine_name, _, name = voice_id.partition(":")
    engine = create(engine_name, None)
    if not isinstance(engine, HasUserVoices):
        raise ConfigError(f"there is no voice {voice_id}: the engine {engine_name} has only those in: langdu voices")
    return engine.named(name)


def built_in_voices(engine_name: str) -> list[Voice]:
    """The voices of a built-in engine, from data/voices.toml."""
    table = tomllib.loads(resources.files("langdu.data").joinpath("voices.toml").read_text(encoding="utf-8"))
    rows = ((voice, row) for voice, row in table.items() if row["engine"] == engine_name)
    known = {field.name for field in fields(Voice)}
    return [Voice(id=voice, **{k: v for k, v in row.items() if k in known}) for voice, row in rows]


def plugin_voices() -> Iterator[Voice]:
    """The voices of other packages' engines.

    Raises: EngineUnavailable: one of the engines cannot be imported.
    """
    for point in _plugins():
        yield from create(point.name, None).voices()


def preparer(engine_name: str) -> Callable[[Path], None]:
    """The function that converts a folder with the downloaded files of this engine's voice; mostly it does nothing."""
    if engine_name not in PREPARERS:
        return lambda _: None
    prepare: Callable[[Path], None] = _load(PREPARERS[engine_name])
    return prepare


def target(engine_name: str) -> str:
    """Where an engine's class is: `module:Class`."""
    return BUILT_IN.get(engine_name) or next(point.value for point in _plugins() if point.name == engine_name)


def _plugins() -> EntryPoints:
    """The engines of other packages."""
    from importlib.metadata import entry_points  # noqa: PLC0415 - 15 ms, which checking an article need not wait for

    return entry_points(group="langdu.engines")


def _load(module_and_name: str) -> Any:  # noqa: ANN401 - the caller knows what it is
    module, name = module_and_name.split(":")
    return getattr(import_module(module), name)
