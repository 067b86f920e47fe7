"""What the dictionaries say of a character in its word, and where that is certain enough to stand."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon
from langdu.lexicon import Dictionaries
from langdu.marks import HANZI
from langdu.model import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Span, Syllable

# Where a character stands: a word by itself, the first, inside, the last, no hanzi.
ALONE, FIRST, INSIDE, LAST, OTHER = range(5)
# What the dictionaries say of a candidate: nothing, the usual reading of the character; of a word with 2, 3, 4 or more
# hanzi: the only reading (2, 5, 8), the first of several (3, 6, 9), another of several (4, 7, 10).
USUAL: Final = 1
_ONLY: Final = (2, 5, 8)
# So many dictionaries confirm a reading where none dissents.
_ENOUGH: Final = 3
_CAREFUL: Final = Dictionaries.CC_CEDICT | Dictionaries.PYPINYIN


class Hint(NamedTuple):
    """What the dictionaries say of one character in its word.

    `readings`: what they give for it there, the best first. `size`: the length of the word, at most 4, and 1 if no
    dictionary has the word. `confirmed`: whether that is the reading wherever the word stands, so that the context has
    nothing to decide.
    """

    readings: tuple[Syllable, ...]
    size: int
    confirmed: bool = False


@lru_cache(maxsize=32768)
def hints(word: str) -> tuple[Hint, ...]:
    """What the dictionaries say of each hanzi of a word.

    >>> [hint.size for hint in hints("银行")]
    [2, 2]
    """
    size = len(word)
    entry = lexicon.word_entry(word)
    ways = [way for way in entry.ways if len(way) == size]
    if ways:
        stands = confirmed(size, entry)
        columns = zip(*ways, strict=True)
        return tuple(Hint(readings, min(size, 4), stands and _is_one(readings)) for readings in columns)
    usual = [lexicon.default_reading(char) for char in word]
    return tuple(Hint((reading,) if reading else (), 1) for reading in usual)


def confirmed(size: int, entry: lexicon.WordEntry) -> bool:
    """Whether the dictionaries leave no doubt about a word of `size` hanzi, apart from the ways that they list.

    Source: measured on our own sentences, g2pL and CPP (docs/lexicon.md, "Confirmed words").
    """
    said = entry.sources[0]
    for more in entry.sources[1:]:
        said |= more
    if Dictionaries.HOUSE in said or said & _CAREFUL == _CAREFUL:
        return True
    if Dictionaries.CC_CEDICT in said:
        return size > 2 or (not entry.others and said.bit_count() > 1)
    return not entry.others and (size > 3 or said.bit_count() >= _ENOUGH)


def _is_one(readings: Sequence[Syllable]) -> bool:
    """Whether readings differ in nothing but a neutral tone."""
    full = {reading.tone for reading in readings} - {Tone.NEUTRAL}
    return len({reading.base for reading in readings}) == 1 and len(full) <= 1


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
        if not HANZI.match(text, word.start, word.end):
            out += [OTHER] * size
        else:
            out += [ALONE] if size == 1 else [FIRST, *[INSIDE] * (size - 2), LAST]
    return out
