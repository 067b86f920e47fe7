"""langdu read."""

from __future__ import annotations

import sys
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.common import KeepAll, Lexicon, Rate, Source, Voice, load, notice, output_folder, print_json

if TYPE_CHECKING:
    from langdu.model import Article
    from langdu.pipeline.narration import Narration
    from langdu.settings import Settings


def read(
    source: Source,
    *,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="The folder to write into.", show_default="audio/<title>")
    ] = None,
    voice: Voice = None,
    rate: Rate = None,
    formats: Annotated[
        str | None, typer.Option("--format", help="What to make, joined by commas.", show_default="mp3,srt")
    ] = None,
    lexicon: Lexicon = None,
    keep_all: KeepAll = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Listen; say again what does not sound as asked; list the rest."),
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="Say what was made as one JSON object.")] = False,
) -> None:
    """Narrate an article: an MP3 a paragraph, the whole as one MP3, subtitles, and manifest.json.

    The voice baker obeys every annotation and needs no network once it is installed. The voice gtts speaks through
    Google's service: it needs a network, and cannot obey pinyin yet.

    Example: [bold]langdu read article.txt -o out/[/bold]
    """
    from langdu import settings

    asked = tuple(name.strip() for name in formats.split(",")) if formats is not None else None
    chosen = settings.load(
        {"voice": voice, "rate": rate, "formats": asked, "lexicon": lexicon, "verify": verify or None}
    )
    made = _narrate(load(source, keep_all=keep_all), output_folder(output), chosen)
    if json:
        print_json(_as_json(made))
    else:
        _print_table(made)


def _narrate(article: Article, out: Path | None, chosen: Settings) -> Narration:
    """Show progress on standard error if that is a terminal: a bar that advances paragraph by paragraph."""
    from langdu.pipeline import narration

    if not sys.stderr.isatty():
        return narration.narrate(article, out, chosen, notice=notice)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        total = len(list(article.spoken_order()))
        task = bar.add_task("narrating", total=total)
        return narration.narrate(
            article,
            out,
            chosen,
            notice=lambda message: console.print(f"langdu: {message}"),
            progress=lambda track: bar.update(task, advance=1, description=track.paragraph.text[:16]),
        )


def _seconds(made: Narration) -> float:
    return made.tracks[-1].end / made.tracks[-1].sample_rate


def _as_json(made: Narration) -> dict[str, Any]:
    return {
        "folder": str(made.folder),
        "title": made.title,
        "voice": made.voice,
        "seconds": round(_seconds(made), 3),
        "files": list(made.files),
        "findings": _counts(made),
        **_doubts(made),
    }


def _doubts(made: Narration) -> dict[str, Any]:
    from langdu.cli.doubts import as_json

    return {} if made.doubtful is None else {"doubts": [as_json(each) for each in made.doubtful]}


def _counts(made: Narration) -> dict[str, int]:
    from langdu.model import Severity

    return {severity.value: sum(f.severity is severity for f in made.findings) for severity in Severity}


def _print_table(made: Narration) -> None:
    """What was made, how long it is and what the check found; on standard error, which is for people."""
    from rich.console import Console
    from rich.table import Table

    minutes, seconds = divmod(round(_seconds(made)), 60)
    counts = _counts(made)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("title", made.title)
    table.add_row("folder", str(made.folder))
    single = [name for name in made.files if name[:3].isdecimal()]
    shown = [name for name in made.files if name not in single]
    if single:
        shown.append(f"{single[0]} … {single[-1]}, one a paragraph")
    for label, name in zip_longest(["files"], shown, fillvalue=""):
        table.add_row(label, name)
    table.add_row("length", f"{minutes}:{seconds:02} in the voice {made.voice}")
    table.add_row("check", ", ".join(f"{n} {severity}" for severity, n in counts.items()))
    if made.doubtful is not None:
        syllables = sum(len(track.timings) for track in made.tracks)
        table.add_row("heard", f"{syllables} syllables, {len(made.doubtful)} doubtful")
    Console(stderr=True, highlight=False).print(table)
    if made.doubtful:
        from langdu.cli.doubts import print_doubts

        print_doubts(made.doubtful, stderr=True)
    if counts["error"] or counts["warning"]:
        notice("see where with: langdu check")
