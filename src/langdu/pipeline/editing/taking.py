"""What a reader takes away of a corrected article: the same bytes as the command line makes of its file."""

from __future__ import annotations

import json
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from langdu.controls import show_controls
from langdu.errors import no_such
from langdu.export import FORMATS, ending
from langdu.model import Rundown
from langdu.pipeline.annotating import annotated
from langdu.pipeline.layout import Layout
from langdu.pipeline.narration import narrate
from langdu.pipeline.study.cards import record_words, word_line
from langdu.pipeline.study.lists import word_row, word_table
from langdu.pipeline.study.words import article_words

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from langdu.model import Article
    from langdu.pipeline.editing.manuscript import Manuscript
    from langdu.pipeline.reciting import Reciter
    from langdu.settings import Settings

_DECK: Final = "anki"
# Formats of which `langdu read` writes more than the file that is taken away.
_ONE_FILE: Final = {"mp3": "the whole article"}


class Doing(StrEnum):
    """What is being done for a file; it is told with how much of it is done."""

    SPEAKING = "speaking"  # paragraphs
    WORDS = "words"  # of a deck; they are spoken first and then written
    WRITING = "writing"


def forms() -> dict[str, str]:
    """The forms in which an article can be taken away, each with the ending of its file: formats, and a deck."""
    return {**{name: ending(name) for name in FORMATS}, _DECK: "apkg"}


def described(form: str) -> str:
    """What somebody gets who takes an article away in a format: one file."""
    return _ONE_FILE.get(form, FORMATS[form].about)


def file_to_take(
    manuscript: Manuscript, form: str, folder: Path, reciter: Reciter, told: Callable[[Doing, int, int], None]
) -> Path:
    """Make a file in `folder`, which is created. `told` is told how many of how many are done; what it raises ends all.

    Raises: ConfigError: there is no such form. EngineError, ExportError: as `narrate` and `record_words`.
    """
    if form not in forms():
        raise no_such("format", form, forms())
    article, settings = manuscript.article, manuscript.settings
    spoken = sum(1 for _ in article.spoken_order())
    if settings.fallback is None:  # or else `narrate` decides who speaks
        reciter.fill(article, lambda done: told(Doing.SPEAKING, done, spoken))
    if form == _DECK:
        folder.mkdir(parents=True, exist_ok=True)
        deck = folder / f"{article.source.stem}.apkg"
        words = article_words(article, settings)
        for done, word in enumerate(words, 1):
            reciter.line(word_line(word))
            told(Doing.WORDS, done // 2, len(words))

        def written(count: int) -> None:
            told(Doing.WORDS, (len(words) + count) // 2, len(words))

        record_words(words, article, settings, folder=None, deck=deck, progress=written)
        return deck
    chosen = replace(settings, formats=(form,))
    narrate(article, folder, chosen, progress=lambda _, __: told(Doing.WRITING, spoken, spoken))
    return folder / Layout.of(Rundown.of(article), chosen.formats).whole(form)


def text_to_take(article: Article, style: str | None) -> str:
    """The article as it is now, in its own annotation style, or in another one as `langdu parse --annotate` prints it.

    Raises: ConfigError: there is no such style.
    """
    if style is None:
        return article.source.text
    return show_controls(annotated(article, style, all_words=False).removesuffix("\n")) + "\n"


def words_to_take(article: Article, form: str, settings: Settings) -> str:
    """The words of the article, as `langdu words --format csv` or `json` prints them.

    Raises: ConfigError: there is no such form.
    """
    entries = article_words(article, settings)
    if form == "json":
        return "".join(show_controls(json.dumps(word_row(entry), ensure_ascii=False)) + "\n" for entry in entries)
    if form == "csv":
        return show_controls(word_table(entries).removesuffix("\n")) + "\n"
    raise no_such("format", form, ["csv", "json"])
