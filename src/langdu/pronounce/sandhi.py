"""Tone sandhi (变调): the tones heard, from the dictionary's tones.

Source: 普通话水平测试实施纲要 (2004), part 1, section 变调; the foot model of third-tone sandhi is that of
Chen, *Tone Sandhi* (2000), chapter 9: inside a foot first, then between feet. A foot is a prosodic word.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.model import Span, Syllable, Tone
from langdu.prosody import phrase_ends, prosodic_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NUMERALS = frozenset("〇零一二三四五六七八九十百千万亿点幺两")
_POWERS = frozenset("百千万亿")
# 一 is an ordinal before these and keeps its tone: 一月, 一号, (二期) 一期, 一汽 (the First Automobile Works).
_ORDINAL_BEFORE = frozenset("月号期汽楼级审")


def surface_tones(text: str, syllables: Sequence[Syllable | None], words: Sequence[Span]) -> list[Tone | None]:
    """The tone heard for each syllable, None where there is none.

    `text`, `syllables` are one for one; `words` cover the text in order. Characters without a syllable (punctuation,
    letters) are pauses: sandhi does not cross them. The 儿 of an erhua is none.
    """
    tones = [s.tone if s else None for s in syllables]
    for i, (char, syllable) in enumerate(zip(text, syllables, strict=True)):
        if char == "一" and syllable == Syllable("yi", Tone.HIGH):
            tones[i] = _yi(text, i, _full_tone(text, syllables, i + 1), words)
        elif char == "不" and syllable == Syllable("bu", Tone.FALLING):
            falls = _full_tone(text, syllables, i + 1) is Tone.FALLING
            tones[i] = Tone.RISING if falls else Tone.FALLING
    said = [tone for tone in tones if tone is not None]
    if (Tone.LOW, Tone.LOW) in pairwise(said):  # most sentences have none, and feet take time
        for phrase in _phrases(text, tones, words):
            _third_tones(tones, phrase)
    return tones


def _full_tone(text: str, syllables: Sequence[Syllable | None], i: int) -> Tone | None:
    """The tone at `i`, or the one that a neutral tone there has lost: 一 in yí ge rises before a lost fourth."""
    syllable = syllables[i] if i < len(syllables) else None
    if syllable is None or syllable.tone is not Tone.NEUTRAL:
        return syllable.tone if syllable else None
    full = (r.tone for r in lexicon.readings(text[i]) if r.base == syllable.base and r.tone is not Tone.NEUTRAL)
    return next(full, Tone.NEUTRAL)


def _yi(text: str, i: int, following: Tone | None, words: Sequence[Span]) -> Tone:
    """一 is yí before a fourth tone, yì before any other; as an ordinal, a digit or a word's end it keeps yī."""
    before, after = text[i - 1 : i] if i else "", text[i + 1 : i + 2]
    ends_word = any(w.start < i and w.end == i + 1 for w in words)
    digit = before in _NUMERALS or (after in _NUMERALS and after not in _POWERS)
    if following is None or before == "第" or digit or ends_word or after in _ORDINAL_BEFORE:
        return Tone.HIGH
    if before and before == after:
        return Tone.NEUTRAL  # 看一看
    return Tone.RISING if following is Tone.FALLING else Tone.FALLING


def _phrases(text: str, tones: Sequence[Tone | None], words: Sequence[Span]) -> Iterator[list[Span]]:
    """The feet between two pauses, which are prosodic words: sandhi stops at a mark, and where a reader breathes."""
    feet = prosodic_words(text, words)
    breaths = phrase_ends(text, feet, words)
    phrase: list[Span] = []
    for foot in feet:
        silent = all(tones[i] is None and text[i] not in "儿兒" for i in range(foot.start, foot.end))
        if not silent:
            phrase.append(foot)
        if silent or foot.end in breaths:
            yield phrase
            phrase = []
    yield phrase


def _third_tones(tones: list[Tone | None], phrase: Sequence[Span]) -> None:
    for foot in phrase:
        for left, right in _pairs(foot, tones):
            _change(tones, left, right)
    for left_foot, right_foot in pairwise(phrase):
        last = max((i for i in _indices(left_foot) if tones[i] is not None), default=None)
        first = min((i for i in _indices(right_foot) if tones[i] is not None), default=None)
        if last is not None and first is not None:
            _change(tones, last, first)


def _indices(foot: Span) -> Iterator[int]:
    yield from range(foot.start, foot.end)


def _pairs(foot: Span, tones: Sequence[Tone | None]) -> Iterator[tuple[int, int]]:
    """Neighbours inside a foot, in the order in which sandhi applies to them.

    From the left, 展览馆 is zhán lán guǎn; a word of four characters is two pairs first.
    """
    said = [i for i in _indices(foot) if tones[i] is not None]
    pairs = list(pairwise(said))
    yield from pairs[::2] + pairs[1::2] if len(said) == 4 else pairs


def _change(tones: list[Tone | None], left: int, right: int) -> None:
    if tones[left] is Tone.LOW and tones[right] is Tone.LOW:
        tones[left] = Tone.RISING
