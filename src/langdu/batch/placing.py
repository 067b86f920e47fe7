"""The index page in its place. langdu replaces only a page that it made there and that is unchanged."""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.batch import addresses
from langdu.errors import ExportError
from langdu.files import OWN_FOLDER, MadeFile, atomic
from langdu.output.folder import new_aside
from langdu.output.record import RECORD, note_file, read_record, write_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

INDEX: Final = "index.html"


def refuse_foreign(out: str) -> None:
    """Raises: ExportError: the place of the index page has a file that langdu did not make."""
    if addresses.is_address(out):
        page = addresses.content(addresses.join(out, INDEX))
        is_foreign = page is not None and hashlib.sha256(page).hexdigest() not in _hashes(out)
        where = addresses.join(out, INDEX)
    else:
        where = str(Path(out, INDEX))
        is_foreign = os.path.lexists(where) and INDEX not in read_record(Path(out)).made
    if is_foreign:
        raise ExportError(
            f"{where} is there already and langdu did not make it: move it away, or choose another folder with -o"
        )


def place(out: str, parts: Iterable[str], notice: Callable[[str], None]) -> None:
    """Write the index page, whole or not at all. A page that somebody changed is set aside, and `notice` is told.

    At an address, where nothing can be moved, the run ends. Raises: ExportError.
    """
    if addresses.is_address(out):
        refuse_foreign(out)
        page = "".join(parts).encode("utf-8", "replace")
        made = MadeFile(file=INDEX, sha256=hashlib.sha256(page).hexdigest(), size=len(page))
        # If the run is killed now, the page that is there is still known as langdu's.
        earlier = addresses.content(addresses.join(out, INDEX))
        before = [MadeFile(file=INDEX, sha256=hashlib.sha256(earlier).hexdigest())] if earlier is not None else []
        record = "".join(json.dumps(asdict(each)) + "\n" for each in (*before, made))
        addresses.write(_record(out), record.encode())
        addresses.write(addresses.join(out, INDEX), page)
        return
    folder = Path(out)
    where, earlier_files = folder / INDEX, read_record(folder)
    with atomic(where) as partial:
        with partial.open("w", encoding="utf-8", newline="\n", errors="replace") as file:
            file.writelines(parts)
        made = MadeFile.at(partial, INDEX)
        if os.path.lexists(where) and not any(each.is_at(where) for each in earlier_files.made.get(INDEX, ())):
            aside = new_aside(folder / OWN_FOLDER) / INDEX
            where.replace(aside)
            notice(f"{where} has been changed: langdu writes it anew and has moved the changed file to {aside}")
        note_file(folder, made)
    others = (each for name, lines in earlier_files.made.items() if name != INDEX for each in lines)
    write_record(folder, [*others, made], earlier_files.about)


def _record(out: str) -> str:
    return addresses.join(out, OWN_FOLDER, RECORD)


def _hashes(out: str) -> set[str]:
    """The hashes of the index pages that langdu wrote to an address."""
    found = set()
    for line in (addresses.content(_record(out)) or b"").decode("utf-8", "replace").splitlines():
        try:
            match files.from_json(line):
                case {"file": str(name), "sha256": str(digest)} if name == INDEX:
                    found.add(digest)
        except ValueError:
            continue
    return found
