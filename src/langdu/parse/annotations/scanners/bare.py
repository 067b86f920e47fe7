"""Readings beside their hanzi without any bracket: 你好 nǐ hǎo hello, columns of a table, fields of a record."""

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

# Readings are found by their tones, since most Latin letters are English.
_LETTER = f"{LATIN}{MARKS}{ZHUYIN}{ZHUYIN_TONES}"
_TONE = re.compile(rf"[{TONED}{ZHUYIN_TONES}{ZHUYIN}]|[a-züA-ZÜ:][{DIGITS}](?![0-9])")
_STOP = re.compile(rf"[^{_LETTER}'’·\-{DIGITS} \u00a0:,，、.。!?！？…]")
_WORD = re.compile(rf"[{LATIN}{ZHUYIN}˙](?:[{_LETTER}'’·\-{DIGITS}:]*[{_LETTER}{DIGITS}])?")
_CHOICE_BEFORE = re.compile(rf"[{LATIN}{MARKS}{DIGITS}][”\"'’」』】)）]?{CHOICE}[“\"'‘「『【(（]?$")
_CHOICE_AFTER = re.compile(rf"[”\"'’」』】)）]?{CHOICE}[“\"'‘「『【(（]?[{LATIN}]")
# Hanzi with blanks or punctuation between them: 床 前 明 月 光, 弟子规·信.
_ROW = re.compile(rf"(?:[{HANZI_RANGES}]+[ \u3000·，、。！？；：]*)+(?<=[^ \u3000·，、。！？；：])")
# What may stand between hanzi and their reading in a line.
_PART = frozenset(f"\"'“”‘’`*_~=:：,，、;；|/<>()（）[]【】〔〕〖〗{{}}-–—→。！？.!?… \t\u3000\u00a0{HIDDEN}")
# What is cut between hanzi and their reading, and what separates one reading from another.
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
# A line of a list: 杉 shān/shā.
_SYLLABLES = rf"[{LATIN}][{LATIN}{MARKS}'’]*[1-5]?"
_CHOICE_LINE = re.compile(
    rf"^[ \t\u3000]*(?:[0-9]{{1,3}}[.、．)）][ \t]*)?(?P<base>[{HANZI_RANGES}]{{1,4}})[ \t\u3000:：]+"
    rf"(?P<reading>{_SYLLABLES})(?P<others>(?:[ \t]?[/／][ \t]?{_SYLLABLES}){{1,4}})[ \t\u3000]*$",
    re.MULTILINE,
)
# A record may have several lines: its hanzi are no further from its reading than this.
_LINES = 4
_STRETCHES = 12
# How many characters before a reading may say that it is wrong: 误读为suí、jìn、xiāo、zǎi.
_WORDS_OF_IT = 40
_STRANGE = 8
_SENTENCE = re.compile(rf"[{HANZI_RANGES}”’」』)）][，。；！？]")
_SAID = re.compile(rf"[{HANZI_RANGES}](?:读|讀|念|唸)(?:作|做|为|為|成)?[“\"‘「『]?$")
_OPENED = re.compile(r"[(（][^()（）]*$")
_LONGEST = 160


def find_bare(text: str, view: str) -> list[Note]:
    """The bare readings whose hanzi stand before them, behind them, in the same row, or in the lines around them."""
    at = 0
    used: set[int] = set()
    notes: list[Note] = []
    strange: list[Sequence[Span]] = []
    for note in _first_of_choices(text, view):
        used.update(range(note.base.start, note.base.end))
        notes.append(note)
    while tone := _TONE.search(view, at):
        words = _words(view, tone.start(), at)
        at = max(tone.end(), words[-1].end if words else 0)
        if not words or _is_mentioned(view, words):
            continue
        for written, pairs in _ways(view, words):
            base = pairs[0].start
            if used.isdisjoint(pair.start for pair in pairs) and not is_misread(
                view[max(0, base - _WORDS_OF_IT) : base]
            ):
                used.update(pair.start for pair in pairs)
                in_prose = _is_in_prose(view, written, pairs)
                notes += notes_for(text, written, pairs, () if in_prose else (_cut(view, words, written, pairs),))
                break
        else:
            if _hanzi_before(view, words[0].start) or _hanzi_after(view, words[-1].end):
                strange.append(words)
    # In Cantonese, or in another spelling, a few readings agree by chance.
    if len(strange) >= max(_STRANGE, 4 * len(notes)):
        return []
    # If nearly all agree, this is a table of words, and the others are the author's mistakes.
    if len(notes) >= _STRANGE and len(strange) * 4 <= len(notes):
        notes += [note for words in strange for note in _mistaken(text, view, words)]
    return notes


