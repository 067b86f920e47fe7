"""Readings that stand bare beside their hanzi: 你好 nǐ hǎo hello, a column of a table, the fields of a record."""

from __future__ import annotations

import re
from itertools import starmap
from typing import TYPE_CHECKING

from langdu.marks import HANZI, HANZI_RANGES, ZHUYIN, ZHUYIN_TONES
from langdu.model import Span
from langdu.parse.annotations.alignment.exact import HIDDEN, exact, exact_prefix, has_reading
from langdu.parse.annotations.alignment.nearest import nearest
from langdu.parse.annotations.alignment.written import DIGITS, LATIN, MARKS, TONED, is_toned, plain_letters
from langdu.parse.annotations.cues import CHOICE, is_about_misreading, is_called_wrong, is_misread, is_misreading
from langdu.parse.annotations.notes import notes_for

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.parse.annotations.alignment.exact import Pair
    from langdu.parse.annotations.notes import Note

# Readings are found from their tones, since most Latin letters are English.
_LETTER = f"{LATIN}{MARKS}{ZHUYIN}{ZHUYIN_TONES}"
_TONE = re.compile(rf"[{TONED}{ZHUYIN_TONES}{ZHUYIN}]|[a-züA-ZÜ:][{DIGITS}](?![0-9])")
_STOP = re.compile(rf"[^{_LETTER}'’·\-{DIGITS} \u00a0:,，、.。!?！？…]")
_WORD = re.compile(rf"[{LATIN}{ZHUYIN}˙](?:[{_LETTER}'’·\-{DIGITS}:]*[{_LETTER}{DIGITS}])?")
_CHOICE_BEFORE = re.compile(rf"[{LATIN}{MARKS}{DIGITS}][”\"'’」』】)）]?{CHOICE}[“\"'‘「『【(（]?$")
_CHOICE_AFTER = re.compile(rf"[”\"'’」』】)）]?{CHOICE}[“\"'‘「『【(（]?[{LATIN}]")
# Hanzi with blanks or punctuation between them: 床 前 明 月 光, 弟子规·信.
_ROW = re.compile(rf"(?:[{HANZI_RANGES}]+[ \u3000·，、。！？；：]*)+(?<=[^ \u3000·，、。！？；：])")
# What may part hanzi and their reading in a line.
_PART = frozenset(f"\"'“”‘’`*_~=:：,，、;；|/<>()（）[]【】〔〕〖〗{{}}-–—→。！？.!?… \t\u3000\u00a0{HIDDEN}")
# What may be cut between hanzi and their reading, and what parts one reading from another.
_SIGNS = re.compile(r"[ \u3000\u00a0]*(?:[=＝→⇒➜➔►▶>»:：~～—–-]+[ \u3000\u00a0]*)?")
_MARKS = re.compile(r"[ \u00a0]?[.!?。！？]+(?=[\t |]|$)", re.MULTILINE)
_BAR_BEFORE = re.compile(r"\|[ \t]*\Z")
_BAR_AFTER = re.compile(r"[ \t]*\|")
_COMMA = re.compile(r"\s*[,，、;；]\s*")
_HANZI_ROW = rf"[{HANZI_RANGES}][{HANZI_RANGES} \t\u3000·，、。！？；：:|]*+"
_TONELESS = re.compile(
    rf"^(?:(?P<first>{_HANZI_ROW})(?P<behind>[A-Za-zü][A-Za-zü'’ ,.!?;-]*+)"
    rf"|(?P<before>[A-Za-zü][A-Za-zü'’ ,.!?;-]*+)[|\t:：\u3000]*+(?P<last>{_HANZI_ROW}))[|\t]*+$",
    re.MULTILINE,
)
_LETTERS = "[A-Za-zü][a-zü]+"
_BARE = re.compile(
    rf"(?<=[{HANZI_RANGES}])[ \u3000/]?(?P<reading>{_LETTERS}(?:['’ -]{_LETTERS}){{0,3}})(?![A-Za-zü'’])"
)
# 杉 shān/shā, a line of a list.
_SYLLABLES = rf"[{LATIN}][{LATIN}{MARKS}'’]*[1-5]?"
_CHOICE_LINE = re.compile(
    rf"^[ \t\u3000]*(?:[0-9]{{1,3}}[.、．)）][ \t]*)?(?P<base>[{HANZI_RANGES}]{{1,4}})[ \t\u3000:：]+"
    rf"(?P<reading>{_SYLLABLES})(?P<others>(?:[ \t]?[/／][ \t]?{_SYLLABLES}){{1,4}})[ \t\u3000]*$",
    re.MULTILINE,
)
# A record may be written over several lines: its hanzi stand no further from its reading than this.
_LINES = 4
_STRETCHES = 12
# So many characters before a reading may say that it is a wrong one: 误读为suí、jìn、xiāo、zǎi.
_WORDS_OF_IT = 40
_STRANGE = 8
_SENTENCE = re.compile(rf"[{HANZI_RANGES}”’」』)）][，。；！？]")
_OPENED = re.compile(r"[(（][^()（）]*$")
_LONGEST = 160


