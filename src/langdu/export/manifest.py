"""Tracks → manifest.json: what was said, where it is written, and when it is heard."""

from __future__ import annotations

import json
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from langdu.export.atomic import write_text
from langdu.model import Origin
from langdu.pinyin import number

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from langdu.model import Timing, Track

SCHEMA: Final = "langdu-manifest/1"
# A line of the file is no longer than this, unless one string is.
_WIDTH: Final = 200


def manifest(  # noqa: PLR0913 - all that a manifest says
    *,
    title: str,
    voice: str,
    rate: float = 1.0,
    tracks: Sequence[Track],
    files: Mapping[str, str],
    paragraph_files: Sequence[str],
) -> dict[str, object]:
    """The manifest of a programme, ready for `write_json`.

    `voice` is its id, `rate` the pace that was asked for; `files` and `paragraph_files` are names in the manifest's
    folder, the latter one a track, or none where no audio is written. Times are seconds from the beginning of the
    programme, to a tenth of a millisecond.
    """
    return {
        "schema": SCHEMA,
        "title": title,
        "voice": voice,
        "rate": rate,
        "sample_rate": tracks[0].sample_rate,
        "files": dict(files),
        "paragraphs": [_paragraph(track, file) for track, file in zip_longest(tracks, paragraph_files)],
    }


def _paragraph(track: Track, file: str | None) -> dict[str, object]:
    return {
        "index": track.paragraph.index,
        "role": "title" if track.paragraph.index < 0 else "paragraph",
        "text": track.paragraph.text,
        "spoken": track.spoken.spoken,
        "file": file,
        "start": seconds(track.start, track.sample_rate),
        "end": seconds(track.end, track.sample_rate),
        "tokens": [_token(timing, track.sample_rate) for timing in track.timings],
    }


def _token(timing: Timing, sample_rate: int) -> dict[str, object]:
    reading = timing.reading
    return {
        "text": timing.text,
        "at": [timing.at.start, timing.at.end],
        "pinyin": number(reading.citation) if reading else None,
        "surface": number(reading.surface) if reading else None,
        "source": (reading.origin if reading else Origin.LEXICON).value,
        "start": seconds(timing.start, sample_rate),
        "end": seconds(timing.end, sample_rate),
    }


def seconds(samples: int, sample_rate: int) -> float:
    """Samples as seconds, to a tenth of a millisecond.

    >>> seconds(7441, 24000)
    0.31
    """
    return round(samples / sample_rate, 4)


def write_json(path: Path, value: object) -> None:
    """Write a value as UTF-8 JSON that people can read, whole or not at all.

    Raises: ExportError: the file cannot be written.
    """
    write_text(path, _lines(value, 0) + "\n")


def _lines(value: object, depth: int) -> str:
    """What fits in one line stands in one: a token is a line, a paragraph is not."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(flat) + depth <= _WIDTH or not isinstance(value, dict | list):
        return flat
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_lines(each, depth + 1)}" for key, each in value.items()]
    else:
        parts = [_lines(each, depth + 1) for each in value]
    indent = "\n" + " " * (depth + 1)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{indent}{(',' + indent).join(parts)}\n{' ' * depth}{closing}"
