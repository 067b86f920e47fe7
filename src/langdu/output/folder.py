"""The folder of a narration: which files it holds, and that each appears whole or not at all."""

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
from langdu.files import alone, sweep
from langdu.output import record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from types import TracebackType

MANIFEST: Final = "manifest.json"
# A manifest of more than a million characters.
LARGEST: Final = 1 << 28
_ASIDE: Final = "set-aside"
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


class OutputFolder:
    """A context manager for making the files `names` in `folder`: each appears when it is whole, the manifest last.

    While some files are older than others there is no manifest. What an earlier run left (its record says what) is
    used again where it is the same, and replaced or removed where it is not. That is done only to a file that langdu
    made in this folder and that is as it was made. Another that has a name of an earlier run's is set aside where its
    place is needed, and `notice` is told; one of which no run says anything is never touched. If the block fails, what
    has appeared stays, and the next run goes on with it.

    `work` is a folder for files in the making, which is gone when the block ends; `earlier` is what the record says of
    the run before this, if that was complete.

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
        self._known: dict[str, tuple[record.Made, ...]] = {}
        self._sounds: dict[str, tuple[Path, record.Made]] = {}
        self._published: dict[str, record.Made] = {}
        self._changed = False

    def __enter__(self) -> Self:
        with ExitStack() as stack, self._writing():
            made = [p for p in (self._hidden, self.folder, *self.folder.parents) if not p.exists()]
            stack.callback(_remove_empty, made)
            for path in (self._hidden, self._hidden / record.RECORD, self.work, self._hidden / _ASIDE):
                files.refuse_link(path)
            self._hidden.mkdir(parents=True, exist_ok=True)
            busy = (
                f"another langdu is writing into {self.folder}: wait until it is done, or choose another folder with -o"
            )
            stack.enter_context(alone(self._hidden / "lock", busy))
            sweep(self._hidden)
            found = record.read(self.folder)
            self.earlier = found.about
            self._known = dict(found.made) or self._named()
            self._refuse_foreign()
            lines = (each for lines in self._known.values() for each in lines)
            self._sounds = {each.sound: (self.folder / each.file, each) for each in lines if each.sound}
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
        """The file of an earlier run in this folder, whatever its name, with this sound; None if none is whole."""
        path, made = self._sounds.get(sound, (Path(), None))
        return path.read_bytes() if made and made.is_at(path) else None

    def publish(self, name: str, sound: str = "") -> None:
        """Give `part(name)` its place; if the file there is the same, that one stays. Of two in a run the last counts.

        Raises: ExportError: the folder does not allow it.
        """
        part, place = self.work / name, self.folder / name
        with self._writing():
            made = record.Made.at(part, name, sound)
            if made.is_whole(self.folder):
                self._published[name] = record.Made.at(place, name, sound)
                return
            self._change()
            if name not in self._published:
                self._make_way(name)
            self._published[name] = made
            record.note(self.folder, made)
            part.replace(place)

    def complete(self, about: Mapping[str, object]) -> None:
        """Every file is published: the rest of an earlier run goes away, and the record says what all was made of."""
        with self._writing():
            for name in self._known.keys() - set(self.names):
                place = self.folder / name
                if self._own(name):
                    place.unlink()
                elif os.path.lexists(place):
                    whole = any(made.is_whole(self.folder) for made in self._known[name])
                    why = "langdu did not make it in this folder" if whole else "not as langdu made it"
                    self._notice(f"{place} is of an earlier run, but {why}: it stays")
        record.write(self.folder, self._published.values(), about)

    def _change(self) -> None:
        """From here on the files are of two runs, and no manifest or record may call them complete."""
        if not self._changed:
            record.write(self.folder, (each for lines in self._known.values() for each in lines))
            self._make_way(MANIFEST)
            self._changed = True

    def _make_way(self, name: str) -> None:
        """Clear the place of a file: what langdu made there goes away, and all else is set aside."""
        place, own = self.folder / name, self._own(name)
        if own and own.sound:  # a paragraph that follows may have it
            aside = self.work / f"earlier-{name}"
            place.replace(aside)
            self._sounds[own.sound] = (aside, own)
        elif own:
            place.unlink()
        elif os.path.lexists(place):
            aside = self._aside() / name
            place.replace(aside)
            self._notice(f"{place} is not as langdu made it: it is written anew, and what was there is now {aside}")

    def _aside(self) -> Path:
        """A new folder for what is set aside."""
        for number in count(1):
            with suppress(FileExistsError):
                (made := self._hidden / _ASIDE / str(number)).mkdir(parents=True)
                return made
        raise AssertionError

    def _own(self, name: str) -> record.Made | None:
        """What the record says of the file of this name, if langdu made that here and it is as it was made."""
        place = self.folder / name
        return next((made for made in self._known.get(name, ()) if made.is_at(place)), None)

    def _named(self) -> dict[str, tuple[record.Made, ...]]:
        """The files that the manifest names, where the record does not."""
        try:
            found = files.from_json(files.text(self.folder / MANIFEST, LARGEST))
            if not found["schema"].startswith(_SCHEMA):
                return {}
            names = [MANIFEST, *found["files"].values(), *(p["file"] for p in found["paragraphs"] if p.get("file"))]
            return {name: (record.Made(file=name, sha256=""),) for name in names if files.is_name(name)}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}  # no manifest, or of something else: then nothing here is ours

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
            raise ExportError(
                f"cannot write into the folder {self.folder}: {error.strerror}{where}; mend that, free some space, or "
                "choose another folder with -o"
            ) from error


def _remove_empty(folders: Sequence[Path]) -> None:
    """Folders that this run made, the innermost first, if nothing has appeared in them."""
    for folder in folders:
        if folder.name == files.OWN_FOLDER and not record.is_in(folder):
            shutil.rmtree(folder, ignore_errors=True)
        else:
            try:
                folder.rmdir()
            except OSError:
                return  # something is in it
