"""A programme to speak after: each sentence slowly, a pause to repeat it, then at its own pace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export import ffmpeg
from langdu.export.ffmpeg import Ffmpeg
from langdu.export.mp3 import Mp3Writer
from langdu.export.tags import of_all
from langdu.export.words import sentences

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.export.spool import Programme
    from langdu.model import Track

SLOW: Final = 0.75
# What is kept of the silence around a sentence, and the pause after it, in seconds.
_MARGIN: Final = 0.05
_AFTER: Final = 1.0


def write(path: Path, programme: Programme) -> None:
    """An MP3 for practice. A sentence is cut from the narration; slowly, it has the same pitch.

    Raises: ExportError: nothing is said in the article, ffmpeg fails, or the file cannot be written.
    """
    rate = programme.sample_rate
    tags = replace(of_all(programme.title, programme.voice, programme.language), date=programme.date)
    after = bytes(2 * round(_AFTER * rate))
    if not any(track.timings for track in programme.tracks()):
        raise ExportError(f"{path} would have no sound: there is nothing to say in its text")
    with TemporaryDirectory(dir=programme.folder) as folder, Mp3Writer(path, rate, tags) as writer:
        for track, pcm in zip(programme.tracks(), programme.sound(), strict=True):
            for sound in _sentences(track, pcm):
                slow = _slowly(path, Path(folder) / "slow.pcm", rate, sound)
                writer.write(slow + bytes(len(slow)) + sound + after)


def _sentences(track: Track, pcm: bytes) -> Iterator[bytes]:
    """The sound of each sentence of a paragraph, with little of the pauses around it."""
    margin = round(_MARGIN * track.sample_rate)
    for sentence in sentences(track):
        said = [(word.start, word.end) for word in sentence if word.start is not None and word.end is not None]
        if said:
            start = max(0, said[0][0] - track.start - margin)
            yield pcm[2 * start : 2 * (said[-1][1] - track.start + margin)]


def _slowly(path: Path, made: Path, rate: int, sound: bytes) -> bytes:
    arguments = ["-af", f"atempo={SLOW}", *ffmpeg.into(made, "s16le")]
    with Ffmpeg(path, rate, arguments) as tempo:
        tempo.write(sound)
    return made.read_bytes()
