"""PCM → MP3, streamed through the ffmpeg that imageio-ffmpeg brings; mutagen writes the tags."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, Self

import imageio_ffmpeg
from mutagen import MutagenError, id3

from langdu.errors import ExportError
from langdu.export.atomic import atomic, cannot_write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

# ffmpeg's default for one channel at 24 kHz is 32 kb/s, which takes away all above 9 kHz, the hiss of s, x and sh
# (−49 dB). 48 kb/s keeps it; 64 kb/s is as near to the source as more would be, and takes 29 MB an hour.
BIT_RATE: Final = "64k"
# LAME's scale of effort (0 most, 9 least). At 64 kb/s the spectrum with 7 is as near to the source as with the default
# 5 (3.7 dB from it on the average), for half the time.
EFFORT: Final = "7"
_WITHOUT_OLD_TAGS: Final = {"v1": 0, "v2_version": 4}


@dataclass(frozen=True, slots=True, kw_only=True)
class Tags:
    """What a player shows. `artist` is the voice, `album` the programme; `language` is an ISO 639-2 code (`zho`)."""

    title: str
    artist: str
    album: str
    language: str
    track: int | None = None
    tracks: int | None = None


class Mp3Writer:
    """A context manager that takes mono 16-bit little-endian PCM and leaves a tagged MP3 when the block ends well.

    The encoder runs beside the caller and takes the sound as it comes, so memory does not grow with its length; the
    file appears whole or not at all. Decoded, it is as long as the PCM (± 2 ms; a decoder that ignores the encoder's
    delay in the header adds 46 ms) and 0.45 dB quieter: LAME leaves itself that much room.

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
            # A file and not a pipe: nobody needs to drain it, so the encoder never waits for its own complaints.
            self._complaints = stack.enter_context(TemporaryFile())
            command = _command(self._path, self._partial, self._sample_rate)
            self._encoder = stack.enter_context(_running(self._path, command, self._complaints))
            self._stack = stack.pop_all()
        return self

    def write(self, pcm: bytes) -> None:
        """Encode some more sound."""
        self._empty = self._empty and not pcm
        try:
            _standard_input(self._encoder).write(pcm)
        except OSError as error:  # it has ended and its pipe is broken
            raise self._failure() from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._finish()

    def _finish(self) -> None:
        if self._empty:
            raise ExportError(f"{self._path} was given no sound: there is nothing to say in its text")
        try:
            _standard_input(self._encoder).close()
        except OSError as error:
            raise self._failure() from error
        if self._encoder.wait():
            raise self._failure()
        try:
            _frames(self._tags).save(self._partial, **_WITHOUT_OLD_TAGS)
        except MutagenError as error:
            raise cannot_write(self._path, str(error)) from error

    def _failure(self) -> ExportError:
        """What ffmpeg said last, without the address of the part that said it."""
        status = self._encoder.wait()
        self._complaints.seek(0)
        lines = self._complaints.read().decode("utf-8", "replace").split("\n")
        last = next((line for line in reversed(lines) if line.strip()), f"ended with status {status}")
        return cannot_write(self._path, "ffmpeg: " + re.sub(r"^\[[^]]* @ [^]]*\] ", "", last.strip()))


def program() -> str:
    """What tells the encoder and what it is told from every other: its file, and the settings."""
    try:
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        found = Path(ffmpeg).stat()
    except (RuntimeError, OSError):
        return ""  # then nothing was made with it, and what asks it to encode is told why it cannot
    return f"{ffmpeg} {found.st_size} {found.st_mtime_ns} {BIT_RATE} {EFFORT}"


def tagged(stream: bytes, tags: Tags) -> bytes:
    """An MP3 without tags, with these: the same bytes as `Mp3Writer` makes of the same sound."""
    file = BytesIO(stream)
    _frames(tags).save(file, **_WITHOUT_OLD_TAGS)
    return file.getvalue()


def untagged(mp3: bytes) -> bytes:
    """An MP3 without the tags before its sound."""
    if not mp3.startswith(b"ID3"):
        return mp3
    size = 0
    for byte in mp3[6:10]:  # seven bits each
        size = size << 7 | byte
    return mp3[10 + size :]


def _command(path: Path, partial: Path, sample_rate: int) -> list[str]:
    try:
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise ExportError(
            f"{path} cannot be written: there is no ffmpeg for this computer in the package imageio-ffmpeg; "
            "install ffmpeg and set IMAGEIO_FFMPEG_EXE to it"
        ) from error
    source = ["-f", "s16le", "-ar", str(sample_rate), "-ac", "1", "-i", "pipe:0"]
    codec = ["-codec:a", "libmp3lame", "-b:a", BIT_RATE, "-compression_level", EFFORT]
    # The same sound gives the same file: no version of the encoder, and no tags but those that mutagen writes.
    plain = ["-map_metadata", "-1", "-id3v2_version", "0", "-fflags", "+bitexact"]
    # Into a file and not a pipe, because the header with the length is written last. `file:` keeps a name with a
    # colon from being taken for a protocol.
    target = ["-threads", "1", *codec, *plain, "-f", "mp3", f"file:{partial}"]
    return [ffmpeg, "-nostdin", "-y", "-v", "error", *source, *target]


@contextmanager
def _running(path: Path, command: list[str], complaints: IO[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block.

    It has a group of its own: Ctrl-C in a terminal is for us, and a dead encoder would look like a full disk.
    """
    apart: dict[str, Any]
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        apart = {"process_group": 0}
    try:
        encoder = subprocess.Popen(  # noqa: S603 - the program is imageio-ffmpeg's, the arguments are ours
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=complaints,
            **apart,
        )
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: ffmpeg ({command[0]}) does not start: {error.strerror}; "
            "reinstall imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE to another ffmpeg"
        ) from error
    try:
        yield encoder
    finally:
        encoder.kill()
        with suppress(OSError):  # what it had not taken yet goes away with it
            _standard_input(encoder).close()
        encoder.wait()


def _standard_input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdin is None:
        raise ValueError("the process was started without a pipe to its standard input")
    return process.stdin


def _frames(tags: Tags) -> id3.ID3:
    frames = id3.ID3()
    utf8 = id3.Encoding.UTF8
    frames.add(id3.TIT2(encoding=utf8, text=tags.title))
    frames.add(id3.TPE1(encoding=utf8, text=tags.artist))
    frames.add(id3.TALB(encoding=utf8, text=tags.album))
    frames.add(id3.TLAN(encoding=utf8, text=tags.language))
    if tags.track:
        frames.add(id3.TRCK(encoding=utf8, text=f"{tags.track}/{tags.tracks}" if tags.tracks else str(tags.track)))
    return frames
