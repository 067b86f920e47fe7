"""An article → a test sheet."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.errors import InputError
from langdu.export import sheet
from langdu.export.sheet import Sheet, page, word
from langdu.lexicon.user import own_words
from langdu.pipeline.text import read_characters

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Article, SheetTask


def write_sheet(path: Path, article: Article, task: SheetTask, *, all_words: bool, lexicon: Path | None) -> Sheet:
    """Write a sheet that asks for all words of an article, or for those that it annotates.

    Raises: ConfigError: the name of the file ends otherwise. InputError: nothing can be asked. ExportError: the file
    cannot be written.
    """
    sheet.check_ending(path)
    paragraphs = list(article.spoken_order())
    rows = []
    own = own_words(article.source.name, lexicon)
    for paragraph, readings in zip(paragraphs, read_characters(paragraphs, own), strict=True):
        asked = [all_words] * len(readings)
        for span, _ in paragraph.annotated():
            asked[span.start : span.end] = [True] * len(span)
        rows.append(list(sheet.cells(paragraph.text, [r.citation if r else None for r in readings], asked)))
    title = article.title.text if article.title else article.source.stem
    made = Sheet(title=title, language=article.language, task=task, paragraphs=rows)
    if not made.points:
        raise InputError(f"{article.source.name} annotates no words, so nothing can be asked: ask for all of them")
    write = word.write if path.suffix.lower() == ".docx" else page.write
    write(path, made)
    return made
