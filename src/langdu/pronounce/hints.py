"""What the dictionaries say of a character in its word, as the model of polyphones is told it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Span, Syllable

# Where a character stands: a word by itself, the first, inside, the last, no hanzi.
ALONE, FIRST, INSIDE, LAST, OTHER = range(5)
# What the dictionaries say of a candidate: nothing, the usual reading of the character; of a word with 2, 3, 4 or more
# hanzi: the only reading (2, 5, 8), the first of several (3, 6, 9), another of several (4, 7, 10).
USUAL: Final = 1
_ONLY: Final = (2, 5, 8)


class Hint(NamedTuple):
    """What the dictionaries say of one character in its word.

    `readings`: what they give for it there, the best first. `size`: the length of the word, at most 4, and 1 if no
    dictionary has the word.
    """

    readings: tuple[Syllable, ...]
    size: int


@lru_cache(maxsize=32768)
def hints(word: str) -> tuple[Hint, ...]:
    """What the dictionaries say of each hanzi of a word.

    >>> [hint.size for hint in hints("银行")]
    [2, 2]
    """
    size = len(word)
    ways = [way for way in lexicon.word_readings(word) if len(way) == size] if size > 1 else []
    if ways:
        return tuple(Hint(readings, min(size, 4)) for readings in zip(*ways, strict=True))
    usual = [lexicon.default_reading(char) for char in word]
    return tuple(Hint((reading,) if reading else (), 1) for reading in usual)


def kind(reading: Syllable, hint: Hint) -> int:
    """What a hint says of one reading, as a number."""
    if reading not in hint.readings:
        return 0
    if hint.size == 1:
        return USUAL
    several = len(set(hint.readings)) > 1
    place = 0 if not several else 1 if hint.readings[0] == reading else 2
    return _ONLY[hint.size - 2] + place


def positions(text: str, words: Sequence[Span]) -> list[int]:
    """Where each character of a text stands in its word."""
    out: list[int] = []
    for word in words:
        size = len(word)
        if not lexicon.HANZI.match(text, word.start):
            out += [OTHER] * size
        else:
            out += [ALONE] if size == 1 else [FIRST, *[INSIDE] * (size - 2), LAST]
    return out
