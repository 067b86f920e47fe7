"""Listening to what was spoken: a narration read back, or clips as they are made, and said again where in doubt."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from langdu import engines, pinyin
from langdu.errors import SynthesisFailed
from langdu.output.narrated import open_narration, sounds
from langdu.verify.corrections import ENOUGH, better, corrections
from langdu.verify.doubts import judge, listen
from langdu.verify.ear import load_ear
from langdu.verify.measure import Asked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.cache import ClipCache
    from langdu.engines import Engine
    from langdu.model import Break, Clip, Span, Track, Utterance, Voice
    from langdu.output.narrated import Part
    from langdu.verify.doubts import Doubt
    from langdu.verify.ear import Ear


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


# --- a narration ----------------------------------------------------------------------------------------------------


def verify(folder: Path, notice: Callable[[str], None] = lambda _: None) -> Iterator[Listened]:
    """Listen to a narration, paragraph by paragraph.

    Raises: InputError: the folder holds no narration, or its sound is damaged or not the one that its manifest
    describes. It is raised before the first paragraph, unless a file breaks off in the middle.
    """
    narrated = open_narration(folder)
    ear = ear_for(narrated.voice, notice)
    for part, samples in sounds(narrated):
        at = part.start
        asked = [Asked(t.text, t.surface, t.start - at, t.end - at, t.break_after) for t in part.tokens]
        doubts = listen(samples, narrated.sample_rate, asked, ear, narrated.rate * part.pace)
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


def ear_for(voice: str, notice: Callable[[str], None]) -> Ear | None:
    """What is known of how a voice sounds; `notice` is told if it is nothing."""
    ear = load_ear(voice)
    if ear is None:
        notice(f"nothing is known of how the voice {voice} says its tones: only presence and length are judged")
    return ear


# --- while it is spoken ---------------------------------------------------------------------------------------------


def doubtful(track: Track, doubts: Iterable[Doubt]) -> Iterator[Doubtful]:
    """The doubts of one paragraph with their places; they count its syllables."""
    for doubt in doubts:
        timing = track.timings[doubt.index]
        yield Doubtful(
            paragraph=track.paragraph.index,
            at=timing.at,
            text=timing.text,
            asked=pinyin.number(timing.reading.surface) if timing.reading else None,
            start=round(timing.start / track.sample_rate, 4),
            end=round(timing.end / track.sample_rate, 4),
            doubt=doubt,
        )


def as_json(found: Doubtful) -> dict[str, Any]:
    """One doubt, ready for JSON; `start` and `end` in `at` point into the paragraph's text, the others are seconds."""
    heard, contour = found.doubt.heard, found.doubt.contour
    return {
        "kind": found.doubt.kind.value,
        "message": found.doubt.message,
        "paragraph": found.paragraph,
        "at": [found.at.start, found.at.end],
        "text": found.text,
        "asked": found.asked,
        "heard_tone": heard and int(heard),
        "contour": contour and [round(each, 1) for each in contour],
        "score": round(found.doubt.score, 2),
        "start": found.start,
        "end": found.end,
    }


def breaks_after(utterance: Utterance, clip: Clip) -> list[Break | None]:
    """For each mark of its clip, the boundary after it that no written mark shows."""
    breaks = dict(utterance.breaks)
    return [*(breaks.get(mark.index) for mark in clip.marks[1:]), *[None][: len(clip.marks)]]


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Hears each clip as it is made. What is not heard as asked is said again, otherwise, and the best of it is kept.

    Nothing is said again where nothing is known of the voice (no `ear`), or where it does not obey (`obeys`).
    `name_of` is what a clip is kept under in `cache`, so that a run that was killed goes on where it was.
    """

    voice: Voice
    folder: Path | None
    rate: float
    ear: Ear | None
    obeys: bool
    cache: ClipCache
    name_of: Callable[[Utterance], str]

    def heard(self, utterance: Utterance, clip: Clip) -> tuple[Clip, tuple[Doubt, ...]]:
        """The clip, or one of the same utterance in which less is doubtful and nothing is worse; and what still is."""
        clip, judged = self._improved(utterance, clip)
        return clip, tuple(each for each in judged if each.score >= 1)

    def _improved(self, utterance: Utterance, clip: Clip) -> tuple[Clip, list[Doubt]]:
        said, best, judged = utterance, clip, self._judged(utterance, clip)
        for i in [each.index for each in judged if each.score >= 1 and self.ear and self.obeys]:
            if judged[i].score < 1:
                continue  # it was mended together with another
            before, at_first = said, judged
            at = clip.marks[i].index
            reading = utterance.readings[at]
            for each in corrections(judged[i], reading.surface if reading else None, at):
                tried = replace(before, corrections=(*before.corrections, each))
                made = self._clip(tried)
                now = self._judged(tried, made) if made else at_first
                # The first that is no longer in doubt is barely so: the one that is surest is wanted.
                if made and better(now, at_first) and now[i].score < judged[i].score:
                    said, best, judged = tried, made, now
                if judged[i].score <= ENOUGH:
                    break
        return best, judged

    def _judged(self, utterance: Utterance, clip: Clip) -> list[Doubt]:
        asked = [
            Asked(utterance.text[mark.index], reading.surface if reading else None, mark.start, mark.end, after)
            for mark, after in zip(clip.marks, breaks_after(utterance, clip), strict=True)
            for reading in [utterance.readings[mark.index]]
        ]
        # Nothing follows the last utterance; any other is followed by its pause, and the next clip's margin.
        margins = 2 * (len(clip) - clip.marks[-1].end) / clip.sample_rate if clip.marks else 0
        silence = margins + utterance.pause_after / 1000 if utterance.pause_after else np.inf
        return judge(_samples(clip.pcm), clip.sample_rate, asked, self.ear, self.rate * utterance.pace, silence)

    def _clip(self, utterance: Utterance) -> Clip | None:
        name = self.name_of(utterance)
        clip = self.cache.get(name)
        if clip is None:
            try:
                clip = engines.say(self._engine, utterance, self.voice, self.rate)
            except SynthesisFailed:  # longer than the voice can speak at once
                return None
            self.cache.put(name, clip)
        return clip

    @cached_property
    def _engine(self) -> Engine:
        # In this process, not in the pool: it is one utterance in many, and the workers go on meanwhile.
        return engines.create(self.voice.engine, self.folder)


def _samples(pcm: bytes) -> NDArray[np.float32]:
    return np.frombuffer(pcm, "<i2").astype(np.float32) / np.float32(32_768)
