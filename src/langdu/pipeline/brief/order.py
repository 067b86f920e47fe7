"""The order for a brief: from the command line, or from a TOML file that serves every day."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from langdu import controls
from langdu.errors import ConfigError
from langdu.feed.channel import check_field
from langdu.files import user_path
from langdu.model import MusicPlace
from langdu.parse.parser import parse_line
from langdu.rundown import Wording
from langdu.settings import Settings, in_file
from langdu.toml import TomlFile, field_types

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    # A function from the key of a value, and what is wrong with it, to the error.
    _Blame = Callable[[str, str], ConfigError]

_LONGEST: Final = 40
# A pattern that names more articles is surely a mistake.
_MOST: Final = 1000
_PATHS: Final = ("music", "chime", "folder")
_WORDING: Final = field_types(Wording)
# The types of the keys of a brief's file, beside those of the settings.
_KEYS: Final[Mapping[str, Any]] = {
    "articles": tuple[str, ...],
    "title": str,
    "date": date,
    "lead": int,
    "skip_bad": bool,
    "stories": bool,
    "music": Path,
    "chime": Path,
    "under": MusicPlace,
    **_WORDING,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedOptions:
    """The podcast feed that a brief is published in: its folder, the folder's address on the web, and its description.

    A field that is None keeps the value that the feed has, or gets a default in a new feed.
    """

    folder: Path
    address: str | None = None
    title: str | None = None
    description: str | None = None
    author: str | None = None
    email: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A brief as the user ordered it. `articles` are sources as `langdu read` takes them, in order.

    `lead` is the number of paragraphs of each that are read, None for all. `music` plays under the opening and the
    closing, or under everything, as `under` says; `chime` sounds before each story. With `stories`, each story
    also has a file of its own.
    """

    articles: tuple[str, ...]
    title: str = "今日要闻"
    day: date
    lead: int | None = None
    skip_bad: bool = False
    stories: bool = False
    wording: Wording = field(default_factory=Wording)
    music: Path | None = None
    chime: Path | None = None
    under: MusicPlace = MusicPlace.OPENING
    feed: FeedOptions | None = None


class BriefFile(NamedTuple):
    """The contents of a brief's file, as fields of Order, of FeedOptions, and of Settings."""

    order: Mapping[str, Any]
    feed: Mapping[str, Any]
    settings: Mapping[str, Any]


def read_order(
    sources: Sequence[str], flags: Mapping[str, Any], feed: Mapping[str, Any], today: date
) -> tuple[Order, Mapping[str, Any]]:
    """The order, and the settings in its file, if one of the sources is such a file (`brief.toml`).

    `flags` and `feed` are the options of the command line; one that is None was not given.

    Raises: ConfigError: the file cannot be read, or has an unknown key; a value is wrong.
    """
    paths = [user_path(source) for source in sources if _is_order(source)]
    if len(paths) > 1:
        raise ConfigError(f"{paths[0]} and {paths[1]} are two briefs: make one at a time")
    toml = TomlFile(paths[0]) if paths else None
    file = _read_file(toml) if toml else BriefFile({}, {}, {})
    chosen = {"day": today, **file.order, **_given(flags)}
    of_feed = {**file.feed, **_given(feed)}
    listed = _beside(toml, chosen.pop("articles", ()), chosen["day"]) if toml else ()
    articles = (*listed, *(source for source in sources if not _is_order(source)))
    in_flags = {*_given(flags), *(f"feed.{name}" for name in _given(feed))}

    def blame(key: str, message: str) -> ConfigError:
        """An error about a value, with its line if it comes from the file."""
        if toml is None or key in in_flags:
            return ConfigError(message)
        table, _, name = key.rpartition(".")
        return toml.error(name, message, table)

    if of_feed and "folder" not in of_feed:
        raise blame("feed.folder", "the feed has no folder: say which with --feed, or with folder under [feed]")
    order = Order(**chosen, articles=articles, feed=FeedOptions(**of_feed) if of_feed else None)
    _check(order, blame)
    return order, file.settings


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _read_file(file: TomlFile) -> BriefFile:
    of_settings = {key: value for key, value in file.table.items() if key in field_types(Settings)}
    feed = file.table.get("feed", {})
    if not isinstance(feed, dict):
        raise file.error("feed", "feed is a table: write [feed]")
    of_order = {key: value for key, value in file.table.items() if key not in of_settings and key != "feed"}
    if unknown := next((key for key in of_order if key not in _KEYS), None):
        raise file.unknown(unknown, [*_KEYS, "feed", *field_types(Settings)])
    order = _placed(file, file.values(of_order, _KEYS))
    if "date" in order:
        order["day"] = order.pop("date")
    wording = {key: order.pop(key) for key in _WORDING if key in order}
    if wording:
        order["wording"] = Wording(**wording)
    return BriefFile(order, _feed(file, feed), in_file(file, of_settings))


