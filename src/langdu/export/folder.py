"""The folder of a narration: which files it holds, and that they appear whole or not at all."""

from __future__ import annotations

import json
import shutil
import tempfile
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import TracebackType

MANIFEST: Final = "manifest.json"
_SCHEMA: Final = "langdu-manifest/"
# File systems take 255 bytes a name; a hanzi has three, and an ending comes after.
_LONGEST: Final = 60


def file_name(title: str) -> str:
    """A title as a file name on every system: letters, digits and hyphens.

    >>> file_name("时间过半 任务过半!长春“进度条”")
    '时间过半-任务过半-长春-进度条'
    """
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in unicodedata.normalize("NFC", title))
    name = "-".join("".join(kept).split())[:_LONGEST].strip("-")
    return name or "article"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The files of a narration: `slug` names those of the whole, a number those of each paragraph."""

    slug: str
    paragraphs: int
    formats: Sequence[str]

    @property
    def audio(self) -> str | None:
        """The whole programme."""
        return self._whole("mp3")

    @property
    def subtitles(self) -> str | None:
        """The subtitles of the whole programme."""
        return self._whole("srt")

    def _whole(self, ending: str) -> str | None:
        # A title such as 001 would be the name of a paragraph's file.
        stem = f"article-{self.slug}" if self.slug.isdecimal() else self.slug
        return f"{stem}.{ending}" if ending in self.formats else None

    @property
    def files(self) -> dict[str, str]:
        """What the manifest calls `files`."""
        return {kind: name for kind, name in (("audio", self.audio), ("subtitles", self.subtitles)) if name}

    @property
    def paragraph_files(self) -> list[str]:
        """One audio file a paragraph, in order."""
        return [f"{i:03}.mp3" for i in range(1, self.paragraphs + 1)] if self.audio else []

    @property
    def names(self) -> list[str]:
        """Every file."""
        return [*self.files.values(), *self.paragraph_files, MANIFEST]


class OutputFolder:
    """A context manager: gives a staging folder, and moves the files named into `folder` when the block ends well.

    What an earlier narration left in `folder` (its manifest says what) is replaced or removed; a file that langdu did
    not make is never touched.

    Raises: ExportError: the folder cannot be written, or a file stands there that langdu did not make.
    """

    def __init__(self, folder: Path, names: Sequence[str]) -> None:
        self.folder = folder
        self.names = names
        self._made: list[Path] = []
        self._staging = Path()

    def __enter__(self) -> Path:
        try:
            self._made = [p for p in (self.folder, *self.folder.parents) if not p.exists()]
            self.folder.mkdir(parents=True, exist_ok=True)
            foreign = [n for n in self.names if (self.folder / n).exists() and n not in self._ours()]
            if foreign:
                raise ExportError(
                    f"{self.folder / foreign[0]} is there already and langdu did not make it: "
                    "move it away, or choose another folder with -o"
                )
            self._staging = Path(tempfile.mkdtemp(prefix=".langdu-", dir=self.folder))
        except OSError as error:
            self._remove_made()
            raise ExportError(f"cannot write into the folder {self.folder}: {error.strerror}") from error
        return self._staging

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._publish()
        finally:
            shutil.rmtree(self._staging, ignore_errors=True)
            if kind is not None:
                self._remove_made()

    def _ours(self) -> set[str]:
        """The files that the manifest in the folder says langdu made."""
        try:
            found = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if not found["schema"].startswith(_SCHEMA):
                return set()
            return {MANIFEST, *found["files"].values(), *(p["file"] for p in found["paragraphs"] if p.get("file"))}
        except (FileNotFoundError, NotADirectoryError):
            return set()
        except (ValueError, KeyError, TypeError, AttributeError):
            return set()  # a manifest.json of something else: then nothing here is ours

    def _publish(self) -> None:
        stale = {n for n in self._ours() if Path(n).name == n} - set(self.names)
        try:
            # The manifest comes last: where it is, everything it names is too.
            for name in sorted(self.names, key=lambda n: n == MANIFEST):
                (self._staging / name).replace(self.folder / name)
            for name in stale:
                (self.folder / name).unlink(missing_ok=True)
        except OSError as error:
            raise ExportError(f"cannot write into the folder {self.folder}: {error.strerror}") from error

    def _remove_made(self) -> None:
        """Folders that this run made and left empty."""
        for folder in self._made:
            try:
                folder.rmdir()
            except OSError:
                return  # not empty: something else is using it
