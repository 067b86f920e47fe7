"""Readings that stand bare beside their hanzi: 你好 nǐ hǎo hello, a column of a table, the fields of a record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.lexicon import HANZI
from langdu.model import Span
from langdu.parse.align import HIDDEN, exact, exact_prefix, has_reading
from langdu.parse.cues import is_misreading
from langdu.parse.notes import notes_of
from langdu.parse.written import LATIN, MARKS, TONED, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.parse.align import Pair
    from langdu.parse.notes import Note

# Readings are found from their tones, since most Latin letters are English.
_TONE = re.compile(rf"[{TONED}ˊˇˋ˙ㄅ-ㄩ]|[a-züA-ZÜ:][0-5](?![0-9])")
_STOP = re.compile(rf"[^{LATIN}{MARKS}ㄅ-ㄩˊˇˋ˙˅'’·\-0-5 \u00a0:,，.。!?！？…]")
_WORD = re.compile(rf"[{LATIN}ㄅ-ㄩ˙](?:[{LATIN}{MARKS}ㄅ-ㄩˊˇˋ˙˅'’·\-0-5:]*[{LATIN}{MARKS}ㄅ-ㄩˊˇˋ˙˅0-5])?")
# bó/báo, bó或báo: a choice, and no reading.
_CHOICE_BEFORE = re.compile(rf"[{LATIN}{MARKS}0-5]\s*(?:/|或|or)\s*$")
_CHOICE_AFTER = re.compile(rf"\s*(?:/|或|or)\s*[{LATIN}]")
# What may part hanzi and their reading in a line.
_PART = frozenset(f"\"'“”‘’`*_~=:：,，、;；|/<>()（）[]【】〔〕〖〗{{}}-–—→ \t\u3000\u00a0{HIDDEN}")
# A record may be written over several lines: its hanzi stand no further from its reading than this.
_LINES = 4
_STRETCHES = 12
_STRANGE = 8
_OPENED = re.compile(r"[(（][^()（）]*$")
_LONGEST = 400


def beside(text: str, view: str) -> list[Note]:
    """The bare readings whose hanzi stand before them, behind them, in the same row, or in the lines around."""
    at, strange = 0, 0
    used: set[int] = set()
    found: list[Note] = []
    while tone := _TONE.search(view, at):
        words = _words(view, tone.start(), at)
        at = max(tone.end(), words[-1].end if words else 0)
        if not words:
            continue
        before = view[max(0, words[0].start - 12) : words[0].start]
        if is_misreading(before) or _CHOICE_BEFORE.search(before) or _CHOICE_AFTER.match(view, words[-1].end):
            continue
        for written, pairs in _ways(view, words):
            base = pairs[0].start
            if used.isdisjoint(pair.start for pair in pairs) and not is_misreading(view[max(0, base - 12) : base]):
                used.update(pair.start for pair in pairs)
                found += notes_of(text, written, pairs, (written,))
                break
        else:
            strange += bool(_hanzi_before(view, words[0].start) or _hanzi_after(view, words[-1].end))
    # In a text of Cantonese or of another spelling a few readings agree by chance.
    return [] if strange >= max(_STRANGE, 4 * len(found)) else found


def _words(view: str, tone: int, floor: int) -> list[Span]:
    """The words in a row, in one line and one cell, around a toned letter."""
    begin = max(floor, tone - _LONGEST)
    start = max((match.end() for match in _STOP.finditer(view, begin, tone)), default=begin)
    stop = _STOP.search(view, tone)
    end = min(stop.start() if stop else len(view), tone + _LONGEST)
    return [Span(*match.span()) for match in _WORD.finditer(view, start, end)]


def _ways(view: str, words: Sequence[Span]) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """What the words may read, the surest first."""
    toned = [i for i, word in enumerate(words) if _TONE.search(view, word.start, word.end)]
    if not toned:
        return
    first, last = toned[0], toned[-1]
    line = Span(view.rfind("\n", 0, words[0].start) + 1, _line_end(view, words[-1].end))
    if end := _hanzi_before(view, words[0].start):
        for j in range(len(words), toned[0], -1):
            written = Span(words[0].start, words[j - 1].end)
            if pairs := exact(view, end, line.start, plain(written.of(view))):
                yield written, pairs
    if start := _hanzi_after(view, words[-1].end):
        for i in range(last + 1):
            written = Span(words[i].start, words[-1].end)
            if pairs := exact_prefix(view, start, line.end, plain(written.of(view))):
                yield written, pairs
    around = dict.fromkeys(Span(words[i].start, words[j].end) for i in (first, 0) for j in (last, len(words) - 1))
    opened = _OPENED.search(view, line.start, words[0].start)
    bracket = opened.start() if opened else -1
    for stretch in _stretches(view, line, words[0].start):
        for written in around:
            pairs = exact(view, stretch.end, stretch.start, plain(written.of(view)))
            # A syllable alone in brackets may stand for a character, 去（chī）饭: no other line's 吃 is meant.
            if pairs and pairs[0].start == stretch.start and (len(pairs) > 1 or stretch.start > bracket):
                yield written, pairs


def _line_end(view: str, at: int) -> int:
    end = view.find("\n", at)
    return end if end >= 0 else len(view)


def _hanzi_before(view: str, at: int) -> int:
    """Where the hanzi end that stand right before, 0 if there are none."""
    while at and view[at - 1] in _PART:
        at -= 1
    return at if at and has_reading(view[at - 1]) else 0


def _hanzi_after(view: str, at: int) -> int:
    while at < len(view) and view[at] in _PART:
        at += 1
    return at if at < len(view) and has_reading(view[at]) else 0


def _stretches(view: str, line: Span, at: int) -> list[Span]:
    """The stretches of hanzi in the same line, nearest first; if it has none, in the lines around it."""
    found = _nearest(view, line, at)
    if found:
        return found
    start, end = line.start, line.end
    for _ in range(_LINES):
        start = view.rfind("\n", 0, max(0, start - 1)) + 1 if start else 0
        end = _line_end(view, min(len(view), end + 1))
    return _nearest(view, Span(start, end), at)


def _nearest(view: str, span: Span, at: int) -> list[Span]:
    found = [Span(*match.span()) for match in HANZI.finditer(view, span.start, span.end)]
    return sorted(found, key=lambda stretch: abs(stretch.start - at))[:_STRETCHES]
