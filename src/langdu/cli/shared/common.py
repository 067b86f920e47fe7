"""What all commands share: reading a source, and printing."""

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

    from langdu.model import Article


def load_article(source: str, command: str, *, keep_all: bool = False) -> Article:
    """The article in a file, at an address, or on standard input. An error message names `command`."""
    from langdu.pipeline import text

    no_text(source, f"langdu {command} -")
    return (text.parse_whole if keep_all else text.parse)(source, sys.stdin.buffer)


def no_text(source: str, command: str) -> None:
    """Make sure that the user has not given text to a command that takes a file.

    The error message suggests `command`, which reads text from standard input.

    Raises: InputError: `source` holds hanzi, and there is no file of this name.
    """
    from langdu.errors import InputError
    from langdu.marks import HANZI

    if source != "-" and HANZI.search(source) and "://" not in source and not Path(source).exists():
        raise InputError(
            f"there is no file {source}, and this command reads files; for text, run: echo {quote(source)} | {command}"
        )


def text_lines(source: str) -> Iterator[str]:
    """The lines of a file or of standard input, unchanged, without their line breaks."""
    from langdu.parse.sources.source import read_lines

    return iter(read_lines(source, sys.stdin.buffer))


def print_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """Print a value as JSON, on one line of standard output, in UTF-8 whatever the locale."""
    write_out(json.dumps(value, ensure_ascii=False))


def write_out(line: str) -> None:
    """Print a line of data on standard output, in UTF-8 whatever the locale. Control characters are masked."""
    sys.stdout.buffer.write(show_controls(line).encode("utf-8", "surrogateescape") + b"\n")


def notice(message: str) -> None:
    """Tell the user something on standard error. Control characters and passwords are masked."""
    typer.echo(f"langdu: {mask_passwords(show_controls(message))}", err=True)
