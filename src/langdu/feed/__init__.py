"""Programmes → a podcast in a static folder: feed.xml, and the files of every episode beside it.

What was published is never written anew: the items of the old feed go into the new one byte for byte, files of another
episode are never touched, and the feed itself is replaced last, so that a run that is interrupted leaves the old one.
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
from langdu.errors import ConfigError, ExportError
from langdu.feed import kept
from langdu.feed.kept import LOCAL
from langdu.feed.rss import Channel, File, Item, rss
from langdu.feed.transcript import webvtt
from langdu.files import alone, atomic, sweep, write_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date, datetime
    from pathlib import Path

    from langdu.feed.kept import Feed
    from langdu.model import Picture

__all__ = ["LOCAL", "Channel", "Episode", "Published", "check", "publish"]

FEED: Final = "feed.xml"
# Source: podcast namespace 1.0, <podcast:guid>: the namespace of what names a podcast.
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
# Source: RFC 3986, 2.2: what has a meaning in an address, and what is escaped already.
_URI: Final = ":/?#[]@!$&'()*+,;=%"
_EMAIL: Final = re.compile(r"[^\s@<>]+@[^\s@<>]+")
_EXAMPLE: Final = "https://example.org/podcast/"
# What Apple asks of a cover: square, and so many pixels.
_COVER: Final = (1400, 3000)
_KINDS: Final = {
    "mp3": ("audio/mpeg", "mp3"),
    "vtt": ("text/vtt", "vtt"),
    "srt": ("application/x-subrip", "srt"),
    "chapters": ("application/json+chapters", "chapters.json"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Episode:
    """A programme that is to be published. What has the same `identity` is the same episode.

    `series` is what the podcast is called if nobody says otherwise; `day` is the programme's, `published` a time with a
    zone; `summary` is plain text, `notes` HTML; `files` are by format: mp3, srt and
    chapters.
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
    """What became of an episode; not `new`: it was in the feed already, and nothing was changed."""

    feed: Path
    guid: str
    new: bool
    episodes: int


def check(folder: Path, channel: Channel) -> None:
    """Make sure that a feed can be kept in a folder, before anything is spoken for it.

    Raises: ExportError: a feed is there that langdu did not make, or that is damaged or was changed; or the folder
    cannot be made. ConfigError: the address or the category is none.
    """
    _check_folder(folder)
    _completed(channel, kept.read(folder / FEED), "", lambda _: None)
    with _alone(folder):  # it can be written
        pass


