"""Pinyin and zhuyin that belong to the text, 圩读 xū and 不读gě: said as syllables, by hanzi with that reading.

Few hanzi have only one reading, so the pipeline takes the reading itself from `syllables`.
"""

from __future__ import annotations

import re
from functools import cache

from langdu.data import rows
from langdu.marks import READING_OPENS, ZHUYIN, ZHUYIN_TONES
from langdu.model import Syllable, Tone
from langdu.normalize.rule import SpokenForm, before, rule
from langdu.pinyin import Letters, is_toned_pinyin, number, with_tone, zhuyin

RULE = "pinyin"
_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏɑɡḿ\u0300-\u036f"
_TONES = "1-5¹²³⁴⁵"
# A word has at most twenty-one joined parts: matching may begin at each part and would run to the end every time.
_WORD = rf"(?<![{_LETTERS}])[{_LETTERS}]+(?:['’·-][{_LETTERS}]+){{0,20}}"
_ZHUYIN = rf"[{ZHUYIN}˙][{ZHUYIN}{ZHUYIN_TONES}ˉ]*"
_TOLD = re.compile(
    rf"(?:(?:[读讀念唸]|[注读讀发發拼]音|[读讀念唸][音成]|音)(?:[应應][该該]?)?[作做为為是成如]{{0,2}}|[a-z][1-5][、，或和及/])"
    rf"[:：]?\s?[{READING_OPENS}“\"‘「]?\s?\Z"
)
# 读音不是(liù): in brackets plainer words are enough, since pinyin is the only thing that can follow there.
_NAMED = re.compile(rf"(?:不是|而是|而非|并非)\s?[{READING_OPENS}“\"‘]?\s?\Z")
_BRACKETS = "()[]【】〔〕（） "
# Syllables of which no hanzi has one reading only.
_NO_OTHER = {
    "gei": "给",
    "dei": "得",
    "fo": "佛",
    "lia": "俩",
    "zhei": "这",
    "zhuai": "拽",
    "ei": "诶",
    "len": "愣",
    "me": "么",
}
# Syllables that are neutral, and their hanzi.
_LIGHT = {
    "de": "的", "le": "了", "ma": "吗", "ne": "呢", "ba": "吧", "a": "啊", "ya": "呀", "zhe": "着", "guo": "过",
    "men": "们", "zi": "子", "me": "么", "tou": "头",
}  # fmt: skip


def is_told(words: str) -> bool:
    """Whether these words announce a pronunciation.

    >>> is_told("当圩读"), is_told("读音为 “"), is_told("他在")
    (True, True, False)
    """
    return _TOLD.search(words) is not None


def syllables(written: str) -> tuple[Syllable, ...]:
    """The syllables of pinyin or zhuyin, with or without brackets; () for anything else.

    >>> [number(syllable) for syllable in (*syllables("(xuésheng)"), *syllables("ㄏㄢˋ"))]
    ['xue2', 'sheng5', 'han4']
    """
    if re.search(f"[{ZHUYIN}]", written):
        return tuple(syllable for syllable, _, _ in zhuyin.syllables_in(written))
    letters = Letters.read(written.strip(_BRACKETS))
    ways = letters.splits(1) if letters else []
    return ways[0] if ways else ()


def hanzi(written: str) -> str | None:
    """Hanzi for pinyin with tones, or zhuyin; None for anything else.

    >>> hanzi("xuéshēng"), hanzi("ㄏㄢˋ"), hanzi("café")
    ('学生', '汉', None)
    """
    is_sound = re.search(f"[{ZHUYIN}]", written) or is_toned_pinyin(written)
    return "".join(map(_hanzi, syllables(written))) or None if is_sound else None


def _hanzi(syllable: Syllable) -> str:
    """The most usual hanzi that has only this reading, or else only this syllable in another tone."""
    if syllable.erhua:
        return _hanzi(Syllable(syllable.base, syllable.tone)) + "儿"
    if syllable.tone is Tone.NEUTRAL and syllable.base in _LIGHT:
        return _LIGHT[syllable.base]
    tones = [syllable.tone, *(tone for tone in Tone if tone is not syllable.tone)]
    hanzi_of_tones = (_table().get(number(Syllable(syllable.base, tone))) for tone in tones)
    return next(filter(None, hanzi_of_tones), _NO_OTHER.get(syllable.base, "〇"))[0]


@cache
def _table() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("homophones.tsv")}


@rule(RULE, _WORD)
def word(m: re.Match[str]) -> SpokenForm:
    """圩读xū, 不读gě. A toneless syllable after a toned word is neutral, hǎo de; announced ones are level."""
    if not m[0].isascii():
        return hanzi(m[0])
    if not m[0].islower():
        return None
    if m[0] in _LIGHT and (behind := re.search(rf"({_WORD}) \Z", before(m, 24))) and hanzi(behind[1]):
        return _LIGHT[m[0]]
    if m[0] in _LIGHT and is_told(before(m)):
        return _LIGHT[m[0]]
    if len(m[0]) > 1 and is_told(before(m)) and not re.match(f"[0-9{_TONES}]", m.string[m.end() : m.end() + 1]):
        return "".join(_hanzi(with_tone(syllable, Tone.HIGH)) for syllable in syllables(m[0])) or None
    return None


# Starts only at the first of joined syllables: otherwise a long run that is not pinyin would be tried from each.
@rule(RULE, rf"(?<![A-Za-zü0-9])(?:[A-Za-zü][a-zü:]{{0,6}}[{_TONES}][ '’·-]?){{1,60}}(?<=[{_TONES}])(?![A-Za-z0-9.])")
def with_digits(m: re.Match[str]) -> SpokenForm:
    """读xu1, ni3 hao3; a single li2 may be anything unless the words before announce a pronunciation."""
    several = len(re.findall(rf"[a-zü:]{{2}}[{_TONES}]", m[0])) > 1
    return hanzi(m[0]) if several or is_told(before(m)) or _NAMED.search(before(m)) else None


@rule(RULE, rf"[(\[【〔]\s?[{_LETTERS}{ZHUYIN}{ZHUYIN_TONES}ˉ'’· -]{{1,40}}[1-5]?[)\]】〕]")
def in_brackets(m: re.Match[str]) -> SpokenForm:
    """当圩读(xū)时."""
    left = before(m)
    return hanzi(m[0].strip(_BRACKETS)) if is_told(left) or _NAMED.search(left) else None


@rule(RULE, _ZHUYIN)
def in_zhuyin(m: re.Match[str]) -> SpokenForm:
    """讀ㄏㄢˋ."""
    return hanzi(m[0]) or ""
