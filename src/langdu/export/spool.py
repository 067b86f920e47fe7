"""What is spoken, kept in the work folder until every format is written: tracks and sound, paragraph by paragraph.

Formats read it as often as they need, in any order, while only one paragraph is in memory.
"""

from __future__ import annotations

import pickle
from contextlib import ExitStack
from dataclasses import dataclass, field
from threading import Event
from typing import TYPE_CHECKING, Final, Self

from langdu.errors import ExportError
from langdu.files import atomic, cannot_write

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path
    from types import TracebackType

    from langdu.model import Track

# No format has one of these endings, so no file of a format can have one of these names.
_TRACKS: Final = "tracks.pickle"
_SPEECH: Final = "sound.pcm"
_MIXED: Final = "sound.mixed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Spooled:
    """The files of a Spool in `folder`; `samples` is the length of the whole, `syllables` how many are said in it.

    `voices` are the ids of those who speak, in the order in which they first do. All sound is mono 16-bit PCM. When
    `given_up` is set, nobody gets any more sound.
    """

    folder: Path
    sample_rate: int
    samples: int = 0
    paragraphs: int = 0
    syllables: int = 0
    voices: tuple[str, ...] = ()
    given_up: Event = field(default_factory=Event, compare=False)

    def tracks(self) -> Iterator[Track]:
        """Each paragraph, in order."""
        with (self.folder / _TRACKS).open("rb") as file:
            while True:
                try:
                    track: Track = pickle.load(file)  # noqa: S301 - written by this process
                except EOFError:
                    return
                yield track

    def speech(self) -> Iterator[bytes]:
        """The sound of each paragraph as it was spoken."""
        return self._paragraphs(_SPEECH)

    def mixed(self) -> Iterator[bytes]:
        """The sound of each paragraph with music, after `mix`."""
        return self._paragraphs(_MIXED)

    def mix(self, paragraphs: Iterable[bytes]) -> None:
        """Keep the sound of each paragraph with music under it, which is as long as without."""
        with atomic(self.folder / _MIXED) as partial, partial.open("wb") as file:
            for pcm in paragraphs:
                file.write(pcm)

    def _paragraphs(self, name: str) -> Iterator[bytes]:
        with (self.folder / name).open("rb") as file:
            for track in self.tracks():
                if self.given_up.is_set():
                    raise ExportError("the run ended early, so nothing more is written")
                yield file.read(2 * (track.end - track.start))


class Spool:
    """A context manager that takes paragraph after paragraph. What it keeps stays in `folder`.

    It keeps the sound only if `sound` says so: an hour takes 173 MB at 24 kHz, and as much again with music.

    Raises: ExportError: the disk is full, or the folder cannot be written.
    """

    def __init__(self, folder: Path, sample_rate: int, *, sound: bool) -> None:
        self._folder = folder
        self._sample_rate = sample_rate
        self._keeps_sound = sound
        self._samples = self._paragraphs = self._syllables = 0
        self._voices: dict[str, None] = {}  # a set that keeps its order

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            try:
                self._tracks = stack.enter_context((self._folder / _TRACKS).open("wb"))
                self._speech = stack.enter_context((self._folder / _SPEECH).open("wb"))
            except OSError as error:
                raise cannot_write(self._folder, error.strerror or str(error)) from error
            self._stack = stack.pop_all()
        return self

    def add(self, track: Track, pcm: bytes) -> None:
        """Keep the next paragraph and its sound."""
        try:
            pickle.dump(track, self._tracks, pickle.HIGHEST_PROTOCOL)
            if self._keeps_sound:
                self._speech.write(pcm)
        except OSError as error:
            raise cannot_write(self._folder, error.strerror or str(error)) from error
        self._samples = track.end
        self._paragraphs += 1
        self._syllables += len(track.timings)
        self._voices |= dict.fromkeys(turn.voice for turn in track.turns())

    def spooled(self) -> Spooled:
        """What was kept. Complete when the block has ended."""
        return Spooled(
            folder=self._folder,
            sample_rate=self._sample_rate,
            samples=self._samples,
            paragraphs=self._paragraphs,
            syllables=self._syllables,
            voices=tuple(self._voices),
        )

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stack.close()
        except OSError as failed:
            raise cannot_write(self._folder, failed.strerror or str(failed)) from failed
