"""Findings with their places in the source, ready to be written as JSON, SARIF or HTML, or into a corrected copy."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langdu.check.annotated import Offsets
from langdu.model import FilePlace, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from langdu.model import Article, Finding, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFinding:
    """A finding in its file. `line` and `column` count from 1; `place` is the text and its annotation in `Source.text`.

    `annotation` is the place of the written pinyin there, None if the text has none. `around` is the text with
    a few characters on either side; it identifies the place even when lines move. `accept` is the command that accepts
    the reading for good; None if no entry of the user's own readings does.
    """

    finding: Finding
    file: str
    line: int
    column: int
    place: Span
    annotation: Span | None
    around: str
    accept: str | None = None


class Lines:
    """Lines and columns in the file of a source, or in its text if the file has no lines; the table is made once."""

    def __init__(self, source: Source) -> None:
        self._starts = [0, *(i + 1 for i, char in enumerate(source.text) if char == "\n")]
        self._places = source.places or [FilePlace(start, line, 1) for line, start in enumerate(self._starts, 1)]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        place = self._at(offset)
        return place.line, place.column + (offset - place.offset if place.is_exact else 0)

    def in_file(self, line: int) -> int:
        """The line of the file in which a line of the text begins."""
        return self.place(self._starts[line - 1])[0]

    def is_exact(self, span: Span) -> bool:
        """Whether a part of the text stands in the file as it is."""
        first, last = self._at(span.start), self._at(max(span.start, span.end - 1))
        (line, column), (end_line, end_column) = self.place(span.start), self.place(span.end)
        is_whole = (line, column + len(span)) == (end_line, end_column)
        return first.is_exact and first.column - first.offset == last.column - last.offset and is_whole

    def _at(self, offset: int) -> FilePlace:
        return self._places[max(0, bisect_right(self._places, offset, key=lambda place: place.offset) - 1)]


def located(
    article: Article, findings: Iterable[Finding], accept: Mapping[Finding, str] | None = None
) -> list[LocatedFinding]:
    """The findings of an article with their places; `accept` has commands that accept some of them."""
    source, lines = article.source.text, Lines(article.source)
    paragraphs = {p.index: (p.text, Offsets(p), dict(p.annotated())) for p in article.spoken_order()}
    out = []
    for finding in findings:
        text, offsets, annotations = paragraphs[finding.paragraph]
        span = finding.span
        start, end = offsets(span.start), offsets(span.end - 1) + 1
        note = annotations.get(span)
        line, column = lines.place(start)
        if note is not None and end <= note.span.start and "\n" not in source[end : note.span.end]:
            end = note.span.end + (source[note.span.end : note.span.end + 1] in tuple(")）]】"))
        out.append(
            LocatedFinding(
                finding=finding,
                file=article.source.name,
                line=line,
                column=column,
                place=Span(start, end),
                annotation=note.span if note is not None else None,
                around=text[max(0, span.start - 6) : span.end + 6],
                accept=(accept or {}).get(finding),
            )
        )
    return out


def as_json(located: LocatedFinding) -> dict[str, Any]:
    """One finding as `langdu check --format json` writes it."""
    finding = located.finding
    return {
        "rule": finding.rule,
        "severity": finding.severity.value,
        "message": finding.message,
        "file": located.file,
        "line": located.line,
        "column": located.column,
        "paragraph": finding.paragraph,
        "start": finding.span.start,
        "end": finding.span.end,
        "text": finding.text,
        "written": finding.written,
        "suggestion": finding.suggestion,
        "accept": located.accept,
    }
