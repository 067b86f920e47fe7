"""langdu words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import load_article, notice, print_json, write_out
from langdu.cli.shared.options import KeepAll, Lexicon, Rate, Source, Voice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.pipeline.study.words import ArticleWord


_FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # the last four are full-width forms


class Form(StrEnum):
    """How the list is printed."""

    TEXT = "text"
    CSV = "csv"
    JSON = "json"


def words(
    source: Source,
    *,
    form: Annotated[Form, typer.Option("--format", help="How to print the list.")] = Form.TEXT,
    known: Annotated[
        Path | None, typer.Option("--known", metavar="FILE", help="Leave out the words in this file (one per line).")
    ] = None,
    audio: Annotated[
        Path | None,
        typer.Option("--audio", metavar="FOLDER", help="Write an MP3 of each word and its sentence into this folder."),
    ] = None,
    anki: Annotated[
        Path | None, typer.Option("--anki", metavar="FILE.apkg", help="Write a deck for Anki, with sound.")
    ] = None,
    voice: Voice = None,
    rate: Rate = None,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
) -> None:
    """List the words of an article, each with its reading, count, sentence and HSK 3.0 level.

    Example: [bold]langdu words article.txt --known mine.txt --format csv[/bold]
    """
    from langdu import settings
    from langdu.files import user_path
    from langdu.pipeline.study import words as pipeline

    places = {"folder": audio and user_path(audio), "deck": anki and user_path(anki)}
    chosen = settings.load({"voice": voice, "rate": rate, "lexicon": lexicon})
    left_out = pipeline.known_words(user_path(known)) if known else frozenset[str]()
    article = load_article(source, "words", keep_all=keep_all)
    entries = pipeline.article_words(article, chosen, left_out)
    if not entries:
        notice("every word of the article is known")
    if form is Form.JSON:
        for entry in entries:
            print_json(_row(entry))
    elif form is Form.CSV:
        _print_csv(entries)
    elif entries:
        _print_table(entries)
    if entries and (audio or anki):
        from langdu.pipeline.study import cards

        cards.record_words(entries, article, chosen, notice=notice, **places)
        for place in filter(None, places.values()):
            notice(f"written: {place}")


def _row(entry: ArticleWord) -> dict[str, Any]:
    from langdu.pinyin import number

    return {
        "word": entry.text,
        "pinyin": entry.pinyin,
        "syllables": [number(syllable) for syllable in entry.syllables],
        "count": entry.count,
        "annotated": entry.annotated,
        "level": entry.level,
        "sentence": entry.sentence,
        "paragraph": entry.first.paragraph,
        "start": entry.first.span.start,
        "end": entry.first.span.end,
    }


def _print_csv(entries: Sequence[ArticleWord]) -> None:
    """Print the list for a spreadsheet. Excel recognises UTF-8 by the byte order mark at the beginning."""
    import csv
    import io

    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    columns = ["word", "pinyin", "count", "annotated", "level", "sentence"]
    writer = csv.DictWriter(text, columns, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        row = _row(entry) | {"annotated": "yes" if entry.annotated else "no"}
        writer.writerow({name: _cell(value) for name, value in row.items()})
    write_out(text.getvalue().removesuffix("\n"))


def _cell(value: Any) -> Any:  # noqa: ANN401 - texts, numbers, nothing
    """A value that no spreadsheet takes for a formula, because a formula could load data from anywhere.

    Source: OWASP, CSV Injection: an apostrophe goes before a character that begins a formula, or its full-width form.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _print_table(entries: Sequence[ArticleWord]) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table(box=None, pad_edge=False, expand=True)
    for heading in ("word", "pinyin", "times", "HSK", "given"):
        table.add_column(heading, no_wrap=True, justify="right" if heading == "times" else "left")
    table.add_column("sentence", no_wrap=True, overflow="ellipsis", ratio=1)
    for entry in entries:
        given = "yes" if entry.annotated else ""
        cells = (entry.text, entry.pinyin, str(entry.count), entry.level or "–", given, entry.sentence)
        table.add_row(*cells)
    terminal().print(table)
