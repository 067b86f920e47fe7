"""Sentences that a voice speaks with some tones changed; `training/tones.py` learns from them.

An unchanged sentence teaches how the voice says each tone in its place. A sentence with random tones teaches how each
tone sounds where it does not belong, which a check must be able to hear.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING

from langdu.audio import assemble
from langdu.marks import HANZI
from langdu.model import Tone
from langdu.pipeline.cast import cast
from langdu.pipeline.speech import spoken_scripts
from langdu.pipeline.text import script_of_line, taught_by
from langdu.pipeline.tracks import track

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from langdu.model import Reading, Timing
    from langdu.pipeline.text import Script
    from langdu.settings import Settings


@dataclass(frozen=True, slots=True)
class Planted:
    """A spoken sentence: its sound, its syllables as spoken, and its readings as meant."""

    pcm: bytes
    sample_rate: int
    said: tuple[Timing, ...]
    meant: tuple[Reading | None, ...]


def sentences(files: Sequence[Path], count: int, seed: int) -> list[str]:
    """`count` lines of 6 to 80 characters, as many from each file, in random order."""
    drawn = random.Random(seed)  # noqa: S311 - not a secret
    lines: list[str] = []
    for file in files:
        own = [line.strip() for line in file.read_text(encoding="utf-8").splitlines()]
        good = [line for line in own if 6 <= len(line) <= 80 and HANZI.search(line)]
        lines += drawn.sample(good, min(len(good), -(-count // len(files))))
    drawn.shuffle(lines)
    return list(islice(lines, count))


def speak(lines: Sequence[str], settings: Settings, gap: tuple[int, int] | None, seed: int) -> Iterator[Planted]:
    """Speak each line. Between two changed tones are `gap` syllables (at least, at most); None changes nothing."""
    drawn = random.Random(seed)  # noqa: S311 - not a secret
    speaking = cast(settings, print)
    taught = taught_by(None, settings)
    meant: list[tuple[Reading | None, ...]] = []

    def scripts() -> Iterator[Script]:
        for line in lines:
            script = script_of_line(line, taught, settings.pauses, speaking.first.capabilities, literal=False)
            if script.utterances:
                meant.append(script.readings)
                yield _planted(script, gap, drawn) if gap else script

    for spoken in spoken_scripts(scripts(), speaking):
        script, clips = spoken.script, spoken.clips
        sound = assemble(clips, [u.pause_after_ms for u in script.utterances])
        places, before = [], 0
        for utterance, clip in zip(script.utterances, clips, strict=True):
            places += [before + mark.index for mark in clip.marks]
            before += len(utterance.text)
        wanted = meant.pop(0)
        timings = track(script, speaking.first.voice.id, clips, sound, 0).timings
        yield Planted(sound.pcm, sound.sample_rate, timings, tuple(wanted[i] for i in places))


def _planted(script: Script, gap: tuple[int, int], drawn: random.Random) -> Script:
    readings, left = list(script.readings), drawn.randint(0, gap[1])
    for i, reading in enumerate(readings):
        if reading is None:
            continue
        if left == 0:
            tone = drawn.choice([tone for tone in Tone if tone is not reading.surface.tone])
            readings[i] = replace(reading, surface=replace(reading.surface, tone=tone))
            left = drawn.randint(*gap)
        else:
            left -= 1
    utterances, at = [], 0
    for utterance in script.utterances:
        utterances.append(replace(utterance, readings=tuple(readings[at : at + len(utterance.text)])))
        at += len(utterance.text)
    return replace(script, readings=tuple(readings), utterances=tuple(utterances))
