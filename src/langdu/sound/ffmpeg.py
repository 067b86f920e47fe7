"""The ffmpeg that imageio-ffmpeg brings, run beside the caller and fed with sound as it is made."""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, Self

import imageio_ffmpeg

from langdu.errors import ExportError, InputError
from langdu.files import cannot_write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

# Seconds for what is looked for at the beginning of a file of sound. Decoding is far faster than listening.
_PATIENCE: Final = 60


class Ffmpeg:
    """A context manager: one run of ffmpeg, which takes mono 16-bit little-endian PCM and ends when the block does.

    `arguments` are what follows its input; `path` is what errors say could not be written. `said` is what it wrote to
    its standard error, after the block.

    Raises: ExportError: ffmpeg is missing or fails.
    """

    def __init__(self, path: Path, sample_rate: int, arguments: Sequence[str]) -> None:
        self._path = path
        self._arguments = ["-f", "s16le", "-ar", str(sample_rate), "-ac", "1", "-i", "pipe:0", *arguments]
        self.said = ""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            # A file and not a pipe: nobody needs to drain it, so the encoder never waits for its own complaints.
            self._complaints = stack.enter_context(TemporaryFile())
            command = [_executable(self._path), "-nostdin", "-y", "-hide_banner", *self._arguments]
            self._process = stack.enter_context(_running(self._path, command, self._complaints))
            self._stack = stack.pop_all()
        return self

    def write(self, pcm: bytes) -> None:
        """Give it some more sound."""
        try:
            _standard_input(self._process).write(pcm)
        except OSError as error:  # it has ended and its pipe is broken
            raise self._failure() from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            try:
                _standard_input(self._process).close()
            except OSError as failed:
                raise self._failure() from failed
            if self._process.wait():
                raise self._failure()
            self._read()

    def _read(self) -> None:
        self._complaints.seek(0)
        self.said = self._complaints.read().decode("utf-8", "replace")

    def _failure(self) -> ExportError:
        status = self._process.wait()
        self._read()
        return cannot_write(self._path, f"ffmpeg: {_last(self.said, status)}")


def run(path: Path, arguments: Sequence[str]) -> None:
    """One run of ffmpeg that takes its sound from files; `path` is what errors say could not be written.

    Raises: ExportError: ffmpeg is missing or fails.
    """
    said = _run(path, arguments)
    if said is not None:
        raise cannot_write(path, f"ffmpeg: {said}")


def decode(path: Path, arguments: Sequence[str], made: Path, sample_rate: int, seconds: float) -> None:
    """At most so many seconds of a file of sound as mono 16-bit little-endian PCM; `arguments` are for its output.

    Only what lies on this computer is opened, whatever a playlist in the file says.

    Raises: InputError: it cannot be decoded, or not in reasonable time. ExportError: ffmpeg is missing.
    """
    _decode(path, sample_rate, seconds, [*arguments, *into(made, "s16le")], subprocess.DEVNULL)


def decoded(path: Path, arguments: Sequence[str], sample_rate: int, seconds: float) -> bytes:
    """The same for a few seconds, which fit into memory. Raises: as `decode`."""
    with TemporaryFile() as made:
        _decode(path, sample_rate, seconds, [*arguments, "-v", "error", "-f", "s16le", "pipe:1"], made)
        made.seek(0)
        return made.read()


def _decode(path: Path, sample_rate: int, seconds: float, arguments: Sequence[str], made: IO[bytes] | int) -> None:
    source = ["-protocol_whitelist", "file", "-i", f"file:{path}", "-map", "0:a:0", "-ac", "1", "-ar", str(sample_rate)]
    said = _run(path, [*source, "-t", f"{seconds:.3f}", *arguments], made, _PATIENCE + seconds)
    if said is not None:
        raise InputError(f"{path} is no sound that ffmpeg can decode: {said}")


def _run(
    path: Path, arguments: Sequence[str], made: IO[bytes] | int = subprocess.DEVNULL, patience: float | None = None
) -> str | None:
    """Run ffmpeg to its end, for so many seconds at most; what it complained of, None if it did what it should."""
    command = [_executable(path), "-nostdin", "-y", "-hide_banner", *arguments]
    with TemporaryFile() as complaints, _running(path, command, complaints, made) as process:
        try:
            if not process.wait(patience):
                return None
        except subprocess.TimeoutExpired:
            return f"it was not done after {patience:.0f} s"
        complaints.seek(0)
        return _last(complaints.read().decode("utf-8", "replace"), process.returncode)


def _last(said: str, status: int) -> str:
    """What ffmpeg said last, without the address of the part that said it."""
    last = next((line for line in reversed(said.split("\n")) if line.strip()), f"ended with status {status}")
    return re.sub(r"^\[[^]]* @ [^]]*\] ", "", last.strip())


def program() -> str:
    """What tells this ffmpeg from every other."""
    try:
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        found = Path(ffmpeg).stat()
    except (RuntimeError, OSError):
        return ""  # then nothing was made with it, and what asks it to encode is told why it cannot
    return f"{ffmpeg} {found.st_size} {found.st_mtime_ns}"


def into(partial: Path, muxer: str) -> list[str]:
    """Arguments for a file that depends on nothing but its sound: no version of the encoder, no tags of ffmpeg's."""
    # One thread, so that the bytes are the same on every machine. Into a file and not a pipe, because headers with the
    # length are written last. `file:` keeps a name with a colon from being taken for a protocol.
    plain = ["-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact"]
    return [*plain, "-v", "error", "-f", muxer, f"file:{partial}"]


def _executable(path: Path) -> str:
    try:
        found: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise ExportError(
            f"{path} cannot be written: there is no ffmpeg for this computer in the package imageio-ffmpeg; "
            "install ffmpeg and set IMAGEIO_FFMPEG_EXE to it"
        ) from error
    return found


@contextmanager
def _running(
    path: Path, command: list[str], complaints: IO[bytes], made: IO[bytes] | int = subprocess.DEVNULL
) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block.

    It has a group of its own: Ctrl-C in a terminal is for us, and a dead encoder would look like a full disk.
    """
    apart: dict[str, Any]
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        apart = {"process_group": 0}
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is imageio-ffmpeg's, the arguments are ours
            command,
            stdin=subprocess.PIPE,
            stdout=made,
            stderr=complaints,
            **apart,
        )
    except OSError as error:
        raise ExportError(
            f"{path} cannot be written: ffmpeg ({command[0]}) does not start: {error.strerror}; "
            "reinstall imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE to another ffmpeg"
        ) from error
    try:
        yield process
    finally:
        process.kill()
        with suppress(OSError):  # what it had not taken yet goes away with it
            _standard_input(process).close()
        process.wait()


def _standard_input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdin is None:
        raise ValueError("the process was started without a pipe to its standard input")
    return process.stdin
