"""What the commands share: reading a source, and writing to the terminal."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

import typer

from langdu.controls import mask_passwords, show_controls

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from langdu.model import Article


def load_article(source: str, command: str, *, keep_all: bool = False) -> Article:
    """The article in a file, at an address, or on standard input; `command` is the one that was given."""
    from langdu.pipeline import text

    no_text(source, f"langdu {command} -")
    return (text.parse_whole if keep_all else text.parse)(source, _standard_input())


def no_text(source: str, command: str) -> None:
    """Say how to give text to a command that takes a file, if the user gave it text; `command` reads text.

    Raises: InputError: `source` holds hanzi, and there is no file of this name.
    """
    from langdu.errors import InputError
    from langdu.marks import HANZI

    if source != "-" and HANZI.search(source) and "://" not in source and not Path(source).exists():
        raise InputError(
            f"there is no file {source}, and this command reads files; for text, run: echo {quote(source)} | {command}"
        )


def text_lines(source: str) -> Iterator[str]:
    """The lines of a file or of standard input, each as it is, without its line break."""
    from langdu.parse.sources.source import read_lines

    return iter(read_lines(source, _standard_input()))


def _standard_input() -> BinaryIO | None:
    """Standard input, or None if it is closed."""
    # typeshed does not say that a closed one is None.
    return sys.stdin.buffer if sys.stdin else None


def print_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """One JSON object on one line of standard output, in UTF-8 whatever the terminal's encoding."""
    write_out(json.dumps(value, ensure_ascii=False))


def write_out(line: str) -> None:
    """One line of data on standard output, in UTF-8 whatever the locale, without control characters."""
    sys.stdout.buffer.write(show_controls(line).encode("utf-8", "surrogateescape") + b"\n")


def notice(message: str) -> None:
    """Tell the user what is going on, on standard error. Control characters are masked."""
    typer.echo(f"langdu: {mask_passwords(show_controls(message))}", err=True)
