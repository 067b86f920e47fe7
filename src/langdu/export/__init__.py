"""Tracks → files. Each format is a file of this package, found by its name here; imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from langdu.export.spool import Programme


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is, for people, and the function `module:name` that writes it, given a path and a Programme.

    MP3 has none: its files are made while the article is spoken. `kind` is what the manifest calls the file, by default
    the format's name. `needs_sound`: the writer reads the programme's sound.
    """

    about: str
    writer: str | None
    kind: str | None = None
    needs_sound: bool = False


FORMATS: Final = {
    "mp3": Format("the whole programme, and a file for each paragraph", None, "audio"),
    "srt": Format("subtitles of sentence length, showing the written text", "langdu.export.srt:write", "subtitles"),
    "html": Format("a page with text, pinyin and sound to read along", "langdu.export.page:write", needs_sound=True),
}


def kind(name: str) -> str:
    """What the manifest calls the file of a format."""
    return FORMATS[name].kind or name


def writer(name: str) -> Callable[[Path, Programme], None] | None:
    """What writes a format, whole or not at all; None for MP3, which is written while the article is spoken."""
    target = FORMATS[name].writer
    if target is None:
        return None
    module, function = target.split(":")
    found: Callable[[Path, Programme], None] = getattr(import_module(module), function)
    return found


def check_formats(names: Iterable[str]) -> None:
    """Make sure that langdu writes each of these formats.

    Raises: ConfigError: one is unknown, or there is none at all.

    >>> check_formats(["mp3", "srt"])
    """
    asked = list(names)
    known = ", ".join(FORMATS)
    if unknown := [name for name in asked if name not in FORMATS]:
        raise ConfigError(f"there is no format {unknown[0]!r}; there are {known}")
    if not asked:
        raise ConfigError(f"no format is named, so nothing would be written; there are {known}")
