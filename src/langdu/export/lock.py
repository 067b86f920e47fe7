"""One process at a time in a folder."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from langdu import files
from langdu.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def alone(lock: Path, refused: str) -> Iterator[None]:
    """Hold a lock, a file that is made for it, for the length of the block.

    Raises: ExportError: another process holds it; `refused` says what to do. OSError: the file cannot be made, or is a
    link.
    """
    files.refuse_link(lock)
    held = FileLock(lock, blocking=False)
    try:
        held.acquire()
    except Timeout as error:
        raise ExportError(refused) from error
    except NotImplementedError:  # a file system without locks
        yield
        return
    try:
        yield
    finally:
        held.release()