def _check_folder(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise ExportError(f"{folder} is no folder: a feed needs one of its own")
    for path in sorted(folder.glob("*")) if folder.is_dir() else ():
        if path.name != FEED and path.suffix.lower() in {".xml", ".rss", ".atom"} and kept.is_foreign(path):
            raise ExportError(f"{path} is a feed that langdu did not make: choose another folder for the podcast")


def publish(
    folder: Path, channel: Channel, episode: Episode, notice: Callable[[str], None] = lambda _: None
) -> Published:
    """Put an episode on top of the feed in a folder, which is made if there is none.

    What `channel` leaves open stays as the feed had it; `notice` is told what podcast directories would miss.

    Raises: ExportError: as `check`; the folder cannot be written, or another run is at it. ConfigError: as `check`.
    """
    _check_folder(folder)
    with _alone(folder):
        old = kept.read(folder / FEED)
        made = _completed(channel, old, episode.series, notice)
        guid = str(uuid5(NAMESPACE_URL, f"langdu:{episode.identity}"))
        new = guid not in old.guids
        if not new:
            _tell_of_changed(folder, old, episode, guid, notice)
        made = replace(made, cover_name=_cover(folder, channel.cover, notice) or old.cover)
        if new or kept.differs(old, made):
            if made.cover_name is None:
                notice("the podcast has no cover, which podcast directories ask for: --cover, a square picture")
            items = [_item(folder, made, episode, guid)] if new else []
            text = rss(made, items, _earlier(old, made, notice))
            kept.check(text, [*(item.guid for item in items), *old.guids], folder / FEED)
            kept.note(folder / FEED, text)
            write_text(folder / FEED, text)
        return Published(feed=folder / FEED, guid=guid, new=new, episodes=len(old.guids) + new)


def _completed(channel: Channel, old: Feed, series: str, notice: Callable[[str], None]) -> Channel:
    """The channel with what it leaves open."""
    address = channel.address or old.address
    if not address:
        notice(f"the feed's addresses begin with {LOCAL} until you say where its folder is on the web (--feed-address)")
    address = _web_address(address or LOCAL)
    if not address.startswith("https://") and address != LOCAL:
        notice(f"the feed's address {address} should begin with https://, or some players will not follow it")
    if channel.email and not (channel.email.isprintable() and _EMAIL.fullmatch(channel.email)):
        raise ConfigError(f"the feed's e-mail {channel.email!r} is none: write one such as you@example.org")
    category = channel.category or old.category or "News"
    if category not in _CATEGORIES:
        raise ConfigError(f"there is no category {category!r}; there are {', '.join(_CATEGORIES)}")
    # Source: podcast namespace 1.0, <podcast:guid>: given once, of the address without scheme and last slashes.
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


def _web_address(given: str) -> str:
    """An address as feeds have it: ASCII, and with a slash at its end.

    Raises: ConfigError: it is no address on the web, or more than that of a folder.
    """
    try:
        parts = urlsplit(given)
        host, port = (parts.hostname or "").encode("idna").decode(), parts.port
    except ValueError as error:  # a UnicodeError is one
        why = "is there a password in it?" if "@" in given else error
        raise ConfigError(f"the feed's address {given} is none ({why}): write one such as {_EXAMPLE}") from error
    if parts.scheme not in {"http", "https"} or not host:
        raise ConfigError(f"the feed's address {given} is none: write one such as {_EXAMPLE}")
    if parts.query or parts.fragment or "@" in parts.netloc:
        raise ConfigError(
            f"the feed's address has a query, a fragment or a password in it: write one such as {_EXAMPLE}"
        )
    host = f"[{host}]" if ":" in host else host
    path = parts.path.removesuffix(f"/{FEED}").rstrip("/")
    return f"{parts.scheme}://{host}{'' if port is None else f':{port}'}{quote(path, safe=_URI)}/"


def _is_moved(old: Feed, channel: Channel) -> bool:
    """Whether the old feed's addresses were of this computer, and those from now on are not."""
    return old.address == LOCAL != channel.address


def _earlier(old: Feed, channel: Channel, notice: Callable[[str], None]) -> str:
    """The items of the old feed, as they are; addresses at which nobody could ever find them are mended."""
    items = old.items
    if _is_moved(old, channel):
        notice(f"the episodes before this had addresses on this computer; now they begin with {channel.address}")
        # Only what langdu wrote as markup: in the notes the same address stands escaped, or is somebody else's.
        for before in (' url="', "<link>"):
            items = items.replace(before + LOCAL, before + channel.address)
        return items
    if old.address and old.address != channel.address:
        notice(f"episodes already published stay at {old.address}; the new one is at {channel.address}")
    return old.items


def _item(folder: Path, channel: Channel, episode: Episode, guid: str) -> Item:
    """Put the episode's files into the folder; they are named after its day and its GUID."""
    made = {}
    for kind, (mime, ending) in _KINDS.items():
        place = folder / _name(episode.day, guid, ending)
        with atomic(place) as partial:
            if kind == "vtt":
                partial.write_text(webvtt(episode.files["srt"].read_text("utf-8")), "utf-8", newline="\n")
            else:
                shutil.copyfile(episode.files[kind], partial)
        made[kind] = File(url=channel.address + place.name, mime=mime, size=place.stat().st_size)
    return Item(
        title=episode.title,
        guid=guid,
        published=episode.published,
        summary=episode.summary,
        notes=episode.notes,
        seconds=round(episode.seconds),
        audio=made.pop("mp3"),
        files=made,
    )


def _name(day: date, guid: str, ending: str) -> str:
    return f"{day.isoformat()}-{guid[:8]}.{ending}"


def _cover(folder: Path, cover: Picture | None, notice: Callable[[str], None]) -> str | None:
    """Copy the cover; another picture has another name, so that what is published stays."""
    if cover is None:
        return None
    if cover.width != cover.height or not _COVER[0] <= cover.width <= _COVER[1]:
        notice(
            f"the cover has {cover.width} × {cover.height} pixels; podcast directories want a square of "
            f"{_COVER[0]} to {_COVER[1]}"
        )
    ending = "png" if cover.mime == "image/png" else "jpg"
    name = f"cover-{hashlib.sha256(cover.data).hexdigest()[:8]}.{ending}"
    if not (folder / name).exists() or files.digest(folder / name) != hashlib.sha256(cover.data).hexdigest():
        with atomic(folder / name) as partial:
            partial.write_bytes(cover.data)
    return name


def _tell_of_changed(folder: Path, old: Feed, episode: Episode, guid: str, notice: Callable[[str], None]) -> None:
    """Tell what is not as it was published: files in the folder, and an episode that would sound otherwise now."""
    for name, size in old.sizes.items():
        path = folder / name
        if not path.exists():
            notice(f"{path} is in the feed, but is missing: put it back")
        elif size is not None and path.stat().st_size != size:
            notice(f"{path} is not as it was published: put that back")
        elif name == _name(episode.day, guid, "mp3") and files.digest(path) != files.digest(episode.files["mp3"]):
            notice(f"the episode sounds otherwise now, and stays as it was published: {path}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    with ExitStack() as stack:
        try:
            files.refuse_link(folder / files.OWN_FOLDER)
            (folder / files.OWN_FOLDER).mkdir(parents=True, exist_ok=True)
            busy = f"another langdu is writing the feed in {folder}: wait until it is done"
            stack.enter_context(alone(folder / files.OWN_FOLDER / "feed.lock", busy))
            for each in (folder, folder / files.OWN_FOLDER):
                sweep(each)
        except OSError as error:
            where = f" ({error.filename})" if error.filename else ""
            raise ExportError(
                f"the feed's folder {folder} cannot be written: {error.strerror or error}{where}"
            ) from error
        yield
