"""Doubts in a terminal, and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.pipeline.hearing import Doubtful

_COLOURS = {"missing": "red", "short": "yellow", "long": "yellow", "tone": "cyan"}


def as_json(found: Doubtful) -> dict[str, Any]:
    """One doubt, ready for JSON; `start` and `end` in `at` point into the paragraph's text, the others are seconds."""
    heard, contour = found.doubt.heard, found.doubt.contour
    return {
        "kind": found.doubt.kind.value,
        "message": found.doubt.message,
        "paragraph": found.paragraph,
        "at": [found.at.start, found.at.end],
        "text": found.text,
        "asked": found.asked,
        "heard_tone": heard and int(heard),
        "contour": contour and [round(each, 1) for each in contour],
        "score": round(found.doubt.score, 2),
        "start": found.start,
        "end": found.end,
    }


def table_of(found: Sequence[Doubtful]) -> Table:
    """The doubts as a table; rich knows that a hanzi is two cells wide."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for title in ("time", "paragraph", "at", "text", "asked", "doubt"):
        table.add_column(title, no_wrap=title != "doubt")
    for each in found:
        minutes, seconds = divmod(each.start, 60)
        where = "title" if each.paragraph < 0 else str(each.paragraph)
        kind = Text(each.doubt.kind.value, style=_COLOURS[each.doubt.kind.value]).append(f": {each.doubt.message}", "")
        table.add_row(f"{minutes:.0f}:{seconds:05.2f}", where, str(each.at.start), each.text, each.asked or "", kind)
    return table


def print_doubts(found: Sequence[Doubtful], *, stderr: bool = False) -> None:
    """The table on standard output, or on standard error beside other messages."""
    if found:
        console = Console(highlight=False, stderr=stderr)
        console.print(table_of(found), width=None if console.is_terminal else 120)
