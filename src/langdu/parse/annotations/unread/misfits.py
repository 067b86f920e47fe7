"""Brackets and lines that can only be pinyin but fit no hanzi beside them: 庸碌(rōng). They are not read aloud."""

from __future__ import annotations

import re

from langdu import lexicon
from langdu.marks import HANZI
from langdu.model import Span
from langdu.parse.annotations.alignment.written import DIGITS, LATIN, MARKS, has_tone, is_reading
from langdu.parse.annotations.cues import LABEL, is_about_misreading, is_announced, is_misread, is_misreading
from langdu.parse.annotations.scanners.brackets import BRACKETS
from langdu.parse.annotations.scanners.brackets.inside import only_pinyin, reading_in
from langdu.pinyin import Letters, bases, is_toned_pinyin

# If there are this many readings, and fewer than this share are syllables of Standard Chinese, they are of another
# language or spelling: Jyutping, Wade-Giles.
_STRANGE = 12
_SHARE = 0.8
_WORDS_BEFORE = 24
# If letters are nearly the reading of the hanzi before them this often, none are English; if very often, they are of
# another language.
_SLIPS = 2
_LONGEST_SLIP = 8
# A line is pinyin if at least so many of its words, and such a share, have tones, and nearly all are pinyin.
_TONED_WORDS = 3
_TONED_SHARE = 0.6
_PINYIN_SHARE = 0.8
# Lines that fit nothing are reported if at least _LINES others of the text fit, and _OTHERS for each that does not.
_LINES = 3
_OTHERS = 4
_LINE = re.compile(r"[^\n]+")
_WORD = re.compile(rf"[{LATIN}][{LATIN}{MARKS}{DIGITS}'’]*")
# After one of these, the words that announce a reading are complete: 读作(gě)的, 发音为(gě)的.
_TO_BE = frozenset("为為是作做成")
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


def find_misfit_lines(before: str, view: str) -> list[tuple[Span, Span]]:
    """Each line of pinyin that does not read the hanzi beside it, with the reading in it, if other lines do.

    `before` is the view before pinyin was looked for; `view` hides everything that was understood.
    """
    lines = [match for match in _LINE.finditer(before) if match.group().strip()]
    read, left = 0, list[tuple[Span, Span]]()
    for i, line in enumerate(lines):
        words = list(_WORD.finditer(before, *line.span())) if _is_line_of_pinyin(line.group()) else []
        if not words:
            continue
        if not _WORD.search(view, *line.span()):
            read += 1
        elif any(HANZI.search(view, *beside.span()) for beside in (*lines[max(0, i - 1) : i], *lines[i + 1 : i + 2])):
            left.append((Span(*line.span()), Span(words[0].start(), words[-1].end())))
    return left if read >= max(_LINES, _OTHERS * len(left)) else []


def _is_line_of_pinyin(line: str) -> bool:
    """Whether most words of a line are pinyin with tones, nearly all others are pinyin too, and none is in hanzi.

    >>> [_is_line_of_pinyin(line) for line in ("Nà hóngshǔ tàng de.", "那 nà hóngshǔ tàng", "the words nà, tàng, hěn")]
    [True, False, False]
    """
    if not has_tone(line) or HANZI.search(line):
        return False
    words = _WORD.findall(line)
    toned = sum(map(is_toned_pinyin, words))
    if toned < max(_TONED_WORDS, _TONED_SHARE * len(words)):
        return False
    read = [Letters.read(word) for word in words]
    return sum(bool(letters and letters.splits(1)) for letters in read) >= _PINYIN_SHARE * len(words)


def _is_quoted(view: str, start: int) -> bool:
    """Whether the words before a bracket say that it is a wrong reading, so that it stays in the text."""
    before = view[max(0, start - _WORDS_BEFORE) : start]
    hanzi = before.rstrip("”’」』 ")
    return is_misreading(before) or is_about_misreading(before) or any(is_misread(hanzi[:-n]) for n in range(1, 5))


def _is_told(view: str, start: int, end: int) -> bool:
    """Whether a sentence needs the bracket: 这个字读(gě)，is incomplete without it. 读(dóu)书 annotates 读 itself."""
    behind = view[end : end + 1]
    is_needed = view[start - 1 : start] in _TO_BE or not HANZI.match(behind) or behind in "时時音"
    return is_needed and is_announced(view[max(0, start - _WORDS_BEFORE) : start])


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
