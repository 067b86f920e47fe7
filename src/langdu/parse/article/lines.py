"""Lines of the source, and the paragraphs that they become."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu.model import Dropped, Paragraph, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Misfit, Run
    from langdu.parse.annotations.scan import Scan

_LINE = re.compile(r"[^\n]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A line of the source without outer blanks, and the runs that it becomes. `gap`: an empty line is before it."""

    number: int
    span: Span
    runs: tuple[Run, ...]
    text: str
    gap: bool
    misfits: tuple[Misfit, ...] = ()

    @property
    def key(self) -> str:
        """Only letters, digits and hanzi: copies of a paragraph have the same key."""
        return "".join(filter(str.isalnum, self.text))


def source_lines(scan: Scan) -> Iterator[SourceLine]:
    """The lines of the source with anything to read.

    What was not understood in a line of which nothing is left is told of the line before, if that has no annotations,
    or of the next.
    """
    last: SourceLine | None = None
    waiting: tuple[Misfit, ...] = ()
    for line in _lines(scan):
        if not line.text.strip():
            lost = line.misfits
            if last and not any(run.annotation for run in last.runs):
                last, lost = _with_misfits(last, lost), ()
            waiting += lost
            continue
        if last:
            yield last
        last, waiting = replace(line, misfits=(*(replace(misfit, at=0) for misfit in waiting), *line.misfits)), ()
    if last:
        yield _with_misfits(last, waiting)


def _with_misfits(line: SourceLine, lost: Sequence[Misfit]) -> SourceLine:
    """The line with what was not understood behind it."""
    return replace(line, misfits=(*line.misfits, *(replace(misfit, at=len(line.text)) for misfit in lost)))


def _lines(scan: Scan) -> Iterator[SourceLine]:
    """The lines of the source that have anything to read, or something that was not understood."""
    number, counted, gap = 1, 0, False
    for match in _LINE.finditer(scan.text):
        ends = scan.text.count("\n", counted, match.start())
        number, counted, gap = number + ends, match.start(), gap or ends > 1
        text = match.group()
        start = match.start() + len(text) - len(text.lstrip())
        span = Span(start, start + len(text.strip()))
        if not text.strip():
            gap = True
        elif (line := _line(scan, number, span, gap=gap)).text.strip():
            yield line
            gap = False
        elif line.misfits:
            yield line


def drop_non_text(scan: Scan, lines: Sequence[SourceLine]) -> tuple[list[SourceLine], list[Dropped]]:
    """The lines without what the scan knows not to be text, such as code."""
    kept: list[SourceLine] = []
    dropped: list[Dropped] = []
    spans = iter((*scan.dropped, None))
    current = next(spans)
    for line in lines:
        while current is not None and current[0].end <= line.span.start:
            current = next(spans)
        if current is not None and current[0].start <= line.span.start:
            dropped.append(Dropped(line.number, line.text, current[1]))
        else:
            kept.append(line)
    return kept, dropped


def source_line(scan: Scan, number: int, span: Span, *, gap: bool) -> SourceLine | None:
    """What a part of one line becomes; None if nothing is left of it."""
    line = _line(scan, number, span, gap=gap)
    return line if line.text.strip() else None


def _line(scan: Scan, number: int, span: Span, *, gap: bool) -> SourceLine:
    runs = scan.runs(span)
    text = "".join(run.text for run in runs)
    return SourceLine(number=number, span=span, runs=runs, text=text, gap=gap, misfits=scan.misfits_in(span, runs))


def paragraphs(lines: Sequence[SourceLine]) -> tuple[Paragraph, ...]:
    """Each line as a paragraph."""
    return tuple(Paragraph(i, line.runs, misfits=line.misfits) for i, line in enumerate(lines))
