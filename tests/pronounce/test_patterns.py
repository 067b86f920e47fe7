"""The table of patterns: each row finds what its own examples say, and a reading that the character has."""

from __future__ import annotations

import re

import pytest

from langdu import lexicon
from langdu.data import rows
from langdu.pinyin import parse_syllable

TABLE = rows("patterns.tsv")
_CHINESE = str.maketrans({",": "，", ".": "。", ";": "；", ":": "：", " ": ""})


def test_the_table_has_rows_of_both_kinds() -> None:
    assert {where for where, *_ in TABLE} == {"words", "apart"}


@pytest.mark.parametrize(("reading", "pattern", "note"), [row[1:] for row in TABLE], ids=[row[3][:24] for row in TABLE])
def test_a_row(reading: str, pattern: str, note: str) -> None:
    found = {match.group() for match in re.finditer(pattern, note.translate(_CHINESE))}
    assert len(found) == 1
    (char,) = found
    assert parse_syllable(reading) in lexicon.readings(char)
