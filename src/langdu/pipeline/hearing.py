"""Listens to a finished narration, or to each clip as it is made; doubtful clips are spoken again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache, cached_property, partial
from typing import TYPE_CHECKING

import numpy as np

from langdu import engines
from langdu.errors import SynthesisFailed
from langdu.model import turns
from langdu.output.narrated import narrated_sounds, open_narration
from langdu.output.narration import DoubtfulSyllable
from langdu.pipeline.tracks import clip_timings
from langdu.sound.clock import seconds
from langdu.sound.pcm import floats
from langdu.verify.corrections import ENOUGH, better, corrections
from langdu.verify.doubts import judge, listen
from langdu.verify.ear import load_ear

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

    from langdu.cache import ClipCache
    from langdu.engines import Engine
    from langdu.model import Clip, Timing, Utterance, Voice
    from langdu.verify.doubts import Doubt
    from langdu.verify.ear import Ear


@dataclass(frozen=True, slots=True)
class HeardParagraph:
    """A paragraph that was listened to: its index, its text, how many syllables it has, and those that are doubtful."""

    paragraph: int
    text: str
    syllables: int
    doubtful: tuple[DoubtfulSyllable, ...]


def verify(folder: Path, notice: Callable[[str], None] = lambda _: None) -> Iterator[HeardParagraph]:
    """Listen to the narration in a folder, paragraph by paragraph.

    Raises: InputError: the folder holds no narration, or its sound is damaged or not the one that its manifest
    describes. It is raised before the first paragraph, unless a file breaks off in the middle.
    """
    narrated = open_narration(folder)
    ear_of = cache(partial(ear_for, notice=notice))
    for paragraph, samples in narrated_sounds(narrated):
        timings = [timing.moved(-paragraph.start) for timing in paragraph.timings]
        doubts: list[Doubt] = []
        for turn in turns(paragraph.voice, timings, 0, len(samples)):
            own = [timing for timing in timings if turn.start <= timing.start < turn.end]
            heard = samples[turn.start : turn.end]
            asked = [timing.moved(-turn.start) for timing in own]
            found = listen(heard, narrated.sample_rate, asked, ear_of(turn.voice), narrated.rate * paragraph.pace)
            before = timings.index(own[0]) if own else 0
            doubts += [replace(doubt, index=before + doubt.index) for doubt in found]
        doubtful = tuple(doubtful_syllables(paragraph.index, paragraph.timings, narrated.sample_rate, doubts))
        yield HeardParagraph(paragraph.index, paragraph.text, len(timings), doubtful)


def ear_for(voice: str, notice: Callable[[str], None]) -> Ear | None:
    """What langdu has learned about the sound of a voice; None, and a message to `notice`, if nothing."""
    ear = load_ear(voice)
    if ear is None:
        notice(f"langdu has not learned the tones of the voice {voice}: it judges only presence and length")
    return ear


def doubtful_syllables(
    paragraph: int, timings: Sequence[Timing], sample_rate: int, doubts: Iterable[Doubt]
) -> Iterator[DoubtfulSyllable]:
    """The doubts about a paragraph, each with its place. The `index` of a doubt is one of `timings`."""
    for doubt in doubts:
        timing = timings[doubt.index]
        yield DoubtfulSyllable(
            paragraph=paragraph,
            at=timing.at,
            text=timing.text,
            kind=doubt.kind.value,
            message=doubt.message,
            score=doubt.score,
            asked=timing.surface,
            heard_tone=doubt.heard,
            contour=doubt.contour,
            start_s=seconds(timing.start, sample_rate),
            end_s=seconds(timing.end, sample_rate),
        )


@dataclass(frozen=True, kw_only=True)
class Listener:
    """Listens to each clip. A doubtful one is said again with corrections, and the best attempt is kept.

    Nothing is said again if the voice's sound is unknown (`ear` is None) or the voice does not obey corrections
    (`obeys` is false). `name_of` names a clip in `cache`, so that after an interruption no attempt is spoken twice.
    """

    voice: Voice
    rate: float
    ear: Ear | None
    obeys: bool
    cache: ClipCache
    name_of: Callable[[Utterance], str]

    def heard(self, utterance: Utterance, clip: Clip) -> tuple[Clip, tuple[Doubt, ...]]:
        """The clip, or a better attempt in which no syllable is worse; and the doubts that remain."""
        clip, judged = self._improved(utterance, clip)
        return clip, tuple(doubt for doubt in judged if doubt.score >= 1)

    def _improved(self, utterance: Utterance, clip: Clip) -> tuple[Clip, list[Doubt]]:
        corrected, best, judged = utterance, clip, self._judged(utterance, clip)
        for i in [doubt.index for doubt in judged if doubt.score >= 1 and self.ear and self.obeys]:
            if judged[i].score < 1:
                continue  # a correction of its neighbour has mended it
            before, at_first = corrected, judged
            at = clip.marks[i].index
            reading = utterance.readings[at]
            for correction in corrections(judged[i], reading.surface if reading else None, at):
                attempt = replace(before, corrections=(*before.corrections, correction))
                attempted = self._clip(attempt)
                now = self._judged(attempt, attempted) if attempted else at_first
                # The first attempt that passes may pass only just, so the others are tried too.
                if attempted and better(now, at_first) and now[i].score < judged[i].score:
                    corrected, best, judged = attempt, attempted, now
                if judged[i].score <= ENOUGH:
                    break
        return best, judged

    def _judged(self, utterance: Utterance, clip: Clip) -> list[Doubt]:
        # Nothing follows the last utterance; any other is followed by its pause, and the next clip's margin.
        margins = 2 * (len(clip) - clip.marks[-1].end) / clip.sample_rate if clip.marks else 0
        silence = margins + utterance.pause_after_ms / 1000 if utterance.pause_after_ms else np.inf
        timings = clip_timings(utterance, clip)
        return judge(floats(clip.pcm), clip.sample_rate, timings, self.ear, self.rate * utterance.pace, silence)

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
        # In this process, not in the pool: few utterances are said again, and the workers go on meanwhile.
        return engines.create(self.voice.engine, self.voice.files)
