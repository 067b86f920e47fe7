"""A programme to speak after: each sentence slowly, a pause to repeat it, then at its own pace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export.sound.mp3 import Mp3Writer
from langdu.export.tags import of_all
from langdu.export.view.words import sentences, sound_of
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg

if TYPE_CHECKING:
    from langdu.export.programme import Programme

SLOW: Final = 0.75
# The pause after a sentence, in seconds.
_AFTER: Final = 1.0


def write(path: Path, programme: Programme) -> None:
    """An MP3 for practice. A sentence is cut from the narration; slowly, it has the same pitch.

    Raises: ExportError: nothing is said in the article, ffmpeg fails, or the file cannot be written.
    """
    rate, rundown = programme.sample_rate, programme.rundown
    tags = replace(of_all(rundown.title, programme.voice, rundown.language, rundown.series), date=rundown.date)
    after = bytes(2 * round(_AFTER * rate))
    if not any(track.timings for track in programme.tracks()):
        raise ExportError(f"{path} would have no sound: there is nothing to say in its text")
    with TemporaryDirectory(dir=programme.folder) as folder, Mp3Writer(path, rate, tags) as writer:
        for track, pcm in zip(programme.tracks(), programme.speech(), strict=True):
            for sound in filter(None, (sound_of(sentence, track, pcm) for sentence in sentences(track))):
                slow = _slowly(path, Path(folder) / "slow.pcm", rate, sound)
                writer.write(slow + bytes(len(slow)) + sound + after)


def _slowly(path: Path, made: Path, rate: int, sound: bytes) -> bytes:
    arguments = ["-af", f"atempo={SLOW}", *ffmpeg.into(made, "s16le")]
    with Ffmpeg(path, rate, arguments) as tempo:
        tempo.write(sound)
    return made.read_bytes()
