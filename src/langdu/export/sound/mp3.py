"""PCM → MP3, streamed through ffmpeg; and the MP3 of a programme, joined from those of its paragraphs."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from typing import TYPE_CHECKING, Final, Self

from mutagen import MutagenError

from langdu.errors import ExportError
from langdu.export.sound.id3 import save, tagged
from langdu.export.tags import programme_tags
from langdu.files import atomic, cannot_write
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg, writing

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from langdu.export.programme import Programme
    from langdu.export.tags import Tags

# The default for one channel at 24 kHz is 32 kb/s, which removes all above 9 kHz: the hiss of s, x and sh (−49 dB).
# 48 kb/s keeps it; above 64 kb/s, which takes 29 MB an hour, the sound gets no nearer to the source.
BIT_RATE: Final = "64k"
# LAME's scale of effort (0 most, 9 least). At 64 kb/s, 7 is as near to the source as the default 5 (3.7 dB on average)
# and takes half the time.
EFFORT: Final = "7"
# Frames borrow no bits from each other, so that they can be cut where it is silent. At 64 kb/s, which is plenty for a
# voice, noise is even 0.3 dB lower.
RESERVOIR: Final = "0"
# At this bit rate LAME turns every sample down by 5 %, to have room for peaks; this turns them up before.
_ROOM: Final = "volume=precision=float:volume=1/0.95"
# In the work folder: the paragraphs' MP3s, joined, without tags. No format has this ending.
JOINED: Final = "sound.joined"


class Mp3Writer:
    """A context manager that takes mono 16-bit little-endian PCM and writes a tagged MP3, whole or not at all.

    The encoder is a process of its own that takes the sound as it comes, so memory does not grow with its length.
    Decoded, the MP3 is as loud as the PCM and as long (± 2 ms; a decoder that ignores the encoder's delay in the header
    adds 46 ms).

    Raises: ExportError: ffmpeg is missing or fails, the file cannot be written, or it was given no sound at all.
    """

    def __init__(self, path: Path, sample_rate: int, tags: Tags) -> None:
        self._path = path
        self._sample_rate = sample_rate
        self._tags = tags
        self._empty = True

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            self._partial = stack.enter_context(atomic(self._path))
            self._encoding = ExitStack()
            stack.push(self._encoding)
            self._encoding.enter_context(writing(self._path))
            self._encoder = self._encoding.enter_context(
                Ffmpeg(self._sample_rate, [*codec(), *ffmpeg.into(self._partial, "mp3")])
            )
            self._stack = stack.pop_all()
        return self

    def write(self, pcm: bytes) -> None:
        """Encode some more sound."""
        self._empty = self._empty and not pcm
        self._encoder.write(pcm)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            if self._empty:
                raise ExportError(f"{self._path} was given no sound: there is nothing to say in its text")
            self._encoding.close()
            try:
                save(self._partial, self._tags)
            except MutagenError as failed:
                raise cannot_write(self._path, str(failed)) from failed


def codec() -> list[str]:
    """Arguments of ffmpeg for an MP3 without tags."""
    lame = ["-codec:a", "libmp3lame", "-b:a", BIT_RATE, "-compression_level", EFFORT, "-reservoir", RESERVOIR]
    return ["-af", _ROOM, *lame, "-map_metadata", "-1", "-id3v2_version", "0"]


def program() -> str:
    """Identifies the encoder and its settings."""
    return f"{ffmpeg.identity()} {BIT_RATE} {EFFORT} {RESERVOIR} {_ROOM}"


def write(path: Path, programme: Programme) -> None:
    """Write the programme's MP3: its tags, then the sound that was joined while the paragraphs were encoded.

    With music no paragraph ends in silence, so the programme is encoded as a whole; so it is if nothing was joined.

    Raises: ExportError: the file cannot be written.
    """
    joined = programme.folder / JOINED
    if programme.gains.mix is not None or not joined.exists():
        with Mp3Writer(path, programme.sample_rate, programme_tags(programme)) as writer:
            for pcm in programme.sound():
                writer.write(pcm)
        return
    with atomic(path) as partial, partial.open("wb") as file, joined.open("rb") as sound:
        file.write(tagged(b"", programme_tags(programme)))
        shutil.copyfileobj(sound, file)


def speech(programme: Programme) -> Path:
    """The MP3 of the speech without music and without tags, in the work folder: joined or, if it is not, encoded now.

    Raises: FfmpegFailed.
    """
    joined = programme.folder / JOINED
    if not joined.exists():
        with Ffmpeg(programme.sample_rate, [*codec(), *ffmpeg.into(joined, "mp3")]) as encoder:
            for pcm in programme.speech():
                encoder.write(pcm)
    return joined
