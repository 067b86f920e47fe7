"""Readings that follow with certainty from the words beside a character.

Most are rows of data/readings/patterns.tsv, so that a linguist can add one without Python. They cover what dictionaries
do not list; the model of polyphones learns from some of them (training/patterns.py).
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from langdu.data import rows
from langdu.lexicon.surnames import FORM_OF_ADDRESS, SURNAMES
from langdu.marks import HANZI_RANGES
from langdu.pinyin import parse_syllable
from langdu.pronounce.beneficiary import beneficiaries

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Span, Syllable

# Surnames that cannot be a verb before a person, unlike 过 and 应: 见过老师, 应老师要求.
_SURE_NAMES: Final = "任单解查华区仇曾盖朴缪翟尉燕葛"
# Surnames before a form of address, at the beginning of a phrase: 曾先生, 单老师.
_CALLED: Final = re.compile(
    rf"(?:^|(?<=[，。！？；：、“”‘’「」『』（）《》\s和与跟向请叫由被及]))[{_SURE_NAMES}]"
    rf"(?={FORM_OF_ADDRESS.pattern})(?!.{{2}}(?:一个|怎|的))"
)
# 高高兴兴地, 一步步地 and 一步一步地 are adverbs, whatever word 地 begins (地下着雨); in 家家户户地里, 地 means fields.
_HOW: Final = re.compile(
    rf"(?:([{HANZI_RANGES}])\1(?!\1)([{HANZI_RANGES}])\2|一([{HANZI_RANGES}])(?:又?一)?\3(?<![亩垄畦顷]))地(?=[{HANZI_RANGES}])"
    r"(?![里上中面头区方点理图形势质球位带段址铁震产价租名域皮板毯砖瓜库层壳窖道]|下(?![着起了个去来雪雨山楼车]))"
)
# 一只只, 一趟趟: a measure that is said twice.
_EACH: Final = re.compile(
    r"(?<=一)([个只趟圈条片层阵次遍声步天年张本把件棵颗朵座排行队群串束滴块团堆缕股丝道句首幅封杯碗盘间家户笔桩项批代级页簇轮波包箱])\1"
)
_DE: Final = parse_syllable("de5")
_WEI: Final = parse_syllable("wei4")
# Particles at the end of a clause; elsewhere they have other readings: 哦，是吗, 呐喊, 啦啦队.
_PARTICLES: Final = {"哦": parse_syllable("o5"), "啦": parse_syllable("la5"), "呐": parse_syllable("na5")}
_AT_THE_END: Final = re.compile(rf"(?<=[{HANZI_RANGES}])(?<![哗呼哩哇唢吟哆])[哦啦呐](?=[，。！？；…”』」!?,~～]|$)")
# Nouns and measures before 儿 as erhua, if 儿 does not begin another word: 墙根儿, 整个儿, but 三个儿子.
_COLOURED: Final = re.compile(
    r"(?<=[角根个墩泡汁嗑尾葱苗盘碗盆锅勺筐桶罐瓶壶杯盒袋条块片丝粒珠豆皮馅饼串团堆摞排伙帮圈缝坑坡弯湾门窗院])"
    r"[儿兒](?![子童女歌科媳孙茶孫])"
)
# Verbs of one syllable that may be repeated: the second syllable is neutral, 尝尝 chángchang. In 说说笑笑 and 走走停停,
# another pattern, it is not.
# Source: 黄伯荣, 廖序东, 现代汉语 (2017), 轻声.
REDUPLICATED: Final = frozenset(
    "看听说问想试尝走谈讲聊笑坐歇玩吃喝瞧找写读念唱跳跑动摸闻猜算洗擦扫"
    "修补改换帮劝求打敲拍推拉翻开抱管理学练养散遛逛晒躺睡瞅逗催"
)
# More verbs, repeated before a part of the body: 摆摆手, 点点头. Elsewhere some are other words: 松松的, 点点星光.
_GESTURES: Final = frozenset("摆抹挠伸点揉摇晃努咂眨舔捶甩搓耸抖扭松抬跺搔拢捋弯缩欠搭探")
_BODY: Final = frozenset("手头嘴腿脚眼肩舌腰身脸背鼻发眉肚脖胳耳下拳")
# 来 and 去 after a verb and a direction are neutral: 站起来 zhàn qǐ lai. They keep their tones after 得 and
# 不, and if 起来 itself is the verb: 就起来, 他出去.
# Source: 现代汉语词典 (7th edition), 起来 qǐ·lái.
_COMPLEMENT: Final = re.compile(
    rf"(?<=[{HANZI_RANGES}])(?<![得不要会想能再就也都才可正没别快刚已将让请叫使])"
    r"(?<![我你他她它们一的着在从到向往先后又还而并便即乡])"
    r"[起出进上下过回]([来去])(?![年月日自源往世临路])"
)


@cache
def _table(where: str) -> dict[str, list[tuple[re.Pattern[str], Syllable]]]:
    """The patterns of the table by the character that they match, each with its reading, in their order."""
    table: dict[str, list[tuple[re.Pattern[str], Syllable]]] = {}
    for place, reading, pattern, _ in rows("readings/patterns.tsv"):
        if place == where:
            table.setdefault(matched_character(pattern), []).append((re.compile(pattern), parse_syllable(reading)))
    return table


def matched_character(pattern: str) -> str:
    """The character that a pattern of the table matches: the only one outside of groups and sets.

    Raises: ValueError: there is none, or there are several.

    >>> matched_character("(?<![门裂])缝(?=[于在])")
    '缝'
    """
    left = re.sub(r"\[[^\]]*\]", "", pattern)
    while (smaller := re.sub(r"\([^()]*\)", "", left)) != left:
        left = smaller
    (char,) = set(left) - {"|"}
    return char


def _matches(where: str, text: str) -> list[tuple[int, Syllable]]:
    table = _table(where)
    return [
        (match.start(), reading)
        for char in table.keys() & set(text)
        for pattern, reading in table[char]
        for match in pattern.finditer(text)
    ]


def certain_readings(text: str) -> Iterator[tuple[int, Syllable]]:
    """The readings that patterns decide unless a confirmed word does, each with its place, in order.

    >>> [(at, reading.base) for at, reading in certain_readings("屋子空着，谁也改变不了。")]
    [(2, 'kong'), (10, 'liao')]
    """
    decided = _matches("words", text)
    decided += [(at, _WEI) for at in beneficiaries(text)]
    decided += [(match.start(), parse_syllable(SURNAMES[match.group()][0])) for match in _CALLED.finditer(text)]
    decided += [(match.start(), _PARTICLES[match.group()]) for match in _AT_THE_END.finditer(text)]
    yield from sorted(decided, key=lambda pair: pair[0])


def readings_against_words(text: str) -> Iterator[tuple[int, Syllable]]:
    """The readings that patterns decide even against a confirmed word, each with its place, in order.

    >>> [(at, reading.base) for at, reading in readings_against_words("高高兴兴地下着棋，这事急不得。")]
    [(4, 'de'), (13, 'de')]
    """
    decided = _matches("apart", text)
    decided += [(match.end() - 1, _DE) for match in _HOW.finditer(text)]
    yield from sorted(decided, key=lambda pair: pair[0])


def repeated_measures(text: str) -> Iterator[int]:
    """The places where the second syllable of a measure is read like the first: 一只只 yī zhī zhī.

    >>> list(repeated_measures("一只只喇叭"))
    [2]
    """
    yield from (match.end() - 1 for match in _EACH.finditer(text))


def erhua_places(text: str) -> Iterator[int]:
    """The places of a 儿 that is the erhua of the syllable before it.

    >>> list(erhua_places("墙根儿下有三个儿子"))
    [2]
    """
    yield from (match.start() for match in _COLOURED.finditer(text))


# Dictionaries know the tones of words of this many hanzi.
_IDIOM: Final = 4


def neutral_places(text: str, words: Sequence[Span]) -> Iterator[int]:
    """The places where patterns make a syllable neutral, in no order. `words` are the words of the text.

    >>> from langdu.lexicon import split_words
    >>> text = "你尝尝，他站起来说说笑笑"
    >>> sorted(neutral_places(text, split_words(text)))
    [2, 7]
    """
    begins = {word.start for word in words}
    idioms = {at for word in words if len(word) >= _IDIOM for at in range(word.start, word.end - 1)}  # 念念有词
    after_longer = {word.end for word in words if len(word) > 1} & {word.start for word in words}
    # The complement is part of one word, 站|起来; in 马上|去, 去 is a word by itself.
    yield from (match.start(1) for match in _COMPLEMENT.finditer(text) if match.start(1) not in begins)
    for at in range(1, len(text)):
        # In 公开开庭 and 大学学的 two words meet.
        if text[at] == text[at - 1] and _may_be_repeated(text, at) and at not in after_longer and at not in idioms:
            before, after = text[max(0, at - 3) : at - 1], text[at + 1 : at + 3]
            if not _is_repeated(before) and not _is_repeated(after) and text[at] not in (before[-1:], after[:1]):
                yield at


def _may_be_repeated(text: str, at: int) -> bool:
    if text[at] in REDUPLICATED:
        return True
    is_amount = at > 1 and text[at - 2] == "一"  # 一点点头绪
    return text[at] in _GESTURES and text[at + 1 : at + 2] in _BODY and not is_amount


def _is_repeated(pair: str) -> bool:
    return len(pair) == 2 and pair[0] == pair[1]
