"""Source → Article: formats, furniture and duplicates, annotations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from langdu.controls import hide_controls
from langdu.model import Article, Dropped, Paragraph, Source, Span
from langdu.parse.annotations.scan import scan
from langdu.parse.annotations.unread.syntax import front_matter, front_matter_of, is_markdown
from langdu.parse.article.details import find_details
from langdu.parse.article.paragraphs import (
    drop_crumbs,
    drop_duplicates,
    drop_furniture,
    drop_no_text,
    drop_title,
    named_title,
    paragraphs,
    pieces,
    retitled,
    split_title,
)
from langdu.parse.sources.source import read_source

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.parse.article.paragraphs import Piece

__all__ = ["parse_article", "parse_everything", "parse_line", "read_source"]


def parse_article(source: Source) -> Article:
    r"""The clean article: title and paragraphs with their annotations, without copies and furniture.

    Everything that is left out, but for the writing of the annotations, is in `dropped`.

    >>> article = parse_article(Source("-", "春\n\n春天来(lái)了。"))
    >>> article.title.text, [p.text for p in article.paragraphs]
    ('春', ['春天来了。'])
    """
    source = _with_front_matter(source)
    found = scan(source.text, markdown=is_markdown(source.name, source.text))
    lines, no_text = drop_no_text(found, list(pieces(found)))
    lines, crumbs = drop_crumbs(lines)
    named = named_title(found, lines, source.title, front_matter_of(source.text))
    title, body, copies = (named, lines, []) if named else split_title(found, lines, source.title)
    body, repeated = drop_duplicates(body)
    body, round_it = drop_furniture(body)
    title, body = retitled(title, body, lines)
    body, again = drop_title(title, body)
    copies += again
    return _article(source, title, body, [*no_text, *crumbs, *copies, *repeated, *round_it, *_unread(lines)], lines)


def parse_everything(source: Source) -> Article:
    """Every line of the source as a paragraph, with its annotations: nothing is dropped, and no line is the title."""
    found = scan(source.text, markdown=is_markdown(source.name, source.text))
    body = list(pieces(found))
    return _article(source, None, body, _unread(body), body)


def parse_line(text: str) -> Paragraph:
    """One text as it is: its annotations are found, control characters hidden, nothing else is cleaned.

    Offsets of the runs point into `text`.

    >>> parse_line("长(cháng)城").text
    '长城'
    """
    found, whole = scan(hide_controls(text), markdown=False), Span(0, len(text))
    runs = found.runs(whole)
    return Paragraph(0, runs, misfits=found.misfits_in(whole, runs))


def _with_front_matter(source: Source) -> Source:
    """The source with what the head of its Markdown says."""
    said = front_matter(source.text)
    return replace(
        source,
        title=source.title or said.get("title"),
        author=source.author or said.get("author"),
        date=source.date or said.get("date"),
        origin=source.origin or said.get("source"),
    )


def _unread(lines: Sequence[Piece]) -> list[Dropped]:
    """The brackets that were not understood."""
    return [Dropped(piece.line, misfit.written, "not-understood") for piece in lines for misfit in piece.misfits]


def _article(
    source: Source, title: Piece | None, body: Sequence[Piece], dropped: Iterable[Dropped], lines: Sequence[Piece]
) -> Article:
    """`lines` are all that the source has, what is left out too: they may say who wrote it, and when."""
    said = find_details([piece.text for piece in lines])
    return Article(
        source=source,
        title=Paragraph(-1, title.runs, is_title=True, misfits=title.misfits) if title else None,
        paragraphs=paragraphs(body),
        dropped=tuple(sorted(dropped, key=lambda each: each.line)),
        author=source.author or said.author,
        date=source.date or said.date,
        origin=source.origin or said.origin,
    )
