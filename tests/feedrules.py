"""What published rules ask of a podcast's feed, written down from them; each rule says whose it is.

RSS: RSS 2.0 specification 2.0.11 (rssboard.org). Profile: RSS Best Practices Profile (rssboard.org). Apple: A
podcaster's guide to RSS, and its requirements of artwork (podcasters.apple.com). PC: podcast namespace 1.0, docs/tags/
(podcastindex.org); JSON: JSON Chapters 1.2 there.
"""

from __future__ import annotations

import re
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from lxml import etree

if TYPE_CHECKING:
    from collections.abc import Iterator

ITUNES = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
PODCAST = "{https://podcastindex.org/namespace/1.0}"
ATOM = "{http://www.w3.org/2005/Atom}"
_ONCE = (
    *("title", "link", "description", "language", "lastBuildDate", "generator", "guid", "pubDate", "enclosure"),
    *(f"{ITUNES}{name}" for name in ("author", "type", "explicit", "image", "owner", "duration", "episodeType")),
    *(f"{PODCAST}{name}" for name in ("guid", "locked", "medium", "chapters")),
)
_TRANSCRIPTS = {"text/plain", "text/html", "text/vtt", "application/json", "application/x-subrip", "application/srt"}
_SOUND = {"audio/mpeg": ".mp3", "audio/x-m4a": ".m4a"}
_CATEGORIES = {
    "Arts",
    "Business",
    "Comedy",
    "Education",
    "Fiction",
    "Government",
    "History",
    "Health & Fitness",
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
}
# RFC 9562, 5.5 and 4.1.
_UUID5 = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")


def broken(feed: bytes) -> list[str]:
    """The rules that a feed breaks."""
    root = etree.fromstring(feed)
    channels = root.findall("channel")
    if root.tag != "rss" or root.get("version") != "2.0" or len(channels) != 1:
        return ["RSS: the root is <rss version=2.0> with one <channel>"]
    return [*_channel(channels[0]), *(rule for item in channels[0].iter("item") for rule in _item(item))]


def _channel(channel: etree._Element) -> Iterator[str]:
    yield from _once(channel)
    yield from _dates(channel)
    yield from _addresses(channel)
    yield from _apple(channel)
    for name in ("title", "link", "description"):
        if not (channel.findtext(name) or "").strip():
            yield f"RSS, required channel elements: {name}"
    own = [link for link in channel.findall(f"{ATOM}link") if link.get("rel") == "self"]
    if len(own) != 1 or not _is_web(own[0].get("href", "")):
        yield "Profile: <atom:link rel=self>, where the feed is"
    if not _UUID5.fullmatch(channel.findtext(f"{PODCAST}guid") or ""):
        yield "PC, guid: a UUIDv5"
    if channel.findtext(f"{PODCAST}locked") not in {"yes", "no"}:
        yield "PC, locked: yes or no"
    guids = [item.findtext("guid") for item in channel.iter("item")]
    if len(guids) != len(set(guids)):
        yield "RSS, guid: a string that names the item and no other"


def _apple(channel: etree._Element) -> Iterator[str]:
    if not re.fullmatch(r"[a-zA-Z]{2}(-[a-zA-Z]{2})?", channel.findtext("language") or ""):
        yield "Apple: <language>, a code of ISO 639"
    if channel.find(f"{ITUNES}category") is None or channel.find(f"{ITUNES}category").get("text") not in _CATEGORIES:
        yield "Apple: <itunes:category>, one of the list"
    if channel.findtext(f"{ITUNES}explicit") not in {"true", "false"}:
        yield "Apple: <itunes:explicit>, true or false"
    image = channel.find(f"{ITUNES}image")
    if image is None or not re.search(r"\.(jpg|png)$", image.get("href", "")):
        yield "Apple: <itunes:image>, a JPEG or PNG by its ending"
    sounds = [each.get("url") for each in channel.iter("enclosure")]
    if len(sounds) != len(set(sounds)):
        yield "Apple: each episode has an enclosure of its own"


def _item(item: etree._Element) -> Iterator[str]:
    yield from _once(item)
    if not (item.findtext("title") or "").strip():
        yield "Apple: an episode has a <title>"
    guid = item.find("guid")
    if guid is None or not guid.text or (guid.get("isPermaLink", "true") != "false" and not _is_web(guid.text)):
        yield "RSS, guid: an address, or isPermaLink=false"
    if item.findtext("pubDate") is None:
        yield "Apple: <pubDate>"
    if len((item.findtext("description") or "").encode()) > 4000:
        yield "Apple: a <description> has at most 4000 bytes"
    if not re.fullmatch(r"[1-9]\d*", item.findtext(f"{ITUNES}duration") or ""):
        yield "Apple: <itunes:duration>, in seconds"
    yield from _enclosure(item.find("enclosure"))
    yield from _podcasting(item)


def _podcasting(item: etree._Element) -> Iterator[str]:
    for each in item.findall(f"{PODCAST}transcript"):
        if each.get("type") not in _TRANSCRIPTS or not each.get("url"):
            yield "PC, transcript: url and type"
        if each.get("rel", "captions") != "captions":
            yield "PC, transcript: rel is captions, if it is there"
    for each in item.findall(f"{PODCAST}chapters"):
        if each.get("type") != "application/json+chapters" or not each.get("url"):
            yield "PC, chapters: url and type"


def _enclosure(found: etree._Element | None) -> Iterator[str]:
    if found is None or {"url", "length", "type"} != set(found.attrib):
        yield "RSS, enclosure: url, length and type"
    elif not found.get("length").isdecimal() or int(found.get("length")) == 0:
        yield "RSS, enclosure: the length in bytes"
    elif not urlsplit(found.get("url")).path.endswith(_SOUND.get(found.get("type"), "?")):
        yield "Apple: the enclosure's type, and the ending that goes with it"


def _once(parent: etree._Element) -> Iterator[str]:
    for name in _ONCE:
        if len(parent.findall(name)) > 1:
            yield f"RSS, Apple, PC: <{name}> once in its parent"


def _dates(channel: etree._Element) -> Iterator[str]:
    for each in channel.iter("pubDate", "lastBuildDate"):
        try:
            if parsedate_to_datetime(each.text or "").tzinfo is None:
                yield "Apple: a date has a zone"
        except ValueError:
            yield f"RSS: {each.tag} is a date of RFC 822"


def _addresses(channel: etree._Element) -> Iterator[str]:
    for each in channel.iter():
        for name in ("url", "href"):
            if name in each.attrib and not _is_web(each.get(name)):
                yield f"Profile, PC: {name} of <{each.tag}> is a whole address"
    for each in channel.iter("link"):
        if not _is_web(each.text or ""):
            yield "RSS: <link> is an address"


def _is_web(address: str) -> bool:
    parts = urlsplit(address)
    return parts.scheme in {"http", "https"} and bool(parts.hostname) and address.isascii() and " " not in address


def broken_chapters(made: dict[str, Any], seconds: float) -> list[str]:
    """The rules that a file of chapters breaks, for a programme of so many seconds."""
    found = [] if made.get("version") == "1.2.0" else ["JSON: version"]
    starts = [each.get("startTime") for each in made.get("chapters", [])]
    if not starts or not all(isinstance(start, int | float) for start in starts):
        return [*found, "JSON: chapters, each with startTime"]
    if starts != sorted(starts) or starts[0] < 0 or starts[-1] >= seconds:
        found.append("JSON: in order, inside the programme")
    return found
