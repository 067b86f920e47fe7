"""Given names: after a surname a character is probably read as parents mean it: 长 cháng, 乐 lè, 冠 guàn.

A given name is seldom a word of the dictionaries, so it is cut into single characters, of which the model knows little.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.data import rows
from langdu.lexicon.surnames import SURNAMES
from langdu.pinyin import number
from langdu.pronounce.names import is_place_of_name
from langdu.pronounce.polyphones import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from langdu.model import Span

# The most frequent surnames that have one reading only. The others are taken where the model reads them as surnames.
_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧肖程曹袁邓许傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜"
    "戴夏钟汪田姜范方姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文庞樊兰殷施陶洪安颜"
    "倪严牛芦季俞章鲁伍韦申毕聂焦柳邢岳齐梅莫庄辛祝左涂谷祁舒耿詹苗凌费靳童欧甄项游裴席卫屈鲍霍翁隋甘景包"
    "柯阮桂闵柴冉房辜吉饶刁瞿戚丘古滕晋邬臧宫苟娄符穆郎冀姬屠郜晏栾郁蒙窦迟敖冷卓艾巩虞卞封竺楚佟匡宗巫鞠桑荆"
)
# How much more probable the reading becomes: where a name may stand (after 记者, 和, a pause), and elsewhere. Both were
# chosen on our own training sentences.
_PLACE_OF_NAME: Final = 20.0
_ELSEWHERE: Final = 4.0


class _Reading(NamedTuple):
    """A reading in given names. If `before` is not empty, it holds only before one of these characters."""

    reading: str
    before: str


def _given() -> dict[str, list[_Reading]]:
    table: dict[str, list[_Reading]] = {}
    for char, reading, before in rows("names/given_names.tsv"):
        table.setdefault(char, []).append(_Reading(reading, before))
    return table


_GIVEN: Final = _given()


def weigh_given_names(text: str, words: Sequence[Span], choices: Mapping[int, Choice]) -> dict[int, Choice]:
    """The choices, with the readings of given names made more probable after surnames."""
    if not any(char in text for char in _GIVEN):
        return dict(choices)
    word_at = {at: word for word in words for at in range(word.start, word.end)}
    return {at: _weighed(text, at, word_at, choices) for at in choices}


def _weighed(text: str, at: int, word_at: Mapping[int, Span], choices: Mapping[int, Choice]) -> Choice:
    choice = choices[at]
    factor = max(_factors(text, at, word_at, choices), default=1.0)
    wanted = next((given.reading for given in _GIVEN.get(text[at], ()) if _holds(given, text[at + 1 : at + 2])), None)
    if factor == 1.0 or wanted is None:
        return choice
    return Choice.of({s: share * factor if number(s) == wanted else share for s, share in choice.shares.items()})


def _holds(given: _Reading, behind: str) -> bool:
    return not given.before or (bool(behind) and behind in given.before)


def _factors(text: str, at: int, word_at: Mapping[int, Span], choices: Mapping[int, Choice]) -> Iterator[float]:
    """A factor for each surname before the character, if the text is cut so that both may be in one name."""
    for surname in (at - 1, at - 2):
        if surname < 0 or not _is_surname(text, surname, choices):
            continue
        is_cut = len(word_at[surname]) == 1 and word_at[surname + 1].end <= surname + 3 >= word_at[at].end
        if is_cut:
            yield _PLACE_OF_NAME if is_place_of_name(text, surname) else _ELSEWHERE


def _is_surname(text: str, at: int, choices: Mapping[int, Choice]) -> bool:
    if text[at] in _SURNAMES:
        return True
    return at in choices and number(choices[at].syllable) in SURNAMES.get(text[at], ())
