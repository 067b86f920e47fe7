"""What is in the output: a line of JSON for each article, of this run and of earlier ones; and the index page of it."""

from __future__ import annotations

import json
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self

from langdu import files
from langdu.batch import addresses
from langdu.batch.assignment import Status
from langdu.batch.index import page
from langdu.batch.placing import place, refuse_foreign
from langdu.controls import mask_passwords, show_controls
from langdu.errors import ExportError
from langdu.files import OWN_FOLDER, alone, atomic, cannot_write, reason, refuse_irregular, refuse_link
from langdu.model import Severity
from langdu.output.folder import ASIDE
from langdu.output.record import RECORD

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterable
    from types import TracebackType

    from langdu.batch.assignment import Outcome

_NAME: Final = "batch.jsonl"
# The largest ledger, in bytes: a million articles.
_LARGEST: Final = 1 << 30
# What a row may have, as `Outcome.row` makes it of articles that are narrated.
_FIELDS: Final[dict[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("source", "folder", "status", "title", "file", "error"), str),
    "seconds": (int, float),
    "findings": dict,
    "notices": list,
}


class Ledger:
    """A context manager: lines are added as outcomes come; at its end, each article has one, and the index is written.

    `folders` are those of the run's articles: what failed earlier and is not named any more is forgotten.

    Raises: Busy: another batch writes into the same folder. ExportError: the folder cannot be written, or the place of
    the index page has a file that langdu did not make.
    """

    def __init__(self, out: str, folders: Container[str], notice: Callable[[str], None]) -> None:
        self._out = out
        self._folders = folders
        self._notice = notice
        self._stack = ExitStack()
        # At an address nothing can be added to a file, so that the lines of the run are kept here.
        self._rows: dict[str, dict[str, Any]] = {}
        self._lines: Any = None

    def __enter__(self) -> Self:
        if addresses.is_address(self._out):
            where = addresses.join(self._out, OWN_FOLDER, _NAME)
            kept = addresses.content(where) or b""
            refuse_foreign(self._out)
            addresses.write(where, kept)  # a wrong address is told now, and not for each article
            self._rows = _latest(kept.decode("utf-8", "replace").splitlines())
            return self
        path = Path(self._out, OWN_FOLDER, _NAME)
        try:
            for folder in (path.parent, path.with_name(ASIDE)):
                refuse_link(folder)
            path.parent.mkdir(parents=True, exist_ok=True)
            busy = f"another langdu batch is writing into {self._out}: wait until it is done, or choose another folder"
            self._stack.enter_context(alone(path.with_suffix(".lock"), busy))
            for own in (path, path.with_name(RECORD)):
                refuse_irregular(own)
            refuse_foreign(self._out)
            self._lines = self._stack.enter_context(path.open("a", encoding="utf-8", newline="\n"))
            self._lines.write("\n")  # a killed run may have left half a line
        except OSError as error:
            raise ExportError(
                f"{self._out} cannot be written: {reason(error)}; {files.write_advice(reason(error))}"
            ) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._stack:
            if addresses.is_address(self._out):
                rows = self._kept(self._rows)
                data = "".join(map(_line, rows.values())).encode()
                addresses.write(addresses.join(self._out, OWN_FOLDER, _NAME), data)
                place(self._out, page(rows.values()), self._notice)
                return
            path = Path(self._out, OWN_FOLDER, _NAME)
            self._lines.close()
            rows = self._kept(_latest(_lines(path)))
            _write(path, map(_line, rows.values()))
            place(self._out, page(rows.values()), self._notice)

    def _kept(self, rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
        return {
            folder: row for folder, row in rows.items() if row.get("status") != Status.FAILED or folder in self._folders
        }

    def add(self, outcome: Outcome) -> None:
        """Note an outcome. What is unchanged has a line already, or gets one now. Raises: ExportError."""
        row = outcome.row()
        row["folder"] = _inside(row["folder"], self._out)
        if self._lines is None:
            _place(self._rows, row)
            return
        try:
            self._lines.write(_line(row))
            self._lines.flush()
        except OSError as error:  # the disk is full
            raise cannot_write(Path(self._out, OWN_FOLDER, _NAME), reason(error)) from error


def _inside(folder: str | None, out: str) -> str:
    """The folder as it is named in the output, which may be moved."""
    return (folder or "").replace("\\", "/").removeprefix(mask_passwords(out.replace("\\", "/"))).lstrip("/")


def _lines(path: Path) -> Iterable[str]:
    """The lines of a ledger, whatever bytes are in it. Raises: ExportError: it is too large, or cannot be read."""
    try:
        return files.read(path, _LARGEST).decode("utf-8", "replace").splitlines()
    except OSError as error:
        raise cannot_write(path, reason(error)) from error


def _latest(lines: Iterable[str]) -> dict[str, dict[str, Any]]:
    """The last row of each folder. Lines that a killed run left incomplete are skipped."""
    rows: dict[str, dict[str, Any]] = {}
    for line in lines:
        try:
            row = files.from_json(line)
        except ValueError:
            continue
        if isinstance(row, dict) and isinstance(row.get("folder"), str):
            _place(rows, _known(row))
    return rows


def _known(row: dict[str, Any]) -> dict[str, Any]:
    """What a row tells, without what no batch writes: somebody else may have written it, nested too deep to be kept."""
    known: dict[str, Any] = {name: value for name, value in row.items() if isinstance(value, _FIELDS.get(name, ()))}
    if "findings" in known:
        counts = known["findings"]
        known["findings"] = {name: n for name in Severity if isinstance(n := counts.get(name), int)}
    if "notices" in known:
        known["notices"] = [notice for notice in known["notices"] if isinstance(notice, str)]
    return known


def _place(rows: dict[str, dict[str, Any]], row: dict[str, Any]) -> None:
    before = rows.get(row["folder"])
    if row.get("status") == Status.UNCHANGED and before and before.get("status") != Status.FAILED:
        return  # what made it tells more
    rows[row["folder"]] = row


def _line(row: dict[str, Any]) -> str:
    """A row as a line; what cannot be written in UTF-8, such as a name of other bytes, is shown as a question mark."""
    return show_controls(json.dumps(row, ensure_ascii=False)).encode("utf-8", "replace").decode() + "\n"


def _write(path: Path, parts: Iterable[str]) -> None:
    """Write a file part by part, whole or not at all."""
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(parts)