def find_bare(text: str, view: str) -> list[Note]:
    """The bare readings whose hanzi stand before them, behind them, in the same row, or in the lines around."""
    at = 0
    used: set[int] = set()
    found: list[Note] = []
    strange: list[Sequence[Span]] = []
    for note in _first_of_choices(text, view):
        used.update(range(note.base.start, note.base.end))
        found.append(note)
    while tone := _TONE.search(view, at):
        words = _words(view, tone.start(), at)
        at = max(tone.end(), words[-1].end if words else 0)
        if not words:
            continue
        before = view[max(0, words[0].start - _WORDS_OF_IT) : words[0].start]
        if (
            is_misreading(before)
            or is_about_misreading(before)
            or is_called_wrong(view, words[-1].end)
            or _CHOICE_BEFORE.search(before)
            or _CHOICE_AFTER.match(view, words[-1].end)
        ):
            continue
        for written, pairs in _ways(view, words):
            base = pairs[0].start
            if used.isdisjoint(pair.start for pair in pairs) and not is_misread(
                view[max(0, base - _WORDS_OF_IT) : base]
            ):
                used.update(pair.start for pair in pairs)
                in_prose = _is_in_prose(view, written, pairs)
                found += notes_for(text, written, pairs, () if in_prose else (_cut(view, words, written, pairs),))
                break
        else:
            if _hanzi_before(view, words[0].start) or _hanzi_after(view, words[-1].end):
                strange.append(words)
    # In a text of Cantonese or of another spelling a few readings agree by chance.
    if len(strange) >= max(_STRANGE, 4 * len(found)):
        return []
    # Where nearly all agree, the others are mistakes of the author in a table of words.
    if len(found) >= _STRANGE and len(strange) * 4 <= len(found):
        found += [note for words in strange for note in _mistaken(text, view, words)]
    return found


def _first_of_choices(text: str, view: str) -> Iterator[Note]:
    """杉 shān/shā alone in a line: all are readings of the hanzi; the first is taken, and the rest dropped."""
    for match in _CHOICE_LINE.finditer(view):
        base, written = Span(*match.span("base")), Span(*match.span("reading"))
        said = [
            match["reading"],
            *(other.strip(" \t／/") for other in re.split("[/／]", match["others"]) if other.strip()),
        ]
        ways = [exact(view, base.end, base.start, plain_letters(each)) for each in said]
        if is_toned(plain_letters(said[0])) and all(way and way[0].start == base.start for way in ways) and ways[0]:
            yield from notes_for(text, written, ways[0], (Span(base.end, match.end()),))


