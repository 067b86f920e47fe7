"""A finished narration, as values."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from langdu.model import Chapter, Severity, Span, Syllable, Tone


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulSyllable:
    """A said character that does not sound as asked: `text` at `at` in the paragraph of index `paragraph`.

    `asked` is the syllable that should be heard, None for a letter; `heard_tone` is the tone that is heard in its
    place, if that is the doubt. `contour` is its pitch from beginning to end, in semitones over 256 Hz. A `score` of 1
    is at the limit, and more is worse. `start_s` and `end_s` are seconds of the programme.
    """

    paragraph: int
    at: Span
    text: str
    kind: str
    message: str
    score: float
    asked: Syllable | None
    heard_tone: Tone | None
    contour: tuple[float, ...] | None
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class SubstitutedCharacter:
    """A character at `at` in a paragraph that a voice, which takes only hanzi, would not read as `wanted`.

    `alone` is how the voice would read it, if known. `written` is the character that it is given instead, None if no
    character has only the wanted reading.
    """

    paragraph: int
    at: Span
    text: str
    wanted: Syllable
    alone: Syllable | None
    written: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narration:
    """What `narrate` made. `files` are names in `folder`, `voice` is the id of the voice of the whole.

    `voices` are the ids of all that speak, in the order in which they first do. `samples` is the length of the whole,
    and `syllables` counts what is said in it. `findings` counts the findings of the check by severity. `doubts` is None
    if nobody listened. `loudness` is the requested loudness in LUFS, and `gains` has the gain in dB that each voice
    took, by their ids. `chapters` are those with headings. `identity` is a hash of the title and the text of every
    paragraph: the same text has the same identity, whichever voice reads it.
    """

    folder: Path
    title: str
    voice: str
    files: tuple[str, ...]
    paragraphs: int
    samples: int
    sample_rate: int
    findings: Mapping[Severity, int]
    syllables: int
    voices: tuple[str, ...]
    doubts: tuple[DoubtfulSyllable, ...] | None = None
    substitutions: tuple[SubstitutedCharacter, ...] = ()
    loudness: float = 0.0
    gains: Mapping[str, float] = field(default_factory=dict)
    chapters: tuple[Chapter, ...] = ()
    identity: str = ""
