"""Programmes → a podcast in a static folder: feed.xml and, beside it, the files of every episode.

What is published stays: the items of the old feed go into the new one byte for byte, and files of other episodes are
never touched. The feed itself is replaced last, so that an interrupted run leaves the old one.
"""

from __future__ import annotations

import hashlib
import re
import shutil
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit
from uuid import NAMESPACE_URL, UUID, uuid5

from langdu import files
from langdu.errors import ConfigError, ExportError, no_such
from langdu.feed import earlier
from langdu.feed.earlier import LOCAL
from langdu.feed.rss import Channel, FeedFile, FeedItem, rss
from langdu.feed.transcript import webvtt
from langdu.files import alone, atomic, sweep, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from langdu.feed.earlier import EarlierFeed
    from langdu.model import Picture

__all__ = ["LOCAL", "Channel", "Episode", "Published", "check_feed", "publish"]

FEED: Final = "feed.xml"
# The namespace of podcast GUIDs. Source: podcast namespace 1.0, <podcast:guid>.
_PODCASTS: Final = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
# Apple's top level. Source: Apple Podcasts categories (podcasters.apple.com), 2019.
_CATEGORIES: Final = (
    "Arts",
    "Business",
    "Comedy",
    "Education",
    "Fiction",
    "Government",
    "Health & Fitness",
    "History",
    "Kids & Family",
    "Leisure",
    "Music",
    "News",
    "Religion & Spirituality",
    "Science",
    "Society & Culture",
    "Sports",
    "Technology",
    "True Crime",
    "TV & Film",
)
# Characters with a meaning in an address, and %, because parts may be escaped already. Source: RFC 3986, 2.2.
_URI: Final = ":/?#[]@!$&'()*+,;=%"
_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_EXAMPLE: Final = "https://example.org/podcast/"
# The width and height in pixels that Apple allows for a cover, which must be square.
_COVER: Final = (1400, 3000)
_KINDS: Final = {
    "mp3": ("audio/mpeg", "mp3"),
    "vtt": ("text/vtt", "vtt"),
    "srt": ("application/x-subrip", "srt"),
    "chapters": ("application/json+chapters", "chapters.json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A programme to publish. Programmes with the same `identity` are the same episode.

    `series` is the name of the podcast unless the channel has a title. `day` is the programme's day, `published` a time
    with a zone. `summary` is plain text, `notes` HTML. `files` are by format: mp3, srt and chapters.
    """

    title: str
    series: str
    identity: str
    day: date
    published: datetime
    summary: str
    notes: str
    seconds: float
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """The result of publishing. If not `new`, the feed already had the episode, whose files stay as published."""

    feed: Path
    guid: str
    new: bool
    episodes: int


def check_feed(folder: Path, channel: Channel) -> None:
    """Make sure that a feed can be written into a folder, before anything is spoken for it.

    Raises: ExportError: the folder has a feed that langdu did not make, or that is damaged or was changed; or the
    folder cannot be made. ConfigError: the address, the e-mail or the category is invalid.
    """
    _check_folder(folder)
    _completed(channel, earlier.read_feed(folder / FEED), "", lambda _: None)
    with _alone(folder):  # fails if the folder cannot be written
        pass


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder} is not a folder: a feed needs a folder of its own")
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.name != FEED and path.suffix.lower() in {".xml", ".rss", ".atom"} and earlier.is_foreign(path):
            raise ExportError(f"{path} is a feed that langdu did not make: choose another folder for the podcast")


def publish(
    folder: Path, channel: Channel, episode: Episode, notice: Callable[[str], None] = lambda _: None
) -> Published:
    """Put an episode on top of the feed in a folder. The folder and the feed are created if they do not exist.

    Fields that `channel` leaves empty keep their values in the feed. `notice` gets a message for everything that is
    missing for podcast directories.

    Raises: ExportError: as `check_feed`; or the folder cannot be written, or another run uses it. ConfigError: as
    `check_feed`.
    """
    _check_folder(folder)
    with _alone(folder):
        old = earlier.read_feed(folder / FEED)
        current = _completed(channel, old, episode.series, notice)
        guid = str(uuid5(NAMESPACE_URL, f"langdu:{episode.identity}"))
        new = guid not in old.guids
        if not new:
            _notice_changes(folder, old, episode, guid, notice)
        current = replace(current, cover_name=_cover(folder, channel.cover, notice) or old.cover)
        if new or earlier.differs(old, current):
            if current.cover_name is None:
                notice("the podcast has no cover, which podcast directories require: add a square picture with --cover")
            items = [_item(folder, current, episode, guid)] if new else []
            text = rss(current, items, _earlier_items(old, current, notice))
            earlier.check_successor(text, [*(item.guid for item in items), *old.guids], folder / FEED)
            earlier.remember(folder / FEED, text)
            write_text(folder / FEED, text)
        return Published(feed=folder / FEED, guid=guid, new=new, episodes=len(old.guids) + new)


def _completed(channel: Channel, old: EarlierFeed, series: str, notice: Callable[[str], None]) -> Channel:
    """The channel with its gaps filled in."""
    address = channel.address or old.address
    if not address:
        notice(
            f"the feed's addresses begin with {LOCAL} until you give the web address of its folder with --feed-address"
        )
    address = _web_address(address or LOCAL)
    if not address.startswith("https://") and address != LOCAL:
        notice(f"the feed's address {address} should begin with https://, because some players refuse others")
    category = channel.category or old.category or "News"
    check_field("email", channel.email)
    check_field("category", category)
    # Computed once, from the address without its scheme and last slashes.
    # Source: podcast namespace 1.0, <podcast:guid>.
    given = old.podcast if old.address == address or old.address != LOCAL else None
    guid = given or str(uuid5(_PODCASTS, (address + FEED).partition("://")[2].rstrip("/")))
    title = channel.title or old.title or series
    return replace(
        channel,
        address=address,
        guid=guid,
        title=title,
        description=channel.description or old.description or title,
        author=channel.author or old.author or title,
        email=channel.email or old.email,
        category=category,
    )


def check_field(name: str, value: object) -> None:
    """Make sure that a feed can have this address, e-mail address or category; other fields may have any value.

    Raises: ConfigError: it cannot.
    """
    if not isinstance(value, str) or not value:
        return
    if name == "address":
        _web_address(value)
    if name == "email" and not (value.isprintable() and _EMAIL.fullmatch(value)):
        raise ConfigError(f"{value!r} is not an e-mail address for the feed: write one such as you@example.org")
    if name == "category" and value not in _CATEGORIES:
        raise no_such("category", value, _CATEGORIES)


def _web_address(given: str) -> str:
    """The address of a folder on the web, in ASCII, with a slash at its end.

    Raises: ConfigError: it is not an http address, or has a query, a fragment or a password.
    """
    try:
        parts = urlsplit(given)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:  # UnicodeError is a ValueError
        why = "is there a password in it?" if "@" in given else error
        raise ConfigError(f"{given} is not a web address for the feed ({why}): write one such as {_EXAMPLE}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigError(f"{given} is not a web address for the feed: write one such as {_EXAMPLE}")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigError(
            f"the feed's address must not have a query, a fragment or a password: write one such as {_EXAMPLE}"
        )
    host = f"[{host}]" if ":" in host else host
    path = parts.path.removesuffix(f"/{FEED}").rstrip("/")
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{quote(path, safe=_URI)}/"


def _is_moved(old: EarlierFeed, channel: Channel) -> bool:
    """Whether the feed moves from an address on this computer to the web."""
    return old.address == LOCAL != channel.address


def _earlier_items(old: EarlierFeed, channel: Channel, notice: Callable[[str], None]) -> str:
    """The items of the old feed, unchanged, except that addresses on this computer become addresses on the web."""
    items = old.items
    if _is_moved(old, channel):
        notice(f"the addresses of earlier episodes were on this computer; now they begin with {channel.address}")
        # Only in markup that langdu wrote: in the notes the same address is escaped, or is somebody else's.
        for before in (' url="', "<link>"):
            items = items.replace(before + LOCAL, before + channel.address)
        return items
    if old.address and old.address != channel.address:
        notice(f"earlier episodes stay at {old.address}; the new one is at {channel.address}")
    return old.items


def _item(folder: Path, channel: Channel, episode: Episode, guid: str) -> FeedItem:
    """Copy the episode's files into the folder, under names that consist of its day and its GUID."""
    copied = {}
    for kind, (mime, ending) in _KINDS.items():
        place = folder / _name(episode.day, guid, ending)
        with atomic(place) as partial:
            if kind == "vtt":
                partial.write_text(webvtt(episode.files["srt"].read_text("utf-8")), "utf-8", newline="\n")
            else:
                shutil.copyfile(episode.files[kind], partial)
        copied[kind] = FeedFile(url=channel.address + place.name, mime=mime, size=place.stat().st_size)
    return FeedItem(
        title=episode.title,
        guid=guid,
        published=episode.published,
        summary=episode.summary,
        notes=episode.notes,
        seconds=round(episode.seconds),
        audio=copied.pop("mp3"),
        files=copied,
    )


def _name(day: date, guid: str, ending: str) -> str:
    return f"{day.isoformat()}-{guid[:8]}.{ending}"


def _cover(folder: Path, cover: Picture | None, notice: Callable[[str], None]) -> str | None:
    """Copy the cover and return its name. Another picture gets another name, so that what is published stays."""
    if cover is None:
        return None
    if cover.width != cover.height or not _COVER[0] <= cover.width <= _COVER[1]:
        notice(
            f"the cover has {cover.width} × {cover.height} pixels; podcast directories require a square of "
            f"{_COVER[0]} to {_COVER[1]}"
        )
    ending = "png" if cover.mime == "image/png" else "jpg"
    name = f"cover-{hashlib.sha256(cover.data).hexdigest()[:8]}.{ending}"
    if not (folder / name).exists() or files.digest(folder / name) != hashlib.sha256(cover.data).hexdigest():
        with atomic(folder / name) as partial:
            partial.write_bytes(cover.data)
    return name


def _notice_changes(folder: Path, old: EarlierFeed, episode: Episode, guid: str, notice: Callable[[str], None]) -> None:
    """Report differences from what was published: files in the folder, and the sound of this episode."""
    for name, size in old.sizes.items():
        path = folder / name
        if not path.exists():
            notice(f"{path} is in the feed but is missing: put it back")
        elif size is not None and path.stat().st_size != size:
            notice(f"{path} was changed since it was published: put the published file back")
        elif name == _name(episode.day, guid, "mp3") and files.digest(path) != files.digest(episode.files["mp3"]):
            notice(f"the narration of this episode has changed since; the published file stays: {path}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            files.refuse_link(folder / files.OWN_FOLDER)
            (folder / files.OWN_FOLDER).mkdir(parents=True, exist_ok=True)
            busy = f"another langdu is writing the feed in {folder}: wait until it is done"
            stack.enter_context(alone(folder / files.OWN_FOLDER / "feed.lock", busy))
            for swept in (folder, folder / files.OWN_FOLDER):
                sweep(swept)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            reason = files.reason(error)
            raise ExportError(
                f"the feed's folder {folder} cannot be written: {reason}{where}; {files.write_advice(reason)}"
            ) from error
        yield
