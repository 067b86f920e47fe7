"""The episodes of a podcast: listing them, choosing some, removing them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from langdu.errors import ConfigError, InputError
from langdu.feed import earlier
from langdu.feed.channel import completed
from langdu.feed.earlier import FEED
from langdu.feed.folder import alone_in, check_folder, delete_files, write_feed
from langdu.feed.rss import Channel

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from langdu.feed.earlier import EarlierFeed, PublishedEpisode


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """What was removed: the number of episodes that stay, and the names of the files that were deleted."""

    remaining: int
    deleted: tuple[str, ...]


def list_episodes(folder: Path, notice: Callable[[str], None]) -> tuple[PublishedEpisode, ...]:
    """The episodes of a feed, the newest first. `notice` is told if somebody else changed the feed.

    Raises: InputError: there is no feed. ExportError: it is damaged, or langdu did not make it.
    """
    check_folder(folder)
    try:
        feed, is_changed = earlier.look_at(folder / FEED)
    except FileNotFoundError as error:
        raise InputError(
            f"there is no {FEED} in {folder}: name the folder that you gave to langdu brief --feed"
        ) from error
    if is_changed:
        notice(f"{folder / FEED} was changed since langdu wrote it")
    return feed.episodes


def newest_first(episodes: Sequence[PublishedEpisode]) -> list[PublishedEpisode]:
    """The episodes by the time of publication; in the order of the feed if one of them has none."""
    if not all(episode.published for episode in episodes):
        return list(episodes)
    return sorted(episodes, key=_published, reverse=True)


def _published(episode: PublishedEpisode) -> datetime:
    time = episode.published or datetime(1, 1, 1, tzinfo=UTC)
    return time if time.tzinfo else time.replace(tzinfo=UTC)  # -0000, a time in an unknown zone, is one in UTC


def problems(folder: Path, episode: PublishedEpisode) -> dict[str, str]:
    """The files of an episode that are "missing", or "changed" in length."""
    found = {}
    for name, size in episode.sizes.items():
        path = folder / name
        if not path.is_file():
            found[name] = "missing"
        elif size is not None and path.stat().st_size != size:
            found[name] = "changed"
    return found


def named(episodes: Sequence[PublishedEpisode], names: Sequence[str], feed: Path) -> list[PublishedEpisode]:
    """The episodes with these names: a title, a day, a sound file, or a GUID or its beginning.

    Raises: ConfigError: a name fits no episode, or several.
    """
    chosen: list[PublishedEpisode] = []
    for name in names:
        fitting = [episode for episode in episodes if _fits(episode, name)]
        if not fitting:
            raise ConfigError(f"{feed} has no episode {name!r}: langdu feed list {feed.parent} shows them")
        if len(fitting) > 1:
            sounds = ", ".join(str(episode.sound) for episode in fitting)
            raise ConfigError(
                f"{len(fitting)} episodes of {feed} fit {name!r}: name one by its file; there are {sounds}"
            )
        chosen += [episode for episode in fitting if episode not in chosen]
    return chosen


def _fits(episode: PublishedEpisode, name: str) -> bool:
    names = {episode.title, episode.sound, episode.guid, episode.guid[:8]}
    return name in names or (episode.day is not None and name == episode.day.isoformat())


def remove(folder: Path, guids: Sequence[str], notice: Callable[[str], None]) -> Removal:
    """Take episodes out of the feed, and then delete their files; `notice` is told which files stay.

    Raises: ExportError: the feed was changed by somebody else or cannot be written; another run uses the folder.
    """
    with alone_in(folder):
        old = earlier.read_feed(folder / FEED)
        remaining = [episode for episode in old.episodes if episode.guid not in guids]
        write_feed(folder, _channel(old), [each.xml for each in remaining], [each.guid for each in remaining])
        kept = {name for episode in remaining for name in episode.sizes}
        gone = [name for episode in old.episodes if episode.guid in guids for name in episode.sizes]
        deleted = delete_files(folder, [name for name in gone if name not in kept], notice)
    return Removal(remaining=len(remaining), deleted=tuple(deleted))


def _channel(old: EarlierFeed) -> Channel:
    """The channel of a feed, unchanged."""
    return replace(completed(Channel(), old, "", lambda _: None), cover_name=old.cover)
