"""A comparison as JSON, and what is said of each syllable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from langdu.check.against import Verdict, Why
from langdu.pinyin import number, spell

if TYPE_CHECKING:
    from langdu.check.against import Comparison, Judged

_WHAT: Final = {
    Why.TONE: "wrong tone",
    Why.NO_TONE: "no tone",
    Why.SYLLABLE: "wrong syllable",
    Why.SPELLING: "not a syllable of pinyin",
}


def said_of(judged: Judged) -> str:
    """What is wrong with a syllable, or its note, in words; "" if it is simply right."""
    if judged.verdict is Verdict.RIGHT:
        return judged.note or ""
    return _WHAT[judged.why] if judged.why else judged.verdict.value


def asked_for(judged: Judged) -> str:
    """The reading that is asked for, with its tone mark."""
    return spell(judged.asked.syllable) if judged.asked else ""


def summary(comparison: Comparison) -> str:
    """The score in words: `90 %: 18 right, 1 wrong, 1 missing, 0 extra`."""
    counts = comparison.counts()
    # Rounded down, so that only a text without faults has 100 %.
    return f"{int(100 * comparison.score)} %: " + ", ".join(f"{counts[verdict]} {verdict}" for verdict in Verdict)


def as_json(comparison: Comparison, article: str) -> dict[str, Any]:
    """The whole comparison, as `langdu check --against --format json` prints it."""
    counts = comparison.counts()
    return {
        "article": article,
        "against": comparison.source.name,
        "toned": comparison.toned,
        "score": round(comparison.score, 4),
        **{verdict.value: counts[verdict] for verdict in Verdict},
        "syllables": [_syllable(judged) for judged in comparison.judged if judged.counts],
    }


def _syllable(judged: Judged) -> dict[str, Any]:
    asked, learner = judged.asked, judged.learner
    return {
        "verdict": judged.verdict.value,
        "why": judged.why and judged.why.value,
        "note": judged.note and judged.note.value,
        "text": asked and asked.text,
        "paragraph": asked and asked.paragraph,
        "start": asked and asked.span.start,
        "end": asked and asked.span.end,
        "expected": asked and number(asked.syllable),
        "written": learner and learner.written,
        "line": learner and learner.line,
        "column": learner and learner.column,
    }
