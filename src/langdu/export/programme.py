"""The narrated programme, from which every format is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import starmap
from typing import TYPE_CHECKING

from langdu.export.levels import Gains
from langdu.model import CueLevel, OverlayUnit, RubyScope
from langdu.sound.loudness import levelled

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from langdu.export.spool import Spooled
    from langdu.model import Finding, Picture, Rundown, Track


@dataclass(frozen=True, slots=True, kw_only=True)
class Display:
    """What the user wants to see: the settings of the same names, and the cover."""

    cues: CueLevel = CueLevel.SENTENCE
    ruby: RubyScope = RubyScope.ANNOTATED
    overlay: OverlayUnit = OverlayUnit.WORD
    cover: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A narrated programme.

    `voice` is the id of the voice of the whole; `findings` come from the check of its articles. `part` says which part
    of how many it is, if it is a part of a larger programme.
    """

    rundown: Rundown
    voice: str
    spooled: Spooled
    gains: Gains = field(default_factory=Gains)
    display: Display = field(default_factory=Display)
    findings: tuple[Finding, ...] = ()
    part: tuple[int, int] | None = None

    @property
    def title(self) -> str:
        """The title of the whole."""
        return self.rundown.title

    @property
    def voices(self) -> str:
        """The ids of all voices that speak in it, separated by commas, for what is shown to people."""
        return ", ".join(self.spooled.voices) or self.voice

    @property
    def language(self) -> str:
        """A BCP 47 tag: `zh-CN`."""
        return self.rundown.language

    @property
    def sample_rate(self) -> int:
        """Samples a second, in which all times are counted."""
        return self.spooled.sample_rate

    @property
    def samples(self) -> int:
        """The length of the whole."""
        return self.spooled.samples

    @property
    def folder(self) -> Path:
        """A folder for temporary files, which is removed when all formats are written."""
        return self.spooled.folder

    def tracks(self) -> Iterator[Track]:
        """Each paragraph, the title first if there is one. Laws: they touch each other and cover the programme."""
        return self.spooled.tracks()

    def sound(self) -> Iterator[bytes]:
        """The sound of each paragraph, with its music, as loud as asked: mono 16-bit little-endian PCM."""
        # Computed anew each time, 2 to 13 seconds for an hour, because a file of it would take 173 MB.
        if (mix := self.gains.mix) is None:
            return self.speech()
        return (levelled(pcm, mix, self.sample_rate) for pcm in self.spooled.mixed())

    def speech(self) -> Iterator[bytes]:
        """The sound of each paragraph without music, as loud as it is in the programme."""
        return starmap(self.gains.levelled, zip(self.tracks(), self.spooled.speech(), strict=True))

    def balanced(self) -> Iterator[bytes]:
        """The sound of each paragraph as it is mixed with music."""
        return starmap(self.gains.balanced, zip(self.tracks(), self.spooled.speech(), strict=True))
