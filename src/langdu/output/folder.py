"""The folder of a narration. Each file in it appears whole or not at all."""

from __future__ import annotations

import os
import re
import shutil
import unicodedata
from contextlib import ExitStack, contextmanager, suppress
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from langdu import files
from langdu.errors import ExportError
from langdu.files import MadeFile, alone, sweep
from langdu.output import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

MANIFEST: Final = "manifest.json"
# The largest manifest, in bytes: enough for more than a million characters.
LARGEST: Final = 1 << 28
ASIDE: Final = "set-aside"
_SCHEMA: Final = "langdu-manifest/"
# A file name may have 255 bytes on most systems, with its ending. A hanzi takes three bytes, a rare one four.
_LONGEST: Final = 60
_BYTES: Final = 180
# Names of devices on Windows, with any ending. Source: Microsoft, Naming Files, Paths, and Namespaces.
_DEVICE: Final = re.compile(r"con|prn|aux|nul|(?:com|lpt)[0-9¹²³]", re.IGNORECASE)


def file_name(title: str) -> str:
    """A title as a file name that every system accepts: letters, digits and hyphens.

    >>> file_name("时间过半 任务过半!长春“进度条”"), file_name("COM1."), file_name("…")
    ('时间过半-任务过半-长春-进度条', 'article-COM1', 'article')
    """
    kept = (c if unicodedata.category(c)[0] in "LNM" else " " for c in unicodedata.normalize("NFC", title))
    name = "-".join("".join(kept).split())[:_LONGEST]
    name = name.encode("utf-8", "ignore")[:_BYTES].decode("utf-8", "ignore").strip("-")
    return f"article-{name}" if _DEVICE.fullmatch(name) else name or "article"


def new_aside(hidden: Path) -> Path:
    """A new folder, in a folder `.langdu`, for files that are set aside."""
    for number in count(1):
        with suppress(FileExistsError):
            (folder := hidden / ASIDE / str(number)).mkdir(parents=True)
            return folder
    raise AssertionError


