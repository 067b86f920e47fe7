"""A feed that langdu wrote earlier → its episodes, unchanged, and its own data."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from datetime import date
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from langdu import files
from langdu.errors import ExportError
from langdu.feed.rss import GENERATOR, NAMESPACES, clean
from langdu.files import write_text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from langdu.feed.rss import Channel

FEED: Final = "feed.xml"
# The address of a feed that is not on the web yet: the one that `python -m http.server` serves.
LOCAL: Final = "http://localhost:8000/"
# The size of a feed of ten thousand episodes with notes.
_LARGEST: Final = 1 << 26
# In bytes, the longest file that a file system can hold.
_LONGEST: Final = (1 << 63) - 1
_ITEM: Final = re.compile(r"<item>.*?</item>", re.DOTALL)
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d(?=-)")
_ITUNES, _PODCAST = (f"{{{NAMESPACES[f'xmlns:{name}']}}}" for name in ("itunes", "podcast"))
_SELF: Final = "{http://www.w3.org/2005/Atom}link"
_ROOTS: Final = {"rss", "feed", "RDF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedEpisode:
    """An episode of a feed: `xml` is its item. None means not given, or not understood.

    `sound` is the name of its sound file; `sizes` are its files in the feed's folder, with the length that the feed
    states. `day` is the programme's day, which its files are named after.
    """

    xml: str
    guid: str
    title: str
    published: datetime | None
    seconds: int | None
    sound: str | None
    sizes: Mapping[str, int | None]

    @property
    def day(self) -> date | None:
        """The programme's day."""
        found = _DAY.match(self.sound or "")
        try:
            return date.fromisoformat(found[0]) if found else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierFeed:
    """A feed as it was, with its episodes in order. `podcast` is the podcast's own GUID. None means not given."""

    episodes: tuple[PublishedEpisode, ...] = ()
    podcast: str | None = None
    address: str | None = None
    title: str | None = None
    description: str | None = None
    author: str | None = None
    email: str | None = None
    category: str | None = None
    cover: str | None = None
    sizes: Mapping[str, int | None] = field(default_factory=dict)


def is_foreign(path: Path) -> bool:
    """Whether a file is a feed, of any kind, that langdu did not write."""
    if not path.is_file():  # reading a pipe would wait without end
        return False
    try:
        root = fromstring(files.read(path, _LARGEST))
    except (OSError, ParseError, DefusedXmlException, ValueError):
        return False
    ours = (root.findtext("channel/generator") or "").startswith(GENERATOR)
    return root.tag.rpartition("}")[2] in _ROOTS and not ours


def read_feed(path: Path) -> EarlierFeed:
    """The feed in a file; an empty one if the file does not exist.

    Raises: ExportError: it cannot be read, is damaged, was changed by somebody else, or langdu did not write it.
    """
    try:
        text = _text(path)
    except FileNotFoundError:
        return EarlierFeed()
    feed = _parsed(path, text)
    if _is_changed(path, text):
        raise ExportError(
            f"{path} was changed since langdu wrote it, and the changes would be lost: put the old file back, or "
            f"remove {_note(path)} to continue with the feed as it is now"
        )
    if feed.podcast is None or feed.address is None:
        raise _refused(path, "was changed since langdu wrote it")
    guids = [episode.guid for episode in feed.episodes]
    if not all(map(str.strip, guids)) or len(set(guids)) < len(guids):
        raise ExportError(
            f"{path} is damaged, because episodes have no GUID or the same one: put the old file back, or give each "
            "episode its own <guid>"
        )
    return feed


def look_at(path: Path) -> tuple[EarlierFeed, bool]:
    """The feed in a file, and whether somebody else changed it.

    Raises: FileNotFoundError. ExportError: as `read_feed`, except that a changed feed is no error.
    """
    text = _text(path)
    return _parsed(path, text), _is_changed(path, text)


def _text(path: Path) -> str:
    try:
        return files.read(path, _LARGEST).decode("utf-8")  # bytes, so that line ends stay as they are
    except FileNotFoundError:
        raise
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, f"cannot be read ({files.reason(error)})") from error


def _parsed(path: Path, text: str) -> EarlierFeed:
    try:
        channel = fromstring(text.encode()).find("channel")
        if channel is None or not (channel.findtext("generator") or "").startswith(GENERATOR):
            raise _refused(path, "is a feed that langdu did not make")
        items, elements = _ITEM.findall(text), channel.findall("item")
        if len(items) != len(elements):
            raise _refused(path, "was changed since langdu wrote it")
        return _feed(channel, [_episode(xml, element) for xml, element in zip(items, elements, strict=True)])
    except (ParseError, DefusedXmlException, ValueError, OverflowError) as error:
        raise _refused(path, "is damaged, or no feed") from error


