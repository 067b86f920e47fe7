"""Cues → SRT."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.export.atomic import atomic
from langdu.export.cues import sentence_cues

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from langdu.export.cues import Cue
    from langdu.export.spool import Programme

_WORD_JOINER: Final = "\u2060"


def write(path: Path, programme: Programme) -> None:
    """Subtitles of sentence length. Raises: ExportError: the file cannot be written."""
    write_srt(path, sentence_cues(programme.tracks()), programme.sample_rate)


def write_srt(path: Path, cues: Iterable[Cue], sample_rate: int) -> None:
    """Write subtitles as they come, whole or not at all; times are exact to the millisecond that SRT has.

    Raises: ExportError: the file cannot be written.
    """
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        for number, cue in enumerate(cues, 1):
            start, end = _time(cue.start, sample_rate), _time(cue.end, sample_rate)
            file.write(f"{number}\n{start} --> {end}\n{_plain(cue.text)}\n\n")


def _time(samples: int, sample_rate: int) -> str:
    """Rounded to the nearest, so that cues which touch in samples touch in milliseconds.

    >>> _time(24_000 * 3_725 + 12, 24_000)
    '01:02:05,001'
    """
    seconds, thousandths = divmod((2000 * samples + sample_rate) // (2 * sample_rate), 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02},{thousandths:03}"


def _plain(text: str) -> str:
    r"""Written text that no player takes for a command, nor for the end of the cue.

    `\N` is a new line to players built on libass, and an empty line ends a cue.

    >>> ascii(_plain(r"C:\New"))
    "'C:\\\\\\u2060New'"
    """
    return re.sub("\n+", "\n", text.strip()).replace("\\", "\\" + _WORD_JOINER)
