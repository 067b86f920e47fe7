"""Cues → SRT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.export.view.cues import cues
from langdu.files import atomic
from langdu.sound.clock import clock

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.view.cues import Cue

_WORD_JOINER: Final = "\u2060"


def write(path: Path, programme: Programme) -> None:
    """The programme's cues. Raises: ExportError: the file cannot be written."""
    write_srt(path, cues(programme.tracks(), programme.display.cues), programme.sample_rate)


def write_srt(path: Path, shown: Iterable[Cue], sample_rate: int) -> None:
    """Write subtitles as they come, whole or not at all; times are rounded to SRT's milliseconds.

    Raises: ExportError: the file cannot be written.
    """
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        for number, cue in enumerate(shown, 1):
            start, end = _time(cue.start, sample_rate), _time(cue.end, sample_rate)
            file.write(f"{number}\n{start} --> {end}\n{_plain(cue.text)}\n\n")


def _time(samples: int, sample_rate: int) -> str:
    return clock(samples, sample_rate).replace(".", ",")


def _plain(text: str) -> str:
    r"""Text that no player takes for a command or for the end of the cue.

    `\N` is a new line to players built on libass, and an empty line ends a cue.

    >>> ascii(_plain(r"C:\New"))
    "'C:\\\\\\u2060New'"
    """
    return re.sub("[\r\n]+", "\n", text.strip()).replace("\\", "\\" + _WORD_JOINER)
