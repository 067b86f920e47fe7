"""Cues → JSON for programs: cues, their words and characters, with times and pinyin (see docs/formats.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from langdu.export.view.cues import cues
from langdu.files import atomic
from langdu.pinyin import spell
from langdu.sound.clock import seconds

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.view.cues import Cue
    from langdu.export.view.words import Word

SCHEMA: Final = "langdu-cues/1"


def write(path: Path, programme: Programme) -> None:
    """One object; a line for each cue. Raises: ExportError: the file cannot be written."""
    rate = programme.sample_rate
    head = {
        "schema": SCHEMA,
        "title": programme.title,
        "voice": programme.voice,
        "language": programme.language,
        "duration": seconds(programme.samples, rate),
        "level": str(programme.display.cues),
    }
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        members = "".join(f" {_line(name)}: {_line(value)},\n" for name, value in head.items())
        file.write("{\n" + members + ' "cues": [')
        for number, cue in enumerate(cues(programme.tracks(), programme.display.cues)):
            file.write((",\n  " if number else "\n  ") + _line(_cue(cue, rate)))
        file.write("\n ]\n}\n")


def _line(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _cue(cue: Cue, rate: int) -> dict[str, Any]:
    return {
        "start": seconds(cue.start, rate),
        "end": seconds(cue.end, rate),
        "paragraph": cue.paragraph,
        "voice": cue.voice,
        "at": [cue.words[0].span.start, cue.words[-1].span.end],
        "text": cue.text,
        "words": [_word(word, rate) for word in cue.words],
    }


def _word(word: Word, rate: int) -> dict[str, Any]:
    row: dict[str, Any] = {"text": word.text, "at": [word.span.start, word.span.end]}
    if word.start is None or word.end is None:
        return row
    first = word.span.start
    return {
        **row,
        "start": seconds(word.start, rate),
        "end": seconds(word.end, rate),
        "annotated": word.annotated,
        "characters": [
            {
                "text": word.text[character.span.start - first : character.span.end - first],
                "pinyin": spell(reading) if (reading := word.readings[character.span.start - first]) else None,
                "start": seconds(character.start, rate),
                "end": seconds(character.end, rate),
            }
            for character in word.characters
        ],
    }
