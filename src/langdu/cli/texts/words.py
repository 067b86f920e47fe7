"""langdu words."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import load_article, notice, print_json, write_out
from langdu.cli.shared.options import KeepAll, Lexicon, Rate, Source, Voice, named_path
from langdu.model import CardTask

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Article
    from langdu.pipeline.study.words import ArticleWord


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
        Path | None,
        typer.Option(
            "--known", metavar="FILE", parser=named_path, help="Leave out the words in this file (one per line)."
        ),
    ] = None,
    level: Annotated[
        str | None,
        typer.Option(
            "--level", metavar="LEVEL", help="Only words of these levels of HSK 3.0 (2025): 4, 4+, 3-5 or none."
        ),
    ] = None,
    new: Annotated[int | None, typer.Option("--new", min=1, metavar="N", help="Only the first N words.")] = None,
    audio: Annotated[
        Path | None,
        typer.Option(
            "--audio",
            metavar="FOLDER",
            parser=named_path,
            help="Write an MP3 of each word and its sentence into this folder.",
        ),
    ] = None,
    anki: Annotated[
        Path | None,
        typer.Option("--anki", metavar="FILE.apkg", parser=named_path, help="Write a deck for Anki, with sound."),
    ] = None,
    cards: Annotated[
        CardTask | None,
        typer.Option(
            "--cards",
            help="What the cards of --anki show first: hanzi, sound, or a card for each.",
            show_default="both",
        ),
    ] = None,
    voice: Voice = None,
    rate: Rate = None,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
) -> None:
    """List the words of an article, each with its reading, meaning, count, sentence and level in HSK 3.0 (2025).

    Example: [bold]langdu words article.txt --level 4+ --new 20 --anki words.apkg[/bold]
    """
    from langdu import settings
    from langdu.errors import ConfigError
    from langdu.files import user_path
    from langdu.pipeline.study import words as pipeline

    if cards and not anki:
        raise ConfigError("--cards says what the cards of a deck show first: name the deck with --anki FILE.apkg")
    places = {"folder": audio and user_path(audio), "deck": anki and user_path(anki)}
    chosen = settings.load({"voice": voice, "rate": rate, "lexicon": lexicon})
    left_out = pipeline.known_words(user_path(known)) if known else frozenset[str]()
    wanted = pipeline.levels(level) if level else None
    article = load_article(source, "words", keep_all=keep_all)
    entries = pipeline.article_words(article, chosen, left_out)
    if not entries:
        notice("every word of the article is known")
    elif wanted and not (entries := [entry for entry in entries if wanted.has(entry.level)]):
        notice(f"the article has no {'unknown ' if known else ''}word of level {level}")
    entries = entries[:new]
    _print(entries, form, table=not (audio or anki))
    if entries and (audio or anki):
        from langdu.pipeline.study.cards import record_words

        _warn(article, lexicon)
        folder, deck = places["folder"], places["deck"]
        record_words(entries, article, chosen, folder=folder, deck=deck, ask=cards or CardTask.BOTH, notice=notice)
        for place in filter(None, places.values()):
            notice(f"written: {place}")


def _print(entries: Sequence[ArticleWord], form: Form, *, table: bool) -> None:
    """Print the list; as text only if a `table` is wanted."""
    from langdu.pipeline.study.lists import word_row, word_table

    if form is Form.JSON:
        for entry in entries:
            print_json(word_row(entry))
    elif form is Form.CSV:
        write_out(word_table(entries).removesuffix("\n"))
    elif entries and table:
        _print_table(entries)


def _warn(article: Article, lexicon: Path | None) -> None:
    """Say that the pinyin of the article has errors, which would be learned."""
    from langdu.errors import plural
    from langdu.model import Severity
    from langdu.pipeline.text import check

    errors = [finding for finding in check(article, lexicon=lexicon) if finding.severity is Severity.ERROR]
    if errors:
        shown = ", ".join(dict.fromkeys(f"{finding.text}({finding.written})" for finding in errors[:3]))
        name = article.source.name
        notice(f"{name} has {plural(len(errors), 'error')} in its pinyin, such as {shown}; see: langdu check {name}")


def _print_table(entries: Sequence[ArticleWord]) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table(box=None, pad_edge=False, expand=True)
    for heading in ("word", "pinyin", "times", "HSK", "given"):
        table.add_column(heading, no_wrap=True, justify="right" if heading == "times" else "left")
    table.add_column("meaning", no_wrap=True, overflow="ellipsis", ratio=1)
    table.add_column("sentence", no_wrap=True, overflow="ellipsis", ratio=1)
    for entry in entries:
        given = "yes" if entry.annotated else ""
        counted = (str(entry.count), entry.level or "–", given)
        table.add_row(entry.text, entry.pinyin, *counted, "; ".join(entry.meanings), entry.sentence)
    terminal().print(table)
