"""Readings that patterns decide, and erhua."""

from __future__ import annotations

import pytest

from langdu import lexicon
from langdu.pinyin import number
from langdu.pronounce import readings_in_context
from langdu.pronounce.patterns import certain, coloured, light
from tables import golden


@pytest.mark.parametrize(("marked", "expected"), golden("readings/patterns.txt"))
def test_what_is_read(marked: str, expected: str) -> None:
    parts = marked.split("*")
    text = "".join(parts)
    (citations,) = readings_in_context([text])
    said = [number(c.syllable) if c else "-" for c in citations]
    places = [i for k, part in enumerate(parts) if k % 2 for i in _places(parts, k, part)]
    assert " ".join(said[i] for i in places) == expected


def _places(parts: list[str], k: int, part: str) -> range:
    start = len("".join(parts[:k]))
    return range(start, start + len(part))


@pytest.mark.parametrize("text", ["", "了", "不了", "我不了", "地", "来来", "看", "A啦", "啦"])
def test_where_no_pattern_is(text: str) -> None:
    assert [*certain(text), *coloured(text), *light(text, lexicon.segment(text))] == []
