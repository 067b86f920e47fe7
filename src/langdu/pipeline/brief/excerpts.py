"""A programme → each of its stories as a programme of its own, without music."""

from __future__ import annotations

import shutil
from dataclasses import replace
from typing import TYPE_CHECKING

from langdu.export.sound.joined import JoinedMp3
from langdu.export.sound.mp3 import JOINED
from langdu.export.spool import Spool

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from langdu.export.grid import Grid
    from langdu.export.programme import Programme
    from langdu.export.spool import Spooled
    from langdu.model import Rundown, Section, Track


def excerpts(programme: Programme, step: Grid, paragraph_mp3s: Mapping[int, Path]) -> Iterator[Programme]:
    """Each story of a programme, in order; use one before you ask for the next.

    `step` is the grid of the paragraphs. `paragraph_mp3s` are the paragraphs' own files by the paragraphs' indices, if
    there are any: a story's MP3 is joined from them.

    Raises: ExportError: the disk is full.
    """
    rate = programme.sample_rate
    found = [section for section in programme.rundown.sections if section.heading and section.heading.is_story]
    spoken = zip(programme.tracks(), programme.spooled.speech(), strict=True)
    for number, section in enumerate(found, 1):
        folder = programme.folder / f"story-{number}"
        folder.mkdir()
        # What was made for the chime before the story.
        silence = step.rounded(-(-section.lead_ms * rate // 1000))
        spooled = _spooled(section, spoken, folder, rate, silence)
        if paragraph_mp3s and not silence:
            with JoinedMp3(folder / JOINED, rate) as joined:
                for paragraph in section.paragraphs:
                    joined.add(paragraph_mp3s[paragraph.index].read_bytes())
        yield replace(
            programme,
            rundown=_rundown(programme.rundown, section),
            spooled=spooled,
            gains=replace(programme.gains, mix=None),
            part=(number, len(found)),
        )
        shutil.rmtree(folder)


def _rundown(whole: Rundown, section: Section) -> Rundown:
    """A story as a programme. Without a heading, each of its paragraphs is a chapter, as in `langdu read`."""
    title = section.heading.title if section.heading else whole.title
    alone = replace(section, heading=None, lead_ms=0, chime=False, bed=False)
    return replace(whole, title=title, series=whole.title, sections=(alone,), tail_ms=0)


def _spooled(section: Section, spoken: Iterator[tuple[Track, bytes]], folder: Path, rate: int, silence: int) -> Spooled:
    """The section's paragraphs out of those of the programme, without the silence at the beginning."""
    first, last = section.paragraphs[0].index, section.paragraphs[-1].index
    origin = 0
    with Spool(folder, rate, sound=True) as spool:
        for track, pcm in spoken:
            index = track.paragraph.index
            if index < first:
                continue
            if index == first:
                origin = track.start + silence
            moved = replace(
                track,
                start=max(track.start - origin, 0),
                end=track.end - origin,
                timings=tuple(timing.moved(-origin) for timing in track.timings),
            )
            spool.add(moved, pcm[2 * silence :] if index == first else pcm)
            if index == last:
                break
    return spool.spooled()
