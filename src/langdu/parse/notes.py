"""Notes: what the scanners find in a source, and the runs that a stretch of the source becomes with them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.model import Run, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.model import Annotation


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation with the hanzi that it reads, and what is to be left out of the text because of it.

    All are spans of the source. `cuts` lie outside `base`.
    """

    base: Span
    annotation: Annotation
    cuts: tuple[Span, ...]


def in_order(notes: Iterable[Note]) -> list[Note]:
    """Notes by their base; of two that overlap, the first given stays, and the other only leaves its cuts."""
    kept: list[Note] = []
    for note in sorted(notes, key=lambda note: note.base):
        if not kept or note.base.start >= kept[-1].base.end:
            kept.append(note)
        else:
            kept[-1] = Note(kept[-1].base, kept[-1].annotation, kept[-1].cuts + note.cuts)
    return kept


def runs(text: str, span: Span, notes: Sequence[Note]) -> tuple[Run, ...]:
    """The stretch `span` of the source without what is cut, annotated; `notes` are those in it, in order."""
    cuts = sorted({cut for note in notes for cut in note.cuts})
    out: list[Run] = []
    at = span.start
    for note in notes:
        out += _plain(text, Span(at, note.base.start), cuts)
        out.append(Run(note.base.of(text), note.base.start, note.annotation))
        at = note.base.end
    return (*out, *_plain(text, Span(at, span.end), cuts))


def _plain(text: str, span: Span, cuts: Sequence[Span]) -> Iterator[Run]:
    """What stands in `span` outside the cuts."""
    at = span.start
    for cut in cuts:
        if cut.end > at and cut.start < span.end:
            if cut.start > at:
                yield Run(text[at : cut.start], at)
            at = max(at, cut.end)
    if at < span.end:
        yield Run(text[at : span.end], at)
