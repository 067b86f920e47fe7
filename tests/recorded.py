"""Tracks that tests build by hand: no voice spoke them, the timings are what a voice would give."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.export.programme import Display, Programme
from langdu.export.spool import Spool
from langdu.export.view.cues import Cue
from langdu.export.view.words import words
from langdu.model import (
    CueLevel,
    NormalizedText,
    Origin,
    Paragraph,
    Reading,
    Run,
    Rundown,
    Span,
    Syllable,
    Timing,
    Tone,
    Track,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

RATE = 24_000
SYLLABLE = 4_800
# A number is one written thing and two said ones here; every other letter or hanzi is one of each.
_SAID = re.compile(r"\d+|[^\W\d_]")
READING = Reading(Syllable("chang", Tone.LOW), Syllable("chang", Tone.RISING), Origin.ANNOTATION)


def track(text: str, start: int = 0, *, index: int = 0, pause: int = 0, rate: int = RATE) -> Track:
    """A track that begins at sample `start`, with .2 s a syllable and `pause` samples after the last."""
    found: list[Timing] = []
    at = start
    for match in _SAID.finditer(text):
        span = Span(*match.span())
        number = match[0].isdecimal()
        for said in ("二", "零") if number else (match[0],):
            reading = READING if number or not said.isascii() else None
            found.append(Timing(text=said, at=span, reading=reading, start=at, end=at + SYLLABLE))
            at += SYLLABLE
    return Track(
        paragraph=Paragraph(index, (Run(text, 0),), is_title=index < 0),
        spoken=NormalizedText(text, text),
        sample_rate=rate,
        start=start,
        end=at + pause,
        timings=tuple(found),
        voice="baker",
    )


def programme(texts: Sequence[str], pause: int = 0) -> list[Track]:
    """Tracks that touch each other, the first a title."""
    tracks: list[Track] = []
    for i, text in enumerate(texts):
        tracks.append(track(text, tracks[-1].end if tracks else 0, index=i - 1, pause=pause))
    return tracks


def cue(start: int, end: int, text: str) -> Cue:
    """A cue of the first paragraph."""
    return Cue(start, end, 0, tuple(words(track(text))), "baker")


def spooled(
    folder: Path,
    tracks: Sequence[Track],
    level: CueLevel,
    *,
    title: str = "题目",
    voice: str = "baker",
) -> Programme:
    """A programme of these tracks as a format gets it, without sound."""
    with Spool(folder, tracks[0].sample_rate, sound=False) as spool:
        for each in tracks:
            spool.add(each, b"")
    rundown = Rundown(title=title, sections=())
    return Programme(rundown=rundown, voice=voice, spooled=spool.spooled(), display=Display(cues=level))
