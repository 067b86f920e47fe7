"""What langdu has made in a folder: `.langdu/record.jsonl` there, one line a file, noted before the file appears.

So a run that was killed leaves nothing that the next does not know as langdu's own. When all is done, the first line
says of what it was made, and every file's hash stands for the file.

Anybody may have written a record: a folder may be a copy, or come out of an archive. Only a file that the system itself
knows by the same number and time was made here by langdu, and may be replaced or deleted.
"""

from __future__ import annotations

import json
import stat
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from langdu import files
from langdu.files import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

RECORD: Final = "record.jsonl"
# A line is some 200 bytes, and what is said of the whole may list every character.
_LARGEST: Final = 1 << 26
# In nanoseconds: what is finer than this, a file on a server loses.
_TICK: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file: its hash, and its number, time and size in the file system, which stay when it gets its name.

    `sound` tells what was encoded from all other sound, where the file is a paragraph's.
    """

    file: str
    sha256: str
    sound: str = ""
    inode: int = 0
    time: int = 0
    size: int = -1

    @staticmethod
    def at(path: Path, name: str, sound: str = "") -> Made:
        """What is at a path, as the file of a name. Raises: OSError: nothing is, or no plain file."""
        found = path.stat()
        return Made(
            file=name,
            sha256=files.digest(path),
            sound=sound,
            inode=found.st_ino,
            time=found.st_mtime_ns // _TICK,
            size=found.st_size,
        )

    def is_whole(self, folder: Path) -> bool:
        """Whether a file is there with the content that was made, whoever put it there."""
        return self._is_alike(folder / self.file)

    def is_at(self, path: Path) -> bool:
        """Whether this very file is at a path, as it was made."""
        try:
            found = path.lstat()
        except (OSError, ValueError):
            return False
        return (found.st_ino, found.st_mtime_ns // _TICK) == (self.inode, self.time) and self._is_alike(path)

    def _is_alike(self, path: Path) -> bool:
        try:
            found = path.lstat()
            return (
                stat.S_ISREG(found.st_mode) and self.size in (-1, found.st_size) and files.digest(path) == self.sha256
            )
        except (OSError, ValueError):
            return False


@dataclass(frozen=True, slots=True)
class Record:
    """What was made, by name: of several lines about one, any may be true, for a run may have been killed between.

    `about` is what a complete run said of itself, {} if none was complete.
    """

    made: Mapping[str, tuple[Made, ...]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def read(folder: Path) -> Record:
    """The record of a folder; what cannot be understood, such as a line that was never finished, is passed over."""
    about: dict[str, Any] = {}
    made: dict[str, tuple[Made, ...]] = {}
    try:
        lines = files.text(folder / files.OWN_FOLDER / RECORD, _LARGEST).splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    for line in lines:
        try:
            match files.from_json(line):
                case {"file": str(name), "sha256": str()} as found if files.is_name(name):
                    made[name] = (*made.get(name, ()), _made(**found))
                case {"about": dict(found)}:
                    about = found
        except (ValueError, TypeError):
            continue
    return Record(made, about)


def _made(**found: object) -> Made:
    """Raises: TypeError: a line has what no line has."""
    kinds = {"file": str, "sha256": str, "sound": str, "inode": int, "time": int, "size": int}
    if any(type(value) is not kinds.get(name) for name, value in found.items()):
        raise TypeError(f"{sorted(found)} are not of a record")
    return Made(**found)  # type: ignore[arg-type]  # each was just looked at


def is_in(hidden: Path) -> bool:
    """Whether a folder `.langdu` holds a record: then something has appeared beside it."""
    return (hidden / RECORD).exists()


def write(folder: Path, made: Iterable[Made], about: Mapping[str, Any] | None = None) -> None:
    """Write the record anew, whole or not at all.

    Raises: ExportError: the folder or the disk does not allow it.
    """
    with (
        atomic(folder / files.OWN_FOLDER / RECORD) as partial,
        partial.open("w", encoding="utf-8", newline="\n") as file,
    ):
        if about:
            file.write(_line({"about": about}))
        file.writelines(_line(asdict(each)) for each in made)


def note(folder: Path, made: Made) -> None:
    """Add a file."""
    with (folder / files.OWN_FOLDER / RECORD).open("a", encoding="utf-8", newline="\n") as file:
        file.write(_line(asdict(made)))


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
