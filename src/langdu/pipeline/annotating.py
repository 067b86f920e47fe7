"""An article with readings for all its words: the author's, or else langdu's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.errors import no_such
from langdu.lexicon.user import own_words
from langdu.model import Annotation, AnnotationStyle, Kind, Run, Span
from langdu.parse import writers
from langdu.pinyin import spell_word
from langdu.pipeline.text import read_characters

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from langdu.model import Article, Paragraph, Reading, Syllable


def annotated(article: Article, style: AnnotationStyle | str, *, all_words: bool) -> str:
    """The article as text, with readings in one style: for its annotated words, or for all words.

    Raises: ConfigError: there is no such style.
    """
    if style not in list(AnnotationStyle):
        raise no_such("style", style, AnnotationStyle)
    if all_words:
        article = annotated_throughout(article, own_words(article.source.name, None))
    return writers.annotate(article, AnnotationStyle(style))


def annotated_throughout(article: Article, own: Mapping[str, tuple[Syllable, ...]]) -> Article:
    """The article with an annotation over every word of hanzi. The author's annotations stay as they are.

    `own` are the user's words.
    """
    lines = list(article.spoken_order())
    annotated = [
        replace(paragraph, runs=tuple(_runs(paragraph, readings, own)))
        for paragraph, readings in zip(lines, read_characters(lines, own), strict=True)
    ]
    title = annotated.pop(0) if article.title is not None else None
    return replace(article, title=title, paragraphs=tuple(annotated))


def _runs(
    paragraph: Paragraph, readings: Sequence[Reading | None], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[Run]:
    at = 0
    for run in paragraph.runs:
        if run.annotation is not None:
            yield run
        else:
            for word in lexicon.split_words(run.text, own):
                yield _word(run, word, readings[at + word.start : at + word.end])
        at += len(run.text)


def _word(run: Run, word: Span, readings: Sequence[Reading | None]) -> Run:
    """A word with its reading; without one if a character in it (a mark, a letter, a rare hanzi) has none."""
    text, start = word.of(run.text), run.offset + word.start
    syllables = tuple(reading.citation for reading in readings if reading)
    if not syllables or len(text) != sum(1 + syllable.erhua for syllable in syllables):
        return Run(text, start)
    place = Span(start, start + len(text))
    return Run(
        text, start, Annotation(syllables=syllables, written=spell_word(syllables), span=place, kind=Kind.PINYIN)
    )
