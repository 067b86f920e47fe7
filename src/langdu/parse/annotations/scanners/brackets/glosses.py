"""What else a bracket with a reading holds: 驽（nú，音奴）, （汉语拼音：Táizhōng；英语：Taichung）, (nǐ hǎo, hello).

Fields that only give the sound again are cut with the reading; the others stay text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.marks import HANZI, HANZI_RANGES, ZHUYIN, ZHUYIN_TONES
from langdu.model import Span
from langdu.parse.annotations.alignment.written import LATIN, MARKS, is_pinyin, is_reading, plain_letters
from langdu.parse.annotations.cues import LABEL, SAME_SOUND, is_misreading

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.parse.annotations.alignment.exact import Pair

_HANZI = f"[{HANZI_RANGES}]"
_LETTER = rf"[{LATIN}{MARKS}{ZHUYIN}{ZHUYIN_TONES}1-5]"
# What separates the fields of a bracket; between a reading and hanzi there may be nothing: (léi音雷).
_BETWEEN = re.compile(rf"\s*(?:[,，;；、|/]|\s[-–—]\s|--|——)\s*|(?<={_LETTER})\s*(?={_HANZI})")
# Labels of other spellings, and of the name in other languages: nobody reads these aloud.
_OTHER_SPELLING = re.compile(
    r"(?:(?:汉语|漢語|国语|國語|通用|威妥玛|威妥瑪|韦氏|韋氏|邮政|郵政|罗马|羅馬|粤语|粵語)?(?:拼音|注音|羅馬字|罗马字)"
    r"(?:符号|符號|式)?|粤拼|粵拼|台罗|臺羅|白话字|白話字|[^\s:：]{1,4}[语語文话話]|学名|學名"
    r"|[A-Za-z][A-Za-z .-]{1,20})"
    r"\s*[:：]\s*"
)
# 徒红切; 雷上声.
_FANQIE = re.compile(rf"{_HANZI}{{2}}[切反]|(?:音|读|讀)?{_HANZI}?(?:[阴陰阳陽]?[平上去入]|第?[一二三四])[声聲]")
_AFTER_SOUND = "”\"'’」』的字音"


def fields(view: str, inner: Span) -> list[Span]:
    """The fields of a bracket without the separators between them; a label is part of its field."""
    parts: list[Span] = []
    at = inner.start
    for match in _BETWEEN.finditer(view, inner.start, inner.end):
        if at < match.start():
            parts.append(Span(at, match.start()))
        at = match.end()
    return [*parts, Span(at, inner.end)] if at < inner.end else parts


def cuts(view: str, bracket: Span, inner: Span, written: Span, pairs: Sequence[Pair]) -> tuple[Span, ...]:
    """What is cut with a reading: the whole bracket if nothing in it is text, else the fields that give the sound."""
    parts = fields(view, inner)
    own = [part for part in parts if part.start < written.end and written.start < part.end]
    gone = [part for part in parts if part not in own and _says_the_sound(view, part, pairs)]
    shared = [part for part in own if _holds_more(view, part, written)]
    if len(gone) + len(own) - len(shared) == len(parts) or (
        not any(any(map(str.isalnum, part.of(view))) for part in parts if part not in own and part not in gone)
        and not shared
    ):
        return (bracket,)
    cut = [_with_separator(part, parts) for part in [*gone, *(part for part in own if part not in shared)]]
    if shared:
        cut.append(_beginning(view, written, inner))
    return tuple(sorted(cut))


def _holds_more(view: str, part: Span, written: Span) -> bool:
    """Whether a field holds more than the reading, its label, and marks."""
    before = view[part.start : max(part.start, written.start)].strip("[] ")
    before = "" if _OTHER_SPELLING.fullmatch(before) else LABEL.sub("", before, count=1)
    return any(map(str.isalnum, before + view[written.end : part.end]))


def _with_separator(part: Span, parts: Sequence[Span]) -> Span:
    """A field with the separator after it, or the one before it if it is the last."""
    i = parts.index(part)
    if i + 1 < len(parts):
        return Span(part.start, parts[i + 1].start)
    return Span(parts[i - 1].end, part.end)


def _beginning(view: str, written: Span, inner: Span) -> Span:
    """A reading that shares its field with words, and the blanks and marks between them."""
    start, end = written.start, written.end
    if not any(map(str.isalnum, view[inner.start : start])):
        while end < inner.end and not view[end].isalnum() and view[end] not in "“‘《「『":
            end += 1
        return Span(inner.start, end)
    while start > inner.start and not view[start - 1].isalnum():
        start -= 1
    return Span(start, end)


def _says_the_sound(view: str, part: Span, pairs: Sequence[Pair]) -> bool:
    """Whether a field only repeats the sound, or gives the name in another language."""
    content = part.of(view).strip()
    if is_misreading(content[:8]):
        return False
    if (label := _OTHER_SPELLING.match(content)) and not HANZI.search(content, label.end()):
        return True
    cue = SAME_SOUND.match(content) or LABEL.match(content)
    sound = content[cue.end() if cue else 0 :].strip("“\"'‘「『 ")
    if is_reading(sound) and (
        is_pinyin(sound) or any(plain_letters(sound) in lexicon.bases(view[pair.start]) for pair in pairs)
    ):
        return True
    return bool(_FANQIE.fullmatch(sound)) or _sounds_the_same(sound.rstrip(_AFTER_SOUND), pairs)


def _sounds_the_same(sound: str, pairs: Sequence[Pair]) -> bool:
    """Whether hanzi sound like all the annotated ones, or a single one like any of them, tones aside."""
    if not HANZI.fullmatch(sound) or len(sound) not in (1, len(pairs)):
        return False
    given = [{syllable.base for syllable in pair.syllables} for pair in pairs]
    if len(sound) != len(pairs):
        return any(bases & lexicon.bases(sound) for bases in given)
    return all(bases & lexicon.bases(char) for bases, char in zip(given, sound, strict=True))
