"""Tracks → manifest.json: what was said, where it is written, and when it is heard."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

from langdu.files import atomic, json_lines
from langdu.model import Origin
from langdu.pinyin import number
from langdu.sound.clock import seconds

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path
    from types import TracebackType

    from langdu.model import Heading, Timing, Track

SCHEMA: Final = "langdu-manifest/1"


class ManifestWriter:
    """A context manager that takes paragraph after paragraph and leaves manifest.json when the block ends well.

    `voice` is its id, `rate` the pace that was asked for; `files` are names in the manifest's folder. Times are
    seconds from the beginning of the programme, to a tenth of a millisecond; `exact` says whether those of characters
    are what the voice itself knows, or estimated from its sound. `headings` are what begins, by the index of the
    paragraph that it begins with: the manifest's `chapters`. `music` lies under the voice in `files`, not
    in those of the paragraphs.

    Raises: ExportError: the file cannot be written.
    """

    def __init__(  # noqa: PLR0913 - all that a manifest says of the whole
        self,
        path: Path,
        *,
        title: str,
        voice: str,
        sample_rate: int,
        files: Mapping[str, str],
        rate: float = 1.0,
        exact: bool = True,
        headings: Mapping[int, Heading] | None = None,
        music: bool = False,
    ) -> None:
        self._path = path
        self._headings = headings or {}
        self.chapters: list[dict[str, object]] = []
        self._head = {
            "schema": SCHEMA,
            "title": title,
            "voice": voice,
            "rate": rate,
            "sample_rate": sample_rate,
            "timings": "exact" if exact else "estimated",
            "files": dict(files),
            **({"music": True} if music else {}),
        }
        self.paragraphs = self.syllables = self.samples = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            partial = stack.enter_context(atomic(self._path))
            self._file = stack.enter_context(partial.open("w", encoding="utf-8", newline="\n"))
            self._stack = stack.pop_all()
        members = (f"{json.dumps(key)}: {json_lines(value, 1)},\n " for key, value in self._head.items())
        self._file.write("{\n " + "".join(members) + '"paragraphs": [')
        return self

    def add(self, track: Track, file: str | None) -> None:
        """Describe the next paragraph; `file` is the name of its audio, if it has one of its own."""
        self._file.write((",\n  " if self.paragraphs else "\n  ") + json_lines(_paragraph(track, file), 2))
        if heading := self._headings.get(track.paragraph.index):
            self.chapters.append(_chapter(heading, track))
        self.paragraphs += 1
        self.syllables += len(track.timings)
        self.samples = track.end

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            chapters = f',\n "chapters": {json_lines(self.chapters, 1)}' if self._headings else ""
            self._file.write(f"\n ]{chapters}\n}}\n")


def _chapter(heading: Heading, track: Track) -> dict[str, object]:
    return {
        "title": heading.title,
        "paragraph": track.paragraph.index,
        "start": seconds(track.start, track.sample_rate),
        "story": heading.is_story,
        "source": heading.source,
        "address": heading.address,
    }


def _paragraph(track: Track, file: str | None) -> dict[str, object]:
    return {
        "index": track.paragraph.index,
        "role": "title" if track.paragraph.is_title else "paragraph",
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
    return token if timing.break_after is None else {**token, "break": int(timing.break_after)}
