"""Files at addresses such as s3://bucket/in/a.html, through fsspec and the drivers that the user has installed."""

from __future__ import annotations

import posixpath
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Final

from langdu.controls import as_line
from langdu.errors import ExportError, InputError, LangduError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from fsspec import AbstractFileSystem

_WEB: Final = ("http://", "https://")
# How much of what a driver says is quoted in a message.
_SAID: Final = 200


def is_address(source: str) -> bool:
    """Whether this is an address, not a path."""
    return "://" in source


def is_web(source: str) -> bool:
    """Whether this is the address of a web page."""
    return source.lower().startswith(_WEB)


def is_below(address: str, folder: str) -> bool:
    """Whether an address is in a folder at an address, or below it; nothing in it leads out or elsewhere.

    >>> is_below("s3://a/b/c.txt", "s3://a/b"), is_below("s3://a/b/../c.txt", "s3://a/b"), is_below("s3://ab", "s3://a")
    (True, False, False)
    """
    begin = folder.rstrip("/") + "/"
    inside = address[len(begin) :]
    # fsspec takes what is after :: for another address.
    return address.startswith(begin) and "::" not in inside and ".." not in inside.replace("\\", "/").split("/")


def join(address: str, *parts: str) -> str:
    """The address of a file below an address."""
    return posixpath.join(address, *parts)


def read(address: str, limit: int) -> bytes:
    """The content of a file. Raises: InputError: it cannot be read, or is larger than `limit` bytes."""
    with _failing(InputError, f"{address} cannot be read"):
        files, path = _opened(address)
        if (size := files.size(path)) is not None and size > limit:
            raise InputError(f"{address} is larger than {limit >> 20} MiB; cut it into parts")
        data: bytes = files.cat_file(path)
        return data


def found(pattern: str) -> list[str]:
    """The addresses of the files that a pattern fits, or that are anywhere below a folder; in order."""
    with _failing(InputError, f"{pattern} cannot be listed"):
        files, path = _opened(pattern)
        paths = files.glob(path) if any(c in path for c in "*?[") else files.find(path)
        # `glob` also gives folders; their names are the beginnings of others.
        folders = {posixpath.dirname(each) for each in paths}
        return sorted(files.unstrip_protocol(each) for each in paths if each not in folders)


def has_folder(address: str) -> bool:
    """Whether there is a folder at an address, not a file. Raises: InputError: there is neither, or it is unknown."""
    with _failing(InputError, f"{address} cannot be read"):
        files, path = _opened(address)
        if not files.exists(path):
            raise FileNotFoundError(path)
        return bool(files.isdir(path))


def tail(address: str, size: int) -> bytes | None:
    """The last `size` bytes of a file; None if there is none. Raises: ExportError: the address cannot be reached."""
    with _failing(ExportError, f"{address} cannot be read"):
        files, path = _opened(address)
        with suppress(FileNotFoundError):
            length = files.size(path) or 0
            data: bytes = files.cat_file(path, start=max(0, length - size), end=length)
            return data
    return None


def content(address: str) -> bytes | None:
    """All of a file of langdu's own; None if there is none. Raises: ExportError: the address cannot be reached."""
    with _failing(ExportError, f"{address} cannot be read"):
        files, path = _opened(address)
        with suppress(FileNotFoundError):
            data: bytes = files.cat_file(path)
            return data
    return None


def put(path: Path, address: str) -> None:
    """Copy a file to an address. Raises: ExportError."""
    with _failing(ExportError, f"{address} cannot be written"):
        files, there = _opened(address)
        try:
            files.put_file(str(path), there)
        except FileNotFoundError:
            _make_folder(files, there)
            files.put_file(str(path), there)


def write(address: str, data: bytes) -> None:
    """Write a file of langdu's own. Raises: ExportError."""
    with _failing(ExportError, f"{address} cannot be written"):
        files, path = _opened(address)
        try:
            files.pipe_file(path, data)
        except FileNotFoundError:
            _make_folder(files, path)
            files.pipe_file(path, data)


def _make_folder(files: AbstractFileSystem, path: str) -> None:
    """Make the folder of a file, where there are folders: object stores have none, and no bucket is made by mistake.

    Raises: FileNotFoundError: there is no such bucket.
    """
    bucket = path.partition("/")[0]  # "" where paths begin with a slash
    if bucket and not files.exists(bucket):
        raise FileNotFoundError(bucket)
    files.makedirs(posixpath.dirname(path), exist_ok=True)


def remove(address: str) -> None:
    """Remove a file, if it is there. Raises: ExportError."""
    with _failing(ExportError, f"{address} cannot be removed"):
        files, path = _opened(address)
        with suppress(FileNotFoundError):
            files.rm_file(path)


def _opened(address: str) -> tuple[AbstractFileSystem, str]:
    from fsspec.core import url_to_fs  # noqa: PLC0415 - most batches are local

    files, path = url_to_fs(address)
    return files, str(path)


@contextmanager
def _failing(kind: type[LangduError], what: str) -> Iterator[None]:
    """Whatever a driver raises becomes an error of langdu's: each driver has exceptions of its own."""
    try:
        yield
    except LangduError:
        raise
    except ImportError as error:
        raise kind(f"{what}: its driver is missing: {_said(error)}") from error
    except FileNotFoundError as error:
        raise kind(f"{what}: there is no such file or folder; check the address") from error
    except Exception as error:
        raise kind(f"{what}: {_said(error)}; check the address, the network, and the driver's credentials") from error


def _said(error: Exception) -> str:
    return as_line(f"{error}" or type(error).__name__)[:_SAID]
