"""Values of a narration ↔ JSON, as manifests, records and the command line write it."""

from __future__ import annotations

import hashlib
import json
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from langdu import pinyin
from langdu.model import Chapter, Heading, Severity, Span, Tone
from langdu.output.narration import DoubtfulSyllable, Narration, SubstitutedCharacter
from langdu.sound.clock import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path


def doubt_row(doubt: DoubtfulSyllable) -> dict[str, Any]:
    """A doubtful syllable. `at` points into the paragraph's text; `start` and `end` are seconds."""
    return {
        "kind": doubt.kind,
        "message": doubt.message,
        "paragraph": doubt.paragraph,
        "at": [doubt.at.start, doubt.at.end],
        "text": doubt.text,
        "asked": doubt.asked and pinyin.number(doubt.asked),
        "heard_tone": doubt.heard_tone and int(doubt.heard_tone),
        "contour": doubt.contour and [round(semitones, 1) for semitones in doubt.contour],
        "score": round(doubt.score, 2),
        "start": doubt.start_s,
        "end": doubt.end_s,
    }


def substitution_row(substitution: SubstitutedCharacter) -> dict[str, Any]:
    """A substituted character. `start` and `end` point into the paragraph's text."""
    return {
        "paragraph": substitution.paragraph,
        "start": substitution.at.start,
        "end": substitution.at.end,
        "text": substitution.text,
        "pinyin": pinyin.spell(substitution.wanted),
        "alone": pinyin.spell(substitution.alone) if substitution.alone else None,
        "written": substitution.written,
    }


def chapter_row(chapter: Chapter, sample_rate: int) -> dict[str, Any]:
    """A chapter. `start` is in seconds."""
    heading = chapter.heading or Heading(chapter.title)
    return {
        "title": heading.title,
        "paragraph": chapter.paragraph,
        "start": seconds(chapter.start, sample_rate),
        "story": heading.is_story,
        "source": heading.source,
        "address": heading.address,
        "voice": chapter.voice,
    }


def narration_row(narration: Narration) -> dict[str, Any]:
    """All of a narration except its folder."""
    return {
        "title": narration.title,
        "voice": narration.voice,
        "voices": list(narration.voices),
        "files": list(narration.files),
        "paragraphs": narration.paragraphs,
        "samples": narration.samples,
        "sample_rate": narration.sample_rate,
        "findings": {severity.value: count for severity, count in narration.findings.items()},
        "syllables": narration.syllables,
        "doubts": None if narration.doubts is None else list(map(doubt_row, narration.doubts)),
        "substitutions": list(map(substitution_row, narration.substitutions)),
        "loudness": narration.loudness,
        "gains": dict(narration.gains),
        "chapters": [chapter_row(chapter, narration.sample_rate) for chapter in narration.chapters],
        "identity": narration.identity,
    }


def narration_from_row(folder: Path, row: Mapping[str, Any]) -> Narration | None:
    """The narration of a row that `narration_row` made; None for any other."""
    try:
        rate, samples = int(row["sample_rate"]), int(row["samples"])
        return Narration(
            folder=folder,
            title=row["title"],
            voice=row["voice"],
            voices=tuple(row["voices"]),
            files=tuple(row["files"]),
            paragraphs=row["paragraphs"],
            samples=samples,
            sample_rate=rate,
            findings={severity: row["findings"][severity.value] for severity in Severity},
            syllables=row["syllables"],
            doubts=None if row["doubts"] is None else tuple(map(_doubt, row["doubts"])),
            substitutions=tuple(map(_substitution, row["substitutions"])),
            loudness=row["loudness"],
            gains=dict(row["gains"]),
            chapters=_chapters(row["chapters"], rate, samples),
            identity=row["identity"],
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def _doubt(row: Mapping[str, Any]) -> DoubtfulSyllable:
    return DoubtfulSyllable(
        paragraph=row["paragraph"],
        at=Span(*row["at"]),
        text=row["text"],
        kind=row["kind"],
        message=row["message"],
        score=row["score"],
        asked=row["asked"] and pinyin.parse_syllable(row["asked"]),
        heard_tone=row["heard_tone"] and Tone(row["heard_tone"]),
        contour=row["contour"] and tuple(row["contour"]),
        start_s=row["start"],
        end_s=row["end"],
    )


def _substitution(row: Mapping[str, Any]) -> SubstitutedCharacter:
    return SubstitutedCharacter(
        paragraph=row["paragraph"],
        at=Span(row["start"], row["end"]),
        text=row["text"],
        wanted=pinyin.parse_syllable(row["pinyin"]),
        alone=row["alone"] and pinyin.parse_syllable(row["alone"]),
        written=row["written"],
    )


def _chapters(rows: Sequence[Mapping[str, Any]], rate: int, samples: int) -> tuple[Chapter, ...]:
    """Chapters touch each other, so a row says only when its chapter begins."""
    starts = [round(row["start"] * rate) for row in rows]
    return tuple(
        Chapter(
            title=row["title"],
            paragraph=row["paragraph"],
            start=start,
            end=end,
            heading=Heading(row["title"], row["source"], row["address"], is_story=row["story"]),
            voice=row["voice"],
        )
        for row, (start, end) in zip(rows, pairwise([*starts, samples]), strict=True)
    )


def text_identity(title: str, texts: Iterable[str]) -> str:
    """A hash of a title and the texts under it. Feeds know an episode by it, so it must never change."""
    return hashlib.sha256(json.dumps([title, *texts]).encode()).hexdigest()
