"""What is spoken, kept in the work folder until every format is written: tracks and sound, paragraph by paragraph.

Formats read it again and again, and in whatever order they need, while one paragraph is in memory.
"""

from __future__ import annotations

import pickle
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self

from langdu.files import atomic, cannot_write
from langdu.model import CueLevel
from langdu.sound.loudness import levelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from langdu.model import Finding, Heading, Picture, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A narrated article, as a format sees it.

    `voice` is the voice's id, `language` a BCP 47 tag (`zh-CN`). `samples` is the length of the whole at `sample_rate`
    samples a second. `files` names, by what the manifest calls them, the files of the narration that stand beside the
    one to be written; `findings` are what the check says of the article. `date` is that of the article
    as ISO 8601 writes it. `gain` is what makes the voice as loud as asked, in dB; if music lies
    under it, `mixed_gain` does that for both. `cues` is how much a subtitle shows at a time. `ruby` and `overlay` are
    what the settings say. `headings` are what begins in it, by the index of the paragraph that it begins with; without
    any, every paragraph is a chapter. `series` is what it is an issue of.
    """

    title: str
    voice: str
    language: str
    sample_rate: int
    samples: int
    files: Mapping[str, str]
    paragraph_files: tuple[str, ...]
    folder: Path
    findings: tuple[Finding, ...] = ()
    cover: Picture | None = None
    cues: CueLevel = CueLevel.SENTENCE
    date: str | None = None
    gain: float = 0.0
    mixed_gain: float | None = None
    ruby: str = "annotated"
    overlay: str = "word"
    headings: Mapping[int, Heading] = field(default_factory=dict)
    series: str | None = None

    def tracks(self) -> Iterator[Track]:
        """Each paragraph, the title first if there is one. Laws: they touch each other and cover the programme."""
        return Spoken(self.folder).tracks()

    def sound(self) -> Iterator[bytes]:
        """The sound of each paragraph: mono 16-bit little-endian PCM, as loud as asked. For formats that need it."""
        made = self.folder / _LEVELLED
        if not made.exists():  # once, for all formats that read it
            with atomic(made) as partial, partial.open("wb") as file:
                for pcm in self.speech() if self.mixed_gain is None else self._mixed(self.mixed_gain):
                    file.write(pcm)
        yield from Spoken(self.folder).paragraphs(_LEVELLED)

    def speech(self) -> Iterator[bytes]:
        """The sound of each paragraph without music, as loud as it is in the programme."""
        for pcm in Spoken(self.folder).sound():
            yield levelled(pcm, self.gain, self.sample_rate)

    def _mixed(self, gain: float) -> Iterator[bytes]:
        for pcm in Spoken(self.folder).paragraphs(_MIXED):
            yield levelled(pcm, gain, self.sample_rate)


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a Spool has left in a folder: tracks, and the sound of each as it was spoken, mono 16-bit PCM."""

    folder: Path

    def tracks(self) -> Iterator[Track]:
        """Each paragraph, in order."""
        with (self.folder / _TRACKS).open("rb") as file:
            while True:
                try:
                    track: Track = pickle.load(file)  # noqa: S301 - written by this process
                except EOFError:
                    return
                yield track

    def sound(self) -> Iterator[bytes]:
        """The sound of each."""
        return self.paragraphs(_SOUND)

    def mix(self, paragraphs: Iterable[bytes]) -> None:
        """Keep the sound of each with music under it, as long as it was."""
        with atomic(self.folder / _MIXED) as partial, partial.open("wb") as file:
            for pcm in paragraphs:
                file.write(pcm)

    def paragraphs(self, name: str) -> Iterator[bytes]:
        """The sound of each, out of one of the files."""
        with (self.folder / name).open("rb") as file:
            for track in self.tracks():
                yield file.read(2 * (track.end - track.start))


# No format ends in these, so that no title gives a file in the making such a name.
_TRACKS: Final = "tracks.pickle"
_SOUND: Final = "sound.pcm"
_MIXED: Final = "sound.mixed"
_LEVELLED: Final = "sound.levelled"
JOINED: Final = "sound.joined"  # the paragraphs' MP3s put together, without tags


class Spool:
    """A context manager that takes paragraph after paragraph; the files stay in `folder` for whoever empties it.

    Sound is kept if `sound` says so: an hour takes 173 MB at 24 kHz, as much again as loud as asked, and once
    more with music.

    Raises: ExportError: the disk is full, or the folder cannot be written.
    """

    def __init__(self, folder: Path, *, sound: bool) -> None:
        self._folder = folder
        self._keeps_sound = sound

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            try:
                self._tracks = stack.enter_context((self._folder / _TRACKS).open("wb"))
                self._sound = stack.enter_context((self._folder / _SOUND).open("wb"))
            except OSError as error:
                raise cannot_write(self._folder, error.strerror or str(error)) from error
            self._stack = stack.pop_all()
        return self

    def add(self, track: Track, pcm: bytes) -> None:
        """Keep the next paragraph and its sound."""
        try:
            pickle.dump(track, self._tracks, pickle.HIGHEST_PROTOCOL)
            if self._keeps_sound:
                self._sound.write(pcm)
        except OSError as error:
            raise cannot_write(self._folder, error.strerror or str(error)) from error

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            self._stack.close()
        except OSError as failed:
            raise cannot_write(self._folder, failed.strerror or str(failed)) from failed
