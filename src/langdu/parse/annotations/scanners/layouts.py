"""Lines of pinyin for lines of hanzi: above them, below them, or in a section of their own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from langdu import lexicon
from langdu.marks import HANZI, ZHUYIN, ZHUYIN_TONES
from langdu.model import Span, Tone
from langdu.parse.annotations.alignment.exact import HIDDEN, WALL, Pair, exact, has_reading
from langdu.parse.annotations.alignment.nearest import nearest
from langdu.parse.annotations.alignment.written import (
    BETWEEN,
    LATIN,
    MARKS,
    has_tone,
    plain_letters,
    spans_of_syllables,
)
from langdu.parse.annotations.cues import LABEL
from langdu.parse.annotations.notes import notes_for
from langdu.pinyin import SEPARATORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.parse.annotations.notes import Note

# What a line may begin with: list marks, quotation marks, table bars, speakers ("- ", "1. ", "> ", "| ", "A: ").
_MARK = rf"[ \t\u3000>|*#+\-–—•·{HIDDEN}]*+(?:[(（]?\d{{1,3}}[.、．)）:：][ \t]*)?(?:[A-Z][:：][ \t]*)?"
_READING_LINE = re.compile(
    rf"^{_MARK}[\"']?(?P<label>{LABEL.pattern})?"
    rf"[“\"‘'(（\[【{HIDDEN}]*+(?P<reading>[{LATIN}{ZHUYIN}˙][{LATIN}{MARKS}{ZHUYIN}{ZHUYIN_TONES}0-9０-９⁰¹²³⁴⁵{BETWEEN}/()（）《》<>\[\]【】{{}}]*)$",
    re.MULTILINE,
)
_WALLS = re.compile(f"{WALL}+")
_HEADING = re.compile(rf"^[ #*>=\-|]*(?:{LABEL.pattern})[ #*=\-|]*$")
_NOT_LETTERS = str.maketrans(dict.fromkeys("/()（）《》<>[]【】{}", " "))
_EDGES = f"\"'“”‘’`,;，；|/()（）《》<>[]【】{{}}* \t{HIDDEN}"
# A line of pinyin does not read what stands in brackets beside the hanzi: 大同区(大同區).
_ASIDE = re.compile(r"[(（\[【][^()（）\[\]【】\n]*[)）\]】]")
_BLANK = re.compile(r"\s")
_AROUND = _EDGES + "".join(SEPARATORS)
_CELL = re.compile(rf"[^\t|\n{LATIN}]+")
# A line of so many hanzi may be one word, a name or an entry of a list.
_WORD = 3
# How many lines apart a line and its reading may be: a translation, or the |---| of a table, may stand between them.
_NEAR = 3
# Of a longer line of hanzi, or row of a table, only the end is compared with a line of pinyin.
_LONGEST = 2000
# A section of pinyin ends when this many lines have read nothing, and _SHARE times as many as have read something.
_STRANGE = 100
_SHARE = 4
# How many lines of hanzi are tried for one line of a section of pinyin; how many lines are joined at most, and how many
# syllables they must have, where hanzi and pinyin are broken into lines at different places.
_WINDOW = 40
_JOINED = 30
_JOINED_SYLLABLES = 8


@dataclass(frozen=True, slots=True)
class _TextLine:
    """A line. `number` counts without empty lines; `reading` is the reading in it, if it holds nothing else.

    `labelled`: it says that it is one, 拼音：chūn.
    """

    number: int
    span: Span
    reading: Span | None
    labelled: bool

    def is_toned(self, view: str) -> bool:
        return self.reading is not None and has_tone(self.reading.of(view))

    def letters(self, view: str) -> str:
        return plain_letters(self.reading.of(view).translate(_NOT_LETTERS)) if self.reading else ""


def find_lined_up(text: str, view: str) -> Iterator[Note]:
    """The annotations of whole lines. A line of pinyin that fits no line of hanzi stays text."""
    readings = {m.start(): m for m in _READING_LINE.finditer(view)}
    if not readings:
        return
    matches = (match for match in re.finditer(r"[^\n]+", view) if match.group().strip())
    lines = [_line(i, Span(*m.span()), readings.get(m.start())) for i, m in enumerate(matches)]
    hanzi = [line for line in lines if line.reading is None and HANZI.search(view, line.span.start, line.span.end)]
    matched = _Matches(text, _WALLS.sub(lambda wall: text[wall.start() : wall.end()], view), view, lines, hanzi)
    yield from matched.joined()
    matched.neighbours()
    matched.sections()
    yield from matched.notes()


def _line(number: int, span: Span, match: re.Match[str] | None) -> _TextLine:
    if match is None:
        return _TextLine(number, span, None, labelled=False)
    start = match.start("reading")
    reading = Span(start, start + len(match["reading"].rstrip(_EDGES)))
    return _TextLine(number, span, reading, labelled=match["label"] is not None)


class _Matches:
    """Which line of pinyin belongs to which line of hanzi.

    `pairs` are by the number of the line of pinyin. `taken` and `read` are the numbers of the lines of hanzi and of
    pinyin that are settled. `view` has the hanzi of earlier annotations, `walled` has walls in their place.
    """

    def __init__(
        self, text: str, view: str, walled: str, lines: Sequence[_TextLine], hanzi: Sequence[_TextLine]
    ) -> None:
        self.text, self.view, self.walled, self.lines, self.hanzi = text, view, walled, lines, hanzi
        self.pairs: dict[int, tuple[Pair, ...]] = {}
        self.taken: set[int] = set()
        self.read: set[int] = set()

    def open(self) -> Iterator[_TextLine]:
        """The lines of pinyin that are not settled."""
        return (line for line in self.lines if line.reading and line.number not in self.read)

    def neighbours(self) -> None:
        """Match each line of pinyin with the hanzi above it or below it, whichever is the rule in this text."""
        options = {line.number: list(self._near(line)) for line in self.open()}
        below = sum(side < 0 for sides in options.values() for _, side, _ in sides)
        above = sum(side > 0 for sides in options.values() for _, side, _ in sides)
        for number, sides in options.items():
            for other, _, pairs in sorted(sides, key=lambda option: (option[1] > 0) != (above > below)):
                if other.number not in self.taken and number not in self.read:
                    self._take(number, other, pairs)

    def _near(self, line: _TextLine) -> Iterator[tuple[_TextLine, int, tuple[Pair, ...]]]:
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
        """Match all pinyin in a later or earlier section with the hanzi, in the same order."""
        free = [other for other in self.hanzi if other.number not in self.taken]
        at = tried = matched = 0
        for line in list(self.open()):
            if tried - matched > max(_STRANGE, _SHARE * matched):
                return
            if line.labelled or line.is_toned(self.view):
                tried += 1
                for i, other in enumerate(free[at : at + _WINDOW], at):
                    if pairs := self._reads(line, other, exactly=i > at):
                        self._take(line.number, other, pairs)
                        at = i + 1
                        matched += 1
                        break

    def _take(self, number: int, other: _TextLine, pairs: tuple[Pair, ...]) -> None:
        self.pairs[number] = pairs
        self.read.add(number)
        self.taken.add(other.number)

    def _reads(self, line: _TextLine, other: _TextLine, *, exactly: bool = False) -> tuple[Pair, ...] | None:
        """The hanzi of a line that a line of pinyin reads: all of them, a cell of a table, or nearly all."""
        if line.reading is None:
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
                pairs = nearest(plainer, len(whole), 0, line.reading.of(self.view).translate(_NOT_LETTERS))
                pairs = pairs if pairs and len(pairs) > 1 else None
        return pairs and tuple(Pair(pair.start + start, pair.end + start, pair.syllables) for pair in pairs)

    def _covers(self, pairs: Sequence[Pair], whole: str, line: _TextLine) -> bool:
        """Whether letters without tones are pinyin: they are labelled, or read all of a line of two hanzi or more."""
        return line.labelled or 1 < len(pairs) == sum(map(has_reading, whole))

    def notes(self) -> Iterator[Note]:
        """The notes. They cut the whole line of pinyin, and the heading 拼音 over it."""
        for number, pairs in self.pairs.items():
            line = self.lines[number]
            cuts = [line.span]
            if (
                number
                and (heading := self.lines[number - 1]).reading is None
                and _HEADING.match(heading.span.of(self.text))
            ):
                cuts.append(heading.span)
            if line.reading:
                # If the hanzi have brackets too, only the cuts count: `without_overlaps` gives them to the last note.
                read = [pair for pair in pairs if self.walled[pair.start] == WALL][-1:]
                yield from _word_by_word(self.text, line.reading, read or pairs, tuple(cuts))

    def joined(self) -> Iterator[Note]:
        """The notes of paragraphs whose pinyin is broken into lines at different places than the hanzi."""
        for block in _blocks(line for line in self.open() if line.is_toned(self.view)):
            letters = "".join(line.letters(self.view) for line in block)
            before = self._free(block[0].number - 1, -1)
            after = self._free(block[-1].number + 1, 1)
            ways = (self._across(lines, letters) for lines in (before, *(after[:n] for n in range(1, len(after) + 1))))
            pairs, lines = next(filter(None, ways), ((), ()))
            if pairs and len(lines) != len(block):
                reading = [line.reading for line in block if line.reading]
                self.taken.update(line.number for line in lines)
                self.read.update(line.number for line in block)
                written = Span(reading[0].start, reading[-1].end)
                yield from _word_by_word(self.text, written, pairs, tuple(line.span for line in block))

    def _free(self, number: int, step: int) -> list[_TextLine]:
        """The unsettled lines of hanzi in a row from a number on, in the order of the text."""
        lines: list[_TextLine] = []
        while 0 <= number < len(self.lines) and len(lines) < _JOINED:
            line = self.lines[number]
            if number in self.taken or line.reading or not HANZI.search(self.view, line.span.start, line.span.end):
                break
            lines.append(line)
            number += step
        return lines[::step]

    def _across(self, lines: Sequence[_TextLine], letters: str) -> tuple[tuple[Pair, ...], Sequence[_TextLine]] | None:
        """The hanzi at the end of several lines that letters read, and the lines that they fill from end to end."""
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


class _Word(NamedTuple):
    """What is written between two blanks: the number of its first pair, and its first letter to its last.

    `is_complete` is False if some of its hanzi have no syllable: 电影(diàn).
    """

    first: int
    written: Span
    is_complete: bool


def _word_by_word(text: str, written: Span, pairs: Sequence[Pair], cuts: tuple[Span, ...]) -> Iterator[Note]:
    """The notes of a line of pinyin, one for each word between blanks: tā zhǎng dà le is four.

    So a finding has the place of a word and not that of the whole line. A line with one word, chūn tiān in a list of
    words, is one note, and so is a line without tones: what it lacks is said once. The last note has the cuts.
    """
    places = spans_of_syllables(written.of(text), [syllable for pair in pairs for syllable in pair.syllables])
    words = [_Word(0, written, is_complete=True)]
    # Where the spelling of a syllable is not found, the whole line is one note.
    if all(places) and _is_sentence(text, pairs) and has_tone(written.of(text)):
        spelled = iter([Span(written.start + place.start, written.start + place.end) for place in places])
        divided = _words(text, pairs, [list(islice(spelled, len(pair.syllables))) for pair in pairs])
        words = _with_scraps(text, divided, written.end) if len(divided) > 1 else words
    for word, end in zip(words, [*(word.first for word in words[1:]), len(pairs)], strict=True):
        yield from notes_for(text, word.written, pairs[word.first : end], cuts if end == len(pairs) else ())


def _words(text: str, pairs: Sequence[Pair], spelled: Sequence[Sequence[Span]]) -> list[_Word]:
    """The words of a line of pinyin. `spelled` is where the syllables of each pair are written.

    A hanzi without a syllable belongs to the word before it, unless only the hanzi behind it make it a word.
    """
    words: list[_Word] = []
    lacking: int | None = None
    for i, places in enumerate(spelled):
        last = words[-1] if words else None
        if not places:
            if last and _begins_a_word(text, pairs, i):
                lacking = i if lacking is None else lacking
            elif last:
                words[-1] = last._replace(is_complete=False)
            continue
        place = Span(places[0].start, places[-1].end)
        if last is None:
            words.append(_Word(0, place, is_complete=i == 0))
        elif _BLANK.search(text, last.written.end, place.start) and not _leans(text, pairs, i, place):
            words.append(_Word(i if lacking is None else lacking, place, is_complete=lacking is None))
        else:
            whole = Span(last.written.start, place.end)
            words[-1] = _Word(last.first, whole, is_complete=last.is_complete and lacking is None)
        lacking = None
    return words


def _begins_a_word(text: str, pairs: Sequence[Pair], i: int) -> bool:
    """Whether dictionaries have a word of a hanzi and the next one, but none of it and the one before: 在长春."""
    if i + 1 == len(pairs) or not pairs[i + 1].syllables:
        return False
    before, behind = (text[pairs[at - 1].start : pairs[at].end] for at in (i, i + 1))
    return bool(lexicon.word_readings(behind)) and not lexicon.word_readings(before)


def _leans(text: str, pairs: Sequence[Pair], i: int, place: Span) -> bool:
    """Whether a syllable without a tone is a neutral tone that a note of its own would not show: liǎng ge, shǔ yi shǔ.

    Where others have marks, none means the neutral tone; but all alone, ge may lack the mark of gè.
    """
    (syllable, *more), before = pairs[i].syllables, pairs[i - 1]
    if more or syllable.tone is not Tone.NEUTRAL or has_tone(place.of(text)) or before.end != pairs[i].start:
        return False
    tones = [known.tone for known in lexicon.readings(text[pairs[i].start]) if known.base == syllable.base]
    return Tone.NEUTRAL in tones[1:]


def _with_scraps(text: str, words: Sequence[_Word], end: int) -> list[_Word]:
    """The words with the letters around them that are no syllable, where hanzi lack one: qù kàm is of 去看."""
    starts = [word.written.start for word in words]
    for i, (before, word) in enumerate(pairwise(words), 1):
        if not (before.is_complete and word.is_complete):
            while starts[i] > before.written.end and not _BLANK.match(text[starts[i] - 1]):
                starts[i] -= 1
    out: list[_Word] = []
    for word, start, stop in zip(words, starts, [*starts[1:], end], strict=True):
        first = word.written.start - len(text[start : word.written.start].lstrip(_AROUND))
        last = word.written.end if word.is_complete else first + len(text[first:stop].rstrip(_AROUND))
        out.append(word._replace(written=Span(first, last)))
    return out


def _is_sentence(text: str, pairs: Sequence[Pair]) -> bool:
    """Whether hanzi are more than one word: more than three, and none that dictionaries have."""
    return len(pairs) > _WORD and not lexicon.word_readings(text[pairs[0].start : pairs[-1].end])


def _blocks(lines: Iterable[_TextLine]) -> Iterator[list[_TextLine]]:
    """Lines in groups of neighbours."""
    block: list[_TextLine] = []
    for line in lines:
        if block and (line.number != block[-1].number + 1 or len(block) == _JOINED):
            yield block
            block = []
        block.append(line)
    if block:
        yield block
