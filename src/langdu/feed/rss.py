"""A channel and its items → RSS 2.0 with the namespaces of iTunes and of Podcasting 2.0, by feedgenerator.

Sources: RSS 2.0 specification (rssboard.org, 2009); Apple, "A podcaster's guide to RSS"; podcast namespace 1.0
(podcastindex.org).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final

from feedgenerator import Enclosure, Rss201rev2Feed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime

    from langdu.model import Picture

NAMESPACES: Final = {
    "xmlns:itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "xmlns:podcast": "https://podcastindex.org/namespace/1.0",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
}
GENERATOR: Final = "langdu"
_END: Final = "</channel></rss>"
# Source: XML 1.0 (fifth edition), production 2: what no document may hold, escaped or not.
_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """The data of a feed itself; "" means not given. `address` is the web address of its folder.

    `category` is one of Apple's; `guid` identifies the podcast for good; `cover_name` is a file in the folder.
    """

    title: str = ""
    description: str = ""
    address: str = ""
    language: str = "zh-CN"
    author: str = ""
    email: str | None = None
    category: str = ""
    cover: Picture | None = None
    cover_name: str | None = None
    guid: str = ""


@dataclass(frozen=True, slots=True)
class FeedFile:
    """A file on the web: its address, its media type and its length in bytes."""

    url: str
    mime: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedItem:
    """An episode as the feed has it; `files` are its transcripts (vtt, srt) and chapters, by format."""

    title: str
    guid: str
    published: datetime
    summary: str
    notes: str
    seconds: int
    audio: FeedFile
    files: Mapping[str, FeedFile] = field(default_factory=dict)


def rss(channel: Channel, items: Iterable[str]) -> str:
    """The feed with these items, each as `item_xml` makes it."""
    head: str = _podcast(channel).writeString("utf-8").removesuffix(_END).rstrip("\n")
    return "\n".join([head, *items, _END]) + "\n"


def item_xml(channel: Channel, item: FeedItem) -> str:
    """An episode as an item of the feed."""
    feed = _podcast(channel)
    feed.add_item(
        title=clean(item.title),
        link=item.audio.url,
        description=clean(item.summary),
        pubdate=item.published,
        unique_id=item.guid,
        unique_id_is_permalink=False,
        enclosures=[Enclosure(item.audio.url, str(item.audio.size), item.audio.mime)],
        episode=item,
    )
    xml: str = feed.writeString("utf-8")
    return xml[xml.index("<item>") :].removesuffix(_END)


def _podcast(channel: Channel) -> _Podcast:
    return _Podcast(
        title=clean(channel.title),
        link=channel.address,
        description=clean(channel.description),
        language=channel.language,
        feed_url=channel.address + "feed.xml",
        channel=channel,
    )


def clean(text: str) -> str:
    """Text in which U+FFFD replaces what XML cannot hold, with line ends as XML has them."""
    return _NO_XML.sub("\ufffd", re.sub("\r\n?", "\n", text))


class _Podcast(Rss201rev2Feed):  # type: ignore[misc]  # feedgenerator has no types
    """RSS from feedgenerator, which Pelican took from Django, with the elements that podcasts add."""

    def rss_attributes(self) -> dict[str, str]:
        return {**super().rss_attributes(), **NAMESPACES}

    def add_root_elements(self, handler: Any) -> None:  # noqa: ANN401 - an XML generator without types
        super().add_root_elements(handler)
        channel: Channel = self.feed["channel"]
        add = handler.addQuickElement
        add("generator", f"{GENERATOR} {version('langdu')}")
        add("itunes:author", clean(channel.author))
        add("itunes:type", "episodic")
        add("itunes:explicit", "false")
        add("itunes:category", None, {"text": channel.category})
        if channel.email:
            handler.startElement("itunes:owner", {})
            add("itunes:name", clean(channel.author))
            add("itunes:email", clean(channel.email))
            handler.endElement("itunes:owner")
        if channel.cover_name:
            add("itunes:image", None, {"href": channel.address + channel.cover_name})
        add("podcast:guid", channel.guid)
        add("podcast:locked", "no", {"owner": clean(channel.email)} if channel.email else {})
        add("podcast:medium", "podcast")
        handler.ignorableWhitespace("\n")

    def add_item_elements(self, handler: Any, item: dict[str, Any]) -> None:  # noqa: ANN401 - the same
        super().add_item_elements(handler, item)
        episode: FeedItem = item["episode"]
        add = handler.addQuickElement
        add("content:encoded", clean(episode.notes))
        add("itunes:duration", str(episode.seconds))
        add("itunes:episodeType", "full")
        add("itunes:explicit", "false")
        for kind, file in episode.files.items():
            if kind == "chapters":
                add("podcast:chapters", None, {"url": file.url, "type": file.mime})
            else:
                add("podcast:transcript", None, {"url": file.url, "type": file.mime, "rel": "captions"})
