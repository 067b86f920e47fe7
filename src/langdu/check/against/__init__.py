"""Pinyin that a learner wrote without the hanzi, held against the article syllable by syllable."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langdu.model import Paragraph, Source, Span, Syllable


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedSyllable:
    """A syllable that the article asks for: `text` at `span` of the paragraph with this index.

    `accepted` are other ways to write it, each with the reason: see `Remark`. What need not be written is not
    `required`: a number may be copied, and the 儿 of an erhua is part of the syllable before it. `begins`: it is the
    first of its paragraph.
    """

    paragraph: int
    span: Span
    text: str
    syllable: Syllable
    accepted: Mapping[Syllable, Remark]
    required: bool = True
    begins: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnerSyllable:
    """A syllable that the learner wrote, at `span` of the learner's text; `syllable` is None if it is none.

    `toned` is false in lines that have no tones at all. `line` and `column` count from 1. `word` numbers the words of
    the text; `begins`: it is the first of its line.
    """

    written: str
    syllable: Syllable | None
    toned: bool
    span: Span
    line: int
    column: int
    word: int
    begins: bool = False


class Verdict(StrEnum):
    """What a syllable is worth."""

    RIGHT = "right"
    WRONG = "wrong"
    MISSING = "missing"
    EXTRA = "extra"


class Why(StrEnum):
    """What is wrong with a syllable."""

    TONE = "tone"
    NO_TONE = "no tone"
    SYLLABLE = "syllable"
    SPELLING = "spelling"


class Remark(StrEnum):
    """Why another spelling is right too."""

    SANDHI = "the tone as heard, after sandhi"
    NEUTRAL = "a neutral tone may be written or not"
    ERHUA = "erhua may be written as one syllable or as two"
    DICTIONARY = "a reading of everyday speech"
    UNSURE = "the context leaves several readings"
    NUMBER = "a number may be written or copied"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One syllable of the article, of the learner, or of both, with a verdict.

    `why` is given for what is wrong, `note` for what is right although it is spelled otherwise. What `counts` not is
    shown and not part of the score.
    """

    asked: AskedSyllable | None
    learner: LearnerSyllable | None
    verdict: Verdict
    why: Why | None = None
    note: Remark | None = None
    counts: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A learner's text held against an article; `judged` is in the order of both."""

    source: Source
    title: str
    paragraphs: Sequence[Paragraph]
    judged: Sequence[Judged]
    toned: bool

    def counts(self) -> Counter[Verdict]:
        """How many syllables there are with each verdict."""
        return Counter(judged.verdict for judged in self.judged if judged.counts)

    @property
    def score(self) -> float:
        """The share of right syllables among all, missing and extra ones included: 0 to 1."""
        counts = self.counts()
        return counts[Verdict.RIGHT] / max(1, counts.total())
