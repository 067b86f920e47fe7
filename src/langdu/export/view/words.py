"""Track → words: the written text of a paragraph in words, each with its time, its readings, and who gave them."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.marks import HANZI, sentence_ends
from langdu.model import Origin, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from langdu.model import Syllable, Timing, Track

# What is kept of the pauses around a stretch of sound that is cut out, in seconds.
_MARGIN: Final = 0.05
# Marks that open something belong to what follows, all others to what is before them.
_OPENING: Final = re.compile(r"[“‘「『（《〈【〔〖［｛(\[{]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """What is said by itself: a hanzi, an erhua (玩儿), a letter, or a whole number, `start` to `end` in samples."""

    span: Span
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A stretch of a paragraph's text that is one word, one number, or what stands between words.

    `start` and `end` are samples of the programme, None where nothing of it is said. `readings` has an entry for each
    character of `text`: its citation syllable if it is a hanzi that is read by itself, else None (marks, letters, the
    digits of a number, the 儿 of an erhua). `annotated` says that the article gives the reading of one of them.
    `characters` are what is said by itself in it, in order; their spans too point into the paragraph's text.
    """

    span: Span
    text: str
    start: int | None
    end: int | None
    readings: tuple[Syllable | None, ...]
    annotated: bool
    characters: tuple[Character, ...]


def words(track: Track) -> list[Word]:
    """The words of a paragraph.

    Laws: their texts joined are the paragraph's text; those that are said do not overlap in time and are in order.
    """
    text = track.paragraph.text
    spans = word_spans(text, [timing.at for timing in track.timings], [span for span, _ in track.paragraph.annotated()])
    starts = [span.start for span in spans]
    said: dict[int, list[Timing]] = {}
    for timing in track.timings:
        said.setdefault(bisect_right(starts, timing.at.start) - 1, []).append(timing)
    return [_word(text, span, said.get(i, ())) for i, span in enumerate(spans)]


def word_spans(text: str, said: Iterable[Span], annotated: Iterable[Span]) -> list[Span]:
    """The words of a text, touching and covering it.

    None ends inside of what is said as one (`said`: a number, an erhua), nor of an `annotated` word.
    """
    bounds = {0, len(text), *sentence_ends(text), *(found.start() for found in _OPENING.finditer(text))}
    for span in (*lexicon.split_words(text), *(Span(*found.span()) for found in HANZI.finditer(text))):
        bounds |= {span.start, span.end}
    whole = [span for span in (*said, *annotated) if len(span) > 1]
    bounds |= {edge for span in whole for edge in (span.start, span.end)}
    bounds -= {at for span in whole for at in range(span.start + 1, span.end)}
    return [Span(start, end) for start, end in pairwise(sorted(bounds))]


def sentences(track: Track) -> list[list[Word]]:
    """The words of a paragraph, sentence by sentence; something is said in each of them, if anything is said at all."""
    return grouped(words(track), sentence_ends(track.paragraph.text))


def sound_of(made: Iterable[Word], track: Track, pcm: bytes) -> bytes:
    """The sound of some words that stand together, with 50 ms of what is around them; b"" if nothing of them is said.

    `pcm` is the sound of their paragraph, mono and 16-bit.
    """
    times = [(word.start, word.end) for word in made if word.start is not None and word.end is not None]
    if not times:
        return b""
    margin = round(_MARGIN * track.sample_rate)
    start = max(0, times[0][0] - track.start - margin)
    return pcm[2 * start : 2 * (times[-1][1] - track.start + margin)]


def grouped(made: Iterable[Word], bounds: Collection[int]) -> list[list[Word]]:
    """Words in groups that begin at `bounds`, offsets of the text; inside a word nothing begins.

    A group of which nothing is said, such as a row of stars, goes with the one before it, or the first that is said.
    """
    begins = set(bounds)
    groups: list[list[Word]] = [[]]
    for word in made:
        if word.span.start in begins:
            groups.append([])
        groups[-1].append(word)
    return _all_said(groups)


def heard(made: Iterable[Word]) -> list[list[Word]]:
    """Words one by one as they are said, each with the marks that belong to it: “走！” is one."""
    groups: list[list[Word]] = [[]]
    opened = True
    for word in made:
        opening = word.start is None and _OPENING.fullmatch(word.text) is not None
        if (opening or word.start is not None) and not opened:
            groups.append([])
        groups[-1].append(word)
        opened = opening
    return _all_said(groups)


def said_by_itself(made: Iterable[Word]) -> list[Word]:
    """Words cut into what is said by itself; what is not said stays with what is before it."""
    return [piece for word in made for piece in _pieces(word)]


def _all_said(groups: Iterable[list[Word]]) -> list[list[Word]]:
    out: list[list[Word]] = []
    for group in groups:
        if out and not (_is_said(out[-1]) and _is_said(group)):
            out[-1] += group
        elif group:
            out.append(group)
    return out


def _is_said(group: Iterable[Word]) -> bool:
    return any(word.start is not None for word in group)


def _pieces(word: Word) -> list[Word]:
    if not word.characters:
        return [word]
    bounds = [word.span.start, *(each.span.start for each in word.characters[1:]), word.span.end]
    first = word.span.start
    return [
        replace(
            word,
            span=Span(start, end),
            text=word.text[start - first : end - first],
            start=character.start,
            end=character.end,
            readings=word.readings[start - first : end - first],
            characters=(character,),
        )
        for character, (start, end) in zip(word.characters, pairwise(bounds), strict=True)
    ]


def _word(text: str, span: Span, said: Sequence[Timing]) -> Word:
    readings: list[Syllable | None] = [None] * len(span)
    for timing in said:
        by_itself = len(timing.at) == 1 or (timing.reading is not None and timing.reading.citation.erhua)
        if timing.reading and by_itself and HANZI.match(text, timing.at.start):
            readings[timing.at.start - span.start] = timing.reading.citation
    return Word(
        span=span,
        text=span.of(text),
        start=said[0].start if said else None,
        end=said[-1].end if said else None,
        readings=tuple(readings),
        annotated=any(timing.reading and timing.reading.origin is Origin.ANNOTATION for timing in said),
        characters=_characters(span, said),
    )


def _characters(span: Span, said: Iterable[Timing]) -> tuple[Character, ...]:
    found: list[Character] = []
    for timing in said:
        at = min(timing.at.start, span.end - 1)  # what is said for nothing at the end of the text
        if found and at < found[-1].span.end:
            found[-1] = replace(found[-1], end=timing.end)
        else:
            found.append(Character(span=Span(at, max(at + 1, timing.at.end)), start=timing.start, end=timing.end))
    return tuple(found)
