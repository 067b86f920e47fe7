"""Files: read with care, because somebody else may have made them, and written whole or not at all.

A pipe, a device or a socket would be waited for, or read, without end; so would a plain file that is far too big.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import secrets
import stat
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

# What langdu keeps for itself in a folder of the user's.
OWN_FOLDER: Final = ".langdu"
# What people write by hand, such as langdu.toml, is never larger.
SMALL: Final = 1 << 18
# Opening a pipe that nobody writes into does not wait.
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)
_PARTIAL: Final = re.compile(r"\.langdu-[0-9a-f]{12}\.part")
# A line of JSON is no longer than this, unless one string is.
_WIDTH: Final = 200


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """A plain file, open for reading.

    Raises: OSError: there is none, or it is a pipe, a device or a socket.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is no plain file but a pipe or a device", str(path))
        yield file


def read(path: Path, limit: int) -> bytes:
    """A plain file of at most `limit` bytes.

    Raises: OSError: as `opened`; EFBIG if it is larger.
    """
    with opened(path) as file:
        # Its size is looked at before anything is read; it may be growing all the same.
        data = file.read(limit + 1) if os.fstat(file.fileno()).st_size <= limit else None
    if data is None or len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {_size(limit)}", str(path))
    return data


def text(path: Path, limit: int = SMALL) -> str:
    """A plain file in UTF-8, without its byte order mark. Raises: OSError: as `read`. UnicodeDecodeError."""
    return read(path, limit).decode("utf-8-sig")


def digest(path: Path) -> str:
    """The SHA-256 of a plain file. Raises: OSError: as `opened`."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def from_json(said: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """What JSON says. Raises: ValueError: it is none, or is nested so deep that nobody can read it."""
    try:
        return json.loads(said)
    except RecursionError as error:
        raise ValueError("it is nested too deep") from error


def is_name(name: object) -> bool:
    """Whether this names a file in whatever folder it is put behind, and never leads out of that."""
    try:
        return (
            isinstance(name, str)
            and Path(name).name == name
            and name not in {"", ".."}
            and b"\0" not in os.fsencode(name)
        )
    except UnicodeEncodeError:  # half of a surrogate pair
        return False


def refuse_link(path: Path) -> None:
    """Raises: OSError: a symbolic link stands there, which may lead anywhere."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a link, which may lead elsewhere: remove it", str(path))


def is_ours(folder: Path) -> bool:
    """Whether a folder is this user's own, and not a link to one. Raises: OSError: it is not there."""
    found = folder.lstat()
    return stat.S_ISDIR(found.st_mode) and (os.name == "nt" or found.st_uid == os.geteuid())


def private(folder: Path) -> None:
    """Make a folder that only this user can write, or make sure that it is one. Windows sees to that by itself.

    Raises: OSError: it is a link, is somebody else's, or others may write into it, and so may have.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_link(folder)
    if not is_ours(folder):
        raise OSError(errno.EPERM, "the folder belongs to another user", str(folder))
    if os.name != "nt" and folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(errno.EPERM, f"others may write into it: run chmod 700 {folder}", str(folder))


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"


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


def write_json(path: Path, value: object) -> None:
    """Write a value as UTF-8 JSON that people can read, whole or not at all.

    Raises: ExportError: the file cannot be written.
    """
    write_text(path, json_lines(value, 0) + "\n")


def json_lines(value: object, depth: int) -> str:
    """A value as JSON, with a line for whatever fits into one; `depth` is how far it is indented."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(flat) + depth <= _WIDTH or not isinstance(value, dict | list):
        return flat
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {json_lines(each, depth + 1)}" for key, each in value.items()]
    else:
        parts = [json_lines(each, depth + 1) for each in value]
    indent = "\n" + " " * (depth + 1)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{indent}{(',' + indent).join(parts)}\n{' ' * depth}{closing}"


@contextmanager
def alone(lock: Path, refused: str) -> Iterator[None]:
    """Hold a lock, a file that is made for it, for the length of the block.

    Raises: ExportError: another process holds it; `refused` says what to do. OSError: the file cannot be made, or is a
    link.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - a third of the time that `langdu --help` takes

    refuse_link(lock)
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
