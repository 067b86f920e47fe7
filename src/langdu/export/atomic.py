"""Whole files or none: everything langdu writes gets a temporary name first and its own name when it is complete."""

from __future__ import annotations

import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from langdu.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_PARTIAL: Final = re.compile(r"\.langdu-[0-9a-f]{12}\.part")


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path in the folder of `path` (made if it is missing), renamed to `path` when the block succeeds.

    On any exception, Ctrl-C included, the temporary file is removed and an older `path` stays as it was.
    Raises: ExportError: for every OSError in the block, with the path and the system's reason.
    """
    # The name is short, because `path.name` may already be as long as the file system allows.
    partial = path.parent / f".langdu-{secrets.token_hex(6)}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error.strerror or str(error)) from error


def sweep(folder: Path) -> None:
    """Remove the temporary files of a run that was killed, from a folder into which nobody else is writing."""
    for left in folder.iterdir():
        if _PARTIAL.fullmatch(left.name):
            left.unlink()


def cannot_write(path: Path, reason: str) -> ExportError:
    """The error for a file that could not be written: what, where, and what to do."""
    return ExportError(f"{path} cannot be written: {reason}; free some space or choose another folder with -o")


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with line feeds, whole or not at all.

    Raises: ExportError: the folder or the disk does not allow it.
    """
    with atomic(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")
