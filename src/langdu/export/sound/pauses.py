"""Sounds with pauses between them → one MP3. The pauses are not encoded, which would take as long as speech does.

After each sound a few silent frames are encoded, and one of them is repeated until the pause is long enough. No frame
borrows bits from those before it (LAME's reservoir is off), so a silent frame can stand anywhere in silence.
"""

from __future__ import annotations

from contextlib import ExitStack
from mmap import ACCESS_READ, mmap
from typing import IO, TYPE_CHECKING, Final, Self

from langdu.export.grid import Grid
from langdu.export.sound.id3 import tagged
from langdu.export.sound.joined import TAIL, frame, frames, header, unheard
from langdu.export.sound.mp3 import codec
from langdu.files import atomic
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg
from langdu.sound.pcm import SAMPLE_WIDTH

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from langdu.export.tags import Tags

# In the work folder. No format has this ending.
_ENCODED: Final = "sound.unpaused"
# Counted back from the first frame after a sound's silence: decoded, this one and the next are silent from end to end.
_SILENT: Final = 2


class PausedMp3:
    """A context manager that takes sounds (mono 16-bit PCM) with the pause after each, and writes a tagged MP3.

    `folder` is for a temporary file.

    Raises: ExportError: the file cannot be written. FfmpegFailed.
    """

    def __init__(self, path: Path, folder: Path, sample_rate: int, tags: Tags) -> None:
        self._path = path
        self._encoded = folder / _ENCODED
        self._sample_rate = sample_rate
        self._tags = tags
        self._frame = frame(sample_rate)
        self._grid = Grid(self._frame, TAIL + _SILENT * self._frame)
        self._given = 0
        self._repeated: dict[int, int] = {}

    def __enter__(self) -> Self:
        arguments = [*codec(), "-reservoir", "0", *ffmpeg.into(self._encoded, "mp3")]
        with ExitStack() as stack:
            self._encoder = stack.enter_context(Ffmpeg(self._sample_rate, arguments))
            self._stack = stack.pop_all()
        return self

    def add(self, pcm: bytes, pause: int) -> None:
        """The next sound, and how many samples of silence follow it, to the nearest frame; 0.2 s at least."""
        silence = self._grid.padding(len(pcm) // SAMPLE_WIDTH, 0)
        self._encoder.write(pcm + bytes(SAMPLE_WIDTH * silence))
        self._given += (len(pcm) // SAMPLE_WIDTH + silence) // self._frame
        self._repeated[self._given - _SILENT] = max(0, round((pause - silence) / self._frame))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if kind is None:
            with (
                atomic(self._path) as partial,
                partial.open("wb") as file,
                self._encoded.open("rb") as encoded,
                mmap(encoded.fileno(), 0, access=ACCESS_READ) as stream,
            ):
                self._write(file, stream)

    def _write(self, file: IO[bytes], stream: mmap) -> None:
        file.write(tagged(b"", self._tags))
        start = file.tell()
        in_order = frames(stream)
        head = next(in_order)
        file.write(head)
        count = size = 0
        for number, each in enumerate(in_order):
            times = 1 + self._repeated.get(number, 0)
            size += file.write(each * times)
            count += times
        file.seek(start)
        file.write(header(head, count, size, unheard(head)))
