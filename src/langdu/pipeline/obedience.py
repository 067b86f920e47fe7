"""Where a voice cannot speak as asked: characters that it misreads, syllables that it has no sound for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu import pinyin
from langdu.model import Finding, Severity
from langdu.output.narration import SubstitutedCharacter

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from langdu.model import Track
    from langdu.pipeline.cast import Cast
    from langdu.pipeline.text import Script


def substituted_characters(script: Script) -> tuple[SubstitutedCharacter, ...]:
    """The script's substitutions, placed in the paragraph's written text."""
    places = script.normalized.written_spans() if script.substitutions else []
    return tuple(
        SubstitutedCharacter(
            paragraph=script.paragraph.index,
            at=places[substitution.at],
            text=substitution.text,
            wanted=substitution.wanted,
            alone=substitution.alone,
            written=substitution.written,
        )
        for substitution in script.substitutions
    )


def voice_findings(track: Track, substituted: Iterable[SubstitutedCharacter], cast: Cast) -> Iterator[Finding]:
    """Findings about the characters of a paragraph that a voice cannot say as asked."""
    for character in substituted:
        if character.written is None:
            syllable = pinyin.spell(character.wanted)
            others = (timing.voice for timing in track.timings if timing.at == character.at and timing.voice)
            yield Finding(
                rule="not-obeyed",
                severity=Severity.INFO,
                message=f"the voice {next(others, track.voice)} cannot be made to read {character.text} {syllable} "
                "here: no other character has only this reading",
                paragraph=track.paragraph.index,
                span=character.at,
                text=character.text,
                written=syllable,
            )
    for timing in track.timings:
        voice = timing.voice or track.voice
        if timing.surface and timing.surface.base in cast.capabilities(voice).approximates:
            syllable = pinyin.spell(timing.surface)
            yield Finding(
                rule="approximated",
                severity=Severity.INFO,
                message=f"the voice {voice} has no {syllable} ({timing.text}) and says the nearest syllable",
                paragraph=track.paragraph.index,
                span=timing.at,
                text=timing.text,
                written=syllable,
            )
