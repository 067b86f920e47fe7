"""langdu verify."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from langdu.cli.shared.common import notice, print_json
from langdu.cli.shared.options import AsJson


def verify(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="A folder that langdu read wrote into.", show_default=False)
    ],
    *,
    at_least: Annotated[
        float, typer.Option("--at-least", help="Only doubts of this score; 1 is all, and more is more certain.")
    ] = 1.0,
    json: AsJson = False,
) -> None:
    """Listen to a narration: is every syllable there, as long as it should be, and in the tone that was asked for?

    Judged from the sound alone. Exit status 1 if a syllable is doubtful.

    Example: [bold]langdu verify audio/article/[/bold]
    """
    from langdu.cli.shared.doubts import print_doubts
    from langdu.pipeline.hearing import as_json
    from langdu.pipeline.hearing import verify as listen

    found: list[dict[str, Any]] = []
    syllables = 0
    for listened in listen(folder.expanduser(), notice):
        syllables += listened.syllables
        doubts = [as_json(each) for each in listened.doubtful if each.doubt.score >= at_least]
        found += doubts
        if json:
            for each in doubts:
                print_json(each)
    if not json:
        print_doubts(found)
    notice(f"{syllables} syllables heard, {len(found)} doubtful")
    raise typer.Exit(1 if found else 0)
