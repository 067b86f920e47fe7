"""Programmes → a podcast in a static folder: feed.xml and, beside it, the files of every episode.

What is published stays until the user replaces or removes it: the items of the old feed go into the new one byte for
byte, and files of other episodes are never touched. The feed itself is replaced before any old file is deleted, so that
an interrupted run leaves the old one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from uuid import NAMESPACE_URL, uuid5

from langdu import files
from langdu.errors import ConfigError
from langdu.feed import earlier
from langdu.feed.channel import completed, is_moved
from langdu.feed.earlier import FEED, LOCAL, PublishedEpisode
from langdu.feed.folder import (
    KINDS,
    Episode,
    alone_in,
    check_folder,
    delete_files,
    fingerprint,
    free_stem,
    has_files,
    place_cover,
    place_files,
    write_feed,
)
from langdu.feed.rss import Channel, FeedFile, FeedItem, clean, item_xml

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date
    from pathlib import Path

    from langdu.feed.earlier import EarlierFeed

__all__ = ["LOCAL", "Channel", "Episode", "Published", "PublishedEpisode", "check_feed", "find_episode", "publish"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The result of publishing. If neither `new` nor `replaced`, the feed already had the episode, which stays."""

    feed: Path
    guid: str
    new: bool
    replaced: bool
    episodes: int


def check_feed(folder: Path, channel: Channel, replacing: tuple[str, date] | None = None) -> None:
    """Make sure that a feed can be written into a folder, before anything is spoken for it.

    `replacing` are title and day of the episode that is to be replaced.

    Raises: ExportError: the folder has a feed that langdu did not make, or that is damaged or was changed; or the
    folder cannot be made. ConfigError: the address, the e-mail or the category is invalid; there is no episode to
    replace.
    """
    check_folder(folder)
    completed(channel, earlier.read_feed(folder / FEED), "", lambda _: None)
    if replacing:
        find_episode(folder, *replacing, replacing=True)
    with alone_in(folder):  # fails if the folder cannot be written
        pass


def find_episode(folder: Path, title: str, day: date, *, replacing: bool) -> PublishedEpisode | None:
    """The episode of a feed that `publish` would find in the place of a programme; None if it would be a new one.

    Raises: ExportError: the feed is damaged, was changed, or langdu did not make it. ConfigError: there is no episode
    to replace.
    """
    old = earlier.read_feed(folder / FEED)
    same = _same_episode(old, "", title)
    return same or (_of_the_day(old, title, day, folder / FEED) if replacing else None)


def publish(
    folder: Path,
    channel: Channel,
    episode: Episode,
    notice: Callable[[str], None] = lambda _: None,
    *,
    replacing: bool = False,
) -> Published:
    """Put an episode on top of the feed in a folder. The folder and the feed are created if they do not exist.

    An episode that the feed has already, with the same text or the same title, stays as published. With `replacing`
    the episode of this day takes its place, under the same GUID and with new names of files.

    Fields that `channel` leaves empty keep their values in the feed. `notice` gets a message for everything that is
    missing for podcast directories.

    Raises: ExportError: as `check_feed`; or the folder cannot be written, or another run uses it. ConfigError: as
    `check_feed`.
    """
    check_folder(folder)
    with alone_in(folder):
        old = earlier.read_feed(folder / FEED)
        current = completed(channel, old, episode.series, notice)
        guid = str(uuid5(NAMESPACE_URL, f"langdu:{episode.identity}"))
        before = _same_episode(old, guid, episode.title)
        if replacing:
            before = before or _of_the_day(old, episode.title, episode.day, folder / FEED)
        elif before:
            _notice_changes(folder, old, before, episode, notice)
        current = replace(current, cover_name=place_cover(folder, channel.cover, notice) or old.cover)
        items = _earlier_items(old, current, notice)
        replaced = False
        if before is None:
            stem = free_stem(folder, f"{episode.day.isoformat()}-{guid[:8]}", episode)
            place_files(folder, stem, episode)
            items.insert(0, _item(folder, current, episode, guid, stem))
        elif replacing:
            place = old.episodes.index(before)
            item = _replacement(folder, current, episode, before)
            replaced = item != items[place]
            items[place] = item
        new = before is None
        guids = [*([guid] if new else []), *(published.guid for published in old.episodes)]
        if new or replaced or earlier.differs(old, current):
            if current.cover_name is None:
                notice("the podcast has no cover, which podcast directories require: add a square picture with --cover")
            write_feed(folder, current, items, guids)
        if before and replaced:
            delete_files(folder, _unnamed(before, items), notice)
        return Published(
            feed=folder / FEED,
            guid=before.guid if before else guid,
            new=new,
            replaced=replaced,
            episodes=len(guids),
        )


