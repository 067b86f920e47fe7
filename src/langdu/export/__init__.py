"""Tracks → files. Each format is a file of this package, found by its name here; imported when it is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from langdu.export.programme import Programme


@dataclass(frozen=True, slots=True)
class Format:
    """One format: what it is, for people, and the function that writes it, given a path and a Programme.

    `writer` names the function as `module:name`; the module is one of this package.

    `kind` is what the manifest calls the file, by default the format's name, and `ending` how its name ends, by default
    the same. `needs_sound`: the writer reads the programme's sound.
    """

    about: str
    writer: str
    kind: str | None = None
    ending: str | None = None
    needs_sound: bool = False


FORMATS: Final = {
    "mp3": Format("the whole programme, and a file for each paragraph", "sound.mp3:write", "audio", needs_sound=True),
    "m4b": Format("an audiobook with chapters, for players of books", "sound.m4b:write", needs_sound=True),
    "m4a": Format("the same, for players of music", "sound.m4b:write", needs_sound=True),
    "opus": Format("for new players and the web, with chapters", "sound.vorbis:write_opus", needs_sound=True),
    "flac": Format("without loss, with chapters", "sound.vorbis:write_flac", needs_sound=True),
    "wav": Format("without compression, for editors", "sound.wav:write", needs_sound=True),
    "practice": Format(
        "each sentence slowly, a pause to repeat it, then at its own pace (MP3)",
        "sound.practice:write",
        ending="practice.mp3",
        needs_sound=True,
    ),
    "srt": Format("subtitles", "text.srt:write", "subtitles"),
    "vtt": Format("subtitles for web pages, with pinyin over the hanzi", "text.vtt:write"),
    "ass": Format("subtitles in which each character lights up as it is said (karaoke)", "text.ass:write"),
    "lrc": Format("the text for music players, with the time of each line and word", "text.lrc:write"),
    "textgrid": Format("annotation for Praat", "text.textgrid:write", ending="TextGrid"),
    "json": Format("subtitles, words and characters with times, for programs", "text.json:write"),
    "chapters": Format(
        "chapters with their times, for podcast players (JSON)", "text.chapters:write", ending="chapters.json"
    ),
    "notes": Format(
        "show notes: chapters with their times and sources (Markdown)", "text.notes:write", ending="notes.md"
    ),
    "epub": Format("a book with pinyin that is read aloud as it is read (EPUB 3)", "epub:write", needs_sound=True),
    "html": Format("a page with text, pinyin and sound to read along", "page:write", needs_sound=True),
}


def kind(name: str) -> str:
    """What the manifest calls the file of a format."""
    return FORMATS[name].kind or name


def ending(name: str) -> str:
    """How the names of a format's files end, without the dot."""
    return FORMATS[name].ending or name


def writer(name: str) -> Callable[[Path, Programme], None]:
    """What writes a format, whole or not at all."""
    module, function = FORMATS[name].writer.split(":")
    found: Callable[[Path, Programme], None] = getattr(import_module(f"{__name__}.{module}"), function)
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
