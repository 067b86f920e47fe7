"""Reads files safely, because somebody else may have made them, and writes them whole or not at all.

Reading a pipe, a device, a socket or a huge file might never end, so these are refused.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import stat
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.errors import Busy, ConfigError, ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedReader

# langdu's own files inside a folder of the user's.
OWN_FOLDER: Final = ".langdu"
# The size limit, in bytes, of files that people write by hand, such as langdu.toml.
SMALL: Final = 1 << 18
# So that opening a pipe without a writer does not block.
_AT_ONCE: Final = getattr(os, "O_NONBLOCK", 0)
_EPOCH: Final = re.compile(r"[0-9]{1,11}")
_PARTIAL: Final = re.compile(r"\.langdu-[0-9a-f]{12}\.part")
_NO_RIGHT: Final = "choose another folder, or give yourself the right to write into this one"
_NO_SPACE: Final = "free some space, or choose a folder on another disk"
_ADVICE: Final = {
    errno.ENOSPC: _NO_SPACE,
    getattr(errno, "EDQUOT", errno.ENOSPC): _NO_SPACE,
    errno.EFBIG: _NO_SPACE,
    errno.EACCES: _NO_RIGHT,
    errno.EPERM: _NO_RIGHT,
    errno.EROFS: "this disk can only be read: choose a folder on another one",
    errno.ENAMETOOLONG: "choose a shorter name",
    errno.EISDIR: "a folder has this name: choose another one",
    errno.ENOTDIR: "a part of this path is a file, not a folder: choose another folder",
    errno.EEXIST: "a part of this path is a file, not a folder: choose another folder",
}
_ELSE: Final = "check that the disk works, or choose another folder"
# In nanoseconds. File servers round times to this.
_TICK_NS: Final = 100
# The longest line of JSON, unless a single string is longer.
_WIDTH: Final = 200


def made_at() -> float:
    """The time that is written into a file: now, or SOURCE_DATE_EPOCH, so that the same article makes the same bytes.

    Returns: Seconds since 1970.
    Raises: ConfigError: the variable is not a whole number.
    Source: reproducible-builds.org/specs/source-date-epoch.
    """
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given is None:
        return time.time()
    if not _EPOCH.fullmatch(given):
        raise ConfigError(f"SOURCE_DATE_EPOCH={given}: give whole seconds since 1970, such as 1764201600, or unset it")
    return float(given)


@contextmanager
def opened(path: Path) -> Iterator[BufferedReader]:
    """Open a regular file for reading.

    Raises: OSError: it does not exist, or is a pipe, a device or a socket.
    """
    with open(path, "rb", opener=lambda name, flags: os.open(name, flags | _AT_ONCE)) as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.EINVAL, "it is a pipe or a device, not a regular file", str(path))
        yield file


def read(path: Path, limit: int) -> bytes:
    """Read a regular file of at most `limit` bytes.

    Raises: OSError: as `opened`; EFBIG if it is larger.
    """
    with opened(path) as file:
        # The size is checked before reading, and again after: the file may be growing.
        data = file.read(limit + 1) if os.fstat(file.fileno()).st_size <= limit else None
    if data is None or len(data) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {_size(limit)}", str(path))
    return data


def text(path: Path, limit: int = SMALL) -> str:
    """Read a regular file in UTF-8, without its byte order mark. Raises: OSError: as `read`. UnicodeDecodeError."""
    return read(path, limit).decode("utf-8-sig")


def digest(path: Path) -> str:
    """The SHA-256 of a regular file. Raises: OSError: as `opened`."""
    with opened(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def from_json(json_text: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
    """The value of a JSON text. Raises: ValueError: it is not JSON, or is nested too deeply."""
    try:
        return json.loads(json_text)
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error


@dataclass(frozen=True, slots=True, kw_only=True)
class MadeFile:
    """A file that langdu made: its hash, and its inode, time and size, which stay the same when it is renamed.

    `sound` identifies the sound that a paragraph's file was encoded from; "" for other files.
    """

    file: str
    sha256: str
    sound: str = ""
    inode: int = 0
    time: int = 0
    size: int = -1

    @staticmethod
    def from_row(**row: object) -> MadeFile:
        """The file that a line of a record describes. Raises: TypeError: the row does not describe a file."""
        types = {"file": str, "sha256": str, "sound": str, "inode": int, "time": int, "size": int}
        if any(type(value) is not types.get(name) for name, value in row.items()):
            raise TypeError(f"{sorted(row)} are not the fields of a file")
        return MadeFile(**row)  # type: ignore[arg-type]  # the types were just checked

    @staticmethod
    def at(path: Path, name: str, sound: str = "") -> MadeFile:
        """Describe the file at `path`, to be named `name`. Raises: OSError: it is missing, or not a plain file."""
        status = path.stat()
        return MadeFile(
            file=name,
            sha256=digest(path),
            sound=sound,
            inode=status.st_ino,
            time=status.st_mtime_ns // _TICK_NS,
            size=status.st_size,
        )

    def is_whole(self, folder: Path) -> bool:
        """Whether the file is there with the same content, whoever put it there."""
        return self._has_content(folder / self.file)

    def is_at(self, path: Path) -> bool:
        """Whether this very file is at a path, unchanged."""
        try:
            status = path.lstat()
        except (OSError, ValueError):
            return False
        same = (status.st_ino, status.st_mtime_ns // _TICK_NS) == (self.inode, self.time)
        return same and self._has_content(path)

    def _has_content(self, path: Path) -> bool:
        try:
            status = path.lstat()
            is_candidate = stat.S_ISREG(status.st_mode) and self.size in (-1, status.st_size)
            return is_candidate and digest(path) == self.sha256
        except (OSError, ValueError):
            return False


def user_path(given: str | Path) -> Path:
    """A path that a user named, with `~` resolved. Raises: ConfigError: no file can have this name."""
    if not str(given).strip():
        raise ConfigError("a path is empty: name a file or a folder")
    try:
        path = Path(given).expanduser()
        with suppress(FileNotFoundError, NotADirectoryError):
            path.stat()
    except RuntimeError as error:
        raise ConfigError(f"{str(given)[:80]!r} cannot be the name of a file: no user has this name") from error
    except (OSError, ValueError) as error:  # ValueError: it has a NUL
        raise ConfigError(f"{str(given)[:80]!r} cannot be the name of a file: {reason(error)}") from error
    return path


def is_possible(name: str) -> bool:
    """Whether a file or an address could be named so: without NUL, and without half of a surrogate pair."""
    try:
        return b"\0" not in os.fsencode(name)
    except UnicodeEncodeError:
        return False


def is_name(name: object) -> bool:
    """Whether this is a plain file name that cannot lead out of its folder."""
    return isinstance(name, str) and is_possible(name) and Path(name).name == name and name not in {"", ".."}


def refuse_link(path: Path) -> None:
    """Raises: OSError: the path is a symbolic link, which may lead anywhere."""
    if path.is_symlink():
        raise OSError(errno.ELOOP, "it is a symbolic link, which may lead elsewhere; remove it", str(path))


def refuse_irregular(path: Path) -> None:
    """Raises: OSError: there is something that is no regular file, such as a pipe, whose opening may never end."""
    refuse_link(path)
    with suppress(FileNotFoundError):
        if not stat.S_ISREG(path.lstat().st_mode):
            raise OSError(errno.EINVAL, "it is not a regular file; remove it", str(path))


def is_ours(folder: Path) -> bool:
    """Whether this is a folder (not a link) that belongs to this user. Raises: OSError: it does not exist."""
    status = folder.lstat()
    return stat.S_ISDIR(status.st_mode) and (os.name == "nt" or status.st_uid == os.geteuid())


def private(folder: Path) -> None:
    """Create a folder that only this user can write to, or check that it is one. Windows does that by itself.

    Raises: OSError: it is a link, belongs to another user, or others can write into it.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    refuse_link(folder)
    if not is_ours(folder):
        raise OSError(errno.EPERM, "the folder belongs to another user", str(folder))
    if os.name != "nt" and folder.stat().st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise OSError(errno.EPERM, f"other users can write into it; run chmod 700 {folder}", str(folder))


