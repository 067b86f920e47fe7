"""langdu verify."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import notice, print_json
from langdu.cli.shared.options import AsJson

if TYPE_CHECKING:
    from langdu.output.narration import DoubtfulSyllable


def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a narration.", show_default=False)],
    *,
    at_least: Annotated[
        float, typer.Option("--at-least", help="List only doubts with at least this score; 1 lists all.")
    ] = 1.0,
    json: AsJson = False,
) -> None:
    """Listen to a narration: is every syllable there, of the right length and in the right tone?

    langdu judges the sound alone. The exit status is 1 if a syllable is doubtful.

    Example: [bold]langdu verify audio/article/[/bold]
    """
    from langdu.cli.shared.doubts import print_doubts
    from langdu.errors import plural
    from langdu.files import user_path
    from langdu.output.rows import doubt_row
    from langdu.pipeline.hearing import verify as listen

    doubts: list[DoubtfulSyllable] = []
    syllables = 0
    for listened in listen(user_path(folder), notice):
        syllables += listened.syllables
        certain = [doubt for doubt in listened.doubtful if doubt.score >= at_least]
        doubts += certain
        if json:
            for doubt in certain:
                print_json(doubt_row(doubt))
    if not json:
        print_doubts(doubts)
    notice(f"{plural(syllables, 'syllable')} heard, {len(doubts)} doubtful")
    raise typer.Exit(1 if doubts else 0)
