"""A feed that langdu wrote earlier → its items, unchanged, and its own data."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
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
    from pathlib import Path
    from xml.etree.ElementTree import Element

    from langdu.feed.rss import Channel

# The address of a feed that is not on the web yet: the one that `python -m http.server` serves.
LOCAL: Final = "http://localhost:8000/"
# The size of a feed of ten thousand episodes with notes.
_LARGEST: Final = 1 << 26
_ITEM: Final = re.compile(r"<item>.*</item>", re.DOTALL)
_ITUNES, _PODCAST = (f"{{{NAMESPACES[f'xmlns:{name}']}}}" for name in ("itunes", "podcast"))
_SELF: Final = "{http://www.w3.org/2005/Atom}link"
_ROOTS: Final = {"rss", "feed", "RDF"}


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierFeed:
    """A feed as it was: `items` is the XML of all its items, `guids` are their GUIDs in order. None means not given.

    `podcast` is the podcast's own GUID. `sizes` are the files in its folder that it names, with their lengths where it
    states them.
    """

    items: str = ""
    guids: tuple[str, ...] = ()
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
        text = files.read(path, _LARGEST).decode("utf-8")  # bytes, so that line ends stay as they are
    except FileNotFoundError:
        return EarlierFeed()
    except (OSError, UnicodeDecodeError) as error:
        raise _refused(path, f"cannot be read ({files.reason(error)})") from error
    items = _ITEM.search(text)
    try:
        channel = fromstring(text.encode()).find("channel")
        if channel is None or not (channel.findtext("generator") or "").startswith(GENERATOR):
            raise _refused(path, "is a feed that langdu did not make")
        feed = _feed(channel, items[0] if items else "")
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise _refused(path, "is damaged, or no feed") from error
    if _is_changed(path, text):
        raise ExportError(
            f"{path} was changed since langdu wrote it, and the changes would be lost: put the old file back, or "
            f"remove {_note(path)} to continue anyway"
        )
    if feed.podcast is None or feed.address is None or feed.items.count("<item>") != len(channel.findall("item")):
        raise _refused(path, "was changed since langdu wrote it")
    return feed


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


def _feed(channel: Element, items: str) -> EarlierFeed:
    link, image = channel.find(_SELF), channel.find(f"{_ITUNES}image")
    address = None if link is None else link.get("href", "").removesuffix("feed.xml")
    cover = None if image is None else image.get("href", "").rpartition("/")[2]
    category = channel.find(f"{_ITUNES}category")
    return EarlierFeed(
        items=items,
        guids=tuple(item.findtext("guid") or "" for item in channel.findall("item")),
        podcast=channel.findtext(f"{_PODCAST}guid"),
        address=address,
        title=channel.findtext("title"),
        description=channel.findtext("description"),
        author=channel.findtext(f"{_ITUNES}author"),
        email=channel.findtext(f"{_ITUNES}owner/{_ITUNES}email"),
        category=None if category is None else category.get("text"),
        cover=cover,
        sizes={name: size for item in channel.findall("item") for name, size in _files(item) if files.is_name(name)},
    )


def _files(item: Element) -> list[tuple[str, int | None]]:
    """The names of an episode's files, with the length of the sound file."""
    named: list[tuple[str, int | None]] = []
    for element in item:
        if element.tag == "enclosure":
            named.append((_name(element), int(element.get("length", "0"))))
        elif element.tag in {f"{_PODCAST}transcript", f"{_PODCAST}chapters"}:
            named.append((_name(element), None))
    return named


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
