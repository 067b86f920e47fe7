"""MP3s of paragraphs → one MP3 of them all, without encoding any sound a second time.

A decoder overlaps each frame with the one before it, and the sound of a file starts 1,105 samples after its first frame
does. Two files can be joined exactly, sample by sample, if the sound of the first is a whole number of frames long and
ends in `TAIL` samples of silence: its last frames are then silent, and the first frames of the next file replace them.
The first frame of a file borrows no bits from frames before it.
"""

from __future__ import annotations

import struct
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, Self

from langdu.errors import ExportError
from langdu.export.sound.id3 import untagged
from langdu.files import atomic, cannot_write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from mmap import mmap
    from pathlib import Path
    from types import TracebackType

# The delay of encoder and decoder together, in samples.
DELAY: Final = 1_105
# That, plus the window of the filter, rounded up.
TAIL: Final = 1_728
# Bit rates in kb/s and sample rates by the header's codes. Source: ISO/IEC 11172-3, 2.4.2.3; 13818-3 for low rates.
_KILOBITS: Final = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_KILOBITS_LOW: Final = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_RATES: Final = (44_100, 48_000, 32_000)
_DIVISORS: Final = {3: 1, 2: 2, 0: 4}
# Offsets in LAME's header, from the word Info on.
_FRAMES, _PLACES, _GAPS, _LENGTH = 8, 16, 141, 148


def frame(sample_rate: int) -> int:
    """The number of samples in a frame.

    Raises: ExportError: MP3 has no such rate.

    >>> frame(24_000), frame(44_100)
    (576, 1152)
    """
    if sample_rate not in {rate // divisor for rate in _RATES for divisor in _DIVISORS.values()}:
        raise ExportError(f"MP3 has no rate of {sample_rate} samples a second: choose another voice or format")
    return 1_152 if sample_rate >= min(_RATES) else 576


@dataclass(frozen=True, slots=True)
class _Stream:
    """A file without its tags: the frame with LAME's header, the other frames, the length of the sound in samples."""

    head: bytes
    frames: tuple[bytes, ...]
    samples: int


class JoinedMp3:
    """A context manager that joins MP3s written by `Mp3Writer` into one without tags.

    Raises: ExportError: the file cannot be written.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._path = path
        self._frame = frame(sample_rate)
        self._head = b""
        self._rest: tuple[bytes, ...] = ()
        self._count = self._size = self._samples = 0

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            partial = stack.enter_context(atomic(self._path))
            self._file: IO[bytes] = stack.enter_context(partial.open("wb"))
            self._stack = stack.pop_all()
        return self

    def add(self, part: bytes) -> None:
        """Append a paragraph's MP3.

        Raises: ValueError: the one before it was not a whole number of frames long.
        """
        if self._samples % self._frame:
            raise ValueError(f"{self._samples} samples are not a whole number of frames: see `langdu.export.grid`")
        stream = _stream(part, self._frame)
        if not self._head:
            self._head = stream.head
            self._file.write(stream.head)
        whole = stream.samples // self._frame
        self._write(stream.frames[:whole])
        self._rest = stream.frames[whole:]
        self._samples += stream.samples

    def _write(self, frames: tuple[bytes, ...]) -> None:
        self._count += len(frames)
        self._size += self._file.write(b"".join(frames))

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            if not self._head:
                raise cannot_write(self._path, "it was given no sound")
            self._write(self._rest)
            self._file.seek(0)
            self._file.write(header(self._head, self._count, self._size, self._count * self._frame - self._samples))


def _stream(part: bytes, size: int) -> _Stream:
    head, *rest = frames(untagged(part))
    return _Stream(head, tuple(rest), len(rest) * size - unheard(head))


def frames(stream: bytes | mmap) -> Iterator[bytes]:
    """The frames of an MP3 without tags; the first is LAME's header."""
    at = 0
    while at < len(stream):
        _, version, coded, _ = stream[at : at + 4]
        divisor = _DIVISORS[version >> 3 & 3]
        kilobits = (_KILOBITS if divisor == 1 else _KILOBITS_LOW)[coded >> 4]
        rate = _RATES[coded >> 2 & 3] // divisor
        size = (144 if divisor == 1 else 72) * kilobits * 1_000 // rate + (coded >> 1 & 1)
        yield stream[at : at + size]
        at += size


def unheard(head: bytes) -> int:
    """How many samples before and after the sound a player skips, by the frame with LAME's header."""
    return sum(_gaps(head, head.index(b"Info")))


def _gaps(head: bytes, at: int) -> tuple[int, int]:
    """Samples before and after the sound that a player skips; 12 bits each in the header."""
    both = int.from_bytes(head[at + _GAPS : at + _GAPS + 3], "big")
    return both >> 12, both & 0xFFF


def header(template: bytes, count: int, size: int, skipped: int) -> bytes:
    """The frame with LAME's header for a stream of `count` frames and `size` bytes; players skip `skipped` samples."""
    head, at = bytearray(template), template.index(b"Info")
    before, _ = _gaps(template, at)
    struct.pack_into(">II", head, at + _FRAMES, count, size + len(head))
    head[at + _PLACES : at + _PLACES + 100] = bytes(i * 256 // 100 for i in range(100))  # the bit rate is constant
    head[at + _GAPS : at + _GAPS + 3] = (before << 12 | skipped - before).to_bytes(3, "big")
    # The two checksums at its end stay 0: players ignore them, and one of them would need the whole sound.
    struct.pack_into(">IHH", head, at + _LENGTH, size + len(head), 0, 0)
    return bytes(head)
