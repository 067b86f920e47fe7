"""The folder of a narration: which files it holds, and that each appears whole or not at all."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import unicodedata
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from langdu.errors import ExportError
from langdu.export import FORMATS, ending, kind, record
from langdu.export.lock import alone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

MANIFEST: Final = "manifest.json"
_SCHEMA: Final = "langdu-manifest/"
# File systems take 255 bytes a name, and an ending comes after. A hanzi has three bytes, a rare one four.
_LONGEST: Final = 60
_BYTES: Final = 180
# Source: Microsoft, Naming Files, Paths, and Namespaces: what is a device on Windows, whatever its ending.
_DEVICE: Final = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)


def file_name(title: str) -> str:
    """A title as a file name on every system: letters, digits and hyphens.

    >>> file_name("时间过半 任务过半!长春“进度条”"), file_name("COM1."), file_name("…")
    ('时间过半-任务过半-长春-进度条', 'article-COM1', 'article')
    """
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in unicodedata.normalize("NFC", title))
    name = "-".join("".join(kept).split())[:_LONGEST]
    name = name.encode("utf-8", "ignore")[:_BYTES].decode("utf-8", "ignore").strip("-")
    return f"article-{name}" if _DEVICE.fullmatch(name) else name or "article"


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


class OutputFolder:
    """A context manager for making the files `names` in `folder`: each appears when it is whole, the manifest last.

    While some files are older than others there is no manifest. What an earlier run left (its record says what) is
    used again where it is the same, and replaced or removed where it is not; a file that langdu did not make is never
    touched, and `notice` is told of one that was changed since. If the block fails, what has appeared stays, and the
    next run goes on with it.

    `work` is a folder for files in the making, which is gone when the block ends; `earlier` is what the record says of
    the run before this, if that was complete.

    Raises: ExportError: the folder cannot be written, a file stands there that langdu did not make, or another run is
    at work in the folder.
    """

    def __init__(self, folder: Path, names: Sequence[str], notice: Callable[[str], None] = lambda _: None) -> None:
        self.folder = folder
        self._notice = notice
        self.names = names
        self.work = folder / record.HIDDEN / "work"
        self.earlier: Mapping[str, Any] = {}
        self._known: dict[str, record.Made] = {}
        self._sounds: dict[str, tuple[Path, str]] = {}
        self._published: dict[str, record.Made] = {}
        self._changed = False

    def __enter__(self) -> Self:
        with ExitStack() as stack, self._writing():
            made = [p for p in (self.work.parent, self.folder, *self.folder.parents) if not p.exists()]
            stack.callback(_remove_empty, made)
            self.work.parent.mkdir(parents=True, exist_ok=True)
            busy = (
                f"another langdu is writing into {self.folder}: wait until it is done, or choose another folder with -o"
            )
            stack.enter_context(alone(self.work.with_name("lock"), busy))
            found = record.read(self.folder)
            self.earlier = found.about
            self._known = dict(found.made) or self._named()
            self._refuse_foreign()
            self._sounds = {m.sound: (self.folder / m.file, m.sha256) for m in self._known.values() if m.sound}
            shutil.rmtree(self.work, ignore_errors=True)  # of a run that was killed: nobody is at it, we are alone
            stack.callback(shutil.rmtree, self.work, ignore_errors=True)
            self.work.mkdir()
            self._leave = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.close()

    def part(self, name: str) -> Path:
        """Where a file is to be made before it is published."""
        return self.work / name

    def sounding(self, sound: str) -> bytes | None:
        """The file of an earlier run, whatever its name, with this sound; None if there is none that is whole."""
        path, sha256 = self._sounds.get(sound, (Path(), ""))
        if not sha256:
            return None
        try:
            found = path.read_bytes()
        except OSError:
            return None
        return found if hashlib.sha256(found).hexdigest() == sha256 else None

    def publish(self, name: str, sound: str = "") -> None:
        """Give `part(name)` its place; if the file there is the same, that one stays. Of two in a run the last counts.

        Raises: ExportError: the folder does not allow it.
        """
        part, place = self.work / name, self.folder / name
        with self._writing():
            made = record.Made(file=name, sha256=record.hash_of(part), sound=sound)
            known = None if name in self._published else self._known.get(name)
            self._published[name] = made
            if made.is_whole(self.folder):
                return
            self._change()
            if known:
                self._tell_if_altered(name)
            record.note(self.folder, made)
            if known and known.sound and place.exists():  # a paragraph that follows may have its sound
                aside = self.work / f"earlier-{name}"
                place.replace(aside)
                self._sounds[known.sound] = (aside, known.sha256)
            part.replace(place)

    def complete(self, about: Mapping[str, object]) -> None:
        """Every file is published: the rest of an earlier run goes away, and the record says what all was made of."""
        with self._writing():
            for name in self._known.keys() - set(self.names):
                if self._is_altered(name):
                    self._notice(f"{self.folder / name} is of an earlier run, but not as langdu made it: it stays")
                else:
                    (self.folder / name).unlink(missing_ok=True)
        record.write(self.folder, self._published.values(), about)

    def _change(self) -> None:
        """From here on the files are of two runs, and no manifest or record may call them complete."""
        if not self._changed:
            self._tell_if_altered(MANIFEST)
            record.write(self.folder, self._known.values())
            (self.folder / MANIFEST).unlink(missing_ok=True)
            self._changed = True

    def _tell_if_altered(self, name: str) -> None:
        if self._is_altered(name):
            self._notice(f"{self.folder / name} is not as langdu made it: it is written anew")

    def _is_altered(self, name: str) -> bool:
        made = self._known.get(name)
        return bool(made and made.sha256 and (self.folder / name).exists() and not made.is_whole(self.folder))

    def _named(self) -> dict[str, record.Made]:
        """The files that the manifest names, where the record does not."""
        try:
            found = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
            if not found["schema"].startswith(_SCHEMA):
                return {}
            names = [MANIFEST, *found["files"].values(), *(p["file"] for p in found["paragraphs"] if p.get("file"))]
            return {n: record.Made(file=n, sha256="") for n in names if Path(n).name == n}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # no manifest, or of something else: then nothing here is ours

    def _refuse_foreign(self) -> None:
        def foreign() -> list[str]:
            return [name for name in self.names if name not in self._known and (self.folder / name).exists()]

        if foreign():  # the record may be damaged
            self._known = {**self._named(), **self._known}
        for name in foreign():
            raise ExportError(
                f"{self.folder / name} is there already and langdu did not make it: "
                "move it away, or choose another folder with -o"
            )

    @contextmanager
    def _writing(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ExportError(
                f"cannot write into the folder {self.folder}: {error.strerror}; free some space, or choose another "
                "folder with -o"
            ) from error


def _remove_empty(folders: Sequence[Path]) -> None:
    """Folders that this run made, the innermost first, if nothing has appeared in them."""
    for folder in folders:
        if folder.name == record.HIDDEN and not record.is_in(folder):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            try:
                folder.rmdir()
            except OSError:
                return  # something is in it
