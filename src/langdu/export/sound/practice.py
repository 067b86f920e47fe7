"""Programme → an MP3 for practice: each sentence slowly, a pause to repeat it, then at normal speed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import common_tags
from langdu.export.view.words import sentences, sound_of
from langdu.sound.ffmpeg import writing
from langdu.sound.tempo import in_tempo

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme

SLOW: Final = 0.75
_AFTER_S: Final = 1.0


def write(path: Path, programme: Programme) -> None:
    """Write the practice MP3. Sentences are cut from the narration; slow ones keep their pitch.

    Raises: ExportError: nothing is said in the article, ffmpeg fails, or the file cannot be written.
    """
    rate, rundown = programme.sample_rate, programme.rundown
    tags = replace(common_tags(rundown.title, programme.voices, rundown.language, rundown.series), date=rundown.date)
    after = bytes(2 * round(_AFTER_S * rate))
    if not any(track.timings for track in programme.tracks()):
        raise ExportError(f"{path} would have no sound: there is nothing to say in its text")
    with writing(path), Mp3Writer(path, rate, tags) as writer:
        for track, pcm in zip(programme.tracks(), programme.speech(), strict=True):
            for sound in filter(None, (sound_of(sentence, track, pcm) for sentence in sentences(track))):
                slow = in_tempo(sound, rate, SLOW)
                writer.write(slow + bytes(len(slow)) + sound + after)