def _size(limit: int) -> str:
    return f"{limit >> 20} MiB" if limit >= 1 << 20 else f"{limit >> 10} KiB"


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """A temporary path in the folder of `path` (created if missing), renamed to `path` when the block succeeds.

    On any exception, Ctrl-C included, the temporary file is removed and an existing `path` is unchanged.
    Raises: ExportError: for every OSError in the block, with the path and the system's reason.
    """
    # The name is short, because `path.name` may already be as long as the file system allows.
    partial = path.parent / f".langdu-{os.urandom(6).hex()}.part"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # A device that was renamed over is gone: root may do that even to /dev/full.
        if path.is_char_device() or path.is_block_device():
            raise OSError("it is a device")  # noqa: TRY301 - the same as every other reason
        try:
            yield partial
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)
    except OSError as error:
        raise cannot_write(path, error.strerror or str(error)) from error


def sweep(folder: Path) -> None:
    """Remove the temporary files of a killed run from a folder that nobody else is writing into."""
    for left in folder.iterdir():
        if _PARTIAL.fullmatch(left.name):
            left.unlink()


def reason(error: Exception) -> str:
    """The system's words for an error, without its number and the path; for a folder, langdu's own.

    >>> reason(IsADirectoryError(errno.EISDIR, "Is a directory", "a"))
    'it is a folder'
    """
    if isinstance(error, IsADirectoryError):
        return "it is a folder"
    return getattr(error, "strerror", None) or str(error)


