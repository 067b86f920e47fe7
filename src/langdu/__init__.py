"""langdu 朗读 reads pinyin-annotated Chinese articles aloud, exactly as annotated, and checks the pinyin.

    >>> import langdu
    >>> article = langdu.parse_text("他在长(cháng)春(chūn)住了十年。")
    >>> [(span.start, annotation.written) for span, annotation in article.paragraphs[0].annotated()]
    [(2, 'cháng'), (3, 'chūn')]
    >>> langdu.check(article)
    []

docs/library.md has more examples. Every function raises a LangduError when it cannot go on; faults of the article are
Findings, which `check` returns.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

# The first import of a package binds it to its name here. These two are bound now, so that the functions of the same
# names, below, replace them for good; `from langdu.parse.parser import …` goes on working.
import langdu.check
import langdu.parse  # noqa: F401
from langdu.errors import (
    ConfigError,
    EngineError,
    EngineUnavailable,
    ExportError,
    InputError,
    LangduError,
    SynthesisFailed,
)
from langdu.files import user_path
from langdu.model import Article, Finding
from langdu.settings import Settings

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.output.narration import Narration
    from langdu.pipeline.say import SpokenLine

__all__ = [
    "Article",
    "ConfigError",
    "EngineError",
    "EngineUnavailable",
    "ExportError",
    "Finding",
    "InputError",
    "LangduError",
    "Settings",
    "SynthesisFailed",
    "annotate",
    "check",
    "narrate",
    "parse",
    "parse_text",
    "say",
]


# How much of a text a message repeats, and the longest name of a file on most systems.
_SHOWN = 30
_LONGEST_NAME = 80


# Each function imports what it needs when it is called: a voice's process and `langdu --help` need none of it.


def parse(source: str | Path) -> Article:
    """The clean article in a file or at an address.

    Raises: InputError: it cannot be read, or holds no article.
    """
    from langdu.marks import HANZI
    from langdu.pipeline import text

    try:
        return text.parse(source)
    except InputError as error:
        given = str(source)
        if not HANZI.search(given) or not ("there is no file" in str(error) or len(given) > _LONGEST_NAME):
            raise
        shown = given if len(given) <= _SHOWN else f"{given[:_SHOWN]}…"
        raise InputError(f"there is no file {shown}; if this is the text itself, call langdu.parse_text") from error


def parse_text(text: str) -> Article:
    """The clean article in a text.

    Raises: InputError: the text holds no article.
    """
    from langdu.model import Source
    from langdu.parse.parser import parse_article

    return parse_article(Source("text", text))


def check(article: Article | str | Path, *, lexicon: str | Path | None = None) -> list[Finding]:
    """What is wrong or worth knowing in the annotations of an article, in the order of the text.

    `lexicon` is a table of the user's own readings, besides those that langdu finds by itself.

    Raises: InputError: as `parse`. ConfigError: the lexicon cannot be read.
    """
    from langdu.check.report import located
    from langdu.pipeline import text

    read = _article(article)
    findings = text.check(read, lexicon=None if lexicon is None else user_path(lexicon))
    return [replace(place.finding, line=place.line, column=place.column) for place in located(read, findings)]


def narrate(
    article: Article | str | Path, folder: str | Path | None = None, settings: Settings | None = None
) -> Narration:
    """Speak an article into the files of a folder: by default MP3s and subtitles, in `audio/TITLE`.

    Raises: InputError: as `parse`. EngineError: the voice failed. ExportError: a file could not be written, or would
    replace one that langdu did not make. ConfigError: there is no such voice or format.
    """
    from langdu.pipeline import narration

    return narration.narrate(_article(article), None if folder is None else user_path(folder), settings or Settings())


def say(line: str, settings: Settings | None = None) -> SpokenLine:
    """Speak one line of hanzi, annotated or not, or of pinyin.

    Raises: InputError: the line has nothing that can be said. EngineError: the voice failed.
    """
    from langdu.pipeline import say as pipeline

    return pipeline.say(line, settings or Settings())


def annotate(article: Article | str | Path, style: str = "brackets", *, all_words: bool = False) -> str:
    r"""An article written back with its readings, over the annotated words or over all.

    `style` is a style of `langdu parse --annotate`: brackets, numbers, ruby, zhuyin, toneless or plain.

    Raises: InputError: as `parse`. ConfigError: there is no such style.

    >>> annotate(parse_text("他在长(cháng)春(chūn)住了十年。"), "numbers")
    '他在长(chang2)春(chun1)住了十年。\n'
    """
    from langdu.pipeline import annotating

    return annotating.annotated(_article(article), style, all_words=all_words)


def _article(given: Article | str | Path) -> Article:
    return given if isinstance(given, Article) else parse(given)
