"""Written readings, pinyin or zhuyin however typed, as plain letters that can be compared with dictionaries."""

from __future__ import annotations

import html
import re
import unicodedata
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import unquote

from langdu.marks import ZHUYIN, ZHUYIN_TONES
from langdu.model import Span
from langdu.pinyin import INITIALS, SEPARATORS, Letters, is_toned_pinyin, normal, number, zhuyin

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Syllable

# Latin letters: plain, marked, phonetic (ɡ, ɑ), full-width, and the Cyrillic and Greek ones that look the same; then
# the marks of decomposed letters.
LATIN = "аеоіαA-Za-z\u00c0-\u02af\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
MARKS = "\u0300-\u036f"
DIGITS = "0-5⁰¹²³⁴⁵０-５"
BETWEEN = re.escape("".join(sorted(SEPARATORS - {"\n"})))
TONED = "āáǎàăâēéěèĕêīíǐìĭîōóǒòŏôūúǔùŭûǖǘǚǜḿńňǹĀÁǍÀĂÂĒÉĚÈĔÊĪÍǏÌĬÎŌÓǑÒŎÔŪÚǓÙŬÛǕǗǙǛ\u0300\u0301\u0304\u030c\u0306\u0302"
_PINYIN = re.compile(rf"[{LATIN}][{LATIN}{MARKS}{DIGITS}{BETWEEN}]*")
_ZHUYIN = re.compile(rf"[{ZHUYIN}˙][{ZHUYIN}{ZHUYIN_TONES}ˉ丨一´`·•\s]*")
_ZHUYIN_LETTER = re.compile(f"[{ZHUYIN}]")
_ESCAPES = {
    "\\u": re.compile(r"\\u[0-9a-fA-F]{4}"),
    "%": re.compile(r"(?:%[0-9A-Fa-f]{2}){1,8}"),
    "&": re.compile(r"&#?\w{1,8};"),
    "¨": re.compile("¨[¡-¹]"),  # a toned vowel of GB 2312 that a program read as Latin-1: ¨¢ is á
}
_LATIN_TEXT = re.compile(rf"[{LATIN}{MARKS}]+")
_FILLER = "\xad"
_PLAIN = str.maketrans(dict(zip("ăĕĭŏŭâêîôûɑɡıv", "ǎěǐǒǔǎěǐǒǔagiü", strict=True)) | dict.fromkeys(SEPARATORS, ""))
_APART_ERHUA = re.compile(rf"([1-5])[{BETWEEN}]*r[05]?(?![a-zü])")
_BOTH = re.compile(r"([āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ][a-zü]{0,3})[1-5](?!\d)")
_TONE = re.compile("[^a-zü]")
_TONE_SIGN = re.compile(rf"[{TONED}{ZHUYIN}]|[{LATIN}:][{DIGITS}](?!\d)")
# Shaped like a syllable: an initial and a final, even if they never go together, as in liòng.
_FINALS = "[iuü]?(?:a[io]?|an|ang|ei?|en|eng|er|o|ou|ong)|[iuü]n?g?|ui|iu|ue"
_CARON = re.compile("[ǎǐǒǔǖǘǚǜ]")  # no other language that is written beside Chinese has these
_SHAPE = re.compile(rf"(?:{'|'.join(INITIALS)}|[yw])(?:{_FINALS})r?")
_TONED_WORD = re.compile(rf"[A-Za-züÜ]*[{TONED}][{LATIN}{MARKS}]*")
_ATTACHED = re.compile(rf"[{MARKS}]*(?:(?<=[uU]):)?[{MARKS}]*[{DIGITS}]?")


@lru_cache(maxsize=65536)
def plain_letters(written: str) -> str:
    """Written pinyin in lower case, composed, without separators; zhuyin becomes pinyin with digits.

    >>> plain_letters("Nĭ hǎo"), plain_letters("nv3'er2"), plain_letters("lu:4"), plain_letters("ㄏㄢˋ ㄗˋ")
    ('nǐhǎo', 'nü3er2', 'lü4', 'han4zi4')
    """
    if _ZHUYIN_LETTER.search(written):
        return latin_letters(written).replace(" ", "")
    letters = normal("NFKC", written).lower().replace("u:", "ü")
    if "r" in letters:  # wan2 r5 is how CC-CEDICT writes wanr2
        letters = _APART_ERHUA.sub(r"r\1", letters)
    letters = letters.translate(_PLAIN)
    if _BOTH.search(letters):  # yīn1wei4
        letters = _BOTH.sub(r"\1", letters)
    # What was put in place of a look-alike may now compose: ɑ with an acute accent is á.
    return letters if letters.isascii() else normal("NFC", letters)


