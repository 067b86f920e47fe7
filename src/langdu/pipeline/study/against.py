"""A learner's pinyin, held against an article."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu import engines
from langdu.check.against import Comparison
from langdu.check.against.asked import asked_syllables
from langdu.check.against.judging import judged
from langdu.check.against.learned import learner_words
from langdu.errors import InputError
from langdu.model import Rundown
from langdu.pipeline.study.words import READER
from langdu.pipeline.text import scripts

if TYPE_CHECKING:
    from langdu.model import Article, Source
    from langdu.settings import Settings

_LATIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9'’-]*")


def compare(article: Article, mine: Source, settings: Settings) -> Comparison:
    """Hold the pinyin in `mine` against the readings of an article, syllable by syllable.

    Raises: InputError: there is no pinyin in `mine`.
    """
    can = engines.create(READER, None).capabilities
    asked = [
        syllable
        for script in scripts(Rundown.of(article), replace(settings, quotes=None), lambda _: can)
        for syllable in asked_syllables(script.paragraph.index, script.normalized, script.readings)
    ]
    paragraphs = list(article.spoken_order())
    copied = {word for paragraph in paragraphs for word in _LATIN.findall(paragraph.text)}
    words = learner_words(mine.text, copied)
    if not any(syllable.syllable for word in words for syllable in word.ways[0]):
        raise InputError(f"{mine.name} has no pinyin: write that of the article into it, paragraph by paragraph")
    return Comparison(
        source=mine,
        title=article.title.text if article.title else article.source.stem,
        paragraphs=paragraphs,
        judged=judged(asked, words),
        toned=any(syllable.toned for word in words for syllable in word.ways[0]),
    )
