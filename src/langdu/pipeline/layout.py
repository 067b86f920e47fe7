"""Which files a narration has: one for each format, one for each paragraph, and the manifest."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.export import FORMATS, ending, kind
from langdu.output.folder import MANIFEST, file_name

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Rundown


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The files of a narration. Those of the whole are named after `slug`, those of paragraphs are numbered.

    `stories` are the names of the stories that have files of their own, in order.
    """

    slug: str
    paragraphs: int
    formats: Sequence[str]
    stories: Sequence[str] = ()

    @classmethod
    def of(cls, rundown: Rundown, formats: Sequence[str], *, stories: bool = False) -> Layout:
        """The files of a programme; with `stories`, each story has files of its own."""
        titles = [heading.title for heading in rundown.headings().values() if heading.is_story] if stories else []
        return cls(
            slug=file_name(rundown.title),
            paragraphs=len(list(rundown.paragraphs())),
            formats=formats,
            # The number keeps the order, and keeps two stories with the same headline apart.
            stories=[f"story-{i:02}-{file_name(title)}" for i, title in enumerate(titles, 1)],
        )

    @property
    def stem(self) -> str:
        """The name of the files of the whole, without their endings."""
        # A title such as 001 would be the name of a paragraph's file, and "manifest" that of the manifest.
        taken = self.slug.isdecimal() or self.slug.lower() == "manifest"
        return f"article-{self.slug}" if taken else self.slug

    def whole(self, name: str) -> str:
        """The file of a format, for the whole programme."""
        return f"{self.stem}.{ending(name)}"

    @property
    def audio(self) -> str | None:
        """The MP3 of the whole programme, if there is one."""
        return self.whole("mp3") if "mp3" in self.formats else None

    @property
    def has_sound(self) -> bool:
        """Whether a format reads the programme's sound."""
        return any(FORMATS[name].needs_sound for name in self.formats)

    @property
    def files(self) -> dict[str, str]:
        """The files of the whole by kind, as in the manifest's `files`."""
        return {kind(name): self.whole(name) for name in self.formats}

    @property
    def paragraph_files(self) -> list[str]:
        """The MP3 of each paragraph, in order."""
        return [f"{i:03}.mp3" for i in range(1, self.paragraphs + 1)] if self.audio else []

    @property
    def story_files(self) -> list[dict[str, str]]:
        """The files of each story by format: one for each format that is sound and nothing else."""
        sounds = [name for name in self.formats if FORMATS[name].is_sound]
        return [{name: f"{story}.{ending(name)}" for name in sounds} for story in self.stories]

    @property
    def names(self) -> list[str]:
        """Every file."""
        of_stories = [file for story in self.story_files for file in story.values()]
        return [*self.files.values(), *of_stories, *self.paragraph_files, MANIFEST]