class OutputFolder:
    """A context manager for making the files `names` in `folder`: each appears when it is whole, the manifest last.

    There is no manifest while the folder holds files of two runs. The record says what an earlier run left: files that
    would be the same are used again, others are replaced or removed. Only an unchanged file that langdu made in this
    folder is ever removed. A changed one whose place is needed is set aside, and `notice` is told. A file that no
    record names is never touched. If the block fails, finished files stay, and the next run uses them again.

    `work` is a folder for temporary files, which is removed when the block ends; `earlier` is the record's description
    of the last run, if that was complete.

    Raises: ExportError: the folder cannot be written, a file stands there that langdu did not make, a link stands where
    langdu keeps its own, or another run is at work in the folder.
    """

    def __init__(self, folder: Path, names: Sequence[str], notice: Callable[[str], None] = lambda _: None) -> None:
        self.folder = folder
        self._notice = notice
        self.names = names
        self._hidden = folder / files.OWN_FOLDER
        self.work = self._hidden / "work"
        self.earlier: Mapping[str, Any] = {}
        self._known: dict[str, tuple[MadeFile, ...]] = {}
        self._sounds: dict[str, tuple[Path, MadeFile]] = {}
        self._published: dict[str, MadeFile] = {}
        self._changed = False

    def __enter__(self) -> Self:
        with ExitStack() as stack, self._writing():
            missing = [p for p in (self._hidden, self.folder, *self.folder.parents) if not p.exists()]
            stack.callback(_remove_empty, missing)
            for path in (self._hidden, self._hidden / record.RECORD, self.work, self._hidden / ASIDE):
                files.refuse_link(path)
            self._hidden.mkdir(parents=True, exist_ok=True)
            busy = (
                f"another langdu is writing into {self.folder}: wait until it is done, or choose another folder with -o"
            )
            stack.enter_context(alone(self._hidden / "lock", busy))
            sweep(self._hidden)
            earlier = record.read_record(self.folder)
            self.earlier = earlier.about
            self._known = dict(earlier.made) or self._named()
            self._refuse_foreign()
            known = (made_file for lines in self._known.values() for made_file in lines)
            self._sounds = {
                made_file.sound: (self.folder / made_file.file, made_file) for made_file in known if made_file.sound
            }
            shutil.rmtree(self.work, ignore_errors=True)  # left by a killed run; the lock says that nobody uses it
            stack.callback(shutil.rmtree, self.work, ignore_errors=True)
            self.work.mkdir()
            self._leave = stack.pop_all()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._leave.close()

    def part(self, name: str) -> Path:
        """Where a file is made before it is published."""
        return self.work / name

    def sounding(self, sound: str) -> bytes | None:
        """The content of a file that an earlier run made from this sound, whatever its name; None if none is intact."""
        path, made_file = self._sounds.get(sound, (Path(), None))
        return path.read_bytes() if made_file and made_file.is_at(path) else None

    def publish(self, name: str, sound: str = "") -> None:
        """Move `part(name)` to its place, unless the file there is the same already.

        If a name is published twice in a run, the last one wins.

        Raises: ExportError: the folder does not allow it.
        """
        part, place = self.work / name, self.folder / name
        with self._writing():
            made_file = MadeFile.at(part, name, sound)
            if made_file.is_whole(self.folder):
                self._published[name] = MadeFile.at(place, name, sound)
                return
            self._change()
            if name not in self._published:
                self._make_way(name)
            self._published[name] = made_file
            record.note_file(self.folder, made_file)
            part.replace(place)

    def complete(self, about: Mapping[str, object]) -> None:
        """Call this when every file is published: removes the rest of an earlier run, and completes the record."""
        with self._writing():
            for name in self._known.keys() - set(self.names):
                place = self.folder / name
                if self._own(name):
                    place.unlink()
                elif os.path.lexists(place):
                    whole = any(made_file.is_whole(self.folder) for made_file in self._known[name])
                    why = "was not made by langdu in this folder" if whole else "has been changed"
                    self._notice(f"{place} is from an earlier run, but {why}: it stays")
        record.write_record(self.folder, self._published.values(), about)

    def _change(self) -> None:
        """From here on the folder holds files of two runs: remove what says that it is complete."""
        if not self._changed:
            record.write_record(self.folder, (made_file for lines in self._known.values() for made_file in lines))
            self._make_way(MANIFEST)
            self._changed = True

    def _make_way(self, name: str) -> None:
        """Clear the place of a file: langdu's own file is removed, any other is set aside."""
        place, own = self.folder / name, self._own(name)
        if own and own.sound:  # a later paragraph of this run may have the same sound
            aside = self.work / f"earlier-{name}"
            place.replace(aside)
            self._sounds[own.sound] = (aside, own)
        elif own:
            place.unlink()
        elif os.path.lexists(place):
            aside = new_aside(self._hidden) / name
            place.replace(aside)
            self._notice(f"{place} has been changed: langdu writes it anew and has moved the changed file to {aside}")

    def _own(self, name: str) -> MadeFile | None:
        """What the record says of the file of this name, if langdu made it here and it is unchanged."""
        place = self.folder / name
        return next((made_file for made_file in self._known.get(name, ()) if made_file.is_at(place)), None)

    def _named(self) -> dict[str, tuple[MadeFile, ...]]:
        """The files that the manifest names, for a folder without a usable record."""
        try:
            table = files.from_json(files.text(self.folder / MANIFEST, LARGEST))
            if not table["schema"].startswith(_SCHEMA):
                return {}
            names = [MANIFEST, *table["files"].values(), *(p["file"] for p in table["paragraphs"] if p.get("file"))]
            return {name: (MadeFile(file=name, sha256=""),) for name in names if files.is_name(name)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # there is no manifest of langdu, so nothing here is ours

    def _refuse_foreign(self) -> None:
        def foreign() -> list[str]:
            return [name for name in self.names if name not in self._known and os.path.lexists(self.folder / name)]

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
            where = f" ({error.filename})" if error.filename else ""
            reason = files.reason(error)
            raise ExportError(
                f"cannot write into the folder {self.folder}: {reason}{where}; {files.write_advice(reason)}"
            ) from error


def _remove_empty(folders: Sequence[Path]) -> None:
    """Remove folders that this run made, the innermost first, unless something has appeared in them."""
    for folder in folders:
        if folder.name == files.OWN_FOLDER and not record.has_record(folder):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            try:
                folder.rmdir()
            except OSError:
                return  # it is not empty