def _feed(file: TomlFile, table: Mapping[str, Any]) -> dict[str, Any]:
    values = file.values(table, field_types(FeedOptions), "feed")
    for name, value in values.items():
        if isinstance(value, str) and not value.isprintable():
            continue  # `_check_texts` refuses it
        try:
            check_field(name, value)
        except ConfigError as error:
            raise file.error(name, str(error), "feed") from error
    return _placed(file, values)


def _placed(file: TomlFile, values: dict[str, Any]) -> dict[str, Any]:
    """The values with their paths beside the file. Raises: ConfigError: a file with music is missing."""
    paths = {name: file.path.parent / values[name] for name in _PATHS if name in values}
    for name, path in paths.items():
        if name != "folder" and not path.exists():
            raise file.error(name, f"there is no file {path}; check its name")
    return values | paths


def _is_order(source: str) -> bool:
    return source.lower().endswith(".toml") and "://" not in source


def _check(order: Order, blame: _Blame) -> None:
    if not order.articles:
        raise blame("articles", 'a brief needs articles: name them, or list them in its file (articles = ["a.txt"])')
    if order.lead is not None and order.lead < 1:
        raise blame("lead", f"lead {order.lead} is out of range: choose 1 or more paragraphs")
    if order.under is MusicPlace.ALL and order.music is None:
        raise blame(
            "under", "there is no music to play under everything: name it with --music, or with music in the file"
        )
    _check_texts(order, blame)
    title = parse_line(order.title).text
    if not title.strip():
        raise blame("title", "the title is empty: say what the brief is called, as in --title 今日要闻")
    # Files are named after title and day, and a longer name would be cut before the day.
    if len(title) > _LONGEST:
        raise blame("title", f"the title has {len(title)} characters: choose one of at most {_LONGEST}")


def _check_texts(order: Order, blame: _Blame) -> None:
    """Make sure that these texts are single lines: a line break in an e-mail address would begin another header."""
    texts = {"title": order.title}
    if order.feed:
        about = asdict(order.feed) | {"description": re.sub("[\n\t]", " ", order.feed.description or "")}
        texts |= {f"feed.{name}": text for name, text in about.items() if isinstance(text, str)}
    for key, text in texts.items():
        if controls.show_controls(text) != text or re.search("[\n\t]", text):
            name = "the " + key.replace("feed.", "feed's ")
            raise blame(key, f"{name} has a line break or another control character in it: write it in one line")


def _beside(file: TomlFile, patterns: Sequence[str], day: date) -> Iterator[str]:
    """The articles that a file lists: addresses, and names or patterns of files beside it; {date} is the day."""
    for pattern in patterns:
        named = pattern.replace("{date}", day.isoformat())
        if "://" in named:
            yield named
            continue
        # A name that exists is no pattern, even with a * in it. A pattern that fits nothing names a missing file.
        try:
            path = user_path(named)
            root = Path(path.anchor) if path.is_absolute() else file.path.parent
            path = root / path
            yield from map(str, [path] if path.exists() else _fitting(root, path) or [path])
        except ConfigError as error:
            raise file.error("articles", str(error)) from error


def _fitting(root: Path, pattern: Path) -> list[Path]:
    """The files that a pattern names.

    Raises: ConfigError: it is invalid, could follow folders for ever, or fits too many files.
    """
    inside = pattern.relative_to(root)
    first = next((i for i, part in enumerate(inside.parts) if any(c in part for c in "*?[")), len(inside.parts))
    if ".." in inside.parts[first:] or inside.parts.count("**") > 1:
        raise ConfigError(f"{pattern} is not a valid pattern: put no .. after a *, and ** only once")
    if any("**" in part and part != "**" for part in inside.parts):  # until Python 3.13 an error of its own
        raise ConfigError(f"{pattern} is not a valid pattern: put ** alone between two slashes")
    try:
        paths = list(islice((path for path in root.glob(str(inside)) if path.is_file()), _MOST + 1))
    except (ValueError, RecursionError, OSError) as error:
        raise ConfigError(f"{pattern} is not a valid pattern: {error}") from error
    if len(paths) > _MOST:
        raise ConfigError(f"{pattern} fits more than {_MOST} files: name fewer articles")
    return sorted(paths)
