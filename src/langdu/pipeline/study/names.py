"""The names of people in an article, which no dictionary has: 王建国, 约翰·史密斯.

A surname with a given name beside it is taken for a name only where something speaks for it: a title before it, a title
or a verb of saying after it, or the same name elsewhere in the article. A name that is missed is cut into its hanzi; a
wrong one would hide words.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon
from langdu.lexicon import meanings
from langdu.marks import HANZI, HANZI_RANGES
from langdu.model import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

# Surnames that are rarely another word. Source: own list, from the hundred most frequent (公安部, 2020).
_SURNAMES: Final = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱郭罗梁宋郑谢韩唐冯董萧程曹袁邓许傅沈彭吕苏卢蒋蔡魏薛阎潘杜戴夏钟汪田姜范"
    "方石姚谭廖邹熊陆郝孔崔康毛邱秦江史顾侯邵孟龙段雷钱汤尹黎贺"
    "曾任高马万白于金易武何林叶余丁贾"
)
_DOUBLE: Final = ("欧阳", "司马", "诸葛", "上官", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "司徒", "端木")
# Those of them that are other words too: nothing but a title or a verb speaks for a name.
_WORDS_TOO: Final = frozenset("方石龙段江毛黄雷康田史钱夏秦唐宋魏汤戴张范孔孟曾任高马万白于金易武何")
# Titles before a name and after one. Source: own list, from news.
_BEFORE: Final = (
    "记者|村民|居民|市民|教师|老师|学生|同学|校长|书记|主席|总理|总统|主任|经理|董事长|部长|省长|市长|县长|镇长|村长|局长|处长"
    "|科长|院长|厂长|站长|队长|院士|教授|专家|医生|护士|工程师|作家|诗人|画家|演员|导演|歌手|选手|运动员|教练|司机|工人|农民"
    "|负责人|发言人|代表|委员|会长|先生|女士|馆长|馆员|店主|业主|儿子|女儿|妻子|丈夫|叫|名叫|名为"
)
_AFTER: Final = (
    "说|表示|告诉|介绍|认为|指出|强调|回忆|坦言|透露|称|笑着|先生|女士|小姐|老师|教授|书记|主任|主席|总理|总统|校长|院长|局长|部长"
    "|市长|省长|县长|镇长|村长|经理|董事长|医生|同志|同学|博士|院士|馆长|会长|队长|教练|导演|师傅|大爷|大叔|大妈|阿姨|一家|等人|，[男女]，"
)
_ENDS: Final = re.compile(rf"(?:{_BEFORE})[“]?\Z")
_BEGINS: Final = re.compile(_AFTER)
# Before a name that neither its surname nor its given name could be a word.
_LISTED: Final = re.compile("[和与跟同、，。“]\\Z")
# Hanzi that are no part of a given name.
_NEVER: Final = frozenset(
    "的了着过是在和与及或就也都还又很不没有我你他她它们这那哪个会要能可说去来到上下里中为对向从把被让给等"
)
# Foreign names with a middle dot: the hanzi of transliterations may run on before the first one.
_DOTTED: Final = re.compile(rf"[{HANZI_RANGES}]{{1,8}}(?:[·•・][{HANZI_RANGES}]{{1,8}})+")


def names_in(texts: Sequence[str]) -> frozenset[str]:
    """The names of people in the paragraphs of an article."""
    found = [each for text in texts for each in _candidates(text, lexicon.split_words(text))]
    times = Counter(each.name for each in found)
    return frozenset(each.name for each in found if each.has_reason or (each.is_likely and times[each.name] > 1))


def name_spans(text: str, names: Collection[str]) -> list[Span]:
    """Where names stand in a text: those in `names`, and foreign ones with a middle dot (约翰·史密斯)."""
    found = [Span(*match.span()) for name in names for match in re.finditer(re.escape(name), text)]
    words = lexicon.split_words(text)
    edges = sorted({edge for word in words for edge in (word.start, word.end)})
    for match in _DOTTED.finditer(text):
        dots = [at for at in range(*match.span()) if text[at] in "·•・"]
        start = max((edge for edge in edges if match.start() <= edge < dots[0]), default=match.start())
        end = min((edge for edge in edges if edge > dots[-1] + 1), default=match.end())
        found.append(Span(start, min(end, match.end())))
    return found


class _Candidate(NamedTuple):
    """A surname with what may be a given name.

    `has_reason`: a word beside it speaks for a name. `is_likely`: neither the surname nor the given name is a word.
    """

    name: str
    has_reason: bool
    is_likely: bool


def _candidates(text: str, words: Sequence[Span]) -> Iterator[_Candidate]:
    for at, word in enumerate(words):
        surname = word.of(text)
        if (surname in _SURNAMES or surname in _DOUBLE) and (given := _given(text, words[at + 1 : at + 3])):
            before, end = text[max(0, word.start - 4) : word.start], word.end + len(given)
            likely = len(given) == 2 and len(words[at + 1]) == 1 and surname not in _WORDS_TOO
            reason = _ENDS.search(before) or _BEGINS.match(text, end) or (likely and _LISTED.search(before))
            yield _Candidate(surname + given, bool(reason), likely)


def _given(text: str, following: Sequence[Span]) -> str:
    """One word of two hanzi, or one or two single hanzi, that may be a given name; "" if there is none."""
    given = ""
    for word in following:
        part = word.of(text)
        if not HANZI.fullmatch(part) or not _NEVER.isdisjoint(part) or len(given + part) > 2 or _BEGINS.match(part):
            break
        given += part
        if len(part) == 2:
            break
    return given


def is_surname(char: str) -> bool:
    """Whether a hanzi is a surname before a title: 王先生."""
    return char in _SURNAMES or any(
        entry.is_name and "surname" in entry.meanings[0] for entry in meanings.entries(char)
    )
