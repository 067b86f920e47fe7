"""Source → Article: formats, furniture and duplicates, annotations."""

from __future__ import annotations

from langdu.model import Article, Paragraph, Source, Span
from langdu.parse.paragraphs import drop_duplicates, drop_furniture, paragraphs, pieces, split_title
from langdu.parse.scan import scan
from langdu.parse.source import read_source

__all__ = ["parse_article", "parse_line", "read_source"]


def parse_article(source: Source) -> Article:
    r"""The clean article: title and paragraphs with their annotations, without copies and furniture.

    Everything that is left out, but for the writing of the annotations, is in `dropped`.

    >>> article = parse_article(Source("-", "春\n\n春天来(lái)了。"))
    >>> article.title.text, [p.text for p in article.paragraphs]
    ('春', ['春天来了。'])
    """
    found = scan(source.text)
    title, body, copies = split_title(found, list(pieces(found)))
    body, repeated = drop_duplicates(body)
    body, round_it = drop_furniture(body)
    return Article(
        source=source,
        title=Paragraph(-1, title.runs) if title else None,
        paragraphs=paragraphs(body),
        dropped=tuple(sorted([*copies, *repeated, *round_it], key=lambda dropped: dropped.line)),
    )


def parse_line(text: str) -> Paragraph:
    """One text as it is: its annotations are found, nothing is cleaned. Offsets of the runs point into `text`.

    >>> parse_line("长(cháng)城").text
    '长城'
    """
    return Paragraph(0, scan(text).runs(Span(0, len(text))))
