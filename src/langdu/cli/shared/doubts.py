"""Doubts in a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.table import Table
from rich.text import Text

from langdu.cli.shared.terminal import terminal

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_COLOURS = {"missing": "red", "short": "yellow", "long": "yellow", "tone": "cyan"}


def table_of(found: Sequence[Mapping[str, Any]]) -> Table:
    """The doubts, each as `hearing.as_json` tells it, as a table; rich knows that a hanzi is two cells wide."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("time", "paragraph", "at", "text", "asked", "doubt"):
        table.add_column(title, no_wrap=title != "doubt")
    for each in found:
        minutes, seconds = divmod(each["start"], 60)
        where = "title" if each["paragraph"] < 0 else str(each["paragraph"])
        kind = Text(each["kind"], style=_COLOURS[each["kind"]]).append(f": {each['message']}", "")
        at = str(each["at"][0])
        table.add_row(f"{minutes:.0f}:{seconds:05.2f}", where, at, each["text"], each["asked"] or "", kind)
    return table


def print_doubts(found: Sequence[Mapping[str, Any]], *, stderr: bool = False) -> None:
    """The table on standard output, or on standard error beside other messages."""
    if found:
        console = terminal(stderr=stderr)
        console.print(table_of(found), width=None if console.is_terminal else 120)
