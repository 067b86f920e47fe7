"""Listening to what was spoken: a narration read back, or clips as they are made, and said again where in doubt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu import pinyin
from langdu.export.narrated import open_narration, sounds
from langdu.verify.doubts import listen
from langdu.verify.ear import load
from langdu.verify.measure import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from langdu.export.narrated import Part
    from langdu.model import Span
    from langdu.verify.doubts import Doubt


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubtful:
    """A doubt with its place: the characters `text` at `at` in paragraph `paragraph` (−1: the title).

    `asked` is the syllable that should be heard (`chang2`), None for a letter; `start` and `end` are seconds of the
    programme. `doubt.index` counts the paragraph's syllables.
    """

    paragraph: int
    at: Span
    text: str
    asked: str | None
    start: float
    end: float
    doubt: Doubt


@dataclass(frozen=True, slots=True)
class Listened:
    """One paragraph after listening: how many syllables it has, and which are doubtful."""

    paragraph: int
    text: str
    syllables: int
    doubtful: tuple[Doubtful, ...]


def verify(folder: Path, notice: Callable[[str], None] = lambda _: None) -> Iterator[Listened]:
    """Listen to a narration, paragraph by paragraph.

    Raises: InputError: the folder holds no narration, or its sound is damaged or not the one that its manifest
    describes. It is raised before the first paragraph, unless a file breaks off in the middle.
    """
    narrated = open_narration(folder)
    ear = load(narrated.voice)
    if ear is None:
        notice(f"nothing is known of how the voice {narrated.voice} sounds: only presence and length are judged")
    for part, samples in sounds(narrated):
        asked = [Asked(t.text, t.surface, t.start - part.start, t.end - part.start) for t in part.tokens]
        doubts = listen(samples, narrated.sample_rate, asked, ear, narrated.rate)
        placed = tuple(_placed(part, doubt, narrated.sample_rate) for doubt in doubts)
        yield Listened(part.index, part.text, len(asked), placed)


def _placed(part: Part, doubt: Doubt, sample_rate: int) -> Doubtful:
    token = part.tokens[doubt.index]
    return Doubtful(
        paragraph=part.index,
        at=token.at,
        text=token.text,
        asked=pinyin.number(token.surface) if token.surface else None,
        start=round(token.start / sample_rate, 4),
        end=round(token.end / sample_rate, 4),
        doubt=doubt,
    )
