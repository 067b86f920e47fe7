"""Files to take away: made one at a time, by the same functions as the command line uses."""

from __future__ import annotations

import secrets
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Event
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from langdu.errors import no_such
from langdu.pipeline.editing.taking import Doing, file_to_take, forms
from langdu.room.answers import RefusedRequest
from langdu.room.answers import told as why

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.pipeline.editing.manuscript import Manuscript
    from langdu.pipeline.reciting import Reciter
    from langdu.room.events import Listeners

# How many files of an article are kept for the browser to fetch.
_KEPT: Final = 8
_MAKING: Final = frozenset(doing.value for doing in Doing)


class _Given(Exception):  # noqa: N818 - it says what happened
    """The room closes: the file is given up."""


class Exports:
    """The files that are made of one article. `end` may be called from any thread."""

    def __init__(self, manuscript: Manuscript, listeners: Listeners, folder: Path, reciter: Reciter) -> None:
        self._manuscript = manuscript
        self._listeners = listeners
        self._folder = folder
        self._reciter = reciter
        self._thread: ThreadPoolExecutor | None = None
        self._given_up = Event()
        self._rows: dict[str, dict[str, Any]] = {}
        self._paths: dict[str, Path] = {}

    @property
    def busy(self) -> bool:
        """Whether a file is being made."""
        return any(row["state"] in _MAKING for row in self._rows.values())

    @property
    def rows(self) -> list[dict[str, Any]]:
        """How far each file is, for a listener who has just come."""
        return [dict(row) for row in list(self._rows.values())]

    def begin(self, form: str) -> dict[str, Any]:
        """Begin to make a file. Raises: RefusedRequest: too many are being made. ConfigError: no such format."""
        if form not in forms():
            raise no_such("format", form, forms())
        made = [name for name, row in self._rows.items() if row["state"] not in _MAKING]
        if len(self._rows) - len(made) >= _KEPT:
            raise RefusedRequest(409, "files are being made already: wait for them")
        for old in made[: 1 - _KEPT]:
            self._drop(old)
        export = secrets.token_hex(6)
        of = sum(1 for _ in self._manuscript.article.spoken_order())
        name = f"{self._manuscript.path.stem}.{forms()[form]}"
        state = Doing.SPEAKING.value
        row = {"export": export, "format": form, "state": state, "done": 0, "of": of, "url": None, "name": name}
        self._rows[export] = row
        self._thread = self._thread or ThreadPoolExecutor(1, thread_name_prefix="langdu-files")
        self._thread.submit(self._make, export)
        return dict(row)

    def find(self, export: str) -> tuple[Path, str]:
        """The file, and its name for people. Raises: RefusedRequest: there is none, or it is not done."""
        row = self._rows.get(export)
        if row is None:
            raise RefusedRequest(404, "there is no such file: make it again")
        if row["state"] != "done":
            raise RefusedRequest(409, row.get("error") or "the file is still being made")
        return self._paths[export], row["name"]

    def end(self) -> None:
        """Give up what is being made."""
        self._given_up.set()
        if self._thread:
            self._thread.shutdown(wait=False, cancel_futures=True)

    def wait(self) -> None:
        """Wait until nothing is being made any more."""
        if self._thread:
            self._thread.shutdown(wait=True, cancel_futures=True)

    def _make(self, export: str) -> None:
        row = self._rows[export]

        def told(doing: Doing, done: int, of: int) -> None:
            if self._given_up.is_set():
                raise _Given
            self._tell(row, state=doing.value, done=done, of=of)

        try:
            folder = self._folder / export
            path = file_to_take(self._manuscript, row["format"], folder, self._reciter, told)
        except _Given:
            return
        except Exception as error:  # noqa: BLE001 - the page says what has happened
            self._tell(row, state="failed", error=why(error))
            return
        self._paths[export] = path
        url = f"/api/articles/{quote(self._manuscript.shelved.id)}/exports/{export}"
        self._tell(row, state="done", url=url, name=path.name)

    def _tell(self, row: dict[str, Any], **news: object) -> None:
        row.update(news)
        if not self._given_up.is_set():
            self._listeners.tell("export", dict(row))

    def _drop(self, export: str) -> None:
        del self._rows[export]
        with suppress(KeyError, OSError):
            self._paths.pop(export).unlink()
