"""TOML files that users write: checks values against types, and names the line of a mistake."""

from __future__ import annotations

import json
import re
import reprlib
import tomllib
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Any, Final, NamedTuple, get_args, get_origin, get_type_hints

from langdu import files
from langdu.errors import ConfigError, nearest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

# A key of thirty parts. tomllib would take a minute for a file of such keys.
_DEEP: Final = re.compile(r"""(?<![\w-])(?:(?:[\w-]++|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*){30}""")
_NAME: Final = r"""((?:[\w-]++|"[^"]*"|'[^']*')(?>(?:[ \t]*\.[ \t]*(?:[\w-]++|"[^"]*"|'[^']*'))*))"""
_HEADER: Final = re.compile(rf"[ \t]*\[\[?[ \t]*{_NAME}[ \t]*\]")
_KEY: Final = re.compile(rf"[ \t]*{_NAME}[ \t]*=")
_QUOTES: Final = re.compile(r"\"{3}|'{3}")
_WANTED: Final[dict[type, str]] = {
    bool: "give true or false",
    int: "give a whole number",
    float: "give a number",
    str: "give a text",
    Path: "give the name of a file or a folder",
    date: "give a day, such as 2026-11-24",
}

# How much of a line a message repeats, in characters.
_SHOWN: Final = 50
_EQUALS: Final = 'write key = value, as in rate = 1.2, or voice = "baker"'
_BRACKETS: Final = "a name in [ ] begins a table: close the brackets, and write nothing after them"
_QUOTED: Final = "a text stands between two quotation marks in one line"
_TWICE: Final = "this has a value already, in a line above: delete one of the two"
# The beginnings of tomllib's messages, and what to do. Some of its words ("namespace") are not those of users.
_MISTAKES: Final = {
    "Invalid value": 'a value is missing or wrong: a text stands in quotation marks, as in voice = "baker"',
    "Invalid statement": _EQUALS,
    "Invalid initial character": _EQUALS,
    "Expected '='": _EQUALS,
    "Expected newline": "a line has one key and one value, and nothing after it but a # with a comment",
    "Expected ']": _BRACKETS,
    "Unterminated string": _QUOTED,
    "Illegal character": _QUOTED,
    "Unescaped": "in double quotation marks, write / or \\\\ instead of \\, or put the text in single ones",
    "Invalid hex value": "in double quotation marks, write / or \\\\ instead of \\, or put the text in single ones",
    "Escaped character": "in double quotation marks, write / or \\\\ instead of \\, or put the text in single ones",
    "Unclosed array": "a list ends with ], and commas stand between its texts",
    "Unclosed inline table": "a table in { } ends with } in the same line, and commas stand between its keys",
    "Cannot overwrite": _TWICE,
    "Duplicate inline table key": _TWICE,
    "Cannot declare": "this table stands above already: write its keys there",
    "Cannot mutate": "this table stands above already, in { }: write all of its keys between these",
    "Cannot redefine": "this table stands above already, in { }: write all of its keys between these",
    "Invalid date": "there is no such day",
}


class Range(NamedTuple):
    """The numbers that a field takes, both ends included: `rate: Annotated[float, Range(0.5, 2)]`."""

    low: float
    high: float
    unit: str = ""


class TomlFile:
    """A TOML file; `table` is its contents.

    Raises: ConfigError: it cannot be read, or is not TOML.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            text = files.text(path)
            self.table = _parsed(path, text)
        except FileNotFoundError as error:
            raise ConfigError(f"there is no file {path}; check its name") from error
        except OSError as error:
            raise ConfigError(f"{path} cannot be read: {files.reason(error)}; mend it, or move it away") from error
        except UnicodeDecodeError as error:
            raise ConfigError(f"{path} is not UTF-8; save it as UTF-8") from error
        self._text = text

    def values(
        self, table: Mapping[str, Any], types: Mapping[str, Any], name: str = "", number: int = 0
    ) -> dict[str, Any]:
        """The values of a table, each converted to its type.

        `name` is the name of the table, "" for the file's top table. `number` counts tables of one name ([[story]]).

        Raises: ConfigError: a key is not in `types`, or its value has the wrong type or is out of range.
        """
        chosen = {}
        for key, value in table.items():
            full = f"{name}.{key}" if name else key or '""'
            if key not in types:
                raise self.unknown(key, types, name, number)
            try:
                chosen[key] = converted(value, types[key])
            except (ValueError, ConfigError) as error:
                raise self.error(key, f"{full} = {shortened(value)}: {error}", name, number) from error
        return chosen

    def unknown(self, key: str, known: Collection[str], table: str = "", number: int = 0) -> ConfigError:
        """The error for a key that means nothing, with the one that was probably meant."""
        full = f"{table}.{key}" if table else key or '""'
        meant, listed = nearest(key, known), ", ".join(sorted(known))
        advice = f"did you mean {meant}? There are {listed}" if meant else f"there are {listed}"
        return self.error(key, f"{full} is unknown; {advice}", table, number)

    def error(self, key: str, message: str, table: str = "", number: int = 0) -> ConfigError:
        """An error about a key, with its line: that of the key, or of the table that it stands in.

        `number` counts tables of one name, from 0.
        """
        name = f"{table}.{key}" if table else key
        names = list(_names(self._text))
        begins = [i for i, (_, named) in enumerate(names) if named == table]
        names = names[begins[number] :] if number < len(begins) else names
        line = next((line for wanted in (name, table) for line, named in names if _is_in(named, wanted)), None)
        return ConfigError(f"{self.path}{f', line {line}' if line else ''}: {message}")


def _names(text: str) -> Iterator[tuple[int, str]]:
    """The tables and keys that begin a line, in full (`pauses.comma`), with the number of the line."""
    table, inside = "", ""
    for number, line in enumerate(text.split("\n"), 1):
        if not inside and (header := _HEADER.match(line)):
            table = _unquoted(header[1])
            yield number, table
        elif not inside and (key := _KEY.match(line)):
            yield number, f"{table}.{_unquoted(key[1])}" if table else _unquoted(key[1])
        # A text of several lines may have lines that look like keys.
        for quotes in _QUOTES.findall(line):
            inside = "" if quotes == inside else inside or quotes


def _unquoted(name: str) -> str:
    return re.sub(r"""["'\s]""", "", name)


