"""How loud each voice of a programme is, and the gain that makes it as loud as the others."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from langdu.sound.loudness import Meter, levelled

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from types import TracebackType

    from langdu.model import Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Gains:
    """What makes the programme as loud as asked, in dB: each voice by its id, and the mix of voices and music, if any.

    `mix` applies to voices that are `balanced`.
    """

    voices: Mapping[str, float] = field(default_factory=dict)
    mix: float | None = None

    def levelled(self, track: Track, pcm: bytes) -> bytes:
        """A paragraph's sound with the gains of those who speak in it."""
        parts = _parts(track, pcm)
        return b"".join(levelled(part, self.voices.get(voice, 0.0), track.sample_rate) for voice, part in parts)

    def balanced(self, track: Track, pcm: bytes) -> bytes:
        """A paragraph's sound with all voices as loud as the one that needs the highest gain."""
        most = max(self.voices.values(), default=0.0)
        down = {voice: gain - most for voice, gain in self.voices.items() if gain < most}
        return b"".join(
            levelled(part, down[voice], track.sample_rate) if voice in down else part
            for voice, part in _parts(track, pcm)
        )


class Meters:
    """A context manager that takes paragraph after paragraph and, when the block ends, knows how loud each voice is.

    `loudness` is in LUFS, by the ids of the voices, as `Meter` has it. `path` is the file that errors name.

    Raises: ExportError: ffmpeg is missing or fails.
    """

    def __init__(self, path: Path, sample_rate: int) -> None:
        self._path = path
        self._sample_rate = sample_rate
        self._meters: dict[str, Meter] = {}

    @property
    def loudness(self) -> dict[str, float | None]:
        """The loudness of each voice that spoke."""
        return {voice: meter.loudness for voice, meter in self._meters.items()}

    def __enter__(self) -> Self:
        self._stack = ExitStack()
        return self

    def add(self, track: Track, pcm: bytes) -> None:
        """Measure the next paragraph."""
        for voice, part in _parts(track, pcm):
            if voice not in self._meters:
                self._meters[voice] = self._stack.enter_context(Meter(self._path, self._sample_rate))
            self._meters[voice].add(part)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)


def _parts(track: Track, pcm: bytes) -> Iterator[tuple[str, bytes]]:
    for turn in track.turns():
        yield turn.voice, pcm[2 * (turn.start - track.start) : 2 * (turn.end - track.start)]
