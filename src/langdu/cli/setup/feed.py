"""langdu feed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from langdu.cli.shared.common import notice, print_json
from langdu.cli.shared.options import AsJson, named_path

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.feed import PublishedEpisode

app = typer.Typer(no_args_is_help=True)

# What a program or a file gets has each episode on one line.
_WIDE: Final = 10_000

Folder = Annotated[
    Path, typer.Argument(metavar="DIR", parser=named_path, help="The folder of the podcast.", show_default=False)
]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.callback()
def feed() -> None:
    """List and remove the episodes of a podcast that langdu brief --feed made.

    Example: [bold]langdu feed list podcast/[/bold]
    """


@app.command("list")
def list_episodes(folder: Folder, *, json: AsJson = False) -> None:
    """List the episodes: title, when it was published, length, file; the newest first.

    Example: [bold]langdu feed list podcast/[/bold]
    """
    from langdu.feed import managing

    place = _folder(folder)
    episodes = managing.list_episodes(place, notice)
    if json:
        for episode in episodes:
            print_json(_row(place, episode))
        return
    _print_table(place, episodes)
    notice(f"{_count(episodes)} in {place / 'feed.xml'}")


@app.command()
def remove(
    folder: Folder,
    episodes: Annotated[
        list[str],
        typer.Argument(metavar="EPISODE", help="Its title, day (2026-11-25), sound file or GUID.", show_default=False),
    ],
    *,
    yes: Yes = False,
) -> None:
    """Take episodes out of the feed and delete their files.

    langdu deletes only files that it made there and that nobody has changed.

    Example: [bold]langdu feed remove podcast/ 2026-11-25[/bold]
    """
    from langdu.feed import managing

    place = _folder(folder)
    listed = managing.list_episodes(place, lambda _: None)
    _remove(place, managing.named(listed, episodes, place / "feed.xml"), yes=yes)


@app.command()
def limit(
    folder: Folder,
    number: Annotated[int, typer.Argument(metavar="N", help="How many episodes stay.", show_default=False)],
    *,
    yes: Yes = False,
) -> None:
    """Keep the N episodes published last: take older ones out of the feed and delete their files.

    Example: [bold]langdu feed limit podcast/ 30 --yes[/bold]
    """
    from langdu.errors import ConfigError
    from langdu.feed import managing

    if number < 1:
        raise ConfigError(f"{number} episodes cannot stay: keep at least 1, or remove each with langdu feed remove")
    place = _folder(folder)
    episodes = managing.list_episodes(place, lambda _: None)
    if len(episodes) <= number:
        notice(f"{place / 'feed.xml'} has {_count(episodes)}: nothing to remove")
        return
    _remove(place, managing.newest_first(episodes)[number:], yes=yes)


def _folder(given: Path) -> Path:
    """The folder of the podcast, even if the user named feed.xml itself."""
    from langdu.files import user_path

    path = user_path(given)
    return path.parent if path.name == "feed.xml" and path.is_file() else path


def _remove(folder: Path, episodes: Sequence[PublishedEpisode], *, yes: bool) -> None:
    """Remove episodes, if the user wants it. Raises: ConfigError: nobody can be asked."""
    from langdu.errors import ConfigError
    from langdu.feed import managing

    if not yes:
        if not (sys.stdin and sys.stdin.isatty()):
            raise ConfigError(
                f"this would remove {_count(episodes)} from {folder / 'feed.xml'} and delete the files: "
                f"{', '.join(episode.title for episode in episodes)}; add --yes to do it"
            )
        _print_table(folder, episodes, stderr=True)
        if not typer.confirm(f"Remove {_count(episodes)} from the feed and delete the files?", err=True):
            notice("nothing was removed")
            return
    removal = managing.remove(folder, [episode.guid for episode in episodes], notice)
    for episode in episodes:
        notice(f"removed: {episode.title}")
    notice(f"{len(removal.deleted)} files deleted; {_counted(removal.remaining)} left in {folder / 'feed.xml'}")


def _count(episodes: Sequence[PublishedEpisode]) -> str:
    return _counted(len(episodes))


def _counted(number: int) -> str:
    return f"{number} episode{'' if number == 1 else 's'}"


def _row(folder: Path, episode: PublishedEpisode) -> dict[str, Any]:
    from langdu.feed import managing

    return {
        "title": episode.title,
        "day": episode.day and episode.day.isoformat(),
        "published": episode.published and episode.published.isoformat(),
        "seconds": episode.seconds,
        "file": episode.sound,
        "bytes": episode.sizes.get(episode.sound or ""),
        "files": list(episode.sizes),
        "problems": managing.problems(folder, episode),
        "guid": episode.guid,
    }


def _print_table(folder: Path, episodes: Sequence[PublishedEpisode], *, stderr: bool = False) -> None:
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal
    from langdu.feed import managing
    from langdu.sound.clock import minutes

    table = Table(box=None, pad_edge=False)
    for heading in ("title", "published", "length", "MB", "file"):
        table.add_column(heading, justify="right" if heading in {"length", "MB"} else "left", overflow="fold")
    # A name that is broken into two lines cannot be copied, so other columns make room for it.
    table.columns[-1].min_width = max((len(episode.sound or "") for episode in episodes), default=0)
    for episode in episodes:
        wrong = managing.problems(folder, episode)
        size = episode.sizes.get(episode.sound or "")
        table.add_row(
            episode.title,
            f"{episode.published.astimezone():%Y-%m-%d %H:%M %z}" if episode.published else "–",
            "–" if episode.seconds is None else minutes(episode.seconds),
            "–" if size is None else f"{size / 1e6:.1f}",
            (episode.sound or "–") + "".join(f"\n{name} is {what}" for name, what in wrong.items()),
        )
    if episodes:
        console = terminal(stderr=stderr)
        if not console.is_terminal:
            console.width = _WIDE
        console.print(table, crop=False)