def _is_in(name: str, table: str) -> bool:
    return bool(table) and (name == table or name.startswith(f"{table}."))


def _parsed(path: Path, text: str) -> dict[str, Any]:
    if not _DEEP.search(text):
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            raise _mistake(path, text, str(error)) from error
        except ValueError as error:
            raise ConfigError(f"{path} cannot be read: it has a number of thousands of digits; mend it") from error
        except RecursionError:
            pass
    raise ConfigError(f"{path} cannot be read: it is nested too deep; mend it, or move it away")


def _mistake(path: Path, text: str, said: str) -> ConfigError:
    """The error for a text that is not TOML: the line, and what to write instead of what tomllib says about it."""
    place = re.search(r"at line (\d+), column", said)
    lines = text.rstrip().split("\n")
    number = int(place[1]) if place else len(lines)
    line = lines[number - 1].strip() if number <= len(lines) else ""
    # A text or list that is not closed is noticed at the end of its line, or in the next one.
    advice = next(
        (advice for begin, advice in _MISTAKES.items() if said.startswith(begin)), f"this is not TOML: {said}"
    )
    return ConfigError(f"{path}, line {number}: {_cut(line)}{line and ': '}{advice}")


def _cut(line: str) -> str:
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"


@cache
def field_types(kind: type) -> Mapping[str, Any]:
    """The types of a dataclass's fields, ranges included."""
    return get_type_hints(kind, include_extras=True)


def converted(value: object, kind: Any) -> Any:  # noqa: ANN401 - a type, and a value of it
    """A value converted to the type of a field: a text becomes a path or a choice, a list becomes a tuple.

    Raises: ValueError: the value has the wrong type, or is out of range; the message says what to give instead.

    >>> converted(1, Annotated[float, Range(0.5, 2)]), converted(["srt"], tuple[str, ...])
    (1, ('srt',))
    """
    if get_origin(kind) is Annotated:
        kind, limits = get_args(kind)
        number = converted(value, kind)
        if number is not None and not limits.low <= number <= limits.high:
            raise ValueError(f"choose from {limits.low:g} to {limits.high:g}{limits.unit and ' '}{limits.unit}")
        return number
    if isinstance(kind, UnionType):
        if value is None:
            return None
        (kind,) = (option for option in get_args(kind) if option is not NoneType)
    if get_origin(kind) is tuple:
        if not isinstance(value, list | tuple) or not all(isinstance(part, str) for part in value):
            parts = [part.strip() for part in value.split(",")] if isinstance(value, str) else ["a", "b"]
            raise ValueError(f"give a list of texts, such as {json.dumps(parts[:3], ensure_ascii=False)}")
        return tuple(value)
    return _plain(value, kind)


def _plain(value: object, kind: Any) -> Any:  # noqa: ANN401 - a class, and a value of it
    if issubclass(kind, StrEnum):
        if value in list(kind):
            return kind(value)
        raise ValueError(f"choose {', '.join(kind)}")
    if kind is Path and isinstance(value, str):
        return files.user_path(value)
    allowed = {float: (int, float)}.get(kind, (kind,))
    # In Python True is an int, and a datetime is a date, but a user who writes one of them has made a mistake.
    if not isinstance(value, allowed) or isinstance(value, bool) != (kind is bool) or isinstance(value, datetime):
        raise ValueError(_WANTED.get(kind, f"give a table [{kind.__name__.lower()}]"))
    return value


def shortened(value: object) -> str:
    """A value for a message. Long or deep values are cut short."""
    return reprlib.repr(value)
