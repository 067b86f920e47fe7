"""A brief's narration → an episode of a podcast."""

from __future__ import annotations

import hashlib
import json
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from langdu import feed, files
from langdu.errors import ExportError
from langdu.export import kind
from langdu.export.tags import one_line
from langdu.export.text.notes import html
from langdu.output.folder import LARGEST, MANIFEST
from langdu.parse.parser import parse_line
from langdu.parse.sources.picture import picture

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

    from langdu.feed import Channel, Published
    from langdu.pipeline.kept import Narration
    from langdu.pipeline.order import FeedOptions, Order

# Source: Apple, A podcaster's guide to RSS: a description has at most 4000 bytes.
_SUMMARY: Final = 4000
# What an episode has, by format.
FORMATS: Final = ("mp3", "srt", "chapters")


def publish(
    made: Narration, order: Order, cover: Path | None, now: datetime, notice: Callable[[str], None]
) -> Published | None:
    """Add a narration to the feed that the order names, if it names one; `now` is a time with a zone.

    Raises: ExportError, ConfigError: as `langdu.feed.publish`.
    """
    if order.feed is None:
        return None
    try:
        manifest = files.from_json(files.text(made.folder / MANIFEST, LARGEST))
    except (OSError, ValueError) as error:
        raise ExportError(f"{made.folder / MANIFEST} cannot be read ({error}): make the brief again") from error
    said = [made.title, *(paragraph["text"] for paragraph in manifest["paragraphs"])]
    episode = feed.Episode(
        title=made.title,
        series=parse_line(order.title).text,
        identity=hashlib.sha256(json.dumps(said).encode()).hexdigest(),
        day=order.day,
        published=now,
        summary=_summary([chapter["title"] for chapter in made.chapters if chapter["story"]]),
        notes=html(made.chapters),
        seconds=made.samples / made.sample_rate,
        files={name: made.folder / manifest["files"][kind(name)] for name in FORMATS},
    )
    return feed.publish(order.feed.folder, _channel(order.feed, cover), episode, notice)


def _summary(titles: list[str]) -> str:
    """The titles of the stories, as many as a feed takes."""
    kept = [
        title
        for title, size in zip(titles, accumulate(len(f"{each}；".encode()) for each in titles), strict=True)
        if size <= _SUMMARY
    ]
    return "；".join(kept)


def check(order: Order, cover: Path | None) -> None:
    """Make sure that what is to be narrated can be published, if the order names a feed.

    Raises: ExportError, ConfigError: as `langdu.feed.check_feed`.
    """
    if order.feed:
        feed.check_feed(order.feed.folder, _channel(order.feed, cover))


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
