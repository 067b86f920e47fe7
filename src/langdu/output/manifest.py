"""Tracks → manifest.json: what was said, where it is written, and when it is heard."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from langdu.files import atomic, json_lines
from langdu.model import Origin
from langdu.output.rows import chapter_row
from langdu.pinyin import number
from langdu.sound.clock import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from langdu.model import Chapter, Timing, Track

SCHEMA: Final = "langdu-manifest/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class ManifestHead:
    """What a manifest says of the whole.

    `voice` is the id of the voice of the whole, `rate` the requested pace. `exact` is true if the voices themselves
    give the times of characters, and false if some were estimated from the sound. `files` are names in the manifest's
    folder, by kind; `stories` are those of each story, if they have any. `music` plays under the voice in the files of
    the whole, but not in those of stories and paragraphs. `made` tells what the narration was made of, for a later run.
    """

    title: str
    voice: str
    sample_rate: int
    files: Mapping[str, str]
    rate: float = 1.0
    exact: bool = True
    music: bool = False
    stories: Sequence[Mapping[str, str]] = ()
    made: Mapping[str, object] = field(default_factory=dict)


def write_manifest(
    path: Path,
    head: ManifestHead,
    tracks: Iterable[Track],
    paragraph_files: Sequence[str] = (),
    chapters: Sequence[Chapter] = (),
) -> None:
    """Write manifest.json, whole or not at all; only one paragraph is in memory.

    `paragraph_files` are the paragraphs' own sound, if they have any. Times are seconds from the beginning of the
    programme, to a tenth of a millisecond.

    Raises: ExportError: the file cannot be written.
    """
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        members = (f"{json.dumps(key)}: {json_lines(value, 1)},\n " for key, value in _head(head).items())
        file.write("{\n " + "".join(members) + '"paragraphs": [')
        names = iter(paragraph_files)
        for number, track in enumerate(tracks):
            row = _paragraph(track, next(names, None))
            file.write((",\n  " if number else "\n  ") + json_lines(row, 2))
        rows = list(_chapters(chapters, head))
        file.write("\n ]" + (f',\n "chapters": {json_lines(rows, 1)}' if rows else ""))
        # In the last line: whoever reads it there knows that nothing is missing before it.
        file.write((f',\n "made": {json.dumps(head.made)}' if head.made else "") + "\n}\n")


def _chapters(chapters: Sequence[Chapter], head: ManifestHead) -> Iterator[dict[str, object]]:
    of_stories = iter(head.stories)
    for chapter in chapters:
        row = chapter_row(chapter, head.sample_rate)
        found = next(of_stories, None) if row["story"] else None
        yield {**row, "files": dict(found)} if found else row


def _head(head: ManifestHead) -> dict[str, object]:
    row: dict[str, object] = {
        "schema": SCHEMA,
        "title": head.title,
        "voice": head.voice,
        "rate": head.rate,
        "sample_rate": head.sample_rate,
        "timings": "exact" if head.exact else "estimated",
        "files": dict(head.files),
    }
    return {**row, "music": True} if head.music else row


def _paragraph(track: Track, file: str | None) -> dict[str, object]:
    return {
        "index": track.paragraph.index,
        "role": "title" if track.paragraph.is_title else "paragraph",
        "voice": track.voice,
        "pace": track.pace,
        "text": track.paragraph.text,
        "spoken": track.spoken.spoken,
        "file": file,
        "start": seconds(track.start, track.sample_rate),
        "end": seconds(track.end, track.sample_rate),
        "tokens": [_token(timing, track.sample_rate) for timing in track.timings],
    }


def _token(timing: Timing, sample_rate: int) -> dict[str, object]:
    reading = timing.reading
    token: dict[str, object] = {
        "text": timing.text,
        "at": [timing.at.start, timing.at.end],
        "pinyin": number(reading.citation) if reading else None,
        "surface": number(reading.surface) if reading else None,
        "source": (reading.origin if reading else Origin.LEXICON).value,
        "start": seconds(timing.start, sample_rate),
        "end": seconds(timing.end, sample_rate),
    }
    if timing.break_after is not None:
        token["break"] = int(timing.break_after)
    return token if timing.voice is None else {**token, "voice": timing.voice}
