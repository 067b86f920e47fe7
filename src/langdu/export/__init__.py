"""Programme → files. FORMATS names the function that writes each format; its module is imported when it is used."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final

from langdu.errors import ConfigError, no_such

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from langdu.export.programme import Programme


@dataclass(frozen=True, slots=True)
class Format:
    """One format. `about` describes it for people; `writer` is a function that takes a path and a Programme.

    `writer` is given as `module:name`, with a module of this package. `kind` is the key of the file in the manifest,
    `ending` the end of its name; both are the format's name by default. `needs_sound`: the writer reads the sound.
    `effort` is how long it takes, compared with the others.
    `is_sound`: the file is the sound and nothing else, so that a story of a brief can have one too.
    """

    about: str
    writer: str
    _: KW_ONLY
    kind: str | None = None
    ending: str | None = None
    needs_sound: bool = False
    effort: int = 0
    is_sound: bool = False


FORMATS: Final = {
    "mp3": Format(
        "the whole programme, and a file for each paragraph",
        "sound.mp3:write",
        kind="audio",
        needs_sound=True,
        is_sound=True,
    ),
    "m4b": Format(
        "an audiobook with chapters, for audiobook players",
        "sound.m4b:write",
        needs_sound=True,
        effort=3,
        is_sound=True,
    ),
    "m4a": Format("the same, for music players", "sound.m4b:write", needs_sound=True, is_sound=True),
    "opus": Format(
        "for the web and modern players, with chapters",
        "sound.vorbis:write_opus",
        needs_sound=True,
        effort=2,
        is_sound=True,
    ),
    "flac": Format("lossless, with chapters", "sound.vorbis:write_flac", needs_sound=True, effort=1, is_sound=True),
    "wav": Format("uncompressed, for editing", "sound.wav:write", needs_sound=True, effort=1, is_sound=True),
    "practice": Format(
        "each sentence slowly, a pause to repeat it, then at normal speed (MP3)",
        "sound.practice:write",
        ending="practice.mp3",
        needs_sound=True,
        effort=5,
    ),
    "srt": Format("subtitles", "text.srt:write", kind="subtitles"),
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
    "epub": Format(
        "a book with pinyin that highlights what is being read aloud (EPUB 3)", "epub:write", needs_sound=True
    ),
    "html": Format("a web page with text, pinyin and sound to read along", "page:write", needs_sound=True),
}


def kind(name: str) -> str:
    """The key of a format's file in the manifest."""
    return FORMATS[name].kind or name


def ending(name: str) -> str:
    """The end of the names of a format's files, without the dot."""
    return FORMATS[name].ending or name


def writer(name: str) -> Callable[[Path, Programme], None]:
    """The function that writes a format, whole or not at all."""
    module, function = FORMATS[name].writer.split(":")
    write: Callable[[Path, Programme], None] = getattr(import_module(f"{__name__}.{module}"), function)
    return write


def check_formats(names: Iterable[str]) -> None:
    """Make sure that langdu writes each of these formats.

    Raises: ConfigError: a format is unknown, or `names` is empty.

    >>> check_formats(["mp3", "srt"])
    """
    chosen = list(names)
    if unknown := [name for name in chosen if name not in FORMATS]:
        raise no_such("format", unknown[0], FORMATS)
    if not chosen:
        raise ConfigError(f"no format is named, so nothing would be written; there are {', '.join(FORMATS)}")
