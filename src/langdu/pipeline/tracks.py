"""Clips of a paragraph → its track: when each said character is heard in the programme."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from langdu.model import Span, Timing, Track
from langdu.pronounce import PINYIN_STAND_IN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.audio import Assembled
    from langdu.model import Clip, Utterance
    from langdu.pipeline.text import Script


def clip_timings(utterance: Utterance, clip: Clip) -> list[Timing]:
    """When each said character of an utterance is heard in its clip; `at` points into the utterance's text."""
    breaks = dict(utterance.breaks)
    following = [*(mark.index for mark in clip.marks[1:]), None]
    return [
        Timing(
            text=utterance.text[mark.index],
            at=Span(mark.index, mark.index + 1),
            reading=utterance.readings[mark.index],
            start=mark.start,
            end=mark.end,
            break_after=None if after is None else breaks.get(after),
        )
        for mark, after in zip(clip.marks, following, strict=True)
    ]


def track(script: Script, voice: str, clips: Sequence[Clip], sound: Assembled, start: int) -> Track:
    """One paragraph in the programme, in which it begins at sample `start`; `voice` is the id of its voice."""
    return track_of(script, range(len(script.utterances)), clips, sound, voice=voice, start=start)


def track_of(  # noqa: PLR0913 - `track`, and which utterances
    script: Script, utterances: range, clips: Sequence[Clip], sound: Assembled, *, voice: str, start: int = 0
) -> Track:
    """As `track`, for some utterances in a row: nothing else of the paragraph has a time."""
    places = script.normalized.written_spans()
    timings: list[Timing] = []
    offset = sum(len(utterance.text) for utterance in script.utterances[: utterances.start])  # in the spoken text
    spoken = script.utterances[utterances.start : utterances.stop]
    for utterance, clip, begins in zip(spoken, clips, sound.starts, strict=True):
        other = None if utterance.voice == script.voice else utterance.voice
        for timing in clip_timings(utterance, clip):
            text, at = _written(script, places, offset + timing.at.start)
            timings.append(replace(timing.moved(start + begins), text=text, at=at, voice=other))
        offset += len(utterance.text)
    return Track(
        paragraph=script.paragraph,
        spoken=script.normalized,
        sample_rate=sound.sample_rate,
        start=start,
        end=start + len(sound.pcm) // 2,
        timings=tuple(timings),
        voice=voice,
        pace=script.utterances[0].pace if script.utterances else 1.0,
    )


def _written(script: Script, places: Sequence[Span], i: int) -> tuple[str, Span]:
    """The character said at offset `i` of the spoken text, and the part of the written text that it says."""
    spoken, reading, at = script.normalized.spoken, script.readings[i], places[i]
    if reading and reading.citation.erhua and spoken[i + 1 : i + 2] in ("儿", "兒"):
        return spoken[i : i + 2], Span(at.start, places[i + 1].end)
    return at.of(script.normalized.written) if spoken[i] == PINYIN_STAND_IN else spoken[i], at
