"""The user's music in a programme: decoded, and mixed under what was spoken."""

from __future__ import annotations

import os
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu import files
from langdu.audio.music import Score, level, mixed, trimmed
from langdu.errors import InputError
from langdu.rundown import AROUND, Sounds
from langdu.sound.decoding import decode_file, decoded_file
from langdu.sound.loudness import Meter
from langdu.sound.pcm import integers

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.export.spool import Spoken
    from langdu.model import Rundown, Track

# What music is looked at with before anybody speaks, in samples a second.
_RATE: Final = 24_000
# How much of a file is looked at, in seconds; more than 6 of a chime are never heard.
_LOOK: Final = 60
# In bytes: three hours as WAV, as CDs have it.
_LARGEST: Final = 1 << 31
# Below, in dBFS, a file is silent, and so much of its beginning is passed over; shorter, in seconds, it is no music.
_SILENT: Final = -60.0
_SHORTEST: Final = 0.2
# What is said without a pause of so many seconds is one stretch of speech.
_PAUSE: Final = 0.3
_BEGIN: Final = ("-af", f"silenceremove=start_periods=1:start_threshold={_SILENT}dB")


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
    chime = _chime(music.chime, _RATE)
    return Sounds(
        music=music.bed is not None and len(_beginning(music.bed, _RATE)) > 0,
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
        bed=None if music.bed is None else _whole(music.bed, rate, spoken.folder / "music.pcm", length / rate),
        stretches=_stretches(rundown, tracks),
        chime=_chime(music.chime, rate),
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


def _chime(path: Path | None, rate: int) -> NDArray[np.int16] | None:
    return None if path is None else integers(trimmed(_beginning(path, rate), rate))


def _beginning(path: Path, rate: int) -> bytes:
    """The first minute of a file of sound, as mono PCM."""
    _look_at(path)
    found = decoded_file(path, _BEGIN, rate, _LOOK)
    _check_length(path, len(found), rate)
    return found


def _whole(path: Path, rate: int, into: Path, seconds: float) -> NDArray[np.int16]:
    """A file of sound as mono PCM, at most so many seconds of it; it stays on disk, and what is used is read."""
    _look_at(path)
    decode_file(path, _BEGIN, into, rate, seconds)
    _check_length(path, into.stat().st_size, rate)
    sound: NDArray[np.int16] = np.memmap(into, "<i2", "r")
    return sound


def _check_length(path: Path, size: int, rate: int) -> None:
    if size < 2 * _SHORTEST * rate:
        raise InputError(f"{path} is silent, or shorter than {_SHORTEST} s: choose another file for music")


def _look_at(path: Path) -> None:
    """Make sure that it is a plain file, and no larger than any music."""
    try:
        with files.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError as error:
        raise InputError(f"{path} is not there: name a file of sound for music") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder: name a file of sound for music") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}; name a file of sound for music") from error
    if size > _LARGEST:
        raise InputError(f"{path} has {size >> 20} MiB: name a file of at most {_LARGEST >> 20} for music")
