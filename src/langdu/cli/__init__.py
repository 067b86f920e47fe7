"""The command line: a file for each command, which imports what it needs only when the command runs."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from langdu.cli.narrating.batch import batch
from langdu.cli.narrating.brief import brief
from langdu.cli.narrating.read import read
from langdu.cli.narrating.room import room
from langdu.cli.narrating.say import say
from langdu.cli.narrating.ssml import ssml
from langdu.cli.narrating.verify import verify
from langdu.cli.setup.cache import app as cache
from langdu.cli.setup.doctor import doctor
from langdu.cli.setup.feed import app as feed
from langdu.cli.setup.formats import formats
from langdu.cli.setup.lexicon import app as lexicon
from langdu.cli.setup.voices import app as voices
from langdu.cli.shared.common import notice
from langdu.cli.shared.usage import usage_error
from langdu.cli.texts.check import check
from langdu.cli.texts.normalize import normalize
from langdu.cli.texts.parse import parse
from langdu.cli.texts.pinyin import pinyin
from langdu.cli.texts.sheet import sheet
from langdu.cli.texts.words import words
from langdu.errors import LangduError

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Commands(TyperGroup):
    """The commands. langdu itself tells what is wrong with the arguments."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - Typer's own context, or Click's
        """Take the arguments before the command."""
        with _usage(ctx):
            return super().parse_args(ctx, args)

    def invoke(self, ctx: Any) -> Any:  # noqa: ANN401
        """Take the command and its arguments, and run it."""
        with _usage(ctx):
            return super().invoke(ctx)


@contextmanager
def _usage(context: Any) -> Iterator[None]:  # noqa: ANN401
    try:
        yield
    except Exception as error:
        if told := usage_error(error, context):
            raise told from error
        raise


app = typer.Typer(
    cls=_Commands,
    name="langdu",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(context_settings={"allow_extra_args": True})(read)  # so that it can say what is wrong with several
app.command()(check)
app.command()(parse)
app.command()(pinyin)
app.command()(normalize)
app.command()(say)
app.command()(ssml)
app.command()(verify)
app.command()(words)
app.command()(sheet)
app.command()(brief)
app.command()(room)
app.command()(batch)
app.add_typer(feed, name="feed")
app.command()(formats)
app.command()(doctor)
app.add_typer(lexicon, name="lexicon")
app.add_typer(voices, name="voices")
app.add_typer(cache, name="cache")


def _version(wanted: bool) -> None:  # noqa: FBT001 (the shape of a Typer callback)
    if wanted:
        from importlib.metadata import version

        typer.echo(f"langdu {version('langdu')}")
        raise typer.Exit


@app.callback()
def root(
    *,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Reads pinyin-annotated Chinese articles aloud, exactly as annotated, and checks the pinyin.

    Example: [bold]langdu read article.txt[/bold]
    """
    del version


def main() -> None:
    """Run the command line: the entry point of the program `langdu`."""
    # The matrices are too small for several threads: these would wait at full load, and take the cores from the voice's
    # processes.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # What a shell would take. pydub looks for programs there, and fails without it.
    os.environ.setdefault("PATH", os.defpath)
    try:
        app(prog_name="langdu")
    except LangduError as error:
        notice(str(error))
        sys.exit(error.exit_status)
    except BrokenPipeError:
        # The reader of our output has exited (langdu parse … | head), so nobody wants the rest.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except SystemExit as leaving:
        if leaving.code == 130:  # what Typer raises after Ctrl-C, without a message
            notice("interrupted; no file was left unfinished")
        raise
