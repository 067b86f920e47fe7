"""Notes: what scanners find in a source, and the runs that a stretch of the source becomes because of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.model import Annotation, Kind, Run, Span
from langdu.parse.annotations.alignment.exact import HIDDEN, WALL
from langdu.parse.annotations.alignment.written import spans_of_syllables

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.parse.annotations.alignment.exact import Pair


@dataclass(frozen=True, slots=True)
class Note:
    """An annotation, the hanzi that it annotates (`base`), and what is left out of the text because of it (`cuts`).

    All spans are of the source. `cuts` lie outside `base`.
    """

    base: Span
    annotation: Annotation
    cuts: tuple[Span, ...]


def notes_for(
    text: str, written: Span, pairs: Sequence[Pair], cuts: tuple[Span, ...], kind: Kind = Kind.PINYIN
) -> Iterator[Note]:
    """The notes for one written reading: one for each stretch of hanzi that nothing interrupts.

    快来，雪停了。(Kuài lái, xuě tíng le.) is two notes. The last one has the cuts.
    """
    if pairs[-1].end - pairs[0].start == sum(pair.end - pair.start for pair in pairs):
        syllables = tuple(syllable for pair in pairs for syllable in pair.syllables)
        annotation = Annotation(syllables=syllables, written=written.of(text), span=written, kind=kind)
        yield Note(Span(pairs[0].start, pairs[-1].end), annotation, cuts)
        return
    firsts = [i for i, pair in enumerate(pairs) if i == 0 or pairs[i - 1].end != pair.start]
    places = spans_of_syllables(written.of(text), [s for pair in pairs for s in pair.syllables])
    at = 0
    for first, end in zip(firsts, [*firsts[1:], len(pairs)], strict=True):
        syllables = tuple(syllable for pair in pairs[first:end] for syllable in pair.syllables)
        if syllables:
            place = Span(written.start + places[at].start, written.start + places[at + len(syllables) - 1].end)
            annotation = Annotation(syllables=syllables, written=place.of(text), span=place, kind=kind)
            base = Span(pairs[first].start, pairs[end - 1].end)
            yield Note(base, annotation, cuts if end == len(pairs) else ())
        at += len(syllables)


def cover(text: str, notes: Sequence[Note], hidden: Iterable[Span] = ()) -> str:
    """A view of the text, of the same length, in which what was found is hidden from the next scanner."""
    cuts = [cut for note in notes for cut in (*note.cuts, note.annotation.span)]
    fillers = {WALL: [note.base for note in notes], HIDDEN: [*cuts, *hidden]}
    spans = sorted((span.start, span.end, filler) for filler, covered in fillers.items() for span in covered)
    out: list[str] = []
    at = 0
    for begin, end, filler in spans:
        if end > at:
            start = max(at, begin)
            out += [text[at:start], filler * (end - start)]
            at = end
    return "".join([*out, text[at:]])


def without_overlaps(notes: Iterable[Note]) -> list[Note]:
    """Notes in the order of their bases. If two overlap, the first stays and takes over the cuts of the other."""
    kept: list[Note] = []
    for note in sorted(notes, key=lambda note: note.base):
        if not kept or note.base.start >= kept[-1].base.end:
            kept.append(note)
        else:
            kept[-1] = Note(kept[-1].base, kept[-1].annotation, kept[-1].cuts + note.cuts)
    return kept


def runs(text: str, span: Span, notes: Sequence[Note], cuts: Sequence[Span]) -> tuple[Run, ...]:
    """The runs of the stretch `span` of the source, without what is cut.

    `notes` are those whose base is in the stretch, `cuts` those that touch it; both in order.
    """
    if not notes and not cuts:
        return (Run(span.of(text), span.start),)
    out: list[Run] = []
    at, cut = span.start, 0
    for note in (*notes, None):
        end = note.base.start if note else span.end
        while cut < len(cuts) and cuts[cut].start < end:
            if cuts[cut].start > at:
                out.append(Run(text[at : cuts[cut].start], at))
            at = max(at, cuts[cut].end)
            cut += 1
        if at < end:
            out.append(Run(text[at:end], at))
        if note:
            out.append(Run(note.base.of(text), note.base.start, note.annotation))
            at = note.base.end
    return tuple(out)
