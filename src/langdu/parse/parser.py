"""Source → Article: formats, furniture and duplicates, annotations."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from langdu.controls import hide_controls
from langdu.model import Article, Dropped, Paragraph, Source, Span
from langdu.parse.annotations.neutral import with_neutral_tones
from langdu.parse.annotations.scan import scan
from langdu.parse.annotations.unread.syntax import front_matter, front_matter_of, is_markdown
from langdu.parse.article.details import find_details
from langdu.parse.article.dropping import drop_crumbs, drop_duplicates, drop_furniture
from langdu.parse.article.kept import kept_lines, put_back
from langdu.parse.article.lines import drop_non_text, paragraphs, source_lines
from langdu.parse.article.title import any_is, drop_title, named_title, retitled, split_title

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from langdu.parse.article.lines import SourceLine


def parse_article(source: Source) -> Article:
    r"""The clean article: title and paragraphs with their annotations, without copies and furniture.

    What is left out is in `dropped`, except the annotations' brackets.

    >>> article = parse_article(Source("-", "春\n\n春天来(lái)了。"))
    >>> article.title.text, [p.text for p in article.paragraphs]
    ('春', ['春天来了。'])
    """
    source = _with_front_matter(source)
    scanned = scan(source.text, markdown=is_markdown(source.name, source.text))
    whole = list(source_lines(scanned))
    lines, non_text = drop_non_text(scanned, whole)
    lines, crumbs = drop_crumbs(lines)
    known = parse_line(source.title).text if source.title else None
    named = None if any_is(lines, known) else named_title(scanned, source.title, front_matter_of(source.text))
    title, body, copies = (named, lines, []) if named else split_title(scanned, lines, known)
    body, duplicates = drop_duplicates(body)
    body, furniture = drop_furniture(body)
    title, body = retitled(title, body, lines)
    body, later_copies = drop_title(title, body)
    dropped = [*non_text, *crumbs, *copies, *duplicates, *furniture, *later_copies]
    body, dropped = put_back(body, dropped, whole, kept_lines(source.text), title)
    dropped += _not_understood(lines)
    return _article(source, title, body, dropped, lines)


def parse_everything(source: Source) -> Article:
    """Every line of the source as a paragraph, with its annotations. Nothing is dropped, and no line is the title."""
    scanned = scan(source.text, markdown=is_markdown(source.name, source.text))
    body = list(source_lines(scanned))
    return _article(source, None, body, _not_understood(body), body)


def parse_line(text: str) -> Paragraph:
    """One text as it is: annotations are found, control characters are hidden, and nothing is dropped.

    Offsets of the runs point into `text`.

    >>> parse_line("长(cháng)城").text
    '长城'
    """
    scanned, whole = scan(hide_controls(text), markdown=False), Span(0, len(text))
    runs = scanned.runs(whole)
    (paragraph,) = with_neutral_tones([Paragraph(0, runs, misfits=scanned.misfits_in(whole, runs))])
    return paragraph


def _with_front_matter(source: Source) -> Source:
    """The source with what its front matter says of it."""
    fields = front_matter(source.text)
    return replace(
        source,
        title=source.title or fields.get("title"),
        author=source.author or fields.get("author"),
        date=source.date or fields.get("date"),
        origin=source.origin or fields.get("source"),
    )


def _not_understood(lines: Sequence[SourceLine]) -> list[Dropped]:
    """The brackets that were not understood."""
    return [Dropped(line.number, misfit.written, "not-understood") for line in lines for misfit in line.misfits]


def _article(
    source: Source,
    title: SourceLine | None,
    body: Sequence[SourceLine],
    dropped: Iterable[Dropped],
    lines: Sequence[SourceLine],
) -> Article:
    """`lines` are all lines of the source: those that are left out may say who wrote the article, and when."""
    details = find_details([line.text for line in lines])
    heading = [Paragraph(-1, title.runs, is_title=True, misfits=title.misfits)] if title else []
    read = with_neutral_tones([*heading, *paragraphs(body)])
    return Article(
        source=source,
        title=read[0] if title else None,
        paragraphs=read[len(heading) :],
        dropped=tuple(sorted(dropped, key=lambda part: part.line)),
        author=source.author or details.author,
        date=source.date or details.date,
        origin=source.origin or details.origin,
    )
