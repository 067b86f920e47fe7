"""All that the scanners find in a text: annotations, and what is not to be read because of them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from langdu.model import Kind, Misfit, Span
from langdu.parse.align import HIDDEN
from langdu.parse.beside import beside, toneless
from langdu.parse.brackets import bracketed
from langdu.parse.inside import HEAD, emptied
from langdu.parse.layouts import lined_up
from langdu.parse.markup import marked_up
from langdu.parse.misfits import misfits
from langdu.parse.notes import in_order, masked, runs
from langdu.parse.prose import told
from langdu.parse.ruby import ruby
from langdu.parse.syntax import markdown_signs, no_text, tags
from langdu.parse.tables import misread_cells
from langdu.parse.written import revealed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.model import Run
    from langdu.parse.notes import Note


@dataclass(frozen=True, slots=True)
class Scan:
    """A text with its notes in order, where their bases start, and the cuts in order and not touching."""

    text: str
    notes: Sequence[Note]
    starts: Sequence[int]
    cuts: Sequence[Span]
    dropped: Sequence[tuple[Span, str]]
    is_markdown: bool
    misfits: Sequence[tuple[Span, Span]] = ()

    def runs(self, span: Span) -> tuple[Run, ...]:
        """What a stretch of the text becomes."""
        notes = self.notes[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]
        first = bisect_right(self.cuts, span.start, key=lambda cut: cut.end)
        last = bisect_left(self.cuts, span.end, key=lambda cut: cut.start)
        return runs(self.text, span, notes, self.cuts[first:last])

    def misfits_in(self, span: Span, made: Sequence[Run]) -> tuple[Misfit, ...]:
        """The brackets in a stretch of the text, `made` into runs, that were not understood."""
        first = bisect_left(self.misfits, span.start, key=lambda each: each[0].start)
        last = bisect_left(self.misfits, span.end, key=lambda each: each[0].start)
        offsets, lengths = [run.offset for run in made], [0, *accumulate(len(run.text) for run in made)]
        return tuple(
            Misfit(lengths[bisect_left(offsets, bracket.start)], inner.of(self.text), inner)
            for bracket, inner in self.misfits[first:last]
        )


# A blank of no width parts no words, and stands where there was a control character.
_NOTHING = re.compile(f"{HIDDEN}+")
# Nobody puts a reading in more brackets than these.
_NESTED = 3
# In this order: what markup says is certain, a reading beside its hanzi is a guess.
_SCANNERS = (bracketed, lined_up, told, beside, toneless)


def scan(text: str, *, markdown: bool) -> Scan:
    """Every scanner in turn; each sees only what those before it have left. `markdown`: its signs are not read."""
    view = revealed(text)
    notes, hidden = ruby(text, view)
    view = masked(view, notes, hidden)
    found, more = marked_up(text, view)
    notes += found
    hidden += more
    hidden += [Span(*match.span()) for match in _NOTHING.finditer(text)]
    signs, dropped = tags(view), []
    if markdown:
        signs += markdown_signs(masked(view, found))
        dropped = no_text(view)
    hidden += signs
    view = masked(view, found, [*more, *signs, *(span for span, _ in dropped)])
    heads = [Span(*match.span()) for match in HEAD.finditer(view)]
    hidden += heads
    view = masked(view, (), [*misread_cells(view), *heads])  # misreadings stay in the text
    for scanner in _SCANNERS:
        if found := list(scanner(text, view)):
            notes += found
            view = masked(view, found)
    ordered = in_order(notes)
    unread = misfits(view, has_pinyin=any(note.annotation.kind is Kind.PINYIN for note in notes))
    view = masked(view, (), (bracket for bracket, _ in unread))
    empty: list[Span] = []
    for _ in range(_NESTED):
        found_empty = list(emptied(view, ordered))
        empty += found_empty
        view = masked(view, (), found_empty) if found_empty else view
    cuts = _apart(
        [*hidden, *(cut for note in ordered for cut in note.cuts), *(bracket for bracket, _ in unread), *empty]
    )
    return Scan(text, ordered, [note.base.start for note in ordered], cuts, sorted(dropped), markdown, unread)


def _apart(spans: Iterable[Span]) -> list[Span]:
    """Spans in order, those that touch or overlap made one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        elif span.start < span.end:
            out.append(span)
    return out
