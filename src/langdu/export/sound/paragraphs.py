"""The sound of paragraphs → an MP3 for each, which appears as soon as it is done, and one MP3 of all together."""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from typing import TYPE_CHECKING, Protocol, Self

from langdu.export.sound.id3 import tagged, untagged
from langdu.export.sound.joined import JoinedMp3
from langdu.export.sound.mp3 import JOINED, Mp3Writer, program
from langdu.export.tags import paragraph_tags
from langdu.files import atomic

if TYPE_CHECKING:
    from concurrent.futures import Future
    from pathlib import Path
    from types import TracebackType

    from langdu.export.tags import Tags
    from langdu.model import Track

# How many paragraphs may wait for the encoder. It is faster than the voice, but slower than clips from the cache.
_WAITING = 2


class Output(Protocol):
    """The folder that files are made in: `langdu.output.folder.OutputFolder`."""

    def part(self, name: str) -> Path:
        """Where a file is made before it is published."""

    def sounding(self, sound: str) -> bytes | None:
        """The content of a file that an earlier run made from this sound; None if there is none."""

    def publish(self, name: str, sound: str = "") -> None:
        """Move a finished file to its place."""


class ParagraphMp3s:
    """A context manager that takes the sound of paragraph after paragraph; all but the last must be on MP3's grid.

    `names` are the files of the paragraphs, `tags` the tags that all of them share. A thread encodes while the caller
    goes on. Files that an earlier run encoded from the same sound are used again. The MP3 of them all is left as
    `JOINED` in the folder's `work`, without tags; `mp3.write` makes the programme's file from it.

    Raises: ExportError: a file could not be written.
    """

    def __init__(self, output: Output, names: list[str], sample_rate: int, tags: Tags) -> None:
        self._output = output
        self._names = names
        self._sample_rate = sample_rate
        self._tags = tags
        self._added = 0
        self._encoding: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        self._program = f"{program()} {self._sample_rate} ".encode()
        with ExitStack() as stack:
            joined = JoinedMp3(self._output.part(JOINED), self._sample_rate)
            self._joined = stack.enter_context(joined)
            # A paragraph is encoded while the next is spoken.
            self._beside = ThreadPoolExecutor(1)
            stack.callback(self._beside.shutdown, cancel_futures=True)
            self._stack = stack.pop_all()
        return self

    def add(self, track: Track, pcm: bytes) -> None:
        """Encode the next paragraph. Waits while the encoder is more than a few paragraphs behind."""
        self._wait(_WAITING)
        name = self._names[self._added]
        self._added += 1
        tags = paragraph_tags(track, self._tags, self._added, len(self._names))
        self._encoding.append(self._beside.submit(self._encode, name, pcm, tags))

    def _wait(self, left: int) -> None:
        while len(self._encoding) > left:
            self._encoding.popleft().result()

    def _encode(self, name: str, pcm: bytes, tags: Tags) -> None:
        hashed = hashlib.sha256(self._program)
        hashed.update(pcm)
        sound = hashed.hexdigest()
        part = self._output.part(name)
        kept = self._output.sounding(sound)
        if kept is None:
            with Mp3Writer(part, self._sample_rate, tags) as writer:
                writer.write(pcm)
        else:
            with atomic(part) as partial:
                partial.write_bytes(tagged(untagged(kept), tags))
        self._joined.add(part.read_bytes())
        self._output.publish(name, sound)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._stack.__exit__(kind, error, trace)
            return
        with self._stack:
            self._wait(0)
