"""langdu normalize."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import load_article, no_text, print_json, text_lines, write_out
from langdu.cli.shared.options import AsJson, Lines

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import NormalizedText


def normalize(
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="A file, or - for standard input.")] = "-",
    *,
    lines: Lines = False,
    json: AsJson = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Under each text, list the changes and their rules.")
    ] = False,
) -> None:
    """Print the text as it will be spoken: numbers, dates, units and signs in words.

    Example: [bold]echo 120个项目 | langdu normalize --lines --explain[/bold]
    """
    from langdu.normalize import normalize as spoken_form

    no_text(source, "langdu normalize --lines")
    for text in text_lines(source) if lines else _paragraphs(source):
        normalized = spoken_form(text)
        if json:
            _print_json(normalized)
            continue
        write_out(normalized.spoken)
        for edit in normalized.edits if explain else ():
            written, spoken = edit.written.of(text), edit.spoken.of(normalized.spoken)
            if not written.strip() and not spoken:
                continue  # a blank that is not said is no news to a reader
            write_out(f"    {edit.rule}: {written} → {spoken or 'nothing'}")


def _print_json(normalized: NormalizedText) -> None:
    edits = [
        {"rule": e.rule, "written": [e.written.start, e.written.end], "spoken": [e.spoken.start, e.spoken.end]}
        for e in normalized.edits
    ]
    print_json({"written": normalized.written, "spoken": normalized.spoken, "edits": edits})


def _paragraphs(source: str) -> Iterator[str]:
    return (paragraph.text for paragraph in load_article(source, "normalize").spoken_order())
