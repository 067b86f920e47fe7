"""The reading in a bracket, without labels and signs around it: (拼音：lù), (**lù**), (= lù), (/lù/)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.marks import READING_CLOSES, READING_OPENS, ZHUYIN
from langdu.model import Span
from langdu.parse.annotations.alignment.exact import HIDDEN
from langdu.parse.annotations.alignment.written import LATIN, is_pinyin, is_reading
from langdu.parse.annotations.cues import LABEL
from langdu.pinyin import Letters

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.parse.annotations.notes import Note

_MARKS = f' \t\n\u3000\u00a0{HIDDEN}*_~`^#=|/\\:：;；,，、。!！?？…—–"“”‘’「」『』《》<>+-→⇒➜①②③④⑤⑥⑦⑧⑨⑩.'
_SIGNS = re.escape(_MARKS)
_HEAD = re.compile(rf"[{_SIGNS}]*+(?:[0-9]{{1,2}}[.、．]\s?(?=[{LATIN}]))?")
_BETWEEN = re.compile(rf"[{_SIGNS}·]+|或者?|还是|還是|和|及|(?<= )or(?= )")
_TONE_IN_WORDS = re.compile(r"(?P<base>[a-zü]{1,6})[\s,，]*(?:[第读讀念])?(?P<tone>[一二三四1-4轻輕])[声聲]")
_TONES = {"一": "1", "二": "2", "三": "3", "四": "4", "轻": "5", "輕": "5"}
# A label with brackets of its own: 【拼音】hé, (Pinyin:(hé)).
HEAD = re.compile(
    rf"[{READING_OPENS}]\s?(?:汉语|漢語)?(?:拼音|注音|读音|讀音|发音|發音)\s?[{READING_CLOSES}]\s?[:：]?\s?(?=[{LATIN}{ZHUYIN}])"
    rf"|(?<=[{READING_OPENS}])\s?(?:{LABEL.pattern})(?=[{READING_OPENS}])"
)
# The innermost brackets: a sign that is a bracket itself, <, would let each of a thousand reach to the last one.
_NO_BRACKETS = re.escape("".join(char for char in _MARKS if char not in "<>"))
_EMPTY = re.compile(rf"[{READING_OPENS}](?>(?:[{_NO_BRACKETS}]|(?:{LABEL.pattern}))*)[{READING_CLOSES}]")


def reading_in(view: str, inner: Span) -> Span:
    """The part of a bracket's content that may be a reading.

    >>> content = "拼音：**lù**"
    >>> reading_in(content, Span(0, len(content))).of(content)
    'lù'
    """
    start, end = inner.start, inner.end
    before = -1
    while before < start < end:
        before = start
        start = max(start, min(end, _HEAD.match(view, start, end).end()))  # type: ignore[union-attr]  # matches ""
        if (label := LABEL.match(view, start, end)) and label.end() < end:
            start = label.end()
    return Span(start, start + len(view[start:end].rstrip(_MARKS)))


def toned_in_words(content: str) -> str | None:
    """Letters with a tone digit for (hao第三声), None if it is not of this form.

    >>> toned_in_words("hao第三声"), toned_in_words("hao，四声"), toned_in_words("第三声")
    ('hao3', 'hao4', None)
    """
    match = _TONE_IN_WORDS.fullmatch(content)
    return match["base"] + _TONES.get(match["tone"], match["tone"]) if match else None


def only_pinyin(content: str, *, labelled: bool = False) -> bool:
    """Whether words can only be pinyin, some of them without tones: bó/báo, mā, ma. `labelled`: a label says so.

    >>> [only_pinyin(words) for words in ("bó/báo", "mā, ma", "NI3 HAO3", "hé, river", "café", "A4")]
    [True, True, True, False, False, False]
    """
    if is_reading(content) and is_pinyin(content):
        return True
    words = list(filter(None, _BETWEEN.split(content)))
    if len(words) > 1 and any(is_reading(word) and is_pinyin(word) for word in words):
        return all(is_reading(word) and _is_spelled(word) for word in words)
    letters = Letters.read(content) if is_reading(content) else None
    ways = letters.splits(1) if letters else []
    return letters is not None and bool(ways) and len(letters.digits) == len(ways[0]) > (0 if labelled else 1)


def _is_spelled(word: str) -> bool:
    letters = Letters.read(word)
    return is_pinyin(word) or (letters is not None and bool(letters.splits(1)))


def find_emptied(view: str, notes: Sequence[Note]) -> Iterator[Span]:
    """The brackets in which only signs and a label are left, since the reading in them is hidden."""
    kept = {note.annotation.span.start for note in notes if not note.cuts}
    for match in _EMPTY.finditer(view):
        if HIDDEN in match[0] and kept.isdisjoint(range(*match.span())):
            yield Span(*match.span())
