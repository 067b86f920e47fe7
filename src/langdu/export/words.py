"""Track → words: the written text of a paragraph in words, each with its time, its readings, and who gave them."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.export.cues import sentence_ends
from langdu.lexicon import HANZI
from langdu.model import Origin, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    bounds = {0, len(text), *sentence_ends(text)}
    for span in (*lexicon.segment(text), *(Span(*found.span()) for found in HANZI.finditer(text))):
        bounds |= {span.start, span.end}
    whole = [span for span in (*said, *annotated) if len(span) > 1]
    for span in whole:
        bounds |= {span.start, span.end}
    for span in whole:
        bounds -= set(range(span.start + 1, span.end))
    return [Span(start, end) for start, end in pairwise(sorted(bounds))]


def sentences(track: Track) -> list[list[Word]]:
    """The words of a paragraph, sentence by sentence; every sentence of which something is said ends one."""
    out: list[list[Word]] = [[]]
    ends = sentence_ends(track.paragraph.text)
    for word in words(track):
        if word.span.start in ends and any(each.start is not None for each in out[-1]):
            out.append([])
        out[-1].append(word)
    if len(out) > 1 and all(each.start is None for each in out[-1]):  # only marks follow
        rest = out.pop()
        out[-1] += rest
    return out


def _word(text: str, span: Span, said: Sequence[Timing]) -> Word:
    readings: list[Syllable | None] = [None] * len(span)
    for timing in said:
        single = len(timing.at) == 1 and HANZI.match(text, timing.at.start)  # not 5, which is no hanzi
        if timing.reading and (single or timing.reading.citation.erhua):
            readings[timing.at.start - span.start] = timing.reading.citation
    return Word(
        span=span,
        text=span.of(text),
        start=said[0].start if said else None,
        end=said[-1].end if said else None,
        readings=tuple(readings),
        annotated=any(timing.reading and timing.reading.origin is Origin.ANNOTATION for timing in said),
    )
