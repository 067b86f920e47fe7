"""What the commands share."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.controls import mask_passwords, show_controls

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Article

Source = Annotated[
    str, typer.Argument(metavar="SOURCE", help="A file, a URL, or -, standard input.", show_default=False)
]
Voice = Annotated[str | None, typer.Option("--voice", help="A voice's id; see: langdu voices.", show_default="baker")]
Rate = Annotated[float | None, typer.Option("--rate", help="Pace, 0.5 to 2; 1 is the voice's own.", show_default="1")]
Lexicon = Annotated[
    Path | None,
    typer.Option("--lexicon", metavar="FILE", help="Your own readings: word, tab, pinyin; see: langdu lexicon."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
KeepAll = Annotated[bool, typer.Option("--keep-all", help="Leave nothing out: no furniture, no second copy.")]
Lines = Annotated[bool, typer.Option("--lines", help="Every input line is a text of its own, taken as it is.")]


def load(source: str, command: str, *, keep_all: bool = False) -> Article:
    """The article in a file, at an address, or on standard input; `command` is the one that was given."""
    from langdu.pipeline import text

    no_text(source, f"langdu {command} -")
    return (text.parse_whole if keep_all else text.parse)(source, sys.stdin.buffer)


def no_text(source: str, command: str) -> None:
    """Say how text is given to a command that takes a file, if that is what was given; `command` reads text.

    Raises: InputError: `source` holds hanzi, and there is no file of this name.
    """
    from langdu.errors import InputError
    from langdu.marks import HANZI

    if source != "-" and HANZI.search(source) and "://" not in source and not Path(source).exists():
        raise InputError(
            f"there is no file {source}, and it is files that this command takes; for text, run: "
            f"echo {quote(source)} | {command}"
        )


def text_lines(source: str) -> Iterator[str]:
    """The lines of a file or of standard input, each as it is, without its line break."""
    from langdu.parse.sources.source import read_lines

    return iter(read_lines(source, sys.stdin.buffer))


def print_json(value: Any) -> None:  # noqa: ANN401 (whatever JSON can hold)
    """One JSON object on one line of standard output, in UTF-8 whatever the terminal's encoding."""
    write_out(json.dumps(value, ensure_ascii=False))


def write_out(line: str) -> None:
    """One line of data on standard output, in UTF-8 whatever the locale, without control characters."""
    sys.stdout.buffer.write(show_controls(line).encode("utf-8", "surrogateescape") + b"\n")


def notice(message: str) -> None:
    """Tell the user what is going on, on standard error. Whoever wrote a part of it, the terminal obeys none of it."""
    typer.echo(f"langdu: {mask_passwords(show_controls(message))}", err=True)


def output_folder(path: Path | None) -> Path | None:
    """A folder given with -o, `~` resolved."""
    return path.expanduser() if path else None