def _is_mentioned(view: str, words: Sequence[Span]) -> bool:
    """Whether a reading is named as a wrong one, or is one of several to choose from."""
    start, end = words[0].start, words[-1].end
    before = view[max(0, start - _WORDS_OF_IT) : start]
    return bool(
        is_misreading(before)
        or is_about_misreading(before)
        or is_called_wrong(view, end)
        or _CHOICE_BEFORE.search(before)
        or _CHOICE_AFTER.match(view, end)
    )


def _first_of_choices(text: str, view: str) -> Iterator[Note]:
    """杉 shān/shā alone in a line: both are readings of the hanzi. The first is taken, the others are cut."""
    for match in _CHOICE_LINE.finditer(view):
        base, written = Span(*match.span("base")), Span(*match.span("reading"))
        readings = [
            match["reading"],
            *(other.strip(" \t／/") for other in re.split("[/／]", match["others"]) if other.strip()),
        ]
        ways = [exact(view, base.end, base.start, plain_letters(reading)) for reading in readings]
        if is_toned(plain_letters(readings[0])) and all(way and way[0].start == base.start for way in ways) and ways[0]:
            yield from notes_for(text, written, ways[0], (Span(base.end, match.end()),))


def _cut(view: str, words: Sequence[Span], written: Span, pairs: Sequence[Pair]) -> Span:
    """A bare reading with the signs between it and its hanzi (龟裂 → jūn liè), and with others of the same hanzi."""
    start, end = written.start, written.end
    if pairs[-1].end <= start and _SIGNS.fullmatch(view, pairs[-1].end, start):
        start = pairs[-1].end
    elif end <= pairs[0].start and _SIGNS.fullmatch(view, end, pairs[0].start):
        end = pairs[0].start
    for word in words:
        if word.start > written.end and _also_reads(view, end, word, pairs):
            end = word.end
    # 你好。<tab>nǐ hǎo.<tab>Hello.: the marks behind the reading are cut too, and the bar of a cell that is now empty.
    if (marks := _MARKS.match(view, end)) and pairs[-1].end <= start:
        end = marks.end()
    if (bar := _BAR_BEFORE.search(view, max(0, start - 8), start)) and _BAR_AFTER.match(view, end):
        start = bar.start()
    return Span(start, end)


def _also_reads(view: str, end: int, word: Span, pairs: Sequence[Pair]) -> bool:
    """Whether a word after a comma is another reading of the hanzi: 胖 pàng,pán."""
    if _COMMA.fullmatch(view, end, word.start) is None:
        return False
    other = exact(view, pairs[-1].end, pairs[0].start, plain_letters(word.of(view)))
    return other is not None and other != tuple(pairs)


def find_toneless(text: str, view: str) -> Iterator[Note]:
    """Letters without tones that read all the hanzi of a line: 春眠不觉晓 chun mian bu jue xiao."""
    for match in _TONELESS.finditer(view):
        hanzi, reading = ("first", "behind") if match["first"] else ("last", "before")
        letters = plain_letters(match[reading])
        pairs = exact(view, match.end(hanzi), match.start(hanzi), letters)
        if pairs and 1 < len(pairs) == sum(map(has_reading, match[hanzi])):
            written = Span(match.start(reading), match.start(reading) + len(match[reading].rstrip(" .,!?;")))
            yield from notes_for(text, written, pairs, (_cut(view, (), Span(*match.span(reading)), pairs),))
    yield from _listed(text, view)


def _listed(text: str, view: str) -> Iterator[Note]:
    """Letters that read two hanzi or more before them, twice or more in a line: 重庆 Chongqing、成都 Chengdu."""
    at = 0
    waiting: list[tuple[Span, tuple[Pair, ...]]] = []  # those of a line, until a second one confirms the first
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
    """Whether the reading is a word of a sentence: it stands in one, away from its hanzi, or it is told.

    这个字读gě，葛天氏的葛。
    """
    if _SAID.search(view[max(0, written.start - _WORDS_OF_IT) : written.start]):
        return True
    first, last = min(written.end, pairs[-1].end), max(written.start, pairs[0].start)
    line = _line(view, written.start, written.end)
    return (
        any(char not in _PART for char in view[first:last]) and _SENTENCE.search(view, line.start, line.end) is not None
    )


