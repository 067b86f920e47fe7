"""Annotations without tones, 重庆(Chongqing): the author chooses the reading, and dictionaries give the tones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.model import Kind, Syllable, Tone
from langdu.pinyin import Letters, distribute

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langdu.model import Annotation


def is_toneless(annotation: Annotation) -> bool:
    """Whether the author wrote letters without any tone, and does not mean that it is neutral."""
    if annotation.is_neutral or annotation.kind not in (Kind.PINYIN, Kind.RUBY):
        return False
    if any(s.tone is not Tone.NEUTRAL for s in annotation.syllables):
        return False
    letters = Letters.read(annotation.written)
    return letters is not None and not letters.toned


def by_dictionary(word: str, syllables: Sequence[Syllable]) -> tuple[Syllable, ...]:
    """The syllables with the tones of the word, or else of the most usual readings that are spelled so.

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
    return tuple(in_context(char, syllable, None, {}) for char, syllable in zip(word, given, strict=True) if syllable)


def in_context(char: str, given: Syllable, read: Syllable | None, shares: Mapping[Syllable, float]) -> Syllable:
    """The syllable with the tone of `read`, if that is spelled so; else of the likeliest reading that is.

    `shares` are the probabilities of readings.
    """
    if read is not None and read.base == given.base:
        return Syllable(read.base, read.tone, given.erhua)
    spelled_so = [reading for reading in lexicon.readings(char) if reading.base == given.base]
    if not spelled_so:
        return given
    likeliest = max(spelled_so, key=lambda reading: shares.get(reading, 0.0))  # of equals the first, the most usual
    return Syllable(given.base, likeliest.tone, given.erhua)
