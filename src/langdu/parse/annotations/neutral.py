"""Letters without a tone among annotations with tones: 三个(ge)朋(péng)友(you) says that 个 is neutral."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.marks import HANZI_RANGES
from langdu.model import Kind, Tone
from langdu.parse.annotations.alignment.written import has_tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Annotation, Paragraph, Run

_COUNTS: Final = "零〇一二两兩三四五六七八九十百千万萬亿億半"
# Where letters without a tone say a neutral tone that dictionaries do not list: after a number or this, that and which,
# after any word, at the end of a word, and where no object follows. Anything else, 家(jia), more likely lacks its tone.
_COUNTED: Final = re.compile(rf"(?<=[\d{_COUNTS}这這那哪几幾多每某整])[个個]")
_MEASURE: Final = re.compile(rf"(?<=[{HANZI_RANGES}])[个個]")
# 公里, 英里, 华里, 海里 are lengths, lǐ.
_IN_WORD: Final = re.compile(rf"(?<=[{HANZI_RANGES}])(?:[来來去上下裡裏]|(?<![公英华華海])里)")
_PLACE: Final = re.compile(
    rf"(?<=[{HANZI_RANGES}])(?<![{_COUNTS}几幾])[里裡裏]|(?<=[{HANZI_RANGES}])[上下](?=的|[^{HANZI_RANGES}]|$)"
)
# How much of the text is cut into words around such a character.
_AROUND: Final = 8


def with_neutral_tones(paragraphs: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """The paragraphs of an article, with `is_neutral` where letters without a tone say a neutral tone.

    If the author leaves out most tones, letters without a tone only lack it.
    """
    runs = [run for each in paragraphs for run in each.runs if run.annotation and _is_spelled(run.annotation)]
    bare = [run for run in runs if run.annotation and not has_tone(run.annotation.written)]
    if not bare or len(runs) - len(bare) <= sum(not _may_be_neutral(run) for run in bare):
        return tuple(paragraphs)
    return tuple(replace(each, runs=tuple(_runs(each))) for each in paragraphs)


def _runs(paragraph: Paragraph) -> Iterator[Run]:
    text, at = paragraph.text, 0
    for run in paragraph.runs:
        note = run.annotation
        if note and _is_spelled(note) and not has_tone(note.written) and _is_neutral(text, at, run):
            yield replace(run, annotation=replace(note, is_neutral=True))
        else:
            yield run
        at += len(run.text)


def _is_spelled(note: Annotation) -> bool:
    return note.kind in (Kind.PINYIN, Kind.RUBY)


def _may_be_neutral(run: Run) -> bool:
    """Whether each of a run's hanzi has a neutral reading with its letters."""
    syllables = run.annotation.syllables if run.annotation else ()
    neutral = (
        any(r.base == s.base and r.tone is Tone.NEUTRAL for r in lexicon.readings(char))
        for char, s in zip(run.text, syllables, strict=False)
    )
    return len(syllables) == len(run.text) and all(neutral)


def _is_neutral(text: str, at: int, run: Run) -> bool:
    note = run.annotation
    if note is None or len(run.text) != 1 or not note.written.islower() or not _may_be_neutral(run):
        return False  # a capital begins a name
    if _COUNTED.match(text, at):
        return True
    start = max(0, at - _AROUND)
    part = text[start : at + _AROUND]
    word = next(word for word in lexicon.split_words(part) if word.start <= at - start < word.end)
    if len(word) > 1:
        return word.start < at - start and _IN_WORD.match(text, at) is not None
    return _MEASURE.match(text, at) is not None or _PLACE.match(text, at) is not None
