"""What langdu has made in a folder: `.langdu/record.jsonl` there, one line a file, noted before the file appears.

So a run that was killed leaves nothing that the next does not know as langdu's own. When all is done, the first line
says of what it was made, and every file's hash stands for the file.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.export.atomic import atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

HIDDEN: Final = ".langdu"
_RECORD: Final = "record.jsonl"


@dataclass(frozen=True, slots=True, kw_only=True)
class Made:
    """One file. `sound` tells what was encoded from all other sound, where the file is a paragraph's."""

    file: str
    sha256: str
    sound: str = ""

    def is_whole(self, folder: Path) -> bool:
        """Whether the file is there, as it was made."""
        try:
            return hash_of(folder / self.file) == self.sha256
        except OSError:
            return False


@dataclass(frozen=True, slots=True)
class Record:
    """The files by their names; `about` is what a complete run said of itself, {} if none was complete."""

    made: Mapping[str, Made] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)


def hash_of(path: Path) -> str:
    """A file's SHA-256."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read(folder: Path) -> Record:
    """The record of a folder; what cannot be understood, such as a line that was never finished, is passed over."""
    about: dict[str, Any] = {}
    made = {}
    try:
        lines = (folder / HIDDEN / _RECORD).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    for line in lines:
        try:
            match json.loads(line):
                case {"file": str(name), "sha256": str()} as found if Path(name).name == name:
                    made[name] = Made(**found)
                case {"about": dict(found)}:
                    about = found
        except (ValueError, TypeError):
            continue
    return Record(made, about)


def is_in(hidden: Path) -> bool:
    """Whether a folder `.langdu` holds a record: then something has appeared beside it."""
    return (hidden / _RECORD).exists()


def write(folder: Path, made: Iterable[Made], about: Mapping[str, Any] | None = None) -> None:
    """Write the record anew, whole or not at all.

    Raises: ExportError: the folder or the disk does not allow it.
    """
    with atomic(folder / HIDDEN / _RECORD) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        if about:
            file.write(_line({"about": about}))
        file.writelines(_line(asdict(each)) for each in made)


def note(folder: Path, made: Made) -> None:
    """Add a file; the last line about a name is the one that counts."""
    with (folder / HIDDEN / _RECORD).open("a", encoding="utf-8", newline="\n") as file:
        file.write(_line(asdict(made)))


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