def _cut(view: str, words: Sequence[Span], written: Span, pairs: Sequence[Pair]) -> Span:
    """A bare reading, the blanks and signs between it and its hanzi (龟裂 → jūn liè), and others of the same hanzi."""
    start, end = written.start, written.end
    if pairs[-1].end <= start and _SIGNS.fullmatch(view, pairs[-1].end, start):
        start = pairs[-1].end
    elif end <= pairs[0].start and _SIGNS.fullmatch(view, end, pairs[0].start):
        end = pairs[0].start
    for word in words:
        if word.start > written.end and _also_reads(view, end, word, pairs):
            end = word.end
    # 你好。<tab>nǐ hǎo.<tab>Hello.: its marks go with the reading, and so does the bar of a cell that is empty now.
    if (marks := _MARKS.match(view, end)) and pairs[-1].end <= start:
        end = marks.end()
    if (bar := _BAR_BEFORE.search(view, max(0, start - 8), start)) and _BAR_AFTER.match(view, end):
        start = bar.start()
    return Span(start, end)


def _also_reads(view: str, end: int, word: Span, pairs: Sequence[Pair]) -> bool:
    """Whether a word behind a comma is another reading of the hanzi: 胖 pàng,pán."""
    if _COMMA.fullmatch(view, end, word.start) is None:
        return False
    other = exact(view, pairs[-1].end, pairs[0].start, plain_letters(word.of(view)))
    return other is not None and other != tuple(pairs)


def find_toneless(text: str, view: str) -> Iterator[Note]:
    """春眠不觉晓 chun mian bu jue xiao: letters without tones that read all the hanzi of a line."""
    for match in _TONELESS.finditer(view):
        hanzi, said = ("first", "behind") if match["first"] else ("last", "before")
        letters = plain_letters(match[said])
        pairs = exact(view, match.end(hanzi), match.start(hanzi), letters)
        if pairs and 1 < len(pairs) == sum(map(has_reading, match[hanzi])):
            written = Span(match.start(said), match.start(said) + len(match[said].rstrip(" .,!?;")))
            yield from notes_for(text, written, pairs, (_cut(view, (), Span(*match.span(said)), pairs),))
    yield from _listed(text, view)


def _listed(text: str, view: str) -> Iterator[Note]:
    """重庆 Chongqing、成都 Chengdu: letters that read two hanzi or more before them, twice or more in a line."""
    at = 0
    waiting: list[tuple[Span, tuple[Pair, ...]]] = []  # the first of a line, until another confirms it
    confirmed = False
    for match in _BARE.finditer(view):
        pairs = exact(view, match.start(), max(0, match.start() - _LINES * 4), plain_letters(match["reading"]))
        if pairs is None or len(pairs) < 2 or pairs[-1].end != match.start():
            continue
        if view.find("\n", at, match.start()) >= 0:
            waiting, confirmed = [], False
        at = match.end()
        waiting.append((Span(*match.span("reading")), pairs))
        confirmed = confirmed or len(waiting) > 1
        if confirmed:
            for written, read in waiting:
                yield from notes_for(text, written, read, (Span(read[-1].end, written.end),))
            waiting = []


def _is_in_prose(view: str, written: Span, pairs: Sequence[Pair]) -> bool:
    """Whether the reading stands in a sentence, away from its hanzi: then it is one of the sentence's words."""
    first, last = min(written.end, pairs[-1].end), max(written.start, pairs[0].start)
    line = _line(view, written.start, written.end)
    return (
        any(char not in _PART for char in view[first:last]) and _SENTENCE.search(view, line.start, line.end) is not None
    )


def _mistaken(text: str, view: str, words: Sequence[Span]) -> Iterator[Note]:
    """勉强 | mián qiǎng: a reading that is nearly that of the whole stretch of hanzi before it."""
    end = start = _hanzi_before(view, words[0].start)
    while start and has_reading(view[start - 1]):
        start -= 1
    written = Span(words[0].start, words[-1].end)
    pairs = nearest(view, end, start, written.of(view)) if end else None
    if pairs and pairs[0].start == start and all(len(pair.syllables) == 1 for pair in pairs):
        yield from notes_for(text, written, pairs, (written,))


def _words(view: str, tone: int, floor: int) -> list[Span]:
    """The words in a row, in one line and one cell, around a toned letter."""
    begin = max(floor, tone - _LONGEST)
    start = max((match.end() for match in _STOP.finditer(view, begin, tone)), default=begin)
    last = min(len(view), tone + _LONGEST)
    stop = _STOP.search(view, tone, last)
    end = stop.start() if stop else last
    return [Span(*match.span()) for match in _WORD.finditer(view, start, end)]


