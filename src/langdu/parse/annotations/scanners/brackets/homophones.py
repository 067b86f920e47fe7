"""Readings given by other hanzi, 驻(助), 镚(音同“蹦”), and hanzi given for a reading, Shè(社)."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.data import rows
from langdu.marks import HANZI
from langdu.model import Annotation, Kind, Span, Syllable
from langdu.parse.annotations.alignment.exact import exact, has_reading
from langdu.parse.annotations.alignment.written import LATIN, MARKS, is_toned, plain_letters
from langdu.parse.annotations.cues import SAME_SOUND, is_announced
from langdu.parse.annotations.notes import Note

if TYPE_CHECKING:
    from langdu.parse.annotations.alignment.exact import Pair

_WORDS_BEFORE = re.compile(rf"[{LATIN}][{LATIN}{MARKS}0-5'’\- ]*\s*$")
_REACH = 4


@cache
def _alternatives() -> frozenset[frozenset[str]]:
    """Pairs of characters that sound the same and are alternatives: 他(她) is a choice and not a reading."""
    return frozenset(frozenset(pair) for (pair,) in rows("alternatives.txt"))


def same_sound(text: str, view: str, bracket: Span, inner: Span, floor: int) -> Note | None:
    """The note for other hanzi with the same sound, 驻(助) or 镚(音同“蹦”), one for each that is annotated."""
    content = inner.of(view)
    cue = SAME_SOUND.match(content)
    homophones = content[cue.end() if cue else 0 :].rstrip("”\"'’」』的字")
    if not HANZI.fullmatch(homophones):
        return None
    written = Span(inner.start, inner.end)
    for base in _bases(view, bracket.start, floor, len(homophones), reach=_REACH if cue else 1):
        syllables = [
            _common(one, other, any_reading=cue is not None)
            for one, other in zip(base.of(view), homophones, strict=True)
        ]
        same = (
            base.of(view) == homophones
            if cue
            else _same_words(base.of(view), homophones) or _is_choice(view, base, homophones)
        )
        if all(syllables) and not same:
            annotation = Annotation(
                syllables=tuple(s for s in syllables if s), written=written.of(text), span=written, kind=Kind.HOMOPHONE
            )
            return Note(base, annotation, (bracket,))
    return None


def _bases(view: str, end: int, floor: int, count: int, reach: int) -> list[Span]:
    """The stretches of `count` hanzi that may be meant, the last one first. Quotes may stand around them."""
    while end > floor and not has_reading(view[end - 1]) and reach > 1 and view[end - 1] != "\n":
        end -= 1
    spans = [Span(at - count, at) for at in range(end, end - reach, -1)]
    return [span for span in spans if span.start >= floor and all(map(has_reading, span.of(view)))]


def _same_words(base: str, homophones: str) -> bool:
    """Whether the bracket is another way to write the same word: 他(她), 长(長)."""
    pairs = list(zip(base, homophones, strict=True))
    return (
        base == homophones
        or any(frozenset(pair) in _alternatives() for pair in pairs)
        or any(_is_simplified(one) != _is_simplified(other) for one, other in pairs)
    )


def _is_choice(view: str, base: Span, homophones: str) -> bool:
    """Whether the other hanzi form a word with the text before them: 屠宰厂(场) means both, 驻(助)万企 does not."""
    before = view[max(0, base.start - 2) : base.start]
    return any(lexicon.word_readings(before[i:] + homophones) for i in range(len(before)))


def _is_simplified(char: str) -> bool:
    """Whether a character is in GB 2312, which has no traditional forms."""
    try:
        char.encode("gb2312")
    except UnicodeEncodeError:
        return False
    return True


def _common(char: str, other: str, *, any_reading: bool) -> Syllable | None:
    """The most usual reading of `other` that `char` has too. Unless `any_reading`, only its first reading counts."""
    own = lexicon.readings(char)
    candidates = lexicon.readings(other) if any_reading else lexicon.readings(other)[:1]
    return next((reading for reading in candidates if reading in own), None)


def inverse(text: str, view: str, bracket: Span, inner: Span) -> Note | None:
    """The note for hanzi in a bracket behind their reading, mā（妈）. 读音是Shè(社) is about other hanzi."""
    line = view.rfind("\n", max(0, bracket.start - 80), bracket.start) + 1
    before = _WORDS_BEFORE.search(view, max(line, bracket.start - 80), bracket.start)
    if before is None:
        return None
    starts = [before.start(), *(before.start() + m.end() for m in re.finditer(r"\s+", before.group().rstrip()))]
    if is_announced(view[max(line, starts[0] - 16) : starts[0]]):
        return None
    for start in starts:
        written = Span(start, start + len(text[start : bracket.start].rstrip()))
        letters = plain_letters(written.of(view))
        pairs = exact(view, inner.end, inner.start, letters) if is_toned(letters) else None
        if (pairs is None or pairs[0].start != inner.start) and is_toned(letters) and len(starts) == 1:
            pairs = _inside(view, inner, letters)
        if pairs and (len(starts) == 1 or pairs[0].start == inner.start):
            syllables = tuple(syllable for pair in pairs for syllable in pair.syllables)
            annotation = Annotation(syllables=syllables, written=written.of(text), span=written, kind=Kind.PINYIN)
            cuts = (Span(start, inner.start), Span(inner.end, bracket.end))
            return Note(Span(pairs[0].start, pairs[-1].end), annotation, cuts)
    return None


def _inside(view: str, word: Span, letters: str) -> tuple[Pair, ...] | None:
    """The one character of a word that is read so: hè（应和）."""
    places = [at for at in range(word.start, word.end) if exact(view, at + 1, at, letters)]
    return exact(view, places[0] + 1, places[0], letters) if len(places) == 1 and len(word) <= _REACH else None
