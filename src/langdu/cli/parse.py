"""langdu parse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.common import Source, load, print_json, write_out

if TYPE_CHECKING:
    from langdu.model import Article, Paragraph


def parse(
    source: Source,
    *,
    json: Annotated[bool, typer.Option("--json", help="The article as one JSON object.")] = False,
) -> None:
    """Print the clean article: no annotations, no furniture, nothing twice.

    Example: [bold]langdu parse article.txt --json[/bold]
    """
    article = load(source)
    if json:
        print_json(_as_json(article))
        return
    write_out("\n\n".join(paragraph.text for paragraph in article.spoken_order()))


def _as_json(article: Article) -> dict[str, Any]:
    title = article.title
    return {
        "title": title.text if title else None,
        "title_annotations": _annotations(title) if title else [],
        "language": article.language,
        "paragraphs": [{"index": p.index, "text": p.text, "annotations": _annotations(p)} for p in article.paragraphs],
        "dropped": [{"line": d.line, "text": d.text, "reason": d.reason} for d in article.dropped],
    }


def _annotations(paragraph: Paragraph) -> list[dict[str, Any]]:
    from langdu.pinyin import number

    return [
        {
            "start": span.start,
            "end": span.end,
            "text": span.of(paragraph.text),
            "written": annotation.written,
            "syllables": [number(s) for s in annotation.syllables],
            "kind": annotation.kind.value,
        }
        for span, annotation in paragraph.annotated()
    ]
