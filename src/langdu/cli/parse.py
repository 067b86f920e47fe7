"""langdu parse."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import load_article, print_json, write_out
from langdu.cli.shared.options import KeepAll, Source
from langdu.errors import ConfigError

if TYPE_CHECKING:
    from langdu.model import Article, Paragraph


class Style(StrEnum):
    """The styles of `langdu.parse.writers`, which is not imported to show --help."""

    BRACKETS = "brackets"
    NUMBERS = "numbers"
    RUBY = "ruby"
    ZHUYIN = "zhuyin"
    TONELESS = "toneless"
    PLAIN = "plain"


class Over(StrEnum):
    """Over which words readings are written."""

    ANNOTATED = "annotated"
    ALL = "all"


def parse(
    source: Source,
    *,
    json: Annotated[bool, typer.Option("--json", help="The article as one JSON object.")] = False,
    annotate: Annotated[
        Style | None, typer.Option("--annotate", help="Write the readings back, in this style.", show_default=False)
    ] = None,
    ruby: Annotated[bool, typer.Option("--ruby", help="The same as --annotate ruby: a page of HTML.")] = False,
    over: Annotated[
        Over, typer.Option("--over", help="With --annotate: pinyin over the annotated words, or over all.")
    ] = Over.ANNOTATED,
    keep_all: KeepAll = False,
) -> None:
    """Print the clean article: no annotations, no furniture, nothing twice.

    Example: [bold]langdu parse article.txt --annotate numbers[/bold]
    """
    from langdu.parse import writers

    if json + ruby + (annotate is not None) > 1:
        raise ConfigError("--json, --annotate and --ruby are three ways to print: choose one")
    if over is Over.ALL and not ruby and annotate is None:
        raise ConfigError("--over says over which words --annotate or --ruby write: add one of them")
    article = load_article(source, "parse", keep_all=keep_all)
    if over is Over.ALL:
        from langdu.pipeline.annotating import annotated_throughout
        from langdu.userlexicon import own_words

        article = annotated_throughout(article, own_words(source, None))
    if json:
        print_json(_as_json(article))
    else:
        style = Style.RUBY if ruby else annotate or Style.PLAIN
        write_out(writers.annotate(article, writers.Style(style.value)).removesuffix("\n"))


def _as_json(article: Article) -> dict[str, Any]:
    title = article.title
    return {
        "title": title.text if title else None,
        "title_annotations": _annotations(title) if title else [],
        "language": article.language,
        "author": article.author,
        "date": article.date,
        "source": article.origin,
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
