"""langdu read."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.common import KeepAll, Lexicon, Rate, Source, Voice, load, notice, output_folder, print_json
from langdu.model import CueLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langdu.model import Article, Track
    from langdu.pipeline.kept import Narration
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
    cues: Annotated[
        CueLevel | None, typer.Option("--cues", help="What a subtitle shows at a time.", show_default="sentence")
    ] = None,
    profile: Annotated[
        Path | None, typer.Option("--profile", metavar="FILE", help="Settings, such as a house style, as TOML.")
    ] = None,
    ruby: Annotated[
        str | None,
        typer.Option("--ruby", help="Pinyin in an EPUB: over annotated words, all, none.", show_default="annotated"),
    ] = None,
    overlay: Annotated[
        str | None,
        typer.Option("--overlay", help="What an EPUB marks as it is heard: word, sentence.", show_default="word"),
    ] = None,
    fallback: Annotated[
        str | None, typer.Option("--fallback", metavar="VOICE", help="Who narrates it all if the voice fails.")
    ] = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="List what a voice that takes hanzi only is given in their place.")
    ] = False,
    lexicon: Lexicon = None,
    cover: Annotated[
        Path | None, typer.Option("--cover", help="A picture for formats that show one: JPEG or PNG.")
    ] = None,
    loudness: Annotated[
        float | None,
        typer.Option("--loudness", help="How loud the whole is, in LUFS; podcasts have -16.", show_default="-18"),
    ] = None,
    keep_all: KeepAll = False,
    practice: Annotated[
        bool,
        typer.Option("--practice", help="Make an MP3 to speak after, too: slowly, a pause, at its pace."),
    ] = False,
    verify: Annotated[
        bool,
        typer.Option("--verify", help="Listen; say again what does not sound as asked; list the rest."),
    ] = False,
    play: Annotated[bool, typer.Option("--play", help="Play it too, while the rest is made.")] = False,
    json: Annotated[bool, typer.Option("--json", help="Say what was made as one JSON object.")] = False,
) -> None:
    """Narrate an article: an MP3 a paragraph, the whole as one MP3, subtitles, and manifest.json.

    The voice baker obeys every annotation and needs no network once it is installed. langdu voices lists the others:
    which of them obey pinyin, and how.

    Example: [bold]langdu read article.txt -o out/[/bold]
    """
    from langdu import settings
    from langdu.pipeline import kept

    asked = tuple(name.strip() for name in formats.split(",")) if formats is not None else None
    chosen = settings.load(
        {
            "voice": voice,
            "fallback": fallback,
            "rate": rate,
            "formats": asked,
            "cues": cues,
            "ruby": ruby,
            "overlay": overlay,
            "lexicon": lexicon,
            "cover": cover,
            "loudness": loudness,
            "verify": verify or None,
        },
        profile=profile.expanduser() if profile else None,
    )
    if practice:
        chosen = replace(chosen, formats=tuple(dict.fromkeys((*chosen.formats, "practice"))))
    out, stamp = output_folder(output), kept.stamp([source], chosen, keep_all)
    made = None if play else kept.find(stamp, out, chosen)
    if made:
        notice(f"nothing has changed since {made.folder} was made; every file is there, undamaged")
        if not json:
            _print_doubts(made)
    else:
        article = load(source, keep_all=keep_all)
        with _player(play=play) as hear:
            made = _narrate(article, out, chosen, stamp, hear)
        if not json:
            _print_table(made)
    if explain and not json:
        _print_substitutions(made)
    if json:
        print_json(_as_json(made))


@contextmanager
def _player(*, play: bool) -> Iterator[Callable[[Track, bytes], None]]:
    """Takes what is to be heard; leaving the block waits until all was."""
    if not play:
        yield lambda _, __: None
        return
    from langdu.export.play import Player

    with Player() as player:
        yield lambda track, pcm: player.hear(pcm, track.sample_rate)


def _narrate(
    article: Article, out: Path | None, chosen: Settings, stamp: str | None, hear: Callable[[Track, bytes], None]
) -> Narration:
    """Show progress on standard error if that is a terminal: a bar that advances paragraph by paragraph."""
    from langdu.pipeline import narration

    if not sys.stderr.isatty():
        return narration.narrate(article, out, chosen, stamp=stamp, notice=notice, progress=hear)
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    console = Console(stderr=True, highlight=False)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        total = len(list(article.spoken_order()))
        task, first = bar.add_task("narrating", total=total), next(article.spoken_order(), None)

        def advance(track: Track, pcm: bytes) -> None:
            if track.paragraph is first:  # for the second time where a fallback narrates
                bar.reset(task)
            bar.update(task, advance=1, description=track.paragraph.text[:16])
            hear(track, pcm)

        return narration.narrate(
            article,
            out,
            chosen,
            stamp=stamp,
            notice=lambda message: console.print(f"langdu: {message}"),
            progress=advance,
        )


def _seconds(made: Narration) -> float:
    return made.samples / made.sample_rate


def _as_json(made: Narration) -> dict[str, Any]:
    return {
        "folder": str(made.folder),
        "title": made.title,
        "voice": made.voice,
        "seconds": round(_seconds(made), 3),
        "files": list(made.files),
        "findings": dict(made.findings),
        "substitutions": list(made.substitutions),
        **({} if made.doubts is None else {"doubts": list(made.doubts)}),
    }


def _print_table(made: Narration) -> None:
    """What was made, how long it is and what the check found; on standard error, which is for people."""
    from rich.console import Console
    from rich.table import Table

    minutes, seconds = divmod(round(_seconds(made)), 60)
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("title", made.title)
    table.add_row("folder", str(made.folder))
    single = [name for name in made.files if name[:3].isdecimal()]
    shown = [name for name in made.files if name not in single]
    if single:
        shown.append(" … ".join(dict.fromkeys((single[0], single[-1]))) + ", one a paragraph")
    for label, name in zip_longest(["files"], shown, fillvalue=""):
        table.add_row(label, name)
    table.add_row("length", f"{minutes}:{seconds:02} in the voice {made.voice}")
    table.add_row("check", ", ".join(f"{n} {severity}" for severity, n in made.findings.items()))
    if made.doubts is not None:
        table.add_row("heard", f"{made.syllables} syllables, {len(made.doubts)} doubtful")
    Console(stderr=True, highlight=False).print(table)
    _print_doubts(made)
    if made.findings["error"] or made.findings["warning"]:
        notice("see where with: langdu check")


def _print_substitutions(made: Narration) -> None:
    from rich.console import Console
    from rich.table import Table

    if not made.substitutions:
        notice(f"the voice {made.voice} was given every character as it is written")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("paragraph", "character", "read", "by itself", "written"):
        table.add_column(heading)
    for each in made.substitutions:
        place = f"{each['paragraph']}:{each['start']}"
        table.add_row(place, each["text"], each["pinyin"], each["alone"] or "–", each["written"] or "– (none can)")
    Console(stderr=True, highlight=False).print(table)


def _print_doubts(made: Narration) -> None:
    if made.doubts:
        from langdu.cli.doubts import print_doubts

        print_doubts(made.doubts, stderr=True)
