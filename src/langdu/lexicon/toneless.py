"""Annotations without tones, 重庆(Chongqing): they choose among the readings, and the dictionaries give the tone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.model import Kind, Syllable, Tone
from langdu.pinyin import Letters, distribute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langdu.model import Annotation


def is_toneless(annotation: Annotation) -> bool:
    """Whether the author wrote letters and no tone at all."""
    if annotation.kind not in (Kind.PINYIN, Kind.RUBY) or any(s.tone is not Tone.NEUTRAL for s in annotation.syllables):
        return False
    letters = Letters.read(annotation.written)
    return letters is not None and not letters.toned


def by_dictionary(word: str, syllables: Sequence[Syllable]) -> tuple[Syllable, ...]:
    """The syllables with the tones that the word has, else those of the usual readings that are spelled so.

    >>> from langdu.pinyin import join_numbers, parse_syllable
    >>> join_numbers(by_dictionary("重庆", [parse_syllable("chong"), parse_syllable("qing")]))
    'chong2 qing4'
    """
    for way in lexicon.word_readings(word):
        if [(s.base, s.erhua) for s in way] == [(s.base, s.erhua) for s in syllables]:
            return way
    given = distribute(word, syllables)
    if given is None:
        return tuple(syllables)
    return tuple(in_context(char, said, None, {}) for char, said in zip(word, given, strict=True) if said)


def in_context(char: str, given: Syllable, read: Syllable | None, shares: Mapping[Syllable, float]) -> Syllable:
    """The syllable with the tone of what is read there, if it is spelled so; else of the likeliest reading that is."""
    if read is not None and read.base == given.base:
        return Syllable(read.base, read.tone, given.erhua)
    known = [each for each in lexicon.readings(char) if each.base == given.base]
    if not known:
        return given
    likeliest = max(known, key=lambda each: shares.get(each, 0.0))  # of equals the first, the most usual
    return Syllable(given.base, likeliest.tone, given.erhua)
