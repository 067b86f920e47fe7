"""A list of articles: JSON Lines with a source and options, or plain lines with a source each."""

from __future__ import annotations

import posixpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu import controls, files
from langdu.batch import addresses
from langdu.batch.sources import Named, naming
from langdu.errors import InputError
from langdu.files import user_path

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# The largest list, in bytes: two million articles.
_LARGEST: Final = 1 << 29
# The longest name that a message repeats.
_SHOWN: Final = 80


def in_file(source: str) -> Iterator[Named]:
    """The articles of a list. Their paths are relative to it. Raises: InputError: it cannot be read."""
    if addresses.is_address(source):
        lines: Iterable[bytes] = addresses.read(source, _LARGEST).splitlines()
        base = posixpath.dirname(source)
    else:
        path = user_path(source)
        try:
            lines = files.read(path, _LARGEST).splitlines()
        except FileNotFoundError as error:
            raise InputError(f"there is no list {source}; check its name") from error
        except OSError as error:
            raise InputError(f"the list {source} cannot be read: {files.reason(error)}") from error
        base = path.absolute().parent.as_posix()
    yield from named(from_lines(lines, source), base, f"{source}, line")


def from_lines(lines: Iterable[bytes], name: str) -> Iterator[tuple[int, str]]:
    """The lines that are not empty, numbered from 1. Raises: InputError: they are not UTF-8."""
    for number, line in enumerate(lines, 1):
        try:
            if text := line.decode("utf-8-sig").strip():
                yield number, text
        except UnicodeDecodeError as error:
            raise InputError(f"{name}, line {number}: this is not UTF-8; save the list as UTF-8") from error


def named(lines: Iterable[tuple[int, str]], base: str, place: str) -> Iterator[Named]:
    """The articles of these lines; paths are relative to `base`. A line that is wrong is an article with a fault."""
    for number, line in lines:
        try:
            options = _row(line)
            source, folder = options.pop("source"), options.pop("folder", None)
            where = _where(source, base)
        except (InputError, ValueError) as error:
            at = f"{place} {number}"
            yield Named(source=at, where=f"{place} {number}", folder="article", fault=f"{at}: {error}")
            continue
        if folder:
            name = naming.of_list(folder)
        elif addresses.is_web(where):
            name = naming.of_page(where)
        else:
            name = naming.of_file(_below(where, base))
        yield Named(source=source, where=where, folder=name, options=options)


def _row(line: str) -> dict[str, Any]:
    """The source of a line, and its options. Raises: InputError: the line is wrong."""
    if not line.startswith(("{", "[", '"')):
        return {"source": line}
    row = files.from_json(line)
    match row:
        case {"source": str(source), "folder": folder} if source.strip() and not isinstance(folder, str | None):
            raise InputError("folder is the name of the article's folder: write a text")
        case {"source": str(source)} if source.strip():
            return {key: value for key, value in row.items() if value is not None}
        case dict():
            shown = ", ".join(map(controls.as_line, list(row)[:4]))[:_SHOWN]
            raise InputError(f'it has no source, only {shown}: write {{"source": "a.txt"}}; texts must be in files')
    raise InputError('it is not an object: write {"source": "a.txt"}')


def _where(source: str, base: str) -> str:
    if addresses.is_address(source):
        return source
    if addresses.is_address(base):
        return addresses.join(base, source)
    return str(Path(base, user_path(source)).absolute())


def _below(where: str, base: str) -> str:
    """The path of an article below its list; only its name, if it is elsewhere."""
    path = where.replace("\\", "/")
    return path.removeprefix(f"{base}/") if path.startswith(f"{base}/") else posixpath.basename(path)
