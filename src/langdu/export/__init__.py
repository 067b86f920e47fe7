"""Tracks → files. Each format is a file of this package; here are the names that a user may ask for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

FORMATS = {
    "mp3": "the whole programme, and a file for each paragraph",
    "srt": "subtitles of sentence length, showing the written text",
}


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