def latin_letters(written: str) -> str:
    """Written zhuyin as pinyin with digits, anything else as it is."""
    if not _ZHUYIN_LETTER.search(written):
        return written
    return " ".join(number(syllable) for syllable, _, _ in zhuyin.syllables_in(written))


def is_toned(letters: str) -> bool:
    """Whether plain letters have a tone. Without one they may be English."""
    return _TONE.search(letters) is not None


def has_tone(written: str) -> bool:
    """Whether a written reading has a tone: a mark, zhuyin, or a digit right after a letter.

    >>> has_tone("ni3 hǎo"), has_tone("defaults to 10"), has_tone("ㄏㄢˋ")
    (True, False, True)
    """
    return _TONE_SIGN.search(written) is not None


def is_reading(written: str) -> bool:
    """Whether a text consists only of characters that readings are written with."""
    return bool(_PINYIN.fullmatch(written) or _ZHUYIN.fullmatch(written))


def is_pinyin(written: str) -> bool:
    """Whether a text can only be pinyin or zhuyin: syllables with tones, or a word shaped like one.

    >>> [is_pinyin(word) for word in ("rōng", "liòng", "ㄊㄡˊ", "ni3 hao3", "café", "René", "A1", "long")]
    [True, True, True, True, False, False, False, False]
    """
    if not has_tone(written) or not is_reading(written):
        return False
    if _ZHUYIN_LETTER.search(written):
        return bool(zhuyin.syllables_in(written))
    letters = Letters.read(written)
    if letters is None or letters.digits or is_toned_pinyin(written):
        return letters is not None and is_toned_pinyin(written)
    return _CARON.search(written) is not None or (len(letters.tones) == 1 and bool(_SHAPE.fullmatch(letters.text)))


def toned_words(text: str, most: int = 3) -> list[str]:
    """The first words of a text whose letters have tone marks.

    >>> toned_words("他说：wǒ hen hǎo。")
    ['wǒ', 'hǎo']
    """
    return [match[0] for match in islice(_TONED_WORD.finditer(text), most)]


def unescape(text: str) -> str:
    r"""The text with escaped letters of pinyin as the letters that they stand for, in as many characters.

    Soft hyphens fill up the length of an escape, so that offsets stay.

    >>> [unescape(text).replace("\xad", "") for text in (r"n\u01d0", "N%C7%90", "h&#xe0;n", "l¨¢i")]
    ['nǐ', 'Nǐ', 'hàn', 'lái']
    """
    for marker, escape in _ESCAPES.items():
        if marker in text:
            text = escape.sub(lambda match: _meant(match[0]), text)
    return text


def _meant(escape: str) -> str:
    if escape.startswith("%"):
        meant = unquote(escape, errors="ignore")
    elif escape.startswith("¨"):
        meant = escape.encode("latin-1").decode("gbk", errors="ignore")
    else:
        meant = html.unescape(escape) if escape.startswith("&") else chr(int(escape.removeprefix("\\u"), 16))
    return meant.ljust(len(escape), _FILLER) if _LATIN_TEXT.fullmatch(meant) else escape


def spans_of_syllables(written: str, syllables: Sequence[Syllable]) -> list[Span]:
    """For each syllable the part of `written` that spells it, with its tone digit.

    `syllables` are in the order of `written`. The span of one that is not found is empty.

    >>> from langdu.pinyin import parse_syllable
    >>> syllables = list(map(parse_syllable, ["nǐ", "hǎo", "shì", "jie"]))
    >>> [span.of("Nǐ hǎo, shì4jie") for span in spans_of_syllables("Nǐ hǎo, shì4jie", syllables)]
    ['Nǐ', 'hǎo', 'shì4', 'jie']
    """
    if _ZHUYIN_LETTER.search(written):
        places = {i: Span(start, end) for i, (_, start, end) in enumerate(zhuyin.syllables_in(written))}
        return [places.get(i, Span(0, 0)) for i in range(len(syllables))]
    letters = [i for i, char in enumerate(written) if unicodedata.normalize("NFKD", char)[0].isalpha()]
    bare = "".join(_bare(written[i]) for i in letters)
    ends = [_ATTACHED.match(written, i + 1).end() for i in letters]  # type: ignore[union-attr]  # matches "" at worst
    spans: list[Span] = []
    at = 0
    for syllable in syllables:
        base = _bare(syllable.base) + ("r" if syllable.erhua else "")
        start = bare.find(base, at)
        at = start + len(base) if start >= 0 else at
        spans.append(Span(letters[start], ends[at - 1]) if start >= 0 else Span(0, 0))
    return spans


def _bare(letters: str) -> str:
    """Letters without marks, one for one: ǚ is u."""
    return "".join("u" if char in "vV" else unicodedata.normalize("NFKD", char)[0].lower() for char in letters)
