"""Findings with their places in the source, ready to be written as JSON, SARIF or HTML, or into a corrected copy."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from langdu.check.annotated import Offsets
from langdu.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from langdu.model import Article, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class LocatedFinding:
    """A finding in its file. `line` and `column` count from 1; `place` is the text and its annotation in the source.

    `annotation` is the place of the written pinyin in the source, None if the text has none. `around` is the text with
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
    """Lines and columns of a text; the table is made once."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(i + 1 for i, char in enumerate(text) if char == "\n")]

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both counted from 1."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def located(
    article: Article, findings: Iterable[Finding], accept: Mapping[Finding, str] | None = None
) -> list[LocatedFinding]:
    """The findings of an article with their places; `accept` has commands that accept some of them."""
    source, lines = article.source.text, Lines(article.source.text)
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
