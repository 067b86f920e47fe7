"""Lines of pinyin that belong to lines of hanzi: above them, below them, or all in a later section."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.marks import HANZI, ZHUYIN, ZHUYIN_TONES
from langdu.model import Span
from langdu.parse.annotations.alignment.exact import HIDDEN, WALL, Pair, exact, has_reading
from langdu.parse.annotations.alignment.nearest import nearest
from langdu.parse.annotations.alignment.written import BETWEEN, LATIN, MARKS, has_tone, plain_letters
from langdu.parse.annotations.cues import LABEL
from langdu.parse.annotations.notes import notes_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.parse.annotations.notes import Note

# List marks, quotation marks, table bars and speakers that a line may begin with: "- ", "1. ", "> ", "| ", "A: ".
_MARK = rf"[ \t\u3000>|*#+\-–—•·{HIDDEN}]*+(?:[(（]?\d{{1,3}}[.、．)）:：][ \t]*)?(?:[A-Z][:：][ \t]*)?"
_READING_LINE = re.compile(
    rf"^{_MARK}[\"']?(?P<label>{LABEL.pattern})?"
    rf"[“\"‘'(（\[【{HIDDEN}]*+(?P<said>[{LATIN}{ZHUYIN}˙][{LATIN}{MARKS}{ZHUYIN}{ZHUYIN_TONES}0-9⁰¹²³⁴⁵{BETWEEN}/()（）《》<>\[\]【】{{}}]*)$",
    re.MULTILINE,
)
_WALLS = re.compile(f"{WALL}+")
_HEADING = re.compile(rf"^[ #*>=\-|]*(?:{LABEL.pattern})[ #*=\-|]*$")
_NOT_LETTERS = str.maketrans(dict.fromkeys("/()（）《》<>[]【】{}", " "))
_EDGES = f"\"'“”‘’`,;，；|/()（）《》<>[]【】{{}}* \t{HIDDEN}"
# What a line adds in brackets to its hanzi is not read: 大同区(大同區).
_ASIDE = re.compile(r"[(（\[【][^()（）\[\]【】\n]*[)）\]】]")
_CELL = re.compile(rf"[^\t|\n{LATIN}]+")
# How many lines apart a line and its reading may be: its translation, or the |---| of a table, may stand between.
_NEAR = 3
# Of a longer line of hanzi, or row of a table, only the end can be what a line of pinyin reads.
_LONGEST = 2000
# Where a later section is tried, so many of its lines may read nothing, and four times as many as read something.
_STRANGE = 100
_SHARE = 4
# How many lines of hanzi are tried for one line of a later section; how many lines, and syllables at least, are joined
# where hanzi and pinyin are broken into lines at different places.
_WINDOW = 40
_JOINED = 30
_JOINED_SYLLABLES = 8


@dataclass(frozen=True, slots=True)
class _Line:
    """A line, `number` counted without empty ones; `said` is what of it is a reading, if it is nothing else.

    It is `labelled` if it says so: 拼音：chūn.
    """

    number: int
    span: Span
    said: Span | None
    labelled: bool

    def is_toned(self, view: str) -> bool:
        return self.said is not None and has_tone(self.said.of(view))

    def letters(self, view: str) -> str:
        return plain_letters(self.said.of(view).translate(_NOT_LETTERS)) if self.said else ""


def find_lined_up(text: str, view: str) -> Iterator[Note]:
    """The annotations of whole lines. A line of pinyin that reads no line of hanzi stays text."""
    readings = {m.start(): m for m in _READING_LINE.finditer(view)}
    if not readings:
        return
    found = (match for match in re.finditer(r"[^\n]+", view) if match.group().strip())
    lines = [_line(i, Span(*m.span()), readings.get(m.start())) for i, m in enumerate(found)]
    hanzi = [line for line in lines if line.said is None and HANZI.search(view, line.span.start, line.span.end)]
    matched = _Matches(text, _WALLS.sub(lambda wall: text[wall.start() : wall.end()], view), lines, hanzi, view)
    yield from matched.joined()
    matched.neighbours()
    matched.sections()
    yield from matched.notes()


def _line(number: int, span: Span, reading: re.Match[str] | None) -> _Line:
    if reading is None:
        return _Line(number, span, None, labelled=False)
    said = reading["said"].rstrip(_EDGES)
    start = reading.start("said")
    return _Line(number, span, Span(start, start + len(said)), labelled=reading["label"] is not None)


class _Matches:
    """Which line reads which: `pairs` by the number of the reading line; lines of hanzi `taken`, readings `read`."""

    def __init__(self, text: str, view: str, lines: Sequence[_Line], hanzi: Sequence[_Line], walled: str) -> None:
        self.text, self.view, self.lines, self.hanzi, self.walled = text, view, lines, hanzi, walled
        self.pairs: dict[int, tuple[Pair, ...]] = {}
        self.taken: set[int] = set()
        self.read: set[int] = set()

    def open(self) -> Iterator[_Line]:
        """The reading lines that read nothing yet."""
        return (line for line in self.lines if line.said and line.number not in self.read)

    def neighbours(self) -> None:
        """Each reading line and the hanzi line before or after it, whichever is the rule in this text."""
        options = {line.number: list(self._near(line)) for line in self.open()}
        below = sum(side < 0 for sides in options.values() for _, side, _ in sides)
        above = sum(side > 0 for sides in options.values() for _, side, _ in sides)
        for number, sides in options.items():
            for other, _, pairs in sorted(sides, key=lambda each: (each[1] > 0) != (above > below)):
                if other.number not in self.taken and number not in self.read:
                    self._take(number, other, pairs)

    def _near(self, line: _Line) -> Iterator[tuple[_Line, int, tuple[Pair, ...]]]:
        for step in (-1, 1):
            at = line.number + step
            while 0 <= at < len(self.lines) and abs(at - line.number) <= _NEAR:
                other = self.lines[at]
                if HANZI.search(self.view, other.span.start, other.span.end):
                    if pairs := self._reads(line, other):
                        yield other, step, pairs
                    break
                at += step

    def sections(self) -> None:
        """All hanzi first, all pinyin later (or the other way round): in the same order."""
        free = [other for other in self.hanzi if other.number not in self.taken]
        at = tried = found = 0
        for line in list(self.open()):
            if tried - found > max(_STRANGE, _SHARE * found):
                return
            if line.labelled or line.is_toned(self.view):
                tried += 1
                for i, other in enumerate(free[at : at + _WINDOW], at):
                    if pairs := self._reads(line, other, exactly=i > at):
                        self._take(line.number, other, pairs)
                        at = i + 1
                        found += 1
                        break

    def _take(self, number: int, other: _Line, pairs: tuple[Pair, ...]) -> None:
        self.pairs[number] = pairs
        self.read.add(number)
        self.taken.add(other.number)

    def _reads(self, line: _Line, other: _Line, *, exactly: bool = False) -> tuple[Pair, ...] | None:
        """The hanzi of a line that a reading line reads: all of them, a cell of a table, or nearly all."""
        if line.said is None:
            return None
        letters = line.letters(self.view)
        start = max(other.span.start, other.span.end - _LONGEST)
        whole = self.view[start : other.span.end]
        plainer = _ASIDE.sub(lambda aside: HIDDEN * len(aside[0]), whole)
        pairs = exact(plainer, len(whole), 0, letters) or exact(whole, len(whole), 0, letters)
        if pairs and not line.is_toned(self.view) and not self._covers(pairs, whole, line):
            return None
        if pairs is None and line.is_toned(self.view):
            cells = (exact(plainer, cell.end(), cell.start(), letters) for cell in _CELL.finditer(plainer))
            pairs = next(filter(None, cells), None)
            if pairs is None and not exactly and 6 < len(letters) < 8 * sum(map(has_reading, whole)):
                pairs = nearest(plainer, len(whole), 0, line.said.of(self.view).translate(_NOT_LETTERS))
                pairs = pairs if pairs and len(pairs) > 1 else None
        return pairs and tuple(Pair(pair.start + start, pair.end + start, pair.syllables) for pair in pairs)

    def _covers(self, pairs: Sequence[Pair], whole: str, line: _Line) -> bool:
        """Letters without tones may be English, unless they read a line of two hanzi or more from end to end.

        A label says what they are.
        """
        return line.labelled or 1 < len(pairs) == sum(map(has_reading, whole))

    def notes(self) -> Iterator[Note]:
        """Nothing of a reading line stays, nor of the heading over it: 拼音."""
        for number, pairs in self.pairs.items():
            line = self.lines[number]
            cuts = [line.span]
            if (
                number
                and (heading := self.lines[number - 1]).said is None
                and _HEADING.match(heading.span.of(self.text))
            ):
                cuts.append(heading.span)
            if line.said:
                # Where hanzi have brackets too, the line says nothing new: `in_order` gives the last its cuts alone.
                read = [pair for pair in pairs if self.walled[pair.start] == WALL][-1:]
                yield from notes_for(self.text, line.said, read or pairs, tuple(cuts))

    def joined(self) -> Iterator[Note]:
        """A paragraph and its pinyin that are broken into lines at different places."""
        for block in _blocks(line for line in self.open() if line.is_toned(self.view)):
            letters = "".join(line.letters(self.view) for line in block)
            before = self._free(block[0].number - 1, -1)
            after = self._free(block[-1].number + 1, 1)
            ways = (self._across(lines, letters) for lines in (before, *(after[:n] for n in range(1, len(after) + 1))))
            pairs, lines = next(filter(None, ways), ((), ()))
            if pairs and len(lines) != len(block):
                said = [line.said for line in block if line.said]
                self.taken.update(line.number for line in lines)
                self.read.update(line.number for line in block)
                written = Span(said[0].start, said[-1].end)
                yield from notes_for(self.text, written, pairs, tuple(line.span for line in block))

    def _free(self, number: int, step: int) -> list[_Line]:
        """The lines of hanzi in a row from a number on that nothing reads yet, in the order of the text."""
        found: list[_Line] = []
        while 0 <= number < len(self.lines) and len(found) < _JOINED:
            line = self.lines[number]
            if number in self.taken or line.said or not HANZI.search(self.view, line.span.start, line.span.end):
                break
            found.append(line)
            number += step
        return found[::step]

    def _across(self, lines: Sequence[_Line], letters: str) -> tuple[tuple[Pair, ...], Sequence[_Line]] | None:
        """The hanzi that letters read at the end of several lines, and which of the lines: these from end to end."""
        if not lines:
            return None
        start = lines[0].span.start
        whole = self.view[start : lines[-1].span.end].replace("\n", HIDDEN)
        pairs = exact(whole, len(whole), 0, letters)
        if pairs is None or len(pairs) < _JOINED_SYLLABLES:
            return None
        first = next(i for i, line in enumerate(lines) if pairs[0].start + start < line.span.end)
        if any(map(has_reading, whole[lines[first].span.start - start : pairs[0].start])):
            return None
        return tuple(Pair(pair.start + start, pair.end + start, pair.syllables) for pair in pairs), lines[first:]


def _blocks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Lines that follow each other, together."""
    block: list[_Line] = []
    for line in lines:
        if block and (line.number != block[-1].number + 1 or len(block) == _JOINED):
            yield block
            block = []
        block.append(line)
    if block:
        yield block