def _same_episode(old: EarlierFeed, guid: str, title: str) -> PublishedEpisode | None:
    """The episode with this text, or else with this title, which has the day in it."""
    same_text = next((episode for episode in old.episodes if episode.guid == guid), None)
    return same_text or next((episode for episode in old.episodes if episode.title == clean(title)), None)


def _of_the_day(old: EarlierFeed, title: str, day: date, feed: Path) -> PublishedEpisode:
    """The only episode of a day, which may have another title, because the mistake was there.

    Raises: ConfigError: there is none, or there are several.
    """
    of_the_day = [episode for episode in old.episodes if episode.day == day]
    if not of_the_day:
        raise ConfigError(
            f"{feed} has no episode of {day} to replace: choose another --date, or leave out --replace to publish a "
            "new episode"
        )
    if len(of_the_day) > 1:
        titles = ", ".join(episode.title for episode in of_the_day)
        raise ConfigError(
            f"{feed} has {len(of_the_day)} episodes of {day}, and none is called {title}: name one of them with "
            f"--title; there are {titles}"
        )
    return of_the_day[0]


def _replacement(folder: Path, channel: Channel, episode: Episode, before: PublishedEpisode) -> str:
    """The item of a new version of a published episode. Its files are placed, unless they are the published ones."""
    stem = (before.sound or "").removesuffix(".mp3")
    if not stem or not has_files(folder, stem, episode):
        name = f"{episode.day.isoformat()}-{before.guid[:8]}-{fingerprint(episode)}"
        stem = free_stem(folder, name, episode)
        place_files(folder, stem, episode)
    # The same time: a later one would move the episode to the top of every player.
    same_time = replace(episode, published=before.published or episode.published)
    return _item(folder, channel, same_time, before.guid, stem)


def _unnamed(before: PublishedEpisode, items: Sequence[str]) -> list[str]:
    """The files of an episode that no item names any more."""
    return [name for name in before.sizes if not any(f"/{name}" in item for item in items)]


def _earlier_items(old: EarlierFeed, channel: Channel, notice: Callable[[str], None]) -> list[str]:
    """The items of the old feed, unchanged, except that addresses on this computer become addresses on the web."""
    items = [episode.xml for episode in old.episodes]
    if is_moved(old, channel):
        notice(f"the addresses of earlier episodes were on this computer; now they begin with {channel.address}")
        # Only in markup that langdu wrote: in the notes the same address is escaped, or is somebody else's.
        for before in (' url="', "<link>"):
            items = [item.replace(before + LOCAL, before + channel.address) for item in items]
    elif old.address and old.address != channel.address:
        notice(f"earlier episodes stay at {old.address}; the new one is at {channel.address}")
    return items


def _item(folder: Path, channel: Channel, episode: Episode, guid: str, stem: str) -> str:
    """The item of an episode whose files are in the folder, named `stem`."""
    placed = {}
    for kind, (mime, ending) in KINDS.items():
        place = folder / f"{stem}.{ending}"
        placed[kind] = FeedFile(url=channel.address + place.name, mime=mime, size=place.stat().st_size)
    item = FeedItem(
        title=episode.title,
        guid=guid,
        published=episode.published,
        summary=episode.summary,
        notes=episode.notes,
        seconds=round(episode.seconds),
        audio=placed.pop("mp3"),
        files=placed,
    )
    return item_xml(channel, item)


def _notice_changes(
    folder: Path, old: EarlierFeed, before: PublishedEpisode, episode: Episode, notice: Callable[[str], None]
) -> None:
    """Report differences from what was published: files in the folder, and the sound of this episode."""
    for name, size in old.sizes.items():
        path = folder / name
        if not path.exists():
            notice(f"{path} is in the feed but is missing: put it back")
        elif size is not None and path.stat().st_size != size:
            notice(f"{path} was changed since it was published: put the published file back")
        elif name == before.sound and files.digest(path) != files.digest(episode.files["mp3"]):
            notice(
                f"the narration of this episode has changed since; the published file stays: {path}; "
                "publish the new one in its place with --replace"
            )