def _mistaken(text: str, view: str, words: Sequence[Span]) -> Iterator[Note]:
    """A reading that is nearly that of all the hanzi before it: 勉强 | miān qiǎng."""
    end = start = _hanzi_before(view, words[0].start)
    while start and has_reading(view[start - 1]):
        start -= 1
    written = Span(words[0].start, words[-1].end)
    pairs = nearest(view, end, start, written.of(view)) if end else None
    if pairs and pairs[0].start == start and all(len(pair.syllables) == 1 for pair in pairs):
        yield from notes_for(text, written, pairs, (written,))


def _words(view: str, tone: int, floor: int) -> list[Span]:
    """The words around a toned letter, in the same line and cell."""
    begin = max(floor, tone - _LONGEST)
    start = max((match.end() for match in _STOP.finditer(view, begin, tone)), default=begin)
    last = min(len(view), tone + _LONGEST)
    stop = _STOP.search(view, tone, last)
    end = stop.start() if stop else last
    return [Span(*match.span()) for match in _WORD.finditer(view, start, end)]


def _ways(view: str, words: Sequence[Span]) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """The hanzi that the words may read, the surest first."""
    toned = [i for i, word in enumerate(words) if _TONE.search(view, word.start, word.end)]
    if toned:
        line = _line(view, words[0].start, words[-1].end)
        yield from _before(view, words, toned[0], line)
        yield from _after(view, words, toned[-1], line)
        around = [Span(words[i].start, words[j].end) for i in (toned[0], 0) for j in (toned[-1], len(words) - 1)]
        yield from _around(view, list(dict.fromkeys(around)), line)


def _before(view: str, words: Sequence[Span], first: int, line: Span) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """Hanzi before the words, 春天 chūntiān spring: the reading is the first words, up to any after the first tone."""
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
    """Hanzi behind the words, spring chūntiān 春天: the reading is the last words."""
    if start := _hanzi_after(view, words[-1].end):
        for first in range(last + 1):
            written = Span(words[first].start, words[-1].end)
            if pairs := exact_prefix(view, start, line.end, plain_letters(written.of(view))):
                yield written, pairs


def _around(view: str, readings: Sequence[Span], line: Span) -> Iterator[tuple[Span, tuple[Pair, ...]]]:
    """Hanzi in the same row, or in the lines around it, all of which a reading reads."""
    at = readings[0].start
    opened = _OPENED.search(view, line.start, at)
    bracket = opened.start() if opened else -1
    for stretch in _stretches(view, line, at):
        for written in readings:
            pairs = exact(view, stretch.end, stretch.start, plain_letters(written.of(view)))
            # A syllable in brackets may stand for a character, 去（chī）饭: it does not mean a 吃 in another line.
            if pairs and pairs[0].start == stretch.start and (len(pairs) > 1 or stretch.start > bracket):
                yield written, pairs


def _line(view: str, start: int, end: int) -> Span:
    """The line around a stretch, at most `_LONGEST` characters on either side."""
    first, last = max(0, start - _LONGEST), min(len(view), end + _LONGEST)
    line_end = view.find("\n", end, last)
    return Span(max(first, view.rfind("\n", first, start) + 1), line_end if line_end >= 0 else last)


def _hanzi_before(view: str, at: int) -> int:
    """Where the hanzi right before a place end; 0 if there are none."""
    floor = max(0, at - _LONGEST)
    while at > floor and view[at - 1] in _PART:
        at -= 1
    return at if at > floor and has_reading(view[at - 1]) else 0


def _hanzi_after(view: str, at: int) -> int:
    """Where the hanzi right after a place begin; 0 if there are none."""
    ceiling = min(len(view), at + _LONGEST)
    while at < ceiling and view[at] in _PART:
        at += 1
    return at if at < ceiling and has_reading(view[at]) else 0


def _stretches(view: str, line: Span, at: int) -> list[Span]:
    """The stretches of hanzi in the same line, the nearest first; if it has none, those in the lines around it."""
    if stretches := _nearest(view, line, at):
        return stretches
    around = line
    for _ in range(_LINES):
        around = _line(view, max(0, around.start - 1), min(len(view), around.end + 1))
    return _nearest(view, around, at)


def _nearest(view: str, span: Span, at: int) -> list[Span]:
    stretches = {match.span() for row in (HANZI, _ROW) for match in row.finditer(view, span.start, span.end)}
    return sorted(starmap(Span, stretches), key=lambda stretch: abs(stretch.start - at))[:_STRETCHES]
