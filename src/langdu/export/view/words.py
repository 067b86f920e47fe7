"""Track → words: the written text of a paragraph, word by word, with times and readings."""

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
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from langdu.model import Syllable, Timing, Track

# Sound that is cut out keeps this much of the pauses around it.
_MARGIN_S: Final = 0.05
# Opening marks belong to the word after them, all others to the word before.
_OPENING: Final = re.compile(r"[“‘「『（《〈【〔〖［｛(\[{]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Character:
    """The smallest unit that has a time: a hanzi, an erhua (玩儿), a letter, or a whole number.

    `start` and `end` are in samples of the programme.
    """

    span: Span
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A stretch of a paragraph's text: a word, a number, or the marks between words.

    `start` and `end` are samples of the programme, None if nothing of it is said. `readings` has an entry for each
    character of `text`: the citation syllable of a hanzi that has its own, else None (marks, letters, the digits of a
    number, the 儿 of an erhua). `annotated`: the article gives at least one of the readings. `characters` are the units
    that have a time, in order; their spans too point into the paragraph's text. `voice` is the id of the voice that
    says it, None for the voice of the paragraph.
    """

    span: Span
    text: str
    start: int | None
    end: int | None
    readings: tuple[Syllable | None, ...]
    annotated: bool
    characters: tuple[Character, ...]
    voice: str | None = None


def words(track: Track) -> list[Word]:
    """The words of a paragraph.

    Laws: their texts joined are the paragraph's text; their times are in order and do not overlap.
    """
    text = track.paragraph.text
    spans = word_spans(text, [timing.at for timing in track.timings], [span for span, _ in track.paragraph.annotated()])
    starts = [span.start for span in spans]
    timings: dict[int, list[Timing]] = {}
    for timing in track.timings:
        timings.setdefault(bisect_right(starts, timing.at.start) - 1, []).append(timing)
    return [_word(text, span, timings.get(i, ())) for i, span in enumerate(spans)]


def word_spans(text: str, said: Iterable[Span], annotated: Iterable[Span]) -> list[Span]:
    """The words of a text, which touch and cover it.

    No word ends inside a unit that has one time (`said`: a number, an erhua), nor inside an `annotated` word.
    """
    bounds = {0, len(text), *sentence_ends(text), *(mark.start() for mark in _OPENING.finditer(text))}
    for span in (*lexicon.split_words(text), *(Span(*hanzi.span()) for hanzi in HANZI.finditer(text))):
        bounds |= {span.start, span.end}
    whole = [span for span in (*said, *annotated) if len(span) > 1]
    bounds |= {edge for span in whole for edge in (span.start, span.end)}
    bounds -= {at for span in whole for at in range(span.start + 1, span.end)}
    return [Span(start, end) for start, end in pairwise(sorted(bounds))]


def sentences(track: Track) -> list[list[Word]]:
    """The words of a paragraph, sentence by sentence. No sentence is silent, unless the whole paragraph is."""
    return grouped(words(track), sentence_ends(track.paragraph.text))


def heard(in_a_row: Iterable[Word], track: Track) -> Span | None:
    """Where words in a row are heard, with 50 ms around them, in samples of their paragraph; None if none is said."""
    times = [(word.start, word.end) for word in in_a_row if word.start is not None and word.end is not None]
    if not times:
        return None
    margin = round(_MARGIN_S * track.sample_rate)
    length = track.end - track.start
    return Span(max(0, times[0][0] - track.start - margin), min(length, times[-1][1] - track.start + margin))


def sound_of(in_a_row: Iterable[Word], track: Track, pcm: bytes) -> bytes:
    """The sound of words in a row, with 50 ms around it; b"" if none of them is said.

    `pcm` is the sound of their paragraph, mono and 16-bit.
    """
    place = heard(in_a_row, track)
    return pcm[2 * place.start : 2 * place.end] if place else b""


def grouped(in_order: Iterable[Word], bounds: Collection[int]) -> list[list[Word]]:
    """Words in groups that begin at `bounds`, offsets of the text; a bound inside a word is ignored.

    A silent group, such as a row of stars, joins the group before it; one at the beginning joins the first that is
    said.
    """
    begins = set(bounds)
    groups: list[list[Word]] = [[]]
    for word in in_order:
        if word.span.start in begins:
            groups.append([])
        groups[-1].append(word)
    return _all_said(groups)


def voice_changes(in_order: Iterable[Word]) -> Iterator[int]:
    """The offsets at which another voice begins to speak, before its opening marks."""
    before: Word | None = None
    opened: int | None = None
    for word in in_order:
        if word.start is None:
            opening = _OPENING.fullmatch(word.text) is not None
            opened = (word.span.start if opened is None else opened) if opening else None
            continue
        if before is not None and word.voice != before.voice:
            yield word.span.start if opened is None else opened
        before, opened = word, None


def by_word(in_order: Iterable[Word]) -> list[list[Word]]:
    """A group for each word that is said, with the marks that belong to it: “走！” is one group."""
    groups: list[list[Word]] = [[]]
    opened = True
    for word in in_order:
        opening = word.start is None and _OPENING.fullmatch(word.text) is not None
        if (opening or word.start is not None) and not opened:
            groups.append([])
        groups[-1].append(word)
        opened = opening
    return _all_said(groups)


def by_character(in_order: Iterable[Word]) -> list[Word]:
    """Words cut into units that have a time; text that is not said stays with the unit before it."""
    return [piece for word in in_order for piece in _pieces(word)]


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
    bounds = [word.span.start, *(character.span.start for character in word.characters[1:]), word.span.end]
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


def _word(text: str, span: Span, timings: Sequence[Timing]) -> Word:
    readings: list[Syllable | None] = [None] * len(span)
    for timing in timings:
        by_itself = len(timing.at) == 1 or (timing.reading is not None and timing.reading.citation.erhua)
        if timing.reading and by_itself and HANZI.match(text, timing.at.start):
            readings[timing.at.start - span.start] = timing.reading.citation
    return Word(
        span=span,
        text=span.of(text),
        start=timings[0].start if timings else None,
        end=timings[-1].end if timings else None,
        readings=tuple(readings),
        annotated=any(timing.reading and timing.reading.origin is Origin.ANNOTATION for timing in timings),
        characters=_characters(span, timings),
        voice=timings[0].voice if timings else None,
    )


def _characters(span: Span, timings: Iterable[Timing]) -> tuple[Character, ...]:
    characters: list[Character] = []
    for timing in timings:
        at = min(timing.at.start, span.end - 1)  # a sound at the end that belongs to no text
        if characters and at < characters[-1].span.end:
            characters[-1] = replace(characters[-1], end=timing.end)
        else:
            characters.append(Character(span=Span(at, max(at + 1, timing.at.end)), start=timing.start, end=timing.end))
    return tuple(characters)
