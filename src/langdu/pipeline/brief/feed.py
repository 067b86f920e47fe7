"""A brief's narration → an episode of a podcast."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Final

from langdu import feed
from langdu.errors import ConfigError
from langdu.export.tags import one_line
from langdu.export.text.notes import html
from langdu.output.folder import file_name
from langdu.parse.parser import parse_line
from langdu.parse.sources.picture import picture
from langdu.pipeline.layout import Layout
from langdu.rundown import programme_title

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from langdu.feed import Channel, Published
    from langdu.output.narration import Narration
    from langdu.pipeline.brief.order import FeedOptions, Order

# In bytes, the longest description. Source: Apple, A podcaster's guide to RSS.
_SUMMARY: Final = 4000
# The formats that an episode needs.
FORMATS: Final = ("mp3", "srt", "chapters")


def publish_narration(  # noqa: PLR0913 - the last one can be left out
    narration: Narration,
    order: Order,
    cover: Path | None,
    now: datetime,
    notice: Callable[[str], None],
    *,
    replacing: bool = False,
) -> Published | None:
    """Add a narration to the order's feed, if it names one; `now` is a time with a zone.

    With `replacing`, the narration replaces the feed's episode of this day.

    Raises: ExportError, ConfigError: as `langdu.feed.publish`.
    """
    if order.feed is None:
        return None
    headings = [chapter.heading for chapter in narration.chapters]
    layout = Layout(slug=file_name(narration.title), paragraphs=narration.paragraphs, formats=FORMATS)
    episode = feed.Episode(
        title=narration.title,
        series=parse_line(order.title).text,
        identity=narration.identity,
        day=order.day,
        published=now,
        summary=_summary([heading.title for heading in headings if heading and heading.is_story]),
        notes=html(narration.chapters, narration.sample_rate),
        seconds=narration.samples / narration.sample_rate,
        files={name: narration.folder / layout.whole(name) for name in FORMATS},
    )
    return feed.publish(order.feed.folder, _channel(order.feed, cover), episode, notice, replacing=replacing)


def _summary(titles: list[str]) -> str:
    """The titles of the stories, as many as a feed's description can hold."""
    sizes = accumulate(len(f"{title}；".encode()) for title in titles)
    return "；".join(title for title, size in zip(titles, sizes, strict=True) if size <= _SUMMARY)


def check_feed_of(order: Order, cover: Path | None, *, replacing: bool = False) -> None:
    """Make sure, before anything is spoken, that the order's feed can take an episode, if it names a feed.

    Raises: ExportError, ConfigError: as `langdu.feed.check_feed`. ConfigError: there is no feed to replace one in.
    """
    if order.feed:
        title = programme_title(parse_line(order.title).text, order.day)
        feed.check_feed(order.feed.folder, _channel(order.feed, cover), (title, order.day) if replacing else None)
    elif replacing:
        raise ConfigError("--replace corrects an episode of a podcast: name the podcast's folder with --feed")


def planned(order: Order, *, replacing: bool = False) -> str | None:
    """What publishing would do to the order's feed, for people; None if it names none.

    Raises: ExportError, ConfigError: as `langdu.feed.find_episode`.
    """
    if order.feed is None:
        return None
    title = programme_title(parse_line(order.title).text, order.day)
    found = feed.find_episode(order.feed.folder, title, order.day, replacing=replacing)
    if found is None:
        return f"a new episode in {order.feed.folder}"
    if replacing:
        return f"replaces {found.title} in {order.feed.folder}, if it differs"
    return f"{order.feed.folder} has the episode {found.title}, which stays as it is"


def _channel(wanted: FeedOptions, cover: Path | None) -> Channel:
    return feed.Channel(
        title=one_line(wanted.title or ""),
        description=wanted.description or "",
        address=wanted.address or "",
        author=one_line(wanted.author or ""),
        email=wanted.email,
        category=wanted.category or "",
        cover=picture(cover) if cover else None,
    )
