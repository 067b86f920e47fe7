"""Tone sandhi (变调): from the dictionary's tones to the tones that are heard.

Source: 普通话水平测试实施纲要 (2004), part 1, section 变调. Third-tone sandhi follows the foot model of Chen, *Tone
Sandhi* (2000), chapter 9: first inside a foot, then between feet. A foot is a prosodic word.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, TypeVar

from langdu import lexicon
from langdu.model import Span, Syllable, Tone
from langdu.pronounce.patterns import REDUPLICATED
from langdu.prosody import phrase_ends, prosodic_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_T = TypeVar("_T")

_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿点幺两")
_POWERS = frozenset("百千万亿")
# Before these, 一 is an ordinal and keeps its tone: 一月, 一号, (二期) 一期, 一汽 (the First Automobile Works).
_ORDINAL_BEFORE = frozenset("月号期汽楼级审")


def surface_tones(text: str, syllables: Sequence[Syllable | None], words: Sequence[Span]) -> list[Tone | None]:
    """The tone that is heard for each syllable; None for a character without a syllable.

    `syllables` has one for each character of `text`; `words` cover the text in order. Sandhi does not cross characters
    without a syllable (punctuation, letters), except the 儿 of an erhua.
    """
    tones = [s.tone if s else None for s in syllables]
    ends = {word.end - 1 for word in words if len(word) > 1}
    for i, (char, syllable) in enumerate(zip(text, syllables, strict=True)):
        if char == "一" and syllable == Syllable("yi", Tone.HIGH):
            tones[i] = _yi(text, i, _full_tone(text, syllables, i + 1), ends_word=i in ends)
        elif char == "不" and syllable == Syllable("bu", Tone.FALLING):
            falls = _full_tone(text, syllables, i + 1) is Tone.FALLING
            tones[i] = Tone.RISING if falls else Tone.FALLING
    for i in range(1, len(text)):
        if tones[i] is Tone.NEUTRAL and tones[i - 1] is Tone.LOW and text[i] == text[i - 1] and text[i] in REDUPLICATED:
            tones[i - 1] = Tone.RISING  # 想想 xiáng xiang: sandhi applies before the second third tone is lost
    heard = [tone for tone in tones if tone is not None]
    if (Tone.LOW, Tone.LOW) in pairwise(heard):  # most sentences have no such pair, and finding feet takes time
        for phrase in _phrases(text, tones, words):
            _third_tones(tones, phrase)
    return tones


def _full_tone(text: str, syllables: Sequence[Syllable | None], i: int) -> Tone | None:
    """The tone at `i`, or the full tone behind a neutral one: 一 in yí ge rises before a lost fourth tone."""
    syllable = syllables[i] if i < len(syllables) else None
    if syllable is None or syllable.tone is not Tone.NEUTRAL:
        return syllable.tone if syllable else None
    full = (r.tone for r in lexicon.readings(text[i]) if r.base == syllable.base and r.tone is not Tone.NEUTRAL)
    return next(full, Tone.NEUTRAL)


def _yi(text: str, i: int, following: Tone | None, *, ends_word: bool) -> Tone:
    """一 is yí before a fourth tone and yì before the others; as an ordinal, a digit or at a word's end it stays yī."""
    before, after = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    digit = before in _NUMERALS or (after in _NUMERALS and after not in _POWERS)
    if following is None or before == "第" or digit or ends_word or after in _ORDINAL_BEFORE:
        return Tone.HIGH
    if before and before == after:
        return Tone.NEUTRAL  # 看一看
    return Tone.RISING if following is Tone.FALLING else Tone.FALLING


def _phrases(text: str, tones: Sequence[Tone | None], words: Sequence[Span]) -> Iterator[list[list[Span]]]:
    """The feet between pauses, each as its words. A pause is a mark or a place where a reader breathes."""
    feet = prosodic_words(text, words)
    breaths = phrase_ends(text, feet, words)
    rest = iter(words)
    phrase: list[list[Span]] = []
    for foot in feet:
        inside = [next(rest)]
        while inside[-1].end < foot.end:
            inside.append(next(rest))
        silent = all(tones[i] is None and text[i] not in "儿兒" for i in range(foot.start, foot.end))
        if not silent:
            phrase.append(inside)
        if silent or foot.end in breaths:
            yield phrase
            phrase = []
    yield phrase


def _third_tones(tones: list[Tone | None], phrase: Sequence[Sequence[Span]]) -> None:
    """Apply third-tone sandhi inside words first, then between the words of a foot, then between feet."""
    for foot in phrase:
        for word in foot:
            for left, right in _in_order([i for i in range(word.start, word.end) if tones[i] is not None]):
                _change(tones, left, right)
        for before, after in _in_order(foot):
            _change(tones, _last(tones, before), after.start)
    for left_foot, right_foot in pairwise(phrase):
        _change(tones, _last(tones, left_foot[-1]), right_foot[0].start)


def _last(tones: Sequence[Tone | None], word: Span) -> int:
    """The place of the last tone of a word; the 儿 of an erhua has no tone."""
    return next((i for i in reversed(range(word.start, word.end)) if tones[i] is not None), word.start)


def _in_order(row: Sequence[_T]) -> list[tuple[_T, _T]]:
    """Neighbours in the order in which sandhi applies to them.

    It applies from the left, 展览馆 zhán lán guǎn; in a row of four to the two pairs first, 我也很好 wó yě hén hǎo.
    """
    pairs = list(pairwise(row))
    return pairs[::2] + pairs[1::2] if len(row) == 4 else pairs


def _change(tones: list[Tone | None], left: int, right: int) -> None:
    if tones[left] is Tone.LOW and tones[right] is Tone.LOW:
        tones[left] = Tone.RISING
