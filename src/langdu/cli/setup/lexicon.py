"""langdu lexicon."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from langdu.cli.shared.common import notice, write_out
from langdu.cli.shared.options import Lexicon

app = typer.Typer(no_args_is_help=True)


@app.callback()
def lexicon() -> None:
    """Keep your own readings, which langdu prefers to those of its dictionaries.

    Example: [bold]langdu lexicon add 六安 "Lù'ān"[/bold]
    """


@app.command()
def add(
    word: Annotated[str, typer.Argument(help="A word in hanzi, or an English word.", show_default=False)],
    reading: Annotated[
        str, typer.Argument(help="Its pinyin with tones; for an English word, hanzi.", show_default=False)
    ],
    *,
    context: Annotated[
        str, typer.Option(help="A longer text with the word in it; the reading applies only there.")
    ] = "",
    table: Lexicon = None,
) -> None:
    """Add a reading to your own table, or to the file that --lexicon names.

    Example: [bold]langdu lexicon add 乐 yuè --context 我乐乐[/bold]
    """
    from langdu.files import write_text
    from langdu.lexicon import user

    path = _table(table)
    text = user.table_text(path) if path.exists() else ""
    user.parse_table(text, str(path))  # a damaged table is an error; nothing is added to it
    write_text(path, user.with_entry(text, user.user_entry(word, reading, context)))
    notice(f"{word} was added to {path}")


@app.command()
def remove(
    word: Annotated[str, typer.Argument(help="A word of the table.", show_default=False)],
    *,
    context: Annotated[
        str | None, typer.Option(help="The context of the reading to remove, if the word has several readings.")
    ] = None,
    table: Lexicon = None,
) -> None:
    """Remove a reading from your own table, or from the file that --lexicon names.

    Example: [bold]langdu lexicon remove 乐 --context 我乐乐[/bold]
    """
    from langdu.files import write_text
    from langdu.lexicon import user

    path = _table(table)
    text = user.table_text(path)
    entry = user.chosen_entry(user.parse_table(text, str(path)), word, context, str(path))
    write_text(path, user.without_entry(text, entry))
    notice(f"{word} {entry.reading()} was removed from {path}")


@app.command("list")
def list_entries(*, table: Lexicon = None) -> None:
    """Print your readings: word, reading, context.

    Example: [bold]langdu lexicon list[/bold]
    """
    from langdu.lexicon import user

    path = _table(table)
    if not table and not path.exists():
        notice(f"you keep no readings yet: langdu lexicon add writes them into {path}")
        return
    for line in user.table_lines(user.read_table(path)):
        write_out(line)
    notice(f"from {path}")


def _table(chosen: Path | None) -> Path:
    from langdu.files import user_path
    from langdu.lexicon import user

    return user_path(chosen) if chosen else user.user_table()
