"""The folder of a room for what it makes while it is open."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psutil

from langdu import files

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME: Final = re.compile(r"langdu-room-(\d+)-\w+")


@contextmanager
def work_folder() -> Iterator[Path]:
    """A folder that is removed when the room closes. Those of rooms that were killed are removed first."""
    for left in list(Path(tempfile.gettempdir()).glob("langdu-room-*")):
        with suppress(OSError):  # another room has just removed it
            name = _NAME.fullmatch(left.name)
            if name and files.is_ours(left) and not psutil.pid_exists(int(name[1])):
                shutil.rmtree(left, ignore_errors=True)
    prefix = f"langdu-room-{os.getpid()}-"
    with tempfile.TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True) as folder:
        yield Path(folder)
