"""The user's music in a programme: decoded, and mixed under what was spoken."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.audio.music import Score, level, mixed, trimmed
from langdu.errors import InputError
from langdu.export import ffmpeg
from langdu.export.loudness import Meter
from langdu.rundown import AROUND, Sounds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from langdu.export.spool import Spoken
    from langdu.model import Rundown, Track

# What music is looked at with before anybody speaks, in samples a second.
_RATE: Final = 24_000
# How much of a chime's file is looked at, in seconds; more than 6 of it are never heard.
_CHIME: Final = 60
# Below, in dBFS, a file is silent, and so much of its beginning is passed over; shorter, in seconds, it is no music.
_SILENT: Final = -60.0
_SHORTEST: Final = 0.2
# What is said without a pause of so many seconds is one stretch of speech.
_PAUSE: Final = 0.3


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """The user's files.

    `bed` lies under the opening and the closing, or under all (`everywhere`); `chime` sounds before each story.
    """

    bed: Path | None = None
    chime: Path | None = None
    everywhere: bool = False


def sounds(music: Music | None) -> Sounds:
    """What there will be beside the voice, told before anything is spoken.

    Raises: InputError: a file is missing, is no sound, or is silent.
    """
    if music is None:
        return Sounds()
    with TemporaryDirectory() as folder:
        # Nothing keeps a file of the folder open: Windows could not remove it.
        has_bed = _decoded(music.bed, _RATE, Path(folder) / "bed", None) is not None
        chime = _chime(music.chime, _RATE, Path(folder) / "chime")
        return Sounds(
            music=has_bed,
            everywhere=music.everywhere,
            chime=0 if chime is None else 1000 * len(chime) // _RATE + 1,
        )


def mix(music: Music, rundown: Rundown, spoken: Spoken, rate: int) -> float | None:
    """Put music under what was spoken, `HEADROOM` times as loud as it was; how loud the whole then is, in LUFS.

    Raises: InputError: a file is no longer what it was. ExportError: the mix cannot be written.
    """
    tracks = list(spoken.tracks())
    length = tracks[-1].end if tracks else 0
    speech = _speech(tracks)
    score = Score(
        sample_rate=rate,
        level=level(spoken.sound(), speech),
        speech=speech,
        bed=_decoded(music.bed, rate, spoken.folder / "music.pcm", length / rate),
        stretches=_stretches(rundown, tracks),
        chime=_chime(music.chime, rate, spoken.folder / "chime.pcm"),
        chimes=[at + AROUND * rate // 1000 for at in _chimes(rundown, tracks)],
    )
    with Meter(spoken.folder, rate) as meter:
        spoken.mix(_metered(mixed(spoken.sound(), score), meter))
    return meter.loudness


def _metered(paragraphs: Iterable[bytes], meter: Meter) -> Iterable[bytes]:
    for pcm in paragraphs:
        meter.add(pcm)
        yield pcm


def _speech(tracks: Iterable[Track]) -> list[tuple[int, int]]:
    """When something is said."""
    found: list[tuple[int, int]] = []
    for track in tracks:
        for timing in track.timings:
            if found and timing.start - found[-1][1] < _PAUSE * track.sample_rate:
                found[-1] = found[-1][0], timing.end
            else:
                found.append((timing.start, timing.end))
    return found


def _stretches(rundown: Rundown, tracks: Iterable[Track]) -> list[tuple[int, int]]:
    """Where the bed is heard: sections that have it and stand together are one stretch."""
    under = {each.index for section in rundown.sections if section.bed for each in section.paragraphs}
    places = [(track.start, track.end) for track in tracks if track.paragraph.index in under]
    begins = [start for start, _ in places[:1]] + [after for (_, end), (after, _) in pairwise(places) if after > end]
    ends = [end for (_, end), (after, _) in pairwise(places) if after > end] + [end for _, end in places[-1:]]
    return list(zip(begins, ends, strict=True))


def _chimes(rundown: Rundown, tracks: Iterable[Track]) -> list[int]:
    first = {section.paragraphs[0].index for section in rundown.sections if section.chime}
    return [track.start for track in tracks if track.paragraph.index in first]


def _chime(path: Path | None, rate: int, into: Path) -> NDArray[np.int16] | None:
    found = _decoded(path, rate, into, _CHIME)
    return None if found is None else np.frombuffer(trimmed(found.tobytes(), rate), "<i2")


def _decoded(path: Path | None, rate: int, into: Path, seconds: float | None) -> NDArray[np.int16] | None:
    """A file of sound as mono PCM, at most so many seconds of it; it stays on disk, and what is used is read."""
    if path is None:
        return None
    if not path.is_file():
        what = "is a folder" if path.is_dir() else "is not there"
        raise InputError(f"{path} {what}: name a file of sound for music")
    limit = ["-t", f"{seconds:.3f}"] if seconds is not None else []
    ffmpeg.decode(path, ["-af", f"silenceremove=start_periods=1:start_threshold={_SILENT}dB", *limit], into, rate)
    if into.stat().st_size < 2 * _SHORTEST * rate:
        raise InputError(f"{path} is silent, or shorter than {_SHORTEST} s: choose another file for music")
    sound: NDArray[np.int16] = np.memmap(into, "<i2", "r")
    return sound
