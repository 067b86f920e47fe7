"""What the user says of a podcast + what its feed already says → the channel of the next feed."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, urlsplit
from uuid import UUID, uuid5

from langdu.errors import ConfigError, no_such
from langdu.feed.earlier import FEED, LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from langdu.feed.earlier import EarlierFeed
    from langdu.feed.rss import Channel

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


def completed(channel: Channel, old: EarlierFeed, series: str, notice: Callable[[str], None]) -> Channel:
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


def is_moved(old: EarlierFeed, channel: Channel) -> bool:
    """Whether the feed moves from an address on this computer to the web."""
    return old.address == LOCAL != channel.address
