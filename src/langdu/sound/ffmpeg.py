"""The only place that runs ffmpeg (imageio-ffmpeg's): `run` to its end, or `Ffmpeg` that takes sound bit by bit.

Both raise `FfmpegFailed`. Callers know what they needed ffmpeg for, so they turn it into one of langdu's errors, once:
`writing` does that for files to be written.
"""

from __future__ import annotations

import re
import subprocess
import sys
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any, Final, NamedTuple, Self

import imageio_ffmpeg

from langdu.errors import ExportError
from langdu.files import cannot_write

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from types import TracebackType

_ALWAYS: Final = ("-nostdin", "-y", "-hide_banner")


class FfmpegFailed(Exception):  # noqa: N818 - named as the package's own errors are
    """ffmpeg did not do its job; the message is its last complaint."""


class FfmpegMissing(FfmpegFailed):
    """ffmpeg cannot be started; the message says why, and what to do."""


class Finished(NamedTuple):
    """What ffmpeg wrote to its standard output, and to its standard error."""

    output: bytes
    log: str


def run(arguments: Sequence[str], given: bytes = b"", limit_s: float | None = None) -> Finished:
    """Run ffmpeg to its end with `given` on its standard input, for at most `limit_s` seconds.

    Raises: FfmpegFailed.
    """
    try:
        # Files and not pipes: ffmpeg never has to wait until somebody reads its output.
        with TemporaryFile() as output, TemporaryFile() as log, _running(arguments, log, output) as process:
            process.communicate(given, limit_s)
            if process.returncode:
                raise FfmpegFailed(_last_line(_text(log), process.returncode))
            output.seek(0)
            return Finished(output.read(), _text(log))
    except subprocess.TimeoutExpired as error:
        raise FfmpegFailed(f"it was not done after {limit_s:.0f} s") from error
    except OSError as error:
        raise FfmpegFailed(f"a temporary file cannot be written ({error.strerror or error})") from error


class Ffmpeg:
    """A context manager: one run of ffmpeg, fed with mono 16-bit little-endian PCM, which ends when the block does.

    `arguments` are what follows its input. `log` is what it wrote to its standard error, after the block.

    Raises: FfmpegFailed.
    """

    def __init__(self, sample_rate: int, arguments: Sequence[str]) -> None:
        self._arguments = ["-f", "s16le", "-ar", str(sample_rate), "-ac", "1", "-i", "pipe:0", *arguments]
        self.log = ""

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            # A file and not a pipe: ffmpeg never has to wait until somebody reads its log.
            self._log = stack.enter_context(TemporaryFile())
            self._process = stack.enter_context(_running(self._arguments, self._log, subprocess.DEVNULL))
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
            self.log = _text(self._log)

    def _failure(self) -> FfmpegFailed:
        status = self._process.wait()
        return FfmpegFailed(_last_line(_text(self._log), status))


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """The block needs ffmpeg to write `path`: its failures become ExportErrors that name the file."""
    try:
        yield
    except FfmpegMissing as error:
        raise ExportError(f"{path} cannot be written: {error}") from error
    except FfmpegFailed as error:
        raise cannot_write(path, f"ffmpeg: {error}") from error


def into(path: Path, muxer: str) -> list[str]:
    """Arguments for a file that depends on nothing but its sound: no version of the encoder, no tags of ffmpeg's."""
    # One thread, so that the bytes are the same on every machine. Into a file and not a pipe, because headers with the
    # length are written last. `file:` keeps a name with a colon from being taken for a protocol.
    plain = ["-threads", "1", "-fflags", "+bitexact", "-flags", "+bitexact"]
    return [*plain, "-v", "error", "-f", muxer, f"file:{path}"]


def identity() -> str:
    """Identifies this ffmpeg: its path, size and time. Empty if there is none."""
    try:
        ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
        status = Path(ffmpeg).stat()
    except (RuntimeError, OSError):
        return ""  # no file was made with it, and encoding raises an error that says why
    return f"{ffmpeg} {status.st_size} {status.st_mtime_ns}"


@contextmanager
def _running(arguments: Sequence[str], log: IO[bytes], output: IO[bytes] | int) -> Iterator[subprocess.Popen[bytes]]:
    """A process that does not outlive the block.

    It has a process group of its own: Ctrl-C in a terminal is for us, and a dead encoder would look like a full disk.
    """
    apart: dict[str, Any]
    if sys.platform == "win32":
        apart = {"creationflags": subprocess.CREATE_NO_WINDOW | subprocess.CREATE_NEW_PROCESS_GROUP}
    else:
        apart = {"process_group": 0}
    executable = _executable()
    try:
        process = subprocess.Popen(  # noqa: S603 - the program is imageio-ffmpeg's, the arguments are ours
            [executable, *_ALWAYS, *arguments], stdin=subprocess.PIPE, stdout=output, stderr=log, **apart
        )
    except OSError as error:
        raise FfmpegMissing(
            f"ffmpeg ({executable}) does not start: {error.strerror}; reinstall imageio-ffmpeg, or set "
            "IMAGEIO_FFMPEG_EXE to another ffmpeg"
        ) from error
    try:
        yield process
    finally:
        process.kill()
        with suppress(OSError):  # ffmpeg is gone, with whatever it had not read
            _standard_input(process).close()
        process.wait()


def described() -> str:
    """The program and its version. Raises: FfmpegMissing, FfmpegFailed."""
    said = run(["-version"], b"", 10).output.decode("utf-8", "replace")
    version = re.match(r"ffmpeg version (\S+)", said)
    return f"{version[1] if version else 'an unknown version'} ({_executable()})"


def _executable() -> str:
    try:
        executable: str = imageio_ffmpeg.get_ffmpeg_exe()
    except RuntimeError as error:
        raise FfmpegMissing(
            "there is no ffmpeg for this computer in the package imageio-ffmpeg; install ffmpeg and set "
            "IMAGEIO_FFMPEG_EXE to it"
        ) from error
    return executable


def _standard_input(process: subprocess.Popen[bytes]) -> IO[bytes]:
    if process.stdin is None:
        raise ValueError("the process was started without a pipe to its standard input")
    return process.stdin


def _text(log: IO[bytes]) -> str:
    log.seek(0)
    return log.read().decode("utf-8", "replace")


def _last_line(log: str, status: int) -> str:
    """The last complaint of ffmpeg, without the address of the part of it that complains."""
    last = next((line for line in reversed(log.split("\n")) if line.strip()), f"ended with status {status}")
    return re.sub(r"^\[[^]]* @ [^]]*\] ", "", last.strip())
