"""Runs every scanner over a text, and keeps what they find: annotations, and what is not to be read because of them.

Scanners read a *view* of the text: a copy of the same length, in which `cover` has hidden what earlier ones found. So
every offset in a view is an offset in the source.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from langdu.model import Kind, Misfit, Span
from langdu.parse.annotations.alignment.exact import HIDDEN
from langdu.parse.annotations.alignment.written import unescape
from langdu.parse.annotations.notes import cover, runs, without_overlaps
from langdu.parse.annotations.scanners.bare import find_bare, find_toneless
from langdu.parse.annotations.scanners.brackets import find_bracketed
from langdu.parse.annotations.scanners.brackets.inside import HEAD, find_emptied
from langdu.parse.annotations.scanners.layouts import find_lined_up
from langdu.parse.annotations.scanners.markup import find_markup
from langdu.parse.annotations.scanners.prose import find_in_prose
from langdu.parse.annotations.scanners.ruby import find_ruby
from langdu.parse.annotations.unread.misfits import find_misfit_lines, find_misfits
from langdu.parse.annotations.unread.repeated import find_repeated
from langdu.parse.annotations.unread.syntax import (
    find_front_matter,
    find_markdown_signs,
    find_non_text,
    find_tags,
)
from langdu.parse.annotations.unread.tables import find_misread_cells

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.model import Run
    from langdu.parse.annotations.notes import Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What was found in a text.

    `notes` are in order, and `starts` is where the base of each begins. `cuts` are in order and do not touch. `dropped`
    are stretches that are not text, with the reason. `misfits` are brackets and lines that were not understood, with
    the reading in them.
    """

    text: str
    notes: Sequence[Note]
    starts: Sequence[int]
    cuts: Sequence[Span]
    dropped: Sequence[tuple[Span, str]]
    is_markdown: bool
    misfits: Sequence[tuple[Span, Span]] = ()

    def runs(self, span: Span) -> tuple[Run, ...]:
        """The runs that a stretch of the text becomes."""
        notes = self.notes[bisect_left(self.starts, span.start) : bisect_left(self.starts, span.end)]
        first = bisect_right(self.cuts, span.start, key=lambda cut: cut.end)
        last = bisect_left(self.cuts, span.end, key=lambda cut: cut.start)
        return runs(self.text, span, notes, self.cuts[first:last])

    def misfits_in(self, span: Span, runs: Sequence[Run]) -> tuple[Misfit, ...]:
        """The brackets that were not understood in a stretch of the text, which has become `runs`."""
        first = bisect_left(self.misfits, span.start, key=lambda misfit: misfit[0].start)
        last = bisect_left(self.misfits, span.end, key=lambda misfit: misfit[0].start)
        offsets, lengths = [run.offset for run in runs], [0, *accumulate(len(run.text) for run in runs)]
        return tuple(
            Misfit(lengths[bisect_left(offsets, bracket.start)], inner.of(self.text), inner)
            for bracket, inner in self.misfits[first:last]
        )


# Zero-width spaces are not read. They also stand in the place of control characters.
_NOTHING = re.compile(f"{HIDDEN}+")
# How deep brackets around a reading may nest.
_NESTED = 3
# The surest first: a reading in brackets was meant as one, a bare one beside its hanzi is a guess.
_SCANNERS = (find_bracketed, find_lined_up, find_in_prose, find_bare, find_toneless)


def scan(text: str, *, markdown: bool) -> Scan:
    """Run every scanner; each sees only what those before it have left. `markdown`: its signs are not read."""
    view = unescape(text)
    notes, hidden = find_ruby(text, view)
    view = cover(view, notes, hidden)
    marked, signs = find_markup(text, view)
    notes += marked
    signs += find_tags(view)
    if markdown:
        signs += find_markdown_signs(cover(view, marked))
    dropped = find_non_text(view) if markdown else find_front_matter(view)
    view = cover(view, marked, [*signs, *(span for span, _ in dropped)])
    labels = [Span(*match.span()) for match in HEAD.finditer(view)]
    hidden += [*signs, *labels, *(Span(*match.span()) for match in _NOTHING.finditer(text))]
    view = cover(view, (), [*find_misread_cells(view), *labels])  # misreadings stay in the text
    before = view
    for scanner in _SCANNERS:
        if more := list(scanner(text, view)):
            notes += more
            view = cover(view, more)
    notes = without_overlaps(notes)
    repeated = find_repeated(view, notes)
    hidden += repeated
    view = cover(view, (), repeated)
    misfits = find_misfits(view, has_pinyin=any(note.annotation.kind is Kind.PINYIN for note in notes))
    misfits = sorted(misfits + find_misfit_lines(before, cover(view, (), [bracket for bracket, _ in misfits])))
    brackets = [bracket for bracket, _ in misfits]
    empty = _emptied(cover(view, (), brackets), notes)
    cuts = _merged([*hidden, *(cut for note in notes for cut in note.cuts), *brackets, *empty])
    return Scan(
        text=text,
        notes=notes,
        starts=[note.base.start for note in notes],
        cuts=cuts,
        dropped=sorted(dropped),
        is_markdown=markdown,
        misfits=misfits,
    )


def _emptied(view: str, notes: Sequence[Note]) -> list[Span]:
    """Brackets in which nothing is left to read, and those around them."""
    brackets: list[Span] = []
    for _ in range(_NESTED):
        innermost = list(find_emptied(view, notes))
        if not innermost:
            break
        brackets += innermost
        view = cover(view, (), innermost)
    return brackets


def _merged(spans: Iterable[Span]) -> list[Span]:
    """Spans in order; those that touch or overlap are made one."""
    out: list[Span] = []
    for span in sorted(spans):
        if out and span.start <= out[-1].end:
            out[-1] = Span(out[-1].start, max(out[-1].end, span.end))
        elif span.start < span.end:
            out.append(span)
    return out
