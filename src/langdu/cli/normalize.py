"""langdu normalize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.common import AsJson, Lines, load, print_json, text_lines, write_out

if TYPE_CHECKING:
    from langdu.model import NormalizedText


def normalize(
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="A file, or - for standard input.")] = "-",
    *,
    lines: Lines = False,
    json: AsJson = False,
) -> None:
    """Print what will be said: numbers, dates, units and signs in words.

    Example: [bold]echo 120个项目 | langdu normalize --lines[/bold]
    """
    from langdu.normalize import normalize as spoken_form

    texts = text_lines(source) if lines else (paragraph.text for paragraph in load(source).spoken_order())
    for text in texts:
        _print(spoken_form(text), json=json)


def _print(normalized: NormalizedText, *, json: bool) -> None:
    if not json:
        write_out(normalized.spoken)
        return
    edits = [
        {"rule": e.rule, "written": [e.written.start, e.written.end], "spoken": [e.spoken.start, e.spoken.end]}
        for e in normalized.edits
    ]
    print_json({"written": normalized.written, "spoken": normalized.spoken, "edits": edits})
