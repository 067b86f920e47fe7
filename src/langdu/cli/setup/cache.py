"""langdu cache."""

from __future__ import annotations

from typing import TYPE_CHECKING

import typer

from langdu.cli.shared.common import notice, print_json, write_out
from langdu.cli.shared.options import AsJson
from langdu.errors import plural

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer()


@app.callback(invoke_without_command=True)
def cache(context: typer.Context) -> None:
    """Show or clear the cache of spoken clips, which lets a second run speak only what changed.

    Without a command, does the same as langdu cache info.

    Example: [bold]langdu cache clear[/bold]
    """
    if context.invoked_subcommand is None:
        info(json=False)


@app.command()
def info(*, json: AsJson = False) -> None:
    """Show how many clips are cached, where, and how much space they take."""
    from langdu.cache import LIMIT, ClipCache

    folder = _folder()
    count, size = ClipCache(folder, notice).describe() if folder.exists() else (0, 0)
    if json:
        print_json({"folder": str(folder), "clips": count, "bytes": size, "limit": LIMIT})
    else:
        write_out(f"{plural(count, 'clip')}, {size / 1e6:.1f} of at most {LIMIT / 1e6:.0f} MB, in {folder}")


@app.command()
def clear() -> None:
    """Delete all clips. Installed voices stay."""
    from langdu.cache import ClipCache

    folder = _folder()
    deleted = ClipCache(folder, notice).clear() if folder.exists() else 0
    notice(f"{plural(deleted, 'clip')} deleted from {folder}")


def _folder() -> Path:
    from langdu import settings
    from langdu.cache import CLIPS

    return settings.load({}).cache_dir / CLIPS
