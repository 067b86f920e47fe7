"""Patterns: each row of the table matches in its own examples, and sentences are read as the golden table says."""

from __future__ import annotations

import re

import pytest

from langdu import lexicon
from langdu.data import rows
from langdu.pinyin import number, parse_syllable
from langdu.pronounce import readings_in_context
from langdu.pronounce.patterns import (
    certain_readings,
    erhua_places,
    matched_character,
    neutral_places,
    readings_against_words,
)
from tables import golden

TABLE = rows("readings/patterns.tsv")
_CHINESE = str.maketrans({",": "，", ".": "。", ";": "；", ":": "：", " ": ""})


def test_the_table_has_rows_of_both_kinds() -> None:
    assert {where for where, *_ in TABLE} == {"words", "apart"}


@pytest.mark.parametrize(("reading", "pattern", "note"), [row[1:] for row in TABLE], ids=[row[3][:24] for row in TABLE])
def test_a_row(reading: str, pattern: str, note: str) -> None:
    matches = {match.group() for match in re.finditer(pattern, note.translate(_CHINESE))}
    assert len(matches) == 1, "the note must have an example, and the pattern must match the same character in all"
    (char,) = matches
    assert len(char) == 1, "the pattern must match one character; put the others into (?<=…) or (?=…)"
    assert matched_character(pattern) == char  # texts without it are not searched
    assert parse_syllable(reading) in lexicon.readings(char), f"no dictionary lists this reading of {char}"


@pytest.mark.parametrize(("marked", "wanted"), golden("patterns.txt"))
def test_a_sentence(marked: str, wanted: str) -> None:
    parts = marked.split("*")
    (citations,) = readings_in_context(["".join(parts)])
    starts = [len("".join(parts[:i])) for i in range(len(parts))]
    places = [at for i in range(1, len(parts), 2) for at in range(starts[i], starts[i] + len(parts[i]))]
    assert [number(c.syllable) if (c := citations[at]) else "-" for at in places] == wanted.split()


@pytest.mark.parametrize("text", ["", "了", "地", "来来", "看", "A啦", "啦"])
def test_texts_without_a_pattern(text: str) -> None:
    assert [
        *certain_readings(text),
        *readings_against_words(text),
        *erhua_places(text),
        *neutral_places(text, lexicon.split_words(text)),
    ] == []
