"""A list of articles: JSON Lines with a source and options, or plain lines with a source each."""

from __future__ import annotations

import io
import posixpath
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu import controls, files
from langdu.batch import addresses
from langdu.batch.assignment import Assignment
from langdu.batch.sources import naming
from langdu.errors import InputError, LangduError, no_such
from langdu.files import user_path
from langdu.settings import Settings
from langdu.toml import converted, field_types, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import BinaryIO

# The largest list, in bytes; the longest line of standard input, which may never end; the most lines.
_LARGEST: Final = 1 << 28
_LONGEST: Final = 1 << 16
_MOST: Final = 1_000_000
# What an article cannot choose for itself: where things are kept is the same for all.
_FOR_ALL: Final = {"audio_dir", "cache_dir", "workers", "pauses"}
# The settings that name files of this machine: always, and as ENGINE:FILE.
_FILES: Final = {"lexicon", "cover"}
_VOICES: Final = {"voice", "quotes", "fallback"}
# The longest name that a message repeats.
_SHOWN: Final = 80


def in_file(source: str) -> Iterator[Assignment]:
    """The articles of a list. Their paths are relative to it. Raises: InputError: it cannot be read."""
    if addresses.is_address(source):
        data = addresses.read(source, _LARGEST)
        base = posixpath.dirname(source)
    else:
        path = user_path(source)
        try:
            data = files.read(path, _LARGEST)
        except FileNotFoundError as error:
            raise InputError(f"there is no list {source}; check its name") from error
        except OSError as error:
            raise InputError(f"the list {source} cannot be read: {files.reason(error)}") from error
        base = path.absolute().parent.as_posix()
    yield from _named(io.BytesIO(data), base, f"{source}, line")


def in_stream(stream: BinaryIO) -> Iterator[Assignment]:
    """The articles of a list on standard input. Raises: InputError: it has no end."""
    yield from _named(_lines(stream), Path.cwd().as_posix(), "line")


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    while line := stream.readline(_LONGEST):
        if len(line) == _LONGEST:
            raise InputError(f"standard input has a line of more than {_LONGEST:,} bytes: a list has a source a line")
        yield line


def _named(lines: Iterable[bytes], base: str, place: str) -> Iterator[Assignment]:
    """The articles of these lines; paths are relative to `base`. A line that is wrong is an article with a fault."""
    for number, line in enumerate(lines, 1):
        if number > _MOST:
            raise InputError(f"{place} {number:,}: a list has at most {_MOST:,} lines; cut it into parts")
        if not line.strip():
            continue
        at = f"{place} {number}"
        try:
            yield replace(_article(_row(line), base), place=at)
        except (LangduError, ValueError) as error:
            yield Assignment(source=at, where=at, folder="article", fault=f"{at}: {error}")


def _article(options: dict[str, Any], base: str) -> Assignment:
    """The article of a line. Raises: LangduError, ValueError: its source, its folder or an option is wrong."""
    source, folder = options.pop("source"), options.pop("folder", None)
    where, is_public = _where(source, base), False
    _check(options)
    if addresses.is_address(base):
        is_public = not addresses.is_below(where, base)
        _refuse_own(where, options, base, is_public=is_public)
    if folder:
        name = naming.of_list(folder)
    elif addresses.is_web(where):
        name = naming.of_page(where)
    else:
        name = naming.of_file(_below(where, base))
    return Assignment(source=source, where=where, folder=name, options=options, is_public=is_public)


def _check(options: dict[str, Any]) -> None:
    """Raises: ConfigError, InputError: an option is unknown, or its value has the wrong type."""
    types = {name: kind for name, kind in field_types(Settings).items() if name not in _FOR_ALL}
    for name, value in options.items():
        if name not in types:
            raise no_such("option", name, sorted({*types, "source", "folder"}))
        try:
            converted(value, types[name])
        except ValueError as error:
            raise InputError(f"{name} = {shortened(value)}: {error}") from error


def _refuse_own(where: str, options: dict[str, Any], base: str, *, is_public: bool) -> None:
    """Raises: InputError: a list at an address, which somebody else may have written, names what is the user's own."""
    if is_public and not addresses.is_web(where):
        raise InputError(f"a list at an address names what is below {base}, or web pages; save the list to name others")
    for name in options.keys() & (_FILES | _VOICES):
        if name in _FILES or ":" in options[name]:
            raise InputError(
                f"a list at an address may not choose a {name} of your own; save the list, or give --{name}"
            )


def _row(data: bytes) -> dict[str, Any]:
    """The source of a line, and its options. Raises: InputError: the line is wrong."""
    try:
        line = data.decode("utf-8-sig").strip()
    except UnicodeDecodeError as error:
        raise InputError("this is not UTF-8; save the list as UTF-8") from error
    if not line.startswith(("{", "[", '"')):
        return {"source": line}
    try:
        row = files.from_json(line)
    except ValueError as error:
        raise InputError(f"it is no JSON: {error}") from error
    match row:
        case {"source": str(source), "folder": folder} if source.strip() and not isinstance(folder, str | None):
            raise InputError("folder is the name of the article's folder: write a text")
        case {"source": str(source)} if source.strip():
            return {key: value for key, value in row.items() if value is not None}
        case {"source": source}:
            raise InputError(f'source is {shortened(source)}: write the name of a file, {{"source": "a.txt"}}')
        case dict():
            shown = ", ".join(map(controls.as_line, list(row)[:4]))[:_SHOWN]
            raise InputError(f'it has no source, only {shown}: write {{"source": "a.txt"}}; texts must be in files')
    raise InputError('it is not an object: write {"source": "a.txt"}')


def _where(source: str, base: str) -> str:
    if not files.is_possible(source):
        raise InputError("the source has a character that is in no name, such as NUL: write the name anew")
    if addresses.is_address(source):
        return source
    if addresses.is_address(base):
        return addresses.join(base, source)
    return str(Path(base, user_path(source)).absolute())


def _below(where: str, base: str) -> str:
    """The path of an article below its list; only its name, if it is elsewhere."""
    path = where.replace("\\", "/")
    return path.removeprefix(f"{base}/") if path.startswith(f"{base}/") else posixpath.basename(path)
