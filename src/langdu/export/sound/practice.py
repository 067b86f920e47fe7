"""Programme → an MP3 for practice: each sentence slowly, a pause to repeat it, then at normal speed."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export.sound.pauses import PausedMp3
from langdu.export.tags import common_tags
from langdu.export.view.words import sentences, sound_of
from langdu.sound.ffmpeg import writing
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
    sounds = _sounds(programme)
    with writing(path), PausedMp3(path, programme.folder, rate, tags) as mp3:
        while together := list(islice(sounds, _TOGETHER)):
            for slow, sound in zip(each_in_tempo(together, rate, SLOW), together, strict=True):
                mp3.add(slow, len(slow) // 2)
                mp3.add(sound, round(_AFTER_S * rate))


def _sounds(programme: Programme) -> Iterator[bytes]:
    for track, pcm in zip(programme.tracks(), programme.speech(), strict=True):
        yield from filter(None, (sound_of(sentence, track, pcm) for sentence in sentences(track)))
