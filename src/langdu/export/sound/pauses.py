"""Sounds with pauses between them → one MP3, in which as little as possible is encoded.

No frame borrows bits from those before it (LAME's reservoir is off), so that frames can be put after each other
wherever it is silent. Pauses repeat a silent frame, and what is an MP3 already is copied from it.
"""

from __future__ import annotations

from contextlib import ExitStack
from itertools import accumulate
from mmap import ACCESS_READ, mmap
from typing import IO, TYPE_CHECKING, Final, NamedTuple, Self

from langdu.export.grid import Grid
from langdu.export.sound.id3 import tagged
from langdu.export.sound.joined import DELAY, TAIL, frame, frames, header, unheard
from langdu.export.sound.mp3 import codec
from langdu.files import atomic
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg
from langdu.sound.pcm import SAMPLE_WIDTH

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

    from langdu.export.tags import Tags
    from langdu.model import Span

# In the work folder. No format has this ending.
_ENCODED: Final = "sound.encoded"
# Counted back from the first frame after a sound's silence: decoded, this one and the next are silent from end to end.
_SILENT: Final = 2


class _Piece(NamedTuple):
    """Frames `[start, end)` of the copied MP3 or of the new one, and how many silent frames follow them."""

    start: int
    end: int
    pause: int
    copied: bool = False


class PausedMp3:
    """A context manager that makes a tagged MP3 of sounds; the first one must be encoded.

    `source` is an MP3 without tags to copy from, with the same settings; `folder` is for a temporary file.

    Raises: ExportError: the file cannot be written. FfmpegFailed.
    """

    def __init__(self, path: Path, source: Path, folder: Path, sample_rate: int, tags: Tags) -> None:
        self._path = path
        self._source = source
        self._encoded = folder / _ENCODED
        self._sample_rate = sample_rate
        self._tags = tags
        self._frame = frame(sample_rate)
        self._grid = Grid(self._frame, TAIL + _SILENT * self._frame)
        self._pieces: list[_Piece] = []
        self._given = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            arguments = [*codec(), *ffmpeg.into(self._encoded, "mp3")]
            self._encoder = stack.enter_context(Ffmpeg(self._sample_rate, arguments))
            self._stack = stack.pop_all()
        return self

    def encode(self, pcm: bytes, pause: int) -> None:
        """Add a sound (mono 16-bit PCM), and as many samples of silence, to the nearest frame; 0.2 s at least."""
        samples = len(pcm) // SAMPLE_WIDTH
        silence = self._grid.padding(samples, 0)
        self._encoder.write(pcm + bytes(SAMPLE_WIDTH * silence))
        start, self._given = self._given, self._given + (samples + silence) // self._frame
        self._pieces.append(_Piece(start, self._given, max(0, round((pause - silence) / self._frame))))

    def copy(self, place: Span, pause: int) -> None:
        """Add what is heard at these samples of the source, to whole frames, and as many samples of silence."""
        # A frame is heard right only after the one before it.
        start = max(0, (place.start + DELAY) // self._frame - 1)
        end = (place.end + DELAY) // self._frame + 1
        self._pieces.append(_Piece(start, end, round(pause / self._frame), copied=True))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
        if kind is None:
            with (
                atomic(self._path) as partial,
                partial.open("wb") as file,
                _Mp3(self._encoded) as encoded,
                _Mp3(self._source) as source,
            ):
                self._write(file, encoded, source)

    def _write(self, file: IO[bytes], encoded: _Mp3, source: _Mp3) -> None:
        file.write(tagged(b"", self._tags))
        start = file.tell()
        file.write(encoded.head)
        count = size = 0
        silent = b""
        for piece in self._pieces:
            if not piece.copied:
                silent = encoded.cut(piece.end - _SILENT, piece.end - _SILENT + 1)
            mp3 = source if piece.copied else encoded
            size += file.write(mp3.cut(piece.start, piece.end)) + file.write(silent * piece.pause)
            count += min(piece.end, mp3.count) - piece.start + piece.pause
        file.seek(start)
        file.write(header(encoded.head, count, size, unheard(encoded.head)))


class _Mp3:
    """A context manager: an MP3 without tags, to cut frames from. `head` is LAME's header, the others are counted."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            file = stack.enter_context(self._path.open("rb"))
            self._stream = stack.enter_context(mmap(file.fileno(), 0, access=ACCESS_READ))
            self._ends = list(accumulate(map(len, frames(self._stream))))
            self.head = self._stream[: self._ends[0]]
            self.count = len(self._ends) - 1
            self._stack = stack.pop_all()
        return self

    def cut(self, start: int, end: int) -> bytes:
        """Frames `[start, end)`."""
        return self._stream[self._ends[start] : self._ends[min(end, self.count)]]

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)
