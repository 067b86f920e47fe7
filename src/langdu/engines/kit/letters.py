"""Which characters of an utterance are said: hanzi with a reading, and letters, by their names."""

from __future__ import annotations

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

from langdu.data import rows
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from langdu.model import Utterance


@cache
def names() -> dict[str, tuple[Syllable, ...]]:
    """Capital letter, Latin or Greek → the syllables of its name in Mandarin, as spoken (data/letters.tsv)."""
    return {row[0]: tuple(Syllable(s[:-1], Tone(int(s[-1]))) for s in row[1].split()) for row in rows("letters.tsv")}


def name(char: str) -> tuple[Syllable, ...]:
    """The name of a letter, whatever its width, case or accents; () for anything else.

    >>> [s.base for char in "wＷé" for s in name(char)], name("长"), name("3")
    (['da', 'bu', 'liu', 'da', 'bu', 'liu', 'yi'], (), ())
    """
    plain = unicodedata.normalize("NFKD", char)[0].upper()[0]
    return names().get(plain, ())


def spoken(utterance: Utterance) -> list[tuple[int, tuple[Syllable, ...]]]:
    """Each character that is said: its index and the syllables that say it. Each needs a mark in the clip."""
    pairs = enumerate(zip(utterance.text, utterance.readings, strict=True))
    said = ((i, (reading.surface,) if reading else name(char)) for i, (char, reading) in pairs)
    return [(i, syllables) for i, syllables in said if syllables]


def latin(char: str) -> str:
    """A Latin letter without its accent or width; anything else unchanged.

    >>> "".join(map(latin, "ｉPhoné 长"))
    'iPhone 长'
    """
    bare = unicodedata.normalize("NFKD", char)[0]
    return bare if bare.isascii() and bare.isalpha() else char
