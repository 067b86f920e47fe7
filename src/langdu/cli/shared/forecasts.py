"""What --dry-run prints: what would be spoken, how long it would be, what would be replaced."""

from __future__ import annotations

from itertools import zip_longest
from typing import TYPE_CHECKING, Any

from langdu.cli.shared.common import print_json, write_out
from langdu.cli.shared.narrations import listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langdu.pipeline.forecast import Forecast


def print_forecast(forecast: Forecast, *, json: bool, quiet: bool, more: Mapping[str, Any] | None = None) -> None:
    """Print what would be spoken, a line for each paragraph, and describe the rest to people; or all of it as JSON.

    `more` is what else would happen, by the label that it has.
    """
    if json:
        print_json({**_as_json(forecast), **(more or {})})
        return
    for paragraph in forecast.paragraphs:
        write_out(paragraph.spoken)
    if not quiet:
        _print_table(forecast, more or {})


def _as_json(forecast: Forecast) -> dict[str, Any]:
    return {
        "dry_run": True,
        "title": forecast.title,
        "folder": str(forecast.folder),
        "voices": list(forecast.voices),
        "quotes": forecast.quotes,
        "stories": [{"title": title, "voice": voice} for title, voice in forecast.readers],
        "seconds": round(forecast.seconds, 1),
        "seconds_measured": forecast.is_measured,
        "characters": forecast.characters,
        "files": list(forecast.files),
        "replaced": list(forecast.replaced),
        "removed": list(forecast.removed),
        "paragraphs": [
            {"text": paragraph.text, "spoken": paragraph.spoken, "voice": paragraph.voice}
            for paragraph in forecast.paragraphs
        ],
    }


def _print_table(forecast: Forecast, more: Mapping[str, Any]) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal
    from langdu.errors import plural
    from langdu.sound.clock import minutes

    many = len(forecast.voices) > 1
    voices = f"{'voices' if many else 'voice'} {', '.join(forecast.voices)}"
    sure = "within 5 %" if forecast.is_measured else "roughly; how fast this voice speaks was never measured"
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_row("title", forecast.title)
    table.add_row("folder", str(forecast.folder))
    table.add_row("length", f"about {minutes(round(forecast.seconds))} in the {voices} ({sure})")
    if many:
        for i, (title, voice) in enumerate(forecast.readers):
            table.add_row("" if i else "stories", f"{title}: {voice}")
    if forecast.quotes:
        table.add_row("quotes", forecast.quotes)
    table.add_row("text", f"{plural(forecast.characters, 'character')}, which is what a service in a cloud counts")
    for label, name in zip_longest(["files"], listed(forecast.files), fillvalue=""):
        table.add_row(label, name)
    table.add_row("replaces", _files(forecast.replaced) if forecast.replaced else "nothing")
    if forecast.removed:
        table.add_row("removes", _files(forecast.removed))
    for label, what in more.items():
        table.add_row(label, str(what))
    table.add_row("", "nothing was spoken or written (--dry-run)")
    terminal(stderr=True).print(table)


def _files(names: tuple[str, ...]) -> str:
    from langdu.errors import plural

    return names[0] if len(names) == 1 else f"{plural(len(names), 'file')} of an earlier run, such as {names[0]}"
