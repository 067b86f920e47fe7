"""Hanyu Pinyin as it is written: by words, with capitals, apostrophes and punctuation (GB/T 16159-2012).

The words are those of the lexicon, the capitals of names those of CC-CEDICT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.lexicon import meanings
from langdu.marks import HANZI
from langdu.model import PinyinStyle, Syllable, Tone
from langdu.pinyin import number, spell, zhuyin
from langdu.pipeline.study.names import is_surname

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from langdu.model import Span


@dataclass(frozen=True, slots=True)
class SpelledWord:
    """A written word, or the marks between two words (`syllables` is then empty, and `shown` what is written).

    `capital`: it is a name. `glue` stands between it and the word before: " ", "" or "-".
    """

    text: str
    syllables: tuple[Syllable, ...]
    shown: str = ""
    capital: bool = False
    glue: str = " "


_NUMERALS: Final = frozenset("〇零一二两三四五六七八九十百千万亿")
# 十六, 五十六, 三百, 五万: tens are joined to their ones, the others to the numeral before them.
_NUMBER: Final = re.compile(
    "[一二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九十几]+[百千万亿]|[〇零一二两三四五六七八九]+"
)
# A numeral and its measure word are two words; dictionaries have many of them as one.
_MEASURES: Final = frozenset(
    "个名位次年天月日岁条件张本只座家种项支批辆场所块元里遍回句部篇首幅枚架艘栋幢台瓶杯碗盘双群匹棵颗朵封套组份册卷袋盒层届期号米斤吨"
)
_POINTING: Final = frozenset("这那哪")
_POINTED: Final = frozenset("个些样么里边般儿")
# 清清楚楚 is one word, qīngqīngchǔchǔ.
_DOUBLED: Final = re.compile(r"(.)\1(.)\2")
# A word of its own, although dictionaries have it together with a verb.
_A_WHILE: Final = "一会儿"
# Joined to the word before: particles of aspect, plural and suffixes.
_FINAL: Final = frozenset("吗呢吧啊呀嘛")
_ASPECT: Final = frozenset("着过")
_SUFFIXES: Final = frozenset("们性者员化")
# No names, although the dictionary writes them with a capital.
_NO_NAMES: Final = ("星期", "礼拜", "周")
# A person of whom the dictionary has the years: 弯弯 is a blogger, but in a text it is nearly always a bend.
_PERSON: Final = re.compile(r"\((?:c\. )?\d{3,4}-")
# Said after a surname: 王先生 is Wáng xiānsheng.
_TITLES: Final = re.compile(
    "先生|女士|小姐|老师|教授|书记|主任|主席|总理|总统|[校院局部市省县镇村馆会队]长|经理|董事长|医生|同志|博士|院士|教练|导演|师傅|大爷|阿姨|某"
)
_FULL_STOP: Final = frozenset("。．！？!?…\n")
# Marks of Chinese and those of pinyin; all others stay as they are.
_MARKS: Final = str.maketrans(
    {
        "。": ".",
        "，": ",",
        "、": ",",
        "；": ";",
        "：": ":",
        "！": "!",
        "？": "?",
        "（": "(",
        "）": ")",
        "．": ".",
        "－": "-",
        "％": "%",
    }
)
# What is written together among the marks: 12.5%, 8:30, 3/4, and single marks.
_MARK: Final = re.compile(r"[\w.%+-]+(?:[:：/]\d[\d.%]*)*|\S|\s")
_OPENING: Final = "“‘「『（(《〈【[〔"
_CLOSING: Final = "，。、；：！？”’」』）)》〉】]〕,.;:!?…%％"


def words_of(
    text: str, syllables: Sequence[Syllable | None], names: Collection[str], places: Sequence[Span] = ()
) -> list[SpelledWord]:
    """The words of a text as pinyin has them. `syllables` has one for each character, None for the 儿 of an erhua.

    `names` are the names of people in the text; `places` are words that are kept whole.
    """
    out: list[SpelledWord] = []
    for span in lexicon.split_words(text, [*names, *(place.of(text) for place in places)]):
        word = span.of(text)
        read = tuple(syllables[span.start : span.end])
        if HANZI.fullmatch(word) and any(read):
            out += _parts(word, read, names)
        elif out and _is_joined_er(text, span, syllables):
            out[-1] = replace(out[-1], text=out[-1].text + word)
        elif word.strip():
            out += [SpelledWord(mark, (), mark) for mark in _MARK.findall(word)]
        else:
            out.append(SpelledWord(word, (), word))
    return list(_joined(out))


def _is_joined_er(text: str, span: Span, syllables: Sequence[Syllable | None]) -> bool:
    """Whether a word is the 儿 of an erhua, which is written with the syllable before it."""
    before = syllables[span.start - 1] if span.start else None
    is_er = span.of(text) in ("儿", "兒") and syllables[span.start] is None
    return is_er and before is not None and before.erhua


def line(words: Sequence[SpelledWord], style: PinyinStyle) -> str:
    """The words as a line of text, with capitals where sentences begin."""
    out, begins, opened = "", True, True
    for word in words:
        if word.syllables:
            written = spelled(word, style)
            if begins and style is not PinyinStyle.ZHUYIN:
                written = written[:1].upper() + written[1:]
            out += ("" if opened else word.glue) + written
            begins = opened = False
        elif not word.shown.strip():
            out, opened = out.rstrip() + " " * (not opened), True
        else:
            mark = word.shown.translate(_MARKS)
            is_word = word.shown[0].isalnum()
            out = out.rstrip() if word.shown in _CLOSING else out
            gap = "" if opened or word.shown in _CLOSING or not (is_word or word.shown in _OPENING) else " "
            out += gap + mark
            opened = word.shown in _OPENING or (not is_word and word.shown not in _CLOSING)
            begins = not is_word and (begins or word.shown in _FULL_STOP or out.endswith((":“", ": “", ":「")))
    return out.strip()


def spelled(word: SpelledWord, style: PinyinStyle) -> str:
    """One word, with a capital if it is a name.

    >>> from langdu.pinyin import parse_syllable
    >>> spelled(SpelledWord("西安", (parse_syllable("xī"), parse_syllable("ān")), capital=True), PinyinStyle.MARKS)
    "Xī'ān"
    """
    if style is PinyinStyle.ZHUYIN:
        # The first tone has a mark only where it parts two syllables: ㄒㄧˉㄢ is xī'ān, ㄒㄧㄢ is xiān.
        *front, last = word.syllables
        marked = (zhuyin.spell(s) + "ˉ" * (s.tone is Tone.HIGH and not s.erhua) for s in front)
        return "".join([*marked, zhuyin.spell(last)])
    out = ""
    for syllable in word.syllables:
        out += "'" if out and syllable.base[0] in "aoeê" else ""
        out += one(syllable, style)
    return out[:1].upper() + out[1:] if word.capital else out


def one(syllable: Syllable, style: PinyinStyle) -> str:
    """One syllable in a style.

    >>> [one(Syllable("lü", Tone.FALLING), style) for style in PinyinStyle]
    ['lǜ', 'lü4', 'lü', 'ㄌㄩˋ']
    """
    if style is PinyinStyle.ZHUYIN:
        return zhuyin.spell(syllable)
    if style is PinyinStyle.NUMBERS:
        return number(syllable)
    return spell(syllable if style is PinyinStyle.MARKS else replace(syllable, tone=Tone.NEUTRAL))


# --- the parts of a word of the dictionary --------------------------------------------------------------------------


def _parts(word: str, read: Sequence[Syllable | None], names: Collection[str]) -> Iterator[SpelledWord]:
    """A word of the lexicon, cut where pinyin has a space or a hyphen."""
    if word in names:
        surname = 2 if word[:2] in ("欧阳", "司马", "诸葛", "上官", "夏侯", "皇甫", "尉迟", "慕容", "司徒") else 1
        yield from _cut(word, read, [surname], capital=True)
    elif (capitals := _capitals(word, read)) is not None:
        yield from _cut(word, read, capitals, capital=True)
    elif word[0] == "第" and len(word) > 1:
        ordinal, *measure = _cut(word, read, [1, *([2] if len(word) > 2 else [])], glue=" ")
        yield from (ordinal, *(replace(part, glue="-" if not i else " ") for i, part in enumerate(measure)))
    elif len(word) in (2, 4) and word[0] in _NUMERALS and word[1] in _MEASURES and word[2:3] not in _NUMERALS:
        yield from _cut(word, read, [1] if len(word) == 2 else [1, 2])  # 一部, 一篇文章, but 三年五载
    elif _NUMERALS.issuperset(word):
        yield from _cut(word, read, [match.start() for match in _NUMBER.finditer(word)][1:])
    elif _DOUBLED.fullmatch(word):
        yield from _cut(word, read, [])
    elif len(word) == 4 and all(lexicon.word_readings(half) for half in (word[:2], word[2:])):
        yield from _cut(word, read, [2], glue="-" if _is_idiom(word) else " ")
    elif len(word) > len(_A_WHILE) and word.endswith(_A_WHILE):
        yield from _cut(word, read, [len(word) - len(_A_WHILE)])  # 等一会儿
    elif len(word) > 4:
        yield from _cut(word, read, _inner(word))
    else:
        yield from _cut(word, read, [])


def _cut(
    word: str, read: Sequence[Syllable | None], at: Sequence[int], *, capital: bool = False, glue: str = " "
) -> Iterator[SpelledWord]:
    bounds = [0, *at, len(word)]
    for i, (start, end) in enumerate(pairwise(bounds)):
        syllables = tuple(syllable for syllable in read[start:end] if syllable)
        if syllables:
            yield SpelledWord(word[start:end], syllables, capital=capital, glue=glue if i else " ")


def _capitals(word: str, read: Sequence[Syllable | None]) -> list[int] | None:
    """Where the words of a name begin, after its first: Zhōnghuá Rénmín Gònghéguó; None for what is no name."""
    if len(word) == 1 or word.startswith(_NO_NAMES):
        return None
    syllables = [syllable for syllable in read if syllable]
    fitting = [entry for entry in meanings.entries(word) if meanings.fits(entry, syllables)]
    if not fitting or not all(entry.is_name for entry in fitting):
        return None
    if not any(map(str.isupper, fitting[0].spelled[1:])) and _PERSON.search(fitting[0].meanings[0]):
        return None
    parts = fitting[0].spelled.split()
    return [i for i, part in enumerate(parts) if i and part[0].isupper()] if len(parts) == len(word) else []


def _is_idiom(word: str) -> bool:
    return any("idiom" in said for entry in meanings.entries(word) for said in entry.meanings)


def _inner(word: str) -> list[int]:
    """Where a long word is cut into words of two or three hanzi: 社会主义现代化."""
    for size in (2, 3, 4):
        if len(word) - size >= 2 and lexicon.word_readings(word[:size]) and lexicon.word_readings(word[size:]):
            return [size, *(size + at for at in (_inner(word[size:]) if len(word) - size > 4 else []))]
    return []


# --- words beside each other ----------------------------------------------------------------------------------------


def _joined(words: Sequence[SpelledWord]) -> Iterator[SpelledWord]:
    """The words, with particles, suffixes and numerals joined to what they belong to."""
    out: list[SpelledWord] = []
    for at, word in enumerate(words):
        before = out[-1] if out else None
        following = words[at + 1] if at + 1 < len(words) else None
        if _TITLES.fullmatch(word.text) and before is not None and len(before.text) == 1 and is_surname(before.text):
            out[-1] = replace(before, capital=True)
        if before is not None and before.syllables and word.syllables and _belongs(before, word, following):
            out[-1] = replace(before, text=before.text + word.text, syllables=before.syllables + word.syllables)
        elif before is not None and before.text == "第" and _NUMERALS.issuperset(word.text):
            out.append(replace(word, glue="-"))
        else:
            out.append(word)
    for is_numeral, group in groupby(out, lambda word: bool(word.syllables) and _NUMERALS.issuperset(word.text)):
        together = list(group)
        yield from _numerals(together) if is_numeral and len(together) > 1 else together


def _belongs(before: SpelledWord, word: SpelledWord, following: SpelledWord | None) -> bool:
    """Whether a word is written together with the one before it."""
    if word.text in _SUFFIXES:
        return len(before.text) > 1 or word.text == "们"
    neutral = len(word.syllables) == 1 and word.syllables[0].tone is Tone.NEUTRAL
    if word.text == "了":  # at the end of a sentence it stands alone: Huǒchē dào le
        return neutral and following is not None and bool(following.syllables) and following.text not in _FINAL
    if word.text in _ASPECT:
        return neutral
    return before.text in _POINTING and word.text in _POINTED


def _numerals(words: Sequence[SpelledWord]) -> Iterator[SpelledWord]:
    """Numerals in a row, cut as pinyin does: 三百五十六 is sānbǎi wǔshíliù, 二零零八 èrlínglíngbā."""
    text = "".join(word.text for word in words)
    read = tuple(syllable for word in words for syllable in word.syllables)
    starts = [match.start() for match in _NUMBER.finditer(text)][1:]
    for i, part in enumerate(_cut(text, read, starts)):
        yield part if i else replace(part, glue=words[0].glue)
