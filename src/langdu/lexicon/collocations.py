"""Strings that settle the readings of some of their characters: 把学生当(dàng)亲人, 吃过(guo)饭.

They are no words: texts are not cut into them. data/readings/collocations.txt has one on each line.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.data import rows
from langdu.lexicon import simplified
from langdu.pinyin import parse_syllable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langdu.model import Span, Syllable

_READING: Final = re.compile(r"\(([^()]+)\)")


class Collocation(NamedTuple):
    """A string of three hanzi or more, and the readings that it settles, each with its place in the string."""

    text: str
    readings: tuple[tuple[int, Syllable], ...]


def parse_collocation(line: str) -> Collocation:
    """Parse a line of the table: hanzi, each of which may have its reading after it.

    Raises: ValueError: a reading is not a syllable.

    >>> collocation = parse_collocation("吃过(guo)饭")
    >>> collocation.text, [(at, reading.base) for at, reading in collocation.readings]
    ('吃过饭', [(1, 'guo')])
    """
    text, readings = "", []
    for i, part in enumerate(_READING.split(line)):
        if i % 2:
            readings.append((len(text) - 1, parse_syllable(part)))
        else:
            text += part
    return Collocation(text, tuple(readings))


@cache
def _table() -> dict[str, list[Collocation]]:
    """The collocations by their first two hanzi."""
    table: dict[str, list[Collocation]] = {}
    for (line,) in rows("readings/collocations.txt"):
        collocation = parse_collocation(line)
        table.setdefault(collocation.text[:2], []).append(collocation)
    return table


def collocated_readings(text: str, words: Iterable[Span]) -> dict[int, Syllable]:
    """The readings that collocations in a text settle, by place. Where two overlap, the longer one counts.

    A collocation begins where one of the `words` of the text begins: 中了大奖 is not in 集中|了|大奖.

    >>> from langdu.lexicon import split_words
    >>> text = "他們吃過飯了"
    >>> {at: reading.base for at, reading in collocated_readings(text, split_words(text)).items()}
    {3: 'guo'}
    """
    table, text = _table(), simplified(text)
    found = [
        (start, collocation)
        for start in (word.start for word in words)
        for collocation in table.get(text[start : start + 2], ())
        if text.startswith(collocation.text, start)
    ]
    found.sort(key=lambda pair: len(pair[1].text))
    return {start + at: reading for start, collocation in found for at, reading in collocation.readings}
