"""What all commands share: reading a source, and printing."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any, Final

import typer

from langdu.controls import mask_passwords, show_controls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from langdu.model import Article


# The longest text that a message repeats, in characters.
_SHOWN: Final = 60


def load_article(source: str, command: str, *, keep_all: bool = False) -> Article:
    """The article in a file, at an address, or on standard input. An error message names `command`."""
    from langdu.errors import InputError
    from langdu.pipeline import text

    if source.lower().endswith(".toml") and "://" not in source:
        raise InputError(
            f"{source} is TOML, not an article; if it lists the articles of a brief: langdu brief {source}"
        )
    no_text(source, f"langdu {command} -")
    return (text.parse_whole if keep_all else text.parse)(source, standard_input())


def no_text(source: str, command: str) -> None:
    """Make sure that the user has not given text to a command that takes a file.

    The error message suggests `command`, which reads text from standard input.

    Raises: InputError: `source` holds hanzi, and there is no file of this name.
    """
    from langdu.errors import InputError
    from langdu.marks import HANZI

    if source == "-" or "://" in source or not HANZI.search(source) or exists(source):
        return
    if len(source) > _SHOWN or "\n" in source:
        shown, advice = source[:20].replace("\n", " ") + "…", f"save the text into a file, or pipe it into: {command}"
    else:
        shown, advice = source, f"for text, run: echo {quote(source)} | {command}"
    raise InputError(f"there is no file {shown}, and this command reads files; {advice}")


def exists(name: str) -> bool:
    """Whether there is a file or folder of this name. A text that is too long for a name is none."""
    try:
        return Path(name).exists()
    except OSError:
        return False


def text_lines(source: str) -> Iterator[str]:
    """The lines of a file or of standard input, unchanged, without their line breaks."""
    from langdu.parse.sources.source import read_lines

    return iter(read_lines(source, standard_input()))


def standard_input() -> BinaryIO | None:
    """Standard input, or None if it is closed."""
    # typeshed does not say that a closed one is None.
    return sys.stdin.buffer if sys.stdin else None


def print_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """Print a value as JSON, on one line of standard output, in UTF-8 whatever the locale."""
    write_out(json.dumps(value, ensure_ascii=False))


def write_out(line: str) -> None:
    """Print a line of data on standard output, in UTF-8 whatever the locale. Control characters are masked."""
    sys.stdout.buffer.write(show_controls(line).encode("utf-8", "surrogateescape") + b"\n")


def silent(_: str) -> None:
    """What takes the place of `notice` with --quiet."""


def notice(message: str) -> None:
    """Tell the user something on standard error. Control characters and passwords are masked."""
    typer.echo(f"langdu: {mask_passwords(show_controls(message))}", err=True)
