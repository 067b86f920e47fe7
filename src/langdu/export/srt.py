"""Cues → SRT."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pysubs2

from langdu.export.atomic import write_text

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from langdu.export.cues import Cue

_WORD_JOINER: Final = "\u2060"


def write_srt(path: Path, cues: Iterable[Cue], sample_rate: int) -> None:
    """Write subtitles, whole or not at all; times are exact to the millisecond that SRT has.

    Raises: ExportError: the file cannot be written.
    """
    subtitles = pysubs2.SSAFile()
    for cue in cues:
        start, end = _milliseconds(cue.start, sample_rate), _milliseconds(cue.end, sample_rate)
        subtitles.append(pysubs2.SSAEvent(start=start, end=end, text=_plain(cue.text)))
    write_text(path, subtitles.to_string("srt", keep_ssa_tags=True))


def _milliseconds(samples: int, sample_rate: int) -> int:
    """Rounded to the nearest, so that cues which touch in samples touch in milliseconds."""
    return (2000 * samples + sample_rate) // (2 * sample_rate)


def _plain(text: str) -> str:
    r"""Written text that no player takes for a command: `\N` is a new line to pysubs2, and to players built on libass.

    >>> ascii(_plain(r"C:\New"))
    "'C:\\\\\\u2060New'"
    """
    return text.replace("\\", "\\" + _WORD_JOINER)
