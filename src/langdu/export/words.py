"""Track → words: the written text of a paragraph in words, each with its time, its readings, and who gave them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.export.cues import sentence_ends
from langdu.lexicon import HANZI
from langdu.model import Origin, Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Syllable, Timing, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """A stretch of a paragraph's text that is one word, one number, or what stands between words.

    `start` and `end` are samples of the programme, None where nothing of it is said. `readings` has an entry for each
    character of `text`: its citation syllable if it is a hanzi that is read by itself, else None (marks, letters, the
    digits of a number, the 儿 of an erhua). `annotated` says that the article gives the reading of one of them.
    """

    span: Span
    text: str
    start: int | None
    end: int | None
    readings: tuple[Syllable | None, ...]
    annotated: bool


def words(track: Track) -> list[Word]:
    """The words of a paragraph.

    Laws: their texts joined are the paragraph's text; those that are said do not overlap in time and are in order.
    """
    text = track.paragraph.text
    bounds = sorted(_bounds(track))
    said: dict[int, list[Timing]] = {}
    starts = bounds[:-1]
    for timing in track.timings:
        at = max(i for i, start in enumerate(starts) if start <= timing.at.start)
        said.setdefault(at, []).append(timing)
    return [
        _word(text, Span(start, end), said.get(i, ())) for i, (start, end) in enumerate(pairwise(bounds)) if start < end
    ]


def sentences(track: Track) -> list[list[Word]]:
    """The words of a paragraph, sentence by sentence; every sentence of which something is said ends one."""
    out: list[list[Word]] = [[]]
    ends = sentence_ends(track.paragraph.text)
    for word in words(track):
        if word.span.start in ends and any(each.start is not None for each in out[-1]):
            out.append([])
        out[-1].append(word)
    if len(out) > 1 and all(each.start is None for each in out[-1]):  # only marks follow
        marks = out.pop()
        out[-1] += marks
    return out


def _bounds(track: Track) -> set[int]:
    """Where words begin and end: never inside of what is said as one, nor of an annotated word."""
    text = track.paragraph.text
    bounds = {0, len(text), *sentence_ends(text)}
    for span in lexicon.segment(text):
        bounds |= {span.start, span.end}
    for found in HANZI.finditer(text):
        bounds |= set(found.span())
    whole = [timing.at for timing in track.timings] + [span for span, _ in track.paragraph.annotated()]
    for span in whole:
        bounds -= set(range(span.start + 1, span.end))
        bounds |= {span.start, span.end} if len(span) > 1 else set()
    return {at for at in bounds if not any(span.start < at < span.end for span in whole)}


def _word(text: str, span: Span, said: Sequence[Timing]) -> Word:
    readings: list[Syllable | None] = [None] * len(span)
    for timing in said:
        if timing.reading and (len(timing.at) == 1 or timing.reading.citation.erhua):
            readings[timing.at.start - span.start] = timing.reading.citation
    return Word(
        span=span,
        text=span.of(text),
        start=said[0].start if said else None,
        end=said[-1].end if said else None,
        readings=tuple(readings),
        annotated=any(timing.reading and timing.reading.origin is Origin.ANNOTATION for timing in said),
    )