def _ways(view: str, words: Sequence[Span]) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """What the words may read, the surest first."""
    toned = [i for i, word in enumerate(words) if _TONE.search(view, word.start, word.end)]
    if toned:
        line = _line(view, words[0].start, words[-1].end)
        yield from _before(view, words, toned[0], line)
        yield from _after(view, words, toned[-1], line)
        around = [Span(words[i].start, words[j].end) for i in (toned[0], 0) for j in (toned[-1], len(words) - 1)]
        yield from _around(view, list(dict.fromkeys(around)), line)


def _before(view: str, words: Sequence[Span], first: int, line: Span) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """春天 chūntiān spring: the first words, down to the first with a tone."""
    if end := _hanzi_before(view, words[0].start):
        for last in range(len(words) - 1, first - 1, -1):
            written = Span(words[0].start, words[last].end)
            if pairs := exact(view, end, line.start, plain_letters(written.of(view))):
                following = plain_letters(words[last + 1].of(view)) if last + 1 < len(words) else ""
                listed = last + 1 < len(words) and _COMMA.fullmatch(view, written.end, words[last + 1].start)
                if len(pairs) == 1 and is_toned(following) and not listed and exact(view, end, line.start, following):
                    return  # 和 hé hè huó: a list of all its readings
                yield written, pairs


def _after(view: str, words: Sequence[Span], last: int, line: Span) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """The last words, those before the hanzi: spring chūntiān 春天."""
    if start := _hanzi_after(view, words[-1].end):
        for first in range(last + 1):
            written = Span(words[first].start, words[-1].end)
            if pairs := exact_prefix(view, start, line.end, plain_letters(written.of(view))):
                yield written, pairs


def _around(view: str, readings: Sequence[Span], line: Span) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """A stretch of hanzi in the same row, or in the lines around, that is read from end to end."""
    at = readings[0].start
    opened = _OPENED.search(view, line.start, at)
    bracket = opened.start() if opened else -1
    for stretch in _stretches(view, line, at):
        for written in readings:
            pairs = exact(view, stretch.end, stretch.start, plain_letters(written.of(view)))
            # A syllable alone in brackets may stand for a character, 去（chī）饭: no other line's 吃 is meant.
            if pairs and pairs[0].start == stretch.start and (len(pairs) > 1 or stretch.start > bracket):
                yield written, pairs


def _line(view: str, start: int, end: int) -> Span:
    """The line around a stretch, no more than `_LONGEST` characters on either side."""
    first, last = max(0, start - _LONGEST), min(len(view), end + _LONGEST)
    line_end = view.find("\n", end, last)
    return Span(max(first, view.rfind("\n", first, start) + 1), line_end if line_end >= 0 else last)


def _hanzi_before(view: str, at: int) -> int:
    """Where the hanzi end that stand right before, 0 if there are none."""
    floor = max(0, at - _LONGEST)
    while at > floor and view[at - 1] in _PART:
        at -= 1
    return at if at > floor and has_reading(view[at - 1]) else 0


def _hanzi_after(view: str, at: int) -> int:
    ceiling = min(len(view), at + _LONGEST)
    while at < ceiling and view[at] in _PART:
        at += 1
    return at if at < ceiling and has_reading(view[at]) else 0


def _stretches(view: str, line: Span, at: int) -> list[Span]:
    """The stretches of hanzi in the same line, nearest first; if it has none, in the lines around it."""
    found = _nearest(view, line, at)
    if found:
        return found
    around = line
    for _ in range(_LINES):
        around = _line(view, max(0, around.start - 1), min(len(view), around.end + 1))
    return _nearest(view, around, at)


def _nearest(view: str, span: Span, at: int) -> list[Span]:
    found = {match.span() for row in (HANZI, _ROW) for match in row.finditer(view, span.start, span.end)}
    return sorted(starmap(Span, found), key=lambda stretch: abs(stretch.start - at))[:_STRETCHES]