def cannot_write(path: Path, why: str) -> ExportError:
    """The error for a file that could not be written: what, where, and what to do.

    Libraries and ffmpeg repeat the system's words in their own messages, so the advice depends on these.
    """
    return ExportError(f"{path} cannot be written: {why}; {write_advice(why)}")


def write_advice(why: str) -> str:
    """What helps if the system refuses to write, for the reason that it gives.

    >>> write_advice("Permission denied")
    'choose another folder, or give yourself the right to write into this one'
    """
    return next((advice for number, advice in _ADVICE.items() if os.strerror(number) in why), _ELSE)


def write_text(path: Path, text: str) -> None:
    """Write UTF-8 text with line feeds, whole or not at all.

    Raises: ExportError: the folder or the disk does not allow it.
    """
    with atomic(path) as partial:
        partial.write_text(text, encoding="utf-8", newline="\n")


def write_json(path: Path, value: object) -> None:
    """Write a value as readable UTF-8 JSON, whole or not at all.

    Raises: ExportError: the file cannot be written.
    """
    write_text(path, json_lines(value, 0) + "\n")


def json_lines(value: object, depth: int) -> str:
    """A value as JSON; whatever fits on one line gets one. `depth` is its indentation."""
    flat = json.dumps(value, ensure_ascii=False, allow_nan=False)
    if len(flat) + depth <= _WIDTH or not isinstance(value, dict | list):
        return flat
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {json_lines(item, depth + 1)}" for key, item in value.items()]
    else:
        parts = [json_lines(item, depth + 1) for item in value]
    indent = "\n" + " " * (depth + 1)
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    return f"{opening}{indent}{(',' + indent).join(parts)}\n{' ' * depth}{closing}"


@contextmanager
def alone(lock: Path, refused: str) -> Iterator[None]:
    """Hold a lock file during the block.

    Raises: Busy: another process holds it; `refused` is the message. OSError: it cannot be made, or is no file.
    """
    from filelock import FileLock, Timeout  # noqa: PLC0415 - a third of the time that `langdu --help` takes

    refuse_irregular(lock)
    held = FileLock(lock, blocking=False)
    try:
        held.acquire()
    except Timeout as error:
        raise Busy(refused) from error
    except NotImplementedError:  # a file system without locks
        yield
        return
    try:
        yield
    finally:
        held.release()
