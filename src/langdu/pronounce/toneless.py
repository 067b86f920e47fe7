"""Pinyin without tones: the letters choose among the readings, and the dictionaries give the tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.model import Kind, Syllable, Tone
from langdu.pinyin import Letters, distribute

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Annotation


def is_toneless(annotation: Annotation) -> bool:
    """Whether an annotation is written in letters without a single tone: 重庆(Chongqing)."""
    if annotation.kind not in (Kind.PINYIN, Kind.RUBY):
        return False
    letters = Letters.read(annotation.written)
    return letters is not None and not letters.toned


def toned(word: str, given: Sequence[Syllable | None], read: Sequence[Syllable | None]) -> tuple[Syllable | None, ...]:
    """The syllables with the tones of what is `read`, if it is spelled so; else of the word, else of the character.

    `given` has one syllable a character, None for the 儿 of an erhua. A syllable that no reading is spelled as stays.

    >>> from langdu.pinyin import parse, spell_word
    >>> spell_word(toned("重庆", [parse("chong"), parse("qing")], [None, None]))
    'chóngqìng'
    """
    ways = [distribute(word, way) for way in lexicon.word_readings(word)]
    known = [read, *(way for way in ways if way)]
    bases = [syllable and syllable.base for syllable in given]
    whole = next((way for way in known if [s and s.base for s in way] == bases), None)
    rows = zip(word, given, whole or read, strict=True)
    return tuple(_toned(char, syllable, known) for char, syllable, known in rows)


def _toned(char: str, given: Syllable | None, read: Syllable | None) -> Syllable | None:
    if given is None:
        return None
    known = next((s for s in (read, *lexicon.readings(char)) if s and s.base == given.base), None)
    return Syllable(given.base, known.tone if known else Tone.NEUTRAL, given.erhua)
