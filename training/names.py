"""Sentences in which a person's surname is replaced by a polyphone, so that its reading as a surname is the label.

王小明 may as well be called 单小明: nothing else in the sentence changes, and only one reading is possible. So every
such surname is seen wherever a name can stand.
"""

from __future__ import annotations

import random
import re
from typing import TYPE_CHECKING, Final

import jieba.posseg

from langdu import lexicon
from langdu.lexicon.surnames import SURNAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Common surnames that are rarely another word before a name, unlike 高, 方 and 万.
_COMMON: Final = (
    "王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈彭吕苏卢蒋蔡魏薛阎潘杜戴夏钟汪田姜范"
    "谭廖邹熊陆郝孔崔康毛邱秦江史顾邵孟龙段雷钱汤尹黎易武乔贺赖龚庞樊殷施"
)
# The most frequent of the surnames that replace them.
_FREQUENT: Final = "任单解查华区仇曾盖朴翟葛乐侯应强盛"
# Families of plants and animals, which jieba takes for people.
_NO_PERSON: Final = re.compile("[科属目纲]")
# 王先生, 李某, 张大爷; 小王, 老李 before a verb or a mark.
_CALLED: Final = re.compile(
    rf"(?<![一-鿿])[{_COMMON}]"
    "(?=先生|女士|小姐|老师|教授|医生|大夫|局长|主任|经理|总|某|大爷|大妈|阿姨|叔叔|师傅|家|哥|姐|队长|书记|律师|警官)"
    rf"|(?<=[小老])[{_COMMON}](?=[说在是和的有也对把被告去来又便就问，。：、])"
)


def renamed(texts: Iterable[str], seed: int) -> Iterator[tuple[str, int, str]]:
    """Each text that names somebody, with another surname: the text, the place of the surname, its reading."""
    drawn = random.Random(seed)  # noqa: S311 - nothing secret
    one_way = sorted(surname for surname, readings in SURNAMES.items() if len(readings) == 1)
    surnames = one_way + 2 * sorted(_FREQUENT)
    for text in texts:
        places = [] if _NO_PERSON.search(text) else list(_places(text))
        if places:
            at = drawn.choice(places)
            surname = drawn.choice(surnames)
            yield text[:at] + surname + text[at + 1 :], at, SURNAMES[surname][0]


def _places(text: str) -> Iterator[int]:
    yield from (match.start() for match in _CALLED.finditer(text))
    if not any(char in _COMMON for char in text):
        return
    at = 0
    for token in jieba.posseg.cut(text):
        word = token.word
        if token.flag == "nr" and 2 <= len(word) <= 3 and word[0] in _COMMON and not lexicon.word_readings(word):
            yield at
        at += len(word)