def remember(path: Path, text: str) -> None:
    """Note the hashes of the feed in a file and of `text`, which is about to replace it.

    A feed with another hash was changed by somebody else.

    Raises: ExportError: the note cannot be written.
    """
    known = [_hash(text)]
    if path.exists():
        known.append(_hash(files.read(path, _LARGEST).decode("utf-8")))
    write_text(_note(path), "".join(f"{digest}\n" for digest in known))


def _is_changed(path: Path, text: str) -> bool:
    """Whether somebody else changed the feed; False if there is no note."""
    try:
        return _hash(text).encode() not in files.read(_note(path), files.SMALL).split()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise ExportError(f"{_note(path)} cannot be read ({files.reason(error)}): remove it") from error


def _note(path: Path) -> Path:
    return path.parent / files.OWN_FOLDER / "feed.sha256"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def check_successor(text: str, guids: Sequence[str], path: Path) -> None:
    """Make sure that a new feed is well-formed and has these episodes, before it replaces the old one.

    Raises: ExportError: it is malformed, or an episode is missing.
    """
    try:
        written = [item.findtext("guid") for item in fromstring(text.encode()).iter("item")]
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise ExportError(f"{path} would not be well-formed ({error}), so it stays as it was: report this") from error
    if written != list(guids):
        raise ExportError(f"{path} would lose an episode, so it stays as it was: report this")


def _feed(channel: Element, episodes: Sequence[PublishedEpisode]) -> EarlierFeed:
    link, image = channel.find(_SELF), channel.find(f"{_ITUNES}image")
    address = None if link is None else link.get("href", "").removesuffix(FEED)
    cover = None if image is None else image.get("href", "").rpartition("/")[2]
    category = channel.find(f"{_ITUNES}category")
    return EarlierFeed(
        episodes=tuple(episodes),
        podcast=channel.findtext(f"{_PODCAST}guid"),
        address=address,
        title=channel.findtext("title"),
        description=channel.findtext("description"),
        author=channel.findtext(f"{_ITUNES}author"),
        email=channel.findtext(f"{_ITUNES}owner/{_ITUNES}email"),
        category=None if category is None else category.get("text"),
        cover=cover,
        sizes={name: size for episode in episodes for name, size in episode.sizes.items()},
    )


def _episode(xml: str, item: Element) -> PublishedEpisode:
    sizes = {name: size for name, size in _files(item) if files.is_name(name)}
    length = item.findtext(f"{_ITUNES}duration") or ""
    return PublishedEpisode(
        xml=xml,
        guid=item.findtext("guid") or "",
        title=item.findtext("title") or "",
        published=_time(item.findtext("pubDate") or ""),
        seconds=_size(length) if length.isascii() and length.isdecimal() else None,
        sound=next((name for name, size in sizes.items() if size is not None), None),
        sizes=sizes,
    )


def _time(text: str) -> datetime | None:
    try:
        return parsedate_to_datetime(text)
    except ValueError:
        return None


def _files(item: Element) -> list[tuple[str, int | None]]:
    """The names of an episode's files, with the length of the sound file."""
    named: list[tuple[str, int | None]] = []
    for element in item:
        if element.tag == "enclosure":
            named.append((_name(element), _size(element.get("length", "0"))))
        elif element.tag in {f"{_PODCAST}transcript", f"{_PODCAST}chapters"}:
            named.append((_name(element), None))
    return named


def _size(text: str) -> int:
    """A length in bytes or seconds. Raises: ValueError: no file has it."""
    size = int(text)
    if not 0 <= size <= _LONGEST:
        raise ValueError(text)
    return size


def _name(element: Element) -> str:
    return unquote(element.get("url", "").rpartition("/")[2])


def differs(old: EarlierFeed, channel: Channel) -> bool:
    """Whether the data of the feed and of the channel differ."""
    before = (old.address, old.title, old.description, old.author, old.email, old.category, old.cover)
    return before != (
        *(channel.address, clean(channel.title), clean(channel.description), clean(channel.author)),
        *(channel.email, channel.category, channel.cover_name),
    )


def _refused(path: Path, why: str) -> ExportError:
    return ExportError(f"{path} {why}: choose another folder for the podcast, or move the file away")
