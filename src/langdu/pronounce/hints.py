"""What the dictionaries say about a character in its word, and whether that is certain enough to stand."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon
from langdu.data import rows
from langdu.lexicon import Dictionaries
from langdu.marks import HANZI
from langdu.model import Tone
from langdu.pinyin import distribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Span, Syllable

# Where a character stands: as a word by itself, at the start, inside or at the end of a word; or it is not a hanzi.
ALONE, FIRST, INSIDE, LAST, OTHER = range(5)
# What the dictionaries say about a candidate reading: 0 nothing, 1 it is the usual reading of the character. In a word
# of 2, 3, or more hanzi: it is the only reading (2, 5, 8), the first of several (3, 6, 9), another one (4, 7, 10).
USUAL: Final = 1
_ONLY: Final = (2, 5, 8)
# This many dictionaries confirm a reading if none dissents.
_ENOUGH: Final = 3
_CAREFUL: Final = Dictionaries.CC_CEDICT | Dictionaries.PYPINYIN


class Hint(NamedTuple):
    """What the dictionaries say about one character in its word.

    `readings`: its readings there, the best first. `size`: the length of the word, at most 4, and 1 if no dictionary
    has the word. `confirmed`: the reading is certain wherever the word stands, so the context need not decide.
    """

    readings: tuple[Syllable, ...]
    size: int
    confirmed: bool = False


@lru_cache(maxsize=32768)
def hints(word: str) -> tuple[Hint, ...]:
    """What the dictionaries say about each hanzi of a word.

    >>> [hint.size for hint in hints("银行")]
    [2, 2]
    """
    size = len(word)
    entry = lexicon.word_entry(word)
    ways = [full for way in entry.ways if (full := distribute(word, way))]
    if ways:
        confirmed = is_confirmed(size, entry)
        columns = ([reading for reading in column if reading] for column in zip(*ways, strict=True))
        return tuple(
            Hint(tuple(readings), min(size, 4), confirmed and _are_one(char, readings))
            for char, readings in zip(word, columns, strict=True)
        )
    usual = [lexicon.default_reading(char) for char in word]
    return tuple(Hint((reading,) if reading else (), 1) for reading in usual)


def is_confirmed(size: int, entry: lexicon.WordEntry) -> bool:
    """Whether the dictionaries are certain of the listed readings of a word of `size` hanzi.

    Source: measured on our own sentences, g2pL and CPP (docs/lexicon.md, "Confirmed words").
    """
    sources = entry.sources[0]
    for more in entry.sources[1:]:
        sources |= more
    if Dictionaries.HOUSE in sources or sources & _CAREFUL == _CAREFUL:
        return True
    if Dictionaries.CC_CEDICT in sources:
        return size > 2 or (not entry.others and sources.bit_count() > 1)
    return not entry.others and (size > 3 or sources.bit_count() >= _ENOUGH)


def _are_one(char: str, readings: Sequence[Syllable]) -> bool:
    """Whether there are readings, and they differ at most in a neutral tone.

    得 has two words in this: dé, to get, and the particle de (赢得金牌, 全班没人赢得了他).
    """
    full = {reading.tone for reading in readings} - {Tone.NEUTRAL}
    return len({reading.base for reading in readings}) == 1 and (len(set(readings)) if char == "得" else len(full)) <= 1


@lru_cache(maxsize=32768)
def is_ambiguous(word: str) -> bool:
    """Whether the hanzi of a word often stand side by side by chance, or the pair has another reading in texts.

    >>> is_ambiguous("没收"), is_ambiguous("银行")
    (True, False)
    """
    return lexicon.simplified(word) in _ambiguous()


@cache
def _ambiguous() -> frozenset[str]:
    return frozenset(word for (line,) in rows("readings/ambiguous_words.txt") for word in line.split())


def hint_kind(reading: Syllable, hint: Hint) -> int:
    """What a hint says about one reading, as a number (see `USUAL`)."""
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
