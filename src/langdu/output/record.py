"""The record of what langdu made in a folder: `.langdu/record.jsonl`, one line for each file.

A line is written before its file appears, so that after a killed run the next one knows which files are langdu's own.
When a run is complete, the first line says what the whole was made of.

Anybody can write a record: a folder may be a copy, or come out of an archive. So langdu replaces or deletes a file only
if its inode and time are those in the record, which shows that langdu made it here.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from langdu import files
from langdu.files import MadeFile, atomic

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

RECORD: Final = "record.jsonl"
# In bytes. A line takes about 200, and the first line may list every character.
_LARGEST: Final = 1 << 26


@dataclass(frozen=True, slots=True)
class Record:
    """The files that were made, by name. If a run was killed, a name may have several lines, any of which may be true.

    `about` is a complete run's description of the whole, {} if no run was complete.
    """

    made: Mapping[str, tuple[MadeFile, ...]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)

    def is_whole(self, folder: Path, name: str) -> bool:
        """Whether a file of this name is in the folder with the content that was made."""
        return any(file.is_whole(folder) for file in self.made.get(name, ()))


def read_record(folder: Path) -> Record:
    """The record of a folder. Invalid lines are skipped: the last one may be incomplete."""
    about: dict[str, Any] = {}
    made: dict[str, tuple[MadeFile, ...]] = {}
    try:
        lines = files.text(folder / files.OWN_FOLDER / RECORD, _LARGEST).splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    for line in lines:
        try:
            match files.from_json(line):
                case {"file": str(name), "sha256": str()} as row if files.is_name(name):
                    made[name] = (*made.get(name, ()), MadeFile.from_row(**row))
                case {"about": dict(row)}:
                    about = row
        except (ValueError, TypeError):
            continue
    return Record(made, about)


def has_record(hidden: Path) -> bool:
    """Whether a folder `.langdu` holds a record. If so, it has noted a file beside that folder."""
    return (hidden / RECORD).exists()


def write_record(folder: Path, made: Iterable[MadeFile], about: Mapping[str, Any] | None = None) -> None:
    """Write the record anew, whole or not at all.

    Raises: ExportError: the folder or the disk does not allow it.
    """
    with (
        atomic(folder / files.OWN_FOLDER / RECORD) as partial,
        partial.open("w", encoding="utf-8", newline="\n") as file,
    ):
        if about:
            file.write(_line({"about": about}))
        file.writelines(_line(asdict(made_file)) for made_file in made)


def note_file(folder: Path, made_file: MadeFile) -> None:
    """Add a file to the record."""
    with (folder / files.OWN_FOLDER / RECORD).open("a", encoding="utf-8", newline="\n") as file:
        file.write(_line(asdict(made_file)))


def _line(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"
