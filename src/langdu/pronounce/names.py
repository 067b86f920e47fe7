"""Surnames: all places that may be the same name get the same reading, and a rare reading needs good evidence.

How good depends on what stands before: a name is likely after what somebody is (教练, 支书), possible after a pause or
a small word, and rare after other characters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu.lexicon.surnames import SURNAMES
from langdu.marks import HANZI
from langdu.pinyin import number
from langdu.pronounce.polyphones import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langdu.model import Syllable

# The probability that a surname must have in one place to count in another.
_SURE: Final = 0.9
# The probability that it must have in the other place: before the same character (区场长, again 区场长), and before
# another one. All three were chosen on our own training sentences.
_SAME: Final = 0.02
_OTHER: Final = 0.25
# Our sentences are full of names, other texts are not: a reading of these characters that only a surname has must be
# this probable after a word for people, where a name may stand, and elsewhere. 区 and 员 end the names of zones and
# jobs that no dictionary has (汽开区, 网格员), so elsewhere they must be surer still.
_ONLY_AS_SURNAMES: Final = frozenset("任单解查华区仇曾盖朴缪那员召种秘祭繁洗过句")
_PROBABLE: Final = 0.7
_PROBABLE_AT_START: Final = 0.85
_PROBABLE_ELSEWHERE: Final = 0.92
_SUFFIXES: Final = frozenset("区员")
_PROBABLE_SUFFIX: Final = 0.97
# Before these a foreign name begins, 查尔斯, 华莱士: the reading of a surname must be as probable as elsewhere.
_FOREIGN: Final = frozenset("尔耶莱茨弗斯")
# The last character of words for people, 队员, 书记, 主编, 老大爷; verbs that have to do with people; 老 and 小.
_PEOPLE: Final = frozenset(
    "员长者师手生家人工民农医警官兵友士匠户夫帅将星客商主童子授理书记任席辑编导演练裁判监领挥傅科卫安计差机表身"
    "锋播居译臣辈宾婆嫂姐妹弟哥叔伯姨婶爷奶爸妈娘父母婿媳叫姓喊请问找告说听骂夸陪带送随敬谢迎老小大阿"
)
# Prepositions, pronouns, particles, conjunctions.
_SMALL: Final = frozenset("的是由和与跟同及或被把将让给向对为以从在有到了着过个位名这那各但而且若如因")


def agree_on_surnames(
    text: str, choices: Mapping[int, Choice], crossing: Mapping[int, Choice] | None = None
) -> dict[int, Choice]:
    """The choices, with one reading for all places that may have the same surname: 查先生 decides 查太太.

    `crossing` has the places in words of two hanzi that the dictionaries confirm. Such a word is a wrong cut if the
    model is sure of a surname (大学生解梦婷 has no word 解梦), or if the same name is sure in another place: with
    副攻任佳, 赛后任佳 does not contain the word 后任.
    """
    crossing = crossing or {}
    agreed = {at: _unless_doubtful(text, at, choice) for at, choice in choices.items()}
    places: dict[str, list[int]] = {}
    for at, choice in {**choices, **crossing}.items():
        if _surname(text[at], choice):
            places.setdefault(text[at], []).append(at)
    for char, its_places in places.items():
        both = {at: choices.get(at) or crossing[at] for at in its_places}
        reading = _surname(char, both[its_places[0]])
        if reading is None:
            continue
        sure = {
            text[at : at + 2]
            for at in its_places
            if at in choices and agreed[at].syllable == reading and agreed[at].confidence >= _SURE
        }
        for at, choice in both.items():
            share, is_same = choice.shares[reading], text[at : at + 2] in sure
            if at in crossing:
                is_name = (is_same and share >= _SAME) or _is_cut_wrongly(text, at, share)
            else:
                is_name = len(both) > 1 and bool(sure) and share >= (_SAME if is_same else _OTHER)
            if is_name:
                agreed[at] = _instead(choice, reading)
    return agreed


def _is_cut_wrongly(text: str, at: int, share: float) -> bool:
    """Whether a surname is so probable that the word in which it stands is none: 大学生解梦婷 has no word 解梦."""
    return text[at] in _ONLY_AS_SURNAMES and share >= max(_SURE, least_share(text, at))


def least_share(text: str, at: int) -> float:
    """How probable a surname must be at a place, by the characters beside it.

    >>> [least_share(text, text.index("区")) for text in ("教练区楚良", "区场长", "汽开区勇立潮头")]
    [0.7, 0.85, 0.97]
    """
    if text[at + 1 : at + 2] not in _FOREIGN:
        if text[at - 1 : at] in _PEOPLE:
            return _PROBABLE
        if is_place_of_name(text, at):
            return _PROBABLE_AT_START
    return _PROBABLE_SUFFIX if text[at] in _SUFFIXES else _PROBABLE_ELSEWHERE


def is_place_of_name(text: str, at: int) -> bool:
    """Whether a name may begin at a place: after words for people, small words and whatever is no hanzi."""
    before = text[at - 1] if at else ""
    return before in _PEOPLE or before in _SMALL or not HANZI.match(before)


def _surname(char: str, choice: Choice) -> Syllable | None:
    """The reading of a character as a surname, if the model knows it."""
    wanted = SURNAMES.get(char, ())
    return next((reading for reading in choice.shares if number(reading) in wanted), None)


def _unless_doubtful(text: str, at: int, choice: Choice) -> Choice:
    """The choice; if it is a surname that is not probable enough, the best of the other readings."""
    is_rare = text[at] in _ONLY_AS_SURNAMES and choice.syllable == _surname(text[at], choice)
    if not is_rare or choice.confidence >= least_share(text, at):
        return choice
    others = {reading: share for reading, share in choice.shares.items() if reading != choice.syllable}
    return _instead(choice, max(others, key=others.__getitem__))


def _instead(choice: Choice, reading: Syllable) -> Choice:
    """The choice with another reading: the probabilities of both are swapped."""
    shares = dict(choice.shares)
    shares[reading], shares[choice.syllable] = shares[choice.syllable], shares[reading]
    return Choice(reading, shares[reading], shares)
