"""Which files a narration has: one a format, one a paragraph, and the manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.export import FORMATS, ending, kind
from langdu.output.folder import MANIFEST

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The files of a narration: `slug` names those of the whole, a number those of each paragraph."""

    slug: str
    paragraphs: int
    formats: Sequence[str]

    @property
    def stem(self) -> str:
        """What the files of the whole are called, without their endings."""
        # A title such as 001 would be the name of a paragraph's file, and "manifest" that of the manifest.
        taken = self.slug.isdecimal() or self.slug.lower() == "manifest"
        return f"article-{self.slug}" if taken else self.slug

    def whole(self, name: str) -> str:
        """The file of a format, for the whole programme."""
        return f"{self.stem}.{ending(name)}"

    @property
    def audio(self) -> str | None:
        """The whole programme as MP3."""
        return self.whole("mp3") if "mp3" in self.formats else None

    @property
    def has_sound(self) -> bool:
        """Whether a format reads the programme's sound."""
        return any(FORMATS[name].needs_sound for name in self.formats)

    @property
    def files(self) -> dict[str, str]:
        """What the manifest calls `files`."""
        return {kind(name): self.whole(name) for name in self.formats}

    @property
    def paragraph_files(self) -> list[str]:
        """One audio file a paragraph, in order."""
        return [f"{i:03}.mp3" for i in range(1, self.paragraphs + 1)] if self.audio else []

    @property
    def names(self) -> list[str]:
        """Every file."""
        return [*self.files.values(), *self.paragraph_files, MANIFEST]
