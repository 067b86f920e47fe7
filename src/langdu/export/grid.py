"""How long the sound of a paragraph must be, so that every chosen format can be made from it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export.sound.joined import TAIL, frame

if TYPE_CHECKING:
    from collections.abc import Collection

# The paragraphs' own MP3s are joined without encoding them again: see `export/sound/joined.py`.
_IN_FRAMES: Final = frozenset({"mp3"})


@dataclass(frozen=True, slots=True)
class Grid:
    """A paragraph is a whole number of `frame` samples long and ends in at least `tail` samples of silence.

    By default it is as long as the voice makes it.
    """

    frame: int = 1
    tail: int = 0

    def padding(self, samples: int, quiet: int) -> int:
        """The samples of silence that a paragraph still needs, if its last `quiet` samples are silent already.

        >>> Grid(576, 1728).padding(24_000, 21_600), Grid(576, 1728).padding(24_192, 0), Grid().padding(24_001, 0)
        (192, 1728, 0)
        """
        missing = max(0, self.tail - quiet)
        return missing + -(samples + missing) % self.frame

    def rounded(self, samples: int) -> int:
        """The length of a silence that has at least this many samples and ends on the grid.

        >>> Grid(576, 1728).rounded(1_000), Grid().rounded(1_000)
        (1152, 1000)
        """
        return samples + -samples % self.frame


def grid(formats: Collection[str], sample_rate: int) -> Grid:
    """The grid that these formats need, for a voice with this sample rate.

    Raises: ExportError: one of them cannot hold sound of this rate.
    """
    if _IN_FRAMES.isdisjoint(formats):
        return Grid()
    try:
        return Grid(frame(sample_rate), TAIL)
    except ExportError as error:
        raise ExportError(
            f"the voice gives {sample_rate:,} samples a second, and an MP3 cannot have that rate: choose other "
            "formats, such as --format wav,srt, or another voice"
        ) from error
