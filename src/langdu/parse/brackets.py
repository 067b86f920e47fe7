"""Readings in brackets: 长春(chángchūn), 词 （cí）, “鸱”（chī）, 驻(助), 行动(xíngdòng)(xíngdòng)."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.lexicon import HANZI
from langdu.model import Annotation, Kind, Span, Syllable
from langdu.parse.align import Pair, exact, nearest, parts, plain
from langdu.parse.notes import Note
from langdu.pinyin import SEPARATORS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# Innermost brackets only: what holds a bracket is text, 會議(中國(guó)科學). No alternative can scan past the next
# opener, so the pass is linear however brackets nest.
_LIMIT = 2000
BRACKETS = re.compile(
    rf"[(（]([^()（）\n]{{1,{_LIMIT}}})[)）]|[\[［]([^\[\]［］\n]{{1,{_LIMIT}}})[\]］]"
    rf"|[【〔〖]([^【】〔〕〖〗\n]{{1,{_LIMIT}}})[】〕〗]"
)
# What written pinyin consists of: Latin letters, plain, marked, phonetic or full-width, tone marks and digits.
_LATIN = "A-Za-z\u00c0-\u02af\u1e00-\u1eff\uff21-\uff3a\uff41-\uff5a"
_PINYIN = re.compile(rf"[{_LATIN}][{_LATIN}\u0300-\u036f0-5{re.escape(''.join(sorted(SEPARATORS)))}]*")
_TONED = re.compile(r"[^a-zü]")
_CLOSERS = "”’」』》〉\"'*_ \u3000\u00a0"


def bracketed(text: str) -> Iterator[Note]:
    """The annotations that stand in brackets behind their hanzi, in the order of the text."""
    last: Note | None = None
    floor = 0
    for match in BRACKETS.finditer(text):
        content = match[match.lastindex or 0]
        opening = match.start()
        if last is not None and (twice := _again(text, last, match.span(), content)):
            last, floor = twice, match.end()
            continue
        found = list(_notes(text, Span(opening, match.end()), Span(*match.span(match.lastindex or 0)), floor))
        if found:
            if last is not None:
                yield last
            yield from found[:-1]
            last, floor = found[-1], match.end()
    if last is not None:
        yield last


def _again(text: str, last: Note, bracket: tuple[int, int], content: str) -> Note | None:
    """`last` with one more writing, if the bracket stands right behind its own and says the same."""
    behind = last.cuts[-1].end
    if text[behind : bracket[0]].strip() or plain(content) != plain(last.annotation.written):
        return None
    annotation = replace(last.annotation, times=last.annotation.times + 1)
    return Note(last.base, annotation, (*last.cuts, Span(behind, bracket[1])))


def _notes(text: str, bracket: Span, content: Span, floor: int) -> Iterator[Note]:
    written = content.of(text).strip()
    at = content.start + content.of(text).index(written)
    inner = Span(at, at + len(written))
    if _PINYIN.fullmatch(written):
        yield from _pinyin(text, bracket, inner, floor)
    elif HANZI.fullmatch(written):
        yield from _homophone(text, bracket, inner, floor)


# --- pinyin ---------------------------------------------------------------------------------------------------------


def _pinyin(text: str, bracket: Span, written: Span, floor: int) -> Iterator[Note]:
    """Toneless letters count only if the hanzi agree: else they are English, 做多（Long）."""
    letters = plain(written.of(text))
    if pairs := exact(text, bracket.start, floor, letters):
        yield from _shared_out(text, bracket, written, pairs)
    elif _TONED.search(letters) and (note := _mistaken(text, bracket, written, floor)):
        yield note


def _shared_out(text: str, bracket: Span, written: Span, pairs: Sequence[Pair]) -> Iterator[Note]:
    """A note for each stretch of hanzi without anything between; all but one for a sentence after its full stop."""
    firsts = [i for i, pair in enumerate(pairs) if i == 0 or pairs[i - 1].end != pair.start]
    ends = [*firsts[1:], len(pairs)]
    places = parts(written.of(text), pairs) if len(firsts) > 1 else []
    for first, end in zip(firsts, ends, strict=True):
        base = Span(pairs[first].start, pairs[end - 1].end)
        place = Span(written.start + places[first].start, written.start + places[end - 1].end) if places else written
        syllables = tuple(pair.syllable for pair in pairs[first:end])
        cuts = (bracket,) if end == len(pairs) else ()
        yield Note(base, Annotation(syllables=syllables, written=place.of(text), span=place, kind=Kind.PINYIN), cuts)


def _mistaken(text: str, bracket: Span, written: Span, floor: int) -> Note | None:
    """Toned pinyin beside hanzi is an annotation even where it is wrong; `check` says so."""
    end = bracket.start
    while end > floor and text[end - 1] in _CLOSERS:
        end -= 1
    start = end
    while start > max(floor, end - len(written)) and lexicon.readings(text[start - 1]):
        start -= 1
    if fit := nearest(text[start:end], written.of(text)):
        base, syllables = Span(start + fit.first, start + fit.end), fit.syllables
    elif next_ := exact(text, min(bracket.end + 1, len(text)), bracket.end, plain(written.of(text))):
        base, syllables = Span(next_[0].start, next_[0].end), (next_[0].syllable,)  # 武(Zhì)陟
    else:
        return None
    annotation = Annotation(syllables=syllables, written=written.of(text), span=written, kind=Kind.PINYIN)
    return Note(base, annotation, (bracket,))


# --- homophones -----------------------------------------------------------------------------------------------------


def _homophone(text: str, bracket: Span, written: Span, floor: int) -> Iterator[Note]:
    """驻(助): as many hanzi as before the bracket, other ones, each with a reading in common. Not 我(的)妈妈."""
    start = bracket.start - len(written)
    if start < floor:
        return
    base, said = text[start : bracket.start], written.of(text)
    shared = [_common(one, other) for one, other in zip(base, said, strict=True)]
    if all(shared) and base != said:
        syllables = tuple(s for s in shared if s)
        annotation = Annotation(syllables=syllables, written=said, span=written, kind=Kind.HOMOPHONE)
        yield Note(Span(start, bracket.start), annotation, (bracket,))


def _common(char: str, other: str) -> Syllable | None:
    """The most usual reading of `other` that `char` has too."""
    own = lexicon.readings(char)
    return next((reading for reading in lexicon.readings(other) if reading in own), None)
