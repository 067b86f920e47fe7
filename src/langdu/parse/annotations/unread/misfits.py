"""Brackets that can only be pinyin but fit none of the hanzi beside them: 庸碌(rōng). They are not read aloud."""

from __future__ import annotations

import re

from langdu import lexicon
from langdu.marks import HANZI
from langdu.model import Span
from langdu.parse.annotations.alignment.written import has_tone, is_reading
from langdu.parse.annotations.cues import LABEL, is_about_misreading, is_announced, is_misread, is_misreading
from langdu.parse.annotations.scanners.brackets import BRACKETS
from langdu.parse.annotations.scanners.brackets.inside import only_pinyin, reading_in
from langdu.pinyin import Letters, bases

# If there are this many readings, and fewer than this share are syllables of Standard Chinese, they are of another
# language or spelling: Jyutping, Wade-Giles.
_STRANGE = 12
_SHARE = 0.8
_WORDS_BEFORE = 24
# If letters are nearly the reading of the hanzi before them this often, none are English; if very often, they are of
# another language.
_SLIPS = 2
_LONGEST_SLIP = 8
_SMALL = re.compile("[a-zü]{2,6}")


def find_misfits(view: str, *, has_pinyin: bool) -> list[tuple[Span, Span]]:
    """Each such bracket with the reading in it, in the order of the text.

    `view` hides everything that was understood. `has_pinyin`: some pinyin was. Letters without a tone, 满(main), may be
    English, so they count only with other pinyin, or if there are two or more.
    """
    brackets, toned, legal = [], 0, 0
    unsure: set[Span] = set()
    slips = 0
    for match in BRACKETS.finditer(view):
        inner = reading_in(view, Span(*match.span(match.lastindex or 0)))
        content = inner.of(view)
        if not content:
            continue
        labelled = LABEL.search(view, match.start(), inner.start) is not None
        only = only_pinyin(content, labelled=labelled)
        if match["unclosed"] and not has_tone(content):
            continue
        toned += has_tone(content) and is_reading(content)
        legal += only
        slip = not only and len(content) <= _LONGEST_SLIP and _is_slip(view, match.start(), content)
        if (only or slip) and (labelled or not (_is_quoted(view, match.start()) or _is_told(view, *match.span()))):
            brackets.append((Span(*match.span()), inner))
            slips += slip
            if slip and not (has_tone(content) or _is_typical(content, view[match.start() - 1])):
                unsure.add(brackets[-1][0])
    if not (has_pinyin or _SLIPS <= slips < _STRANGE):
        brackets = [(bracket, inner) for bracket, inner in brackets if bracket not in unsure]
    return [] if toned >= _STRANGE and legal < _SHARE * toned else brackets


def _is_quoted(view: str, start: int) -> bool:
    """Whether the words before a bracket say that it is a wrong reading, so that it stays in the text."""
    before = view[max(0, start - _WORDS_BEFORE) : start]
    hanzi = before.rstrip("”’」』 ")
    return is_misreading(before) or is_about_misreading(before) or any(is_misread(hanzi[:-n]) for n in range(1, 5))


def _is_told(view: str, start: int, end: int) -> bool:
    """Whether a sentence needs the bracket: 这个字读(gě)，is incomplete without it. 读(dóu)书 annotates 读 itself."""
    behind = view[end : end + 1]
    return is_announced(view[max(0, start - _WORDS_BEFORE) : start]) and not (
        HANZI.match(behind) and behind not in "时時音"
    )


def _is_slip(view: str, start: int, content: str) -> bool:
    """Whether letters without a tone are one slip away from a reading of the hanzi before: 满(main), 女(nu)."""
    char = view[start - 1 : start]
    if not char:
        return False
    letters = Letters.read(content)
    small = letters.text if letters and content[:1].islower() else ""
    return bool(_SMALL.fullmatch(small)) and any(_one_away(small, base) for base in lexicon.bases(char))


def _is_typical(letters: str, char: str) -> bool:
    """Whether a slip is usual in pinyin, u for ü, n for ng, s for sh, or begins as no English word does.

    >>> _is_typical("lu", "旅"), _is_typical("cen", "陈"), _is_typical("xao", "晓"), _is_typical("main", "满")
    (True, True, True, False)
    """
    if letters[0] in "xq" or letters.startswith("zh"):
        return True
    legal = letters in bases()
    return any(
        letters.replace("u", "ü") == base.replace("u", "ü") or (legal and _accented(letters) == _accented(base))
        for base in lexicon.bases(char)
    )


def _accented(base: str) -> str:
    """A syllable in an accent that has no ng, zh, ch or sh."""
    return (base[:1] + base[1:].removeprefix("h") if base[0] in "zcs" else base).removesuffix("g")


def _one_away(letters: str, base: str) -> bool:
    """Whether one letter is missing, too many, or wrong. In fewer than three letters only u for ü counts.

    >>> _one_away("main", "man"), _one_away("nu", "nü"), _one_away("me", "men"), _one_away("dian", "duo")
    (True, True, False, False)
    """
    if letters == base or letters[0] != base[0]:
        return False
    if letters.replace("u", "ü") == base.replace("u", "ü"):
        return True
    if min(len(letters), len(base)) < 3 or abs(len(letters) - len(base)) > 1:
        return False
    same = 0
    while same < min(len(letters), len(base)) and letters[same] == base[same]:
        same += 1
    rest, other = letters[same:], base[same:]
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:]
