"""langdu parse."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import load_article, print_json, write_out
from langdu.cli.shared.options import KeepAll, Over, Source
from langdu.errors import ConfigError
from langdu.model import AnnotationStyle

if TYPE_CHECKING:
    from langdu.model import Article, Paragraph


def parse(
    source: Source,
    *,
    json: Annotated[bool, typer.Option("--json", help="Print the article as one JSON object.")] = False,
    annotate: Annotated[
        AnnotationStyle | None,
        typer.Option(
            "--annotate",
            metavar="STYLE",
            help="Print the readings too: brackets, numbers, ruby, zhuyin, toneless, or plain for none.",
            show_default=False,
        ),
    ] = None,
    ruby: Annotated[bool, typer.Option("--ruby", help="The same as --annotate ruby: an HTML page.")] = False,
    over: Annotated[
        Over, typer.Option("--over", help="With --annotate: readings for the annotated words, or for all.")
    ] = Over.ANNOTATED,
    keep_all: KeepAll = False,
) -> None:
    """Print the clean article, without annotations, page furniture and repetitions.

    Example: [bold]langdu parse article.txt --annotate numbers[/bold]
    """
    if json + ruby + (annotate is not None) > 1:
        raise ConfigError("--json, --annotate and --ruby are three ways to print: choose one")
    if over is Over.ALL and not ruby and annotate is None:
        raise ConfigError("--over chooses the words that --annotate or --ruby give readings for: add one of these")
    article = load_article(source, "parse", keep_all=keep_all)
    if json:
        print_json(_as_json(article))
        return
    from langdu.pipeline.annotating import annotated

    style = AnnotationStyle.RUBY if ruby else annotate or AnnotationStyle.PLAIN
    write_out(annotated(article, style, all_words=over is Over.ALL).removesuffix("\n"))


def _as_json(article: Article) -> dict[str, Any]:
    from langdu.check.report import Lines

    title, lines = article.title, Lines(article.source)
    return {
        "title": title.text if title else None,
        "title_annotations": _annotations(title) if title else [],
        "language": article.language,
        "author": article.author,
        "date": article.date,
        "source": article.origin,
        "paragraphs": [{"index": p.index, "text": p.text, "annotations": _annotations(p)} for p in article.paragraphs],
        "dropped": [{"line": lines.in_file(d.line), "text": d.text, "reason": d.reason} for d in article.dropped],
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
