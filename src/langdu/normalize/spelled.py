"""Pinyin and zhuyin that stay in a text, 圩读 xū and 不读gě: said as syllables, by hanzi that are read so.

Few hanzi have one reading only, so whoever says them asks `syllables` what was written.
"""

from __future__ import annotations

import re
from functools import cache

from langdu.data import rows
from langdu.marks import ZHUYIN, ZHUYIN_TONES
from langdu.model import Syllable, Tone
from langdu.normalize.rule import Rule, Said, before, rule
from langdu.pinyin import Letters, is_toned_pinyin, number, with_tone, zhuyin

RULE = "pinyin"
_LETTERS = "A-Za-zÀ-ÖØ-öø-ɏɑɡḿ\u0300-\u036f"
_TONES = "1-5¹²³⁴⁵"
# A word is joined of at most twenty pieces: each piece may begin one, and would be read to the end of them all.
_WORD = rf"(?<![{_LETTERS}])[{_LETTERS}]+(?:['’-][{_LETTERS}]+){{0,20}}"
_ZHUYIN = rf"[{ZHUYIN}˙][{ZHUYIN}{ZHUYIN_TONES}ˉ]*"
_TOLD = re.compile(
    r"(?:(?:[读讀念唸]|[注读讀发發拼]音|[读讀念唸][音成]|音)[作做为為是成如]{0,2}|[a-z][1-5][、，或和及/])[:：]?\s?[“\"‘「(\[【]?\s?\Z"
)
# 读音不是(liù): in brackets the words may be plainer, since there can be nothing else in them.
_NAMED = re.compile(r"(?:不是|而是|而非|并非)\s?[(\[【〔〖{‹«〈⟨<“‘]?\s?\Z")
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
    """Whether words say that a sound follows.

    >>> is_told("当圩读"), is_told("读音为 “"), is_told("他在")
    (True, True, False)
    """
    return _TOLD.search(words) is not None


def syllables(written: str) -> tuple[Syllable, ...]:
    """What pinyin or zhuyin says, in brackets or not. () for anything else.

    >>> [number(each) for each in (*syllables("(xuésheng)"), *syllables("ㄏㄢˋ"))]
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


def _hanzi(said: Syllable) -> str:
    """The most usual hanzi that is read so and in no other way; in another tone if there is none."""
    if said.erhua:
        return _hanzi(Syllable(said.base, said.tone)) + "儿"
    if said.tone is Tone.NEUTRAL and said.base in _LIGHT:
        return _LIGHT[said.base]
    tones = [said.tone, *(tone for tone in Tone if tone is not said.tone)]
    found = (_table().get(number(Syllable(said.base, tone))) for tone in tones)
    return next(filter(None, found), _NO_OTHER.get(said.base, "〇"))[0]


@cache
def _table() -> dict[str, str]:
    return {row[0]: row[1] for row in rows("homophones.tsv")}


@rule(RULE, _WORD)
def word(m: re.Match[str]) -> Said:
    """圩读xū, 不读gě: its syllables; a toneless one behind a toned word is neutral, hǎo de, and told ones are level."""
    if not m[0].isascii():
        return hanzi(m[0])
    if not m[0].islower():
        return None
    if m[0] in _LIGHT and (behind := re.search(rf"({_WORD}) \Z", before(m, 24))) and hanzi(behind[1]):
        return _LIGHT[m[0]]
    if m[0] in _LIGHT and is_told(before(m)):
        return _LIGHT[m[0]]
    if len(m[0]) > 1 and is_told(before(m)) and not re.match(f"[0-9{_TONES}]", m.string[m.end() : m.end() + 1]):
        return "".join(_hanzi(with_tone(each, Tone.HIGH)) for each in syllables(m[0])) or None
    return None


# Only from the first of joined syllables: a run that is no pinyin would be read from each of them.
@rule(RULE, rf"(?<![A-Za-zü0-9])(?:[A-Za-zü][a-zü:]{{0,6}}[{_TONES}][ '’-]?){{1,60}}(?<=[{_TONES}])(?![A-Za-z0-9.])")
def with_digits(m: re.Match[str]) -> Said:
    """读xu1, ni3 hao3; where nothing tells that it is a sound, li2 alone may be anything."""
    several = len(re.findall(rf"[a-zü:]{{2}}[{_TONES}]", m[0])) > 1
    return hanzi(m[0]) if several or is_told(before(m)) or _NAMED.search(before(m)) else None


@rule(RULE, rf"[(\[【〔]\s?[{_LETTERS}{ZHUYIN}{ZHUYIN_TONES}ˉ'’ -]{{1,40}}[1-5]?[)\]】〕]")
def in_brackets(m: re.Match[str]) -> Said:
    """当圩读(xū)时."""
    left = before(m)
    return hanzi(m[0].strip(_BRACKETS)) if is_told(left) or _NAMED.search(left) else None


@rule(RULE, _ZHUYIN)
def in_zhuyin(m: re.Match[str]) -> Said:
    """讀ㄏㄢˋ."""
    return hanzi(m[0]) or ""


RULES: tuple[Rule, ...] = (word, with_digits, in_brackets, in_zhuyin)
