"""What the commands that narrate share: their options, progress, and what is said of the narration."""

from __future__ import annotations

import re
import sys
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import notice, print_json
from langdu.controls import masked
from langdu.model import CueLevel

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from langdu.model import Rundown, Track
    from langdu.pipeline.kept import Narration

Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="The folder to write into.", show_default="audio/<title>")
]
Cues = Annotated[
    CueLevel | None, typer.Option("--cues", help="What a subtitle shows at a time.", show_default="sentence")
]
Profile = Annotated[
    Path | None, typer.Option("--profile", metavar="FILE", help="Settings, such as a house style, as TOML.")
]
Ruby = Annotated[
    str | None,
    typer.Option("--ruby", help="Pinyin in an EPUB: over annotated words, all, none.", show_default="annotated"),
]
Overlay = Annotated[
    str | None,
    typer.Option("--overlay", help="What an EPUB marks as it is heard: word, sentence.", show_default="word"),
]
Fallback = Annotated[
    str | None, typer.Option("--fallback", metavar="VOICE", help="Who narrates it all if the voice fails.")
]
Explain = Annotated[
    bool, typer.Option("--explain", help="List what a voice that takes hanzi only is given in their place.")
]
Cover = Annotated[Path | None, typer.Option("--cover", help="A picture for formats that show one: JPEG or PNG.")]
Practice = Annotated[
    bool, typer.Option("--practice", help="Make an MP3 to speak after, too: slowly, a pause, at its pace.")
]
Verify = Annotated[
    bool, typer.Option("--verify", help="Listen; say again what does not sound as asked; list the rest.")
]
Play = Annotated[bool, typer.Option("--play", help="Play it too, while the rest is made.")]
AsJson = Annotated[bool, typer.Option("--json", help="Say what was made as one JSON object.")]


def format_names(asked: str | None) -> tuple[str, ...] | None:
    """What --format names."""
    return tuple(name.strip() for name in asked.split(",")) if asked is not None else None


@contextmanager
def watched(rundown: Rundown, *, play: bool) -> Iterator[tuple[Callable[[str], None], Callable[[Track, bytes], None]]]:
    """What takes notices, and each paragraph with its sound as it is made.

    On a terminal a bar on standard error advances paragraph by paragraph. With `play` leaving the block waits until all
    was heard.
    """
    with ExitStack() as stack:
        hear = stack.enter_context(_player()) if play else lambda _, __: None
        if not sys.stderr.isatty():
            yield notice, hear
            return
        from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

        from langdu.cli.shared.terminal import terminal

        console = terminal(stderr=True)
        columns = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
        )
        bar = stack.enter_context(Progress(*columns, console=console, transient=True))
        paragraphs = list(rundown.paragraphs())
        task, first = bar.add_task("narrating", total=len(paragraphs)), paragraphs[0] if paragraphs else None

        def advance(track: Track, pcm: bytes) -> None:
            if track.paragraph is first:  # for the second time where a fallback narrates
                bar.reset(task)
            bar.update(task, advance=1, description=track.paragraph.text[:16])
            hear(track, pcm)

        yield lambda message: console.print(f"langdu: {masked(message)}"), advance


@contextmanager
def _player() -> Iterator[Callable[[Track, bytes], None]]:
    from langdu.audio.play import Player

    with Player() as player:
        yield lambda track, pcm: player.play(pcm, track.sample_rate)


def report(made: Narration, *, kept: bool, explain: bool, json: bool, more: Mapping[str, Any] | None = None) -> None:
    """Say what was made, or that it was `kept` from an earlier run: for people, or with `more` as JSON."""
    if kept:
        notice(f"nothing has changed since {made.folder} was made; every file is there, undamaged")
    if json:
        print_json({**_as_json(made), **(more or {})})
        return
    if kept:
        _print_doubts(made)
    else:
        _print_table(made)
    if explain:
        _print_substitutions(made)


def _seconds(made: Narration) -> float:
    return made.samples / made.sample_rate


def _as_json(made: Narration) -> dict[str, Any]:
    return {
        "folder": str(made.folder),
        "title": made.title,
        "voice": made.voice,
        "seconds": round(_seconds(made), 3),
        "files": list(made.files),
        **({"chapters": list(made.chapters)} if made.chapters else {}),
        "findings": dict(made.findings),
        "substitutions": list(made.substitutions),
        **({} if made.doubts is None else {"doubts": list(made.doubts)}),
    }


def _print_table(made: Narration) -> None:
    """What was made, how long it is and what the check found; on standard error, which is for people."""
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal
    from langdu.sound.clock import minutes

    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("title", made.title)
    table.add_row("folder", str(made.folder))
    single = [name for name in made.files if re.fullmatch(r"\d{3,}\.mp3", name)]
    shown = [name for name in made.files if name not in single]
    if single:
        shown.append(" … ".join(dict.fromkeys((single[0], single[-1]))) + ", one a paragraph")
    for label, name in zip_longest(["files"], shown, fillvalue=""):
        table.add_row(label, name)
    for i, chapter in enumerate(made.chapters):
        table.add_row("" if i else "chapters", f"{minutes(chapter['start'])} {chapter['title']}")
    table.add_row("length", f"{minutes(round(_seconds(made)))} in the voice {made.voice}")
    table.add_row("check", ", ".join(f"{n} {severity}" for severity, n in made.findings.items()))
    if made.doubts is not None:
        table.add_row("heard", f"{made.syllables} syllables, {len(made.doubts)} doubtful")
    terminal(stderr=True).print(table)
    _print_doubts(made)
    if made.findings["error"] or made.findings["warning"]:
        notice("see where with: langdu check")


def _print_substitutions(made: Narration) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    if not made.substitutions:
        notice(f"the voice {made.voice} was given every character as it is written")
        return
    table = Table(box=None, pad_edge=False)
    for heading in ("paragraph", "character", "read", "by itself", "written"):
        table.add_column(heading)
    for each in made.substitutions:
        place = f"{each['paragraph']}:{each['start']}"
        table.add_row(place, each["text"], each["pinyin"], each["alone"] or "–", each["written"] or "– (none can)")
    terminal(stderr=True).print(table)


def _print_doubts(made: Narration) -> None:
    if made.doubts:
        from langdu.cli.shared.doubts import print_doubts

        print_doubts(made.doubts, stderr=True)
