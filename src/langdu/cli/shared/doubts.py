"""Prints doubts as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table
from rich.text import Text

from langdu.cli.shared.terminal import terminal
from langdu.pinyin import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.output.narration import DoubtfulSyllable

_COLOURS = {"missing": "red", "short": "yellow", "long": "yellow", "tone": "cyan"}


def table_of(doubts: Sequence[DoubtfulSyllable]) -> Table:
    """The doubts as a table. Rich knows that a hanzi is two cells wide."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("time", "paragraph", "at", "text", "asked", "doubt"):
        table.add_column(title, no_wrap=title != "doubt")
    for doubt in doubts:
        minutes, seconds = divmod(doubt.start_s, 60)
        where = "title" if doubt.paragraph < 0 else str(doubt.paragraph)
        kind = Text(doubt.kind, style=_COLOURS[doubt.kind]).append(f": {doubt.message}", "")
        asked = number(doubt.asked) if doubt.asked else ""
        table.add_row(f"{minutes:.0f}:{seconds:05.2f}", where, str(doubt.at.start), doubt.text, asked, kind)
    return table


def print_doubts(doubts: Sequence[DoubtfulSyllable], *, stderr: bool = False) -> None:
    """Print the table on standard output, or on standard error if that has the other messages."""
    if doubts:
        console = terminal(stderr=stderr)
        console.print(table_of(doubts), width=None if console.is_terminal else 120)
