"""Programme → an MP3 for practice: each sentence slowly, a pause to repeat it, then at normal speed."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export.sound.mp3 import speech
from langdu.export.sound.pauses import PausedMp3
from langdu.export.tags import common_tags
from langdu.export.view.words import heard, sentences
from langdu.model import Span
from langdu.sound.ffmpeg import writing
from langdu.sound.pcm import SAMPLE_WIDTH
from langdu.sound.tempo import each_in_tempo

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from langdu.export.programme import Programme

SLOW: Final = 0.75
_AFTER_S: Final = 1.0
# How many sentences are slowed down at a time: a few minutes, so that memory does not grow with the article.
_TOGETHER: Final = 50


def write(path: Path, programme: Programme) -> None:
    """Write the practice MP3. Sentences are cut from the narration; slow ones keep their pitch.

    Raises: ExportError: nothing is said in the article, ffmpeg fails, or the file cannot be written.
    """
    rate, rundown = programme.sample_rate, programme.rundown
    tags = replace(common_tags(rundown.title, programme.voices, rundown.language, rundown.series), date=rundown.date)
    if not any(track.timings for track in programme.tracks()):
        raise ExportError(f"{path} would have no sound: there is nothing to say in its text")
    found = _sentences(programme)
    with writing(path), PausedMp3(path, speech(programme), programme.folder, rate, tags) as mp3:
        while together := list(islice(found, _TOGETHER)):
            slow = each_in_tempo([sound for _, sound in together], rate, SLOW)
            for (place, _), slowly in zip(together, slow, strict=True):
                mp3.encode(slowly, len(slowly) // SAMPLE_WIDTH)
                mp3.copy(place, round(_AFTER_S * rate))


def _sentences(programme: Programme) -> Iterator[tuple[Span, bytes]]:
    """Where each sentence is in the programme, and its sound."""
    for track, pcm in zip(programme.tracks(), programme.speech(), strict=True):
        for place in filter(None, (heard(sentence, track) for sentence in sentences(track))):
            sound = pcm[SAMPLE_WIDTH * place.start : SAMPLE_WIDTH * place.end]
            yield Span(track.start + place.start, track.start + place.end), sound
