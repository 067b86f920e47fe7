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
from langdu.rundown import AROUND_MS, Sounds
from langdu.sound.decoding import decode_file, decoded_file
from langdu.sound.loudness import Meter
from langdu.sound.pcm import integers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from langdu.export.spool import Spooled
    from langdu.model import Rundown, Track

# The rate at which music is examined before anybody speaks, in samples a second.
_RATE: Final = 24_000
# How much of a file is examined, in seconds. Of a chime at most 6 are heard.
_LOOK_S: Final = 60
# In bytes: three hours of a CD as WAV.
_LARGEST: Final = 1 << 31
# A file is silent below this level in dBFS; silence at its beginning is skipped.
_SILENT: Final = -60.0
# The shortest sound that is used, in seconds.
_SHORTEST_S: Final = 0.2
# A pause of this many seconds ends a stretch of speech.
_PAUSE_S: Final = 0.3
_BEGIN: Final = ("-af", f"silenceremove=start_periods=1:start_threshold={_SILENT}dB")


@dataclass(frozen=True, slots=True, kw_only=True)
class Music:
    """The user's files.

    `bed` plays under the opening and the closing, or under everything (`everywhere`); `chime` before each story.
    """

    bed: Path | None = None
    chime: Path | None = None
    everywhere: bool = False


def sounds(music: Music | None) -> Sounds:
    """Examine the user's files before anything is spoken: what will be heard, and how long it lasts.

    Raises: InputError: a file is missing, silent, or not an audio file.
    """
    if music is None:
        return Sounds()
    chime = _chime(music.chime, _RATE)
    return Sounds(
        music=music.bed is not None and len(_beginning(music.bed, _RATE)) > 0,
        everywhere=music.everywhere,
        chime_ms=0 if chime is None else 1000 * len(chime) // _RATE + 1,
    )


def mix(music: Music, rundown: Rundown, spooled: Spooled, voices: Callable[[], Iterator[bytes]]) -> float | None:
    """Mix music under what was spoken, whose samples are scaled by `HEADROOM`.

    Each call of `voices` gives its sound, paragraph by paragraph.

    Returns: the loudness of the mix, in LUFS.
    Raises: InputError: a file has changed and cannot be used any more. ExportError: the mix cannot be written.
    """
    rate, tracks = spooled.sample_rate, list(spooled.tracks())
    length = tracks[-1].end if tracks else 0
    speech = _speech(tracks)
    score = Score(
        sample_rate=rate,
        level=level(voices(), speech),
        speech=speech,
        bed=None if music.bed is None else _whole(music.bed, rate, spooled.folder / "music.pcm", length / rate),
        stretches=_stretches(rundown, tracks),
        chime=_chime(music.chime, rate),
        chimes=[at + AROUND_MS * rate // 1000 for at in _chimes(rundown, tracks)],
    )
    with Meter(spooled.folder, rate) as meter:
        spooled.mix(_metered(mixed(voices(), score), meter))
    return meter.loudness


def _metered(paragraphs: Iterable[bytes], meter: Meter) -> Iterable[bytes]:
    for pcm in paragraphs:
        meter.add(pcm)
        yield pcm


def _speech(tracks: Iterable[Track]) -> list[tuple[int, int]]:
    """The stretches in which something is said."""
    stretches: list[tuple[int, int]] = []
    for track in tracks:
        for timing in track.timings:
            if stretches and timing.start - stretches[-1][1] < _PAUSE_S * track.sample_rate:
                stretches[-1] = stretches[-1][0], timing.end
            else:
                stretches.append((timing.start, timing.end))
    return stretches


def _stretches(rundown: Rundown, tracks: Iterable[Track]) -> list[tuple[int, int]]:
    """Where the bed is heard: consecutive sections with a bed are one stretch."""
    under = {paragraph.index for section in rundown.sections if section.bed for paragraph in section.paragraphs}
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
    """The first minute of an audio file, as mono PCM."""
    _check_file(path)
    pcm = decoded_file(path, _BEGIN, rate, _LOOK_S)
    _check_length(path, len(pcm), rate)
    return pcm


def _whole(path: Path, rate: int, into: Path, seconds: float) -> NDArray[np.int16]:
    """The first `seconds` of an audio file as mono PCM, which stays on disk and is read on demand."""
    _check_file(path)
    decode_file(path, _BEGIN, into, rate, seconds)
    _check_length(path, into.stat().st_size, rate)
    sound: NDArray[np.int16] = np.memmap(into, "<i2", "r")
    return sound


def _check_length(path: Path, size: int, rate: int) -> None:
    if size < 2 * _SHORTEST_S * rate:
        raise InputError(f"{path} is silent, or shorter than {_SHORTEST_S} s: choose another file for music")


def _check_file(path: Path) -> None:
    """Make sure that this is a plain file, and not too large."""
    try:
        with files.opened(path) as file:
            size = os.fstat(file.fileno()).st_size
    except FileNotFoundError as error:
        raise InputError(f"{path} does not exist: name an audio file for the music") from error
    except IsADirectoryError as error:
        raise InputError(f"{path} is a folder: name an audio file for the music") from error
    except (OSError, ValueError) as error:
        reason = files.reason(error)
        raise InputError(f"{path} cannot be read: {reason}; name an audio file for the music") from error
    if size > _LARGEST:
        raise InputError(f"{path} has {size >> 20} MiB: name a file of at most {_LARGEST >> 20} MiB for the music")
