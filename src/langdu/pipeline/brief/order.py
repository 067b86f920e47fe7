"""The order for a brief: from the command line, or from a TOML file that serves every day."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, replace
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
from langdu.rundown import Wording, wrong_in
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
    "voices": tuple[str, ...],
    "skip_bad": bool,
    "story_files": bool,
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
class OrderedStory:
    """One story as the user ordered it: a source as `langdu read` takes it, and what is particular about the story.

    `title` is said in place of the article's own, `voice` is the id of the voice that reads it, and `lead` is the
    number of its paragraphs that are read. None leaves each to the article or the brief.
    """

    source: str
    title: str | None = None
    voice: str | None = None
    lead: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A brief as the user ordered it: its stories, in order.

    `voices` are the ids of voices that take turns by story; the first also says what is around the stories. `lead` is
    the number of paragraphs of each story that are read, None for all. `music` plays under the opening and the
    closing, or under everything, as `under` says; `chime` sounds before each story. With `story_files`, each story
    also has a file of its own.
    """

    stories: tuple[OrderedStory, ...]
    title: str = "今日要闻"
    day: date
    lead: int | None = None
    voices: tuple[str, ...] = ()
    skip_bad: bool = False
    story_files: bool = False
    wording: Wording = field(default_factory=Wording)
    music: Path | None = None
    chime: Path | None = None
    under: MusicPlace = MusicPlace.OPENING
    feed: FeedOptions | None = None

    @property
    def articles(self) -> tuple[str, ...]:
        """The sources of the stories."""
        return tuple(story.source for story in self.stories)

    def voice(self, story: OrderedStory, number: int) -> str | None:
        """The id of the voice that reads a story, the one of this number from 0; None for the voice of the brief."""
        turn = self.voices[number % len(self.voices)] if self.voices else None
        return story.voice or turn

    def in_one_voice(self) -> Order:
        """The same brief, all of it in the voice of the brief."""
        return replace(self, voices=(), stories=tuple(replace(story, voice=None) for story in self.stories))


class BriefFile(NamedTuple):
    """The contents of a brief's file, as fields of Order, of OrderedStory, of FeedOptions, and of Settings."""

    order: Mapping[str, Any]
    stories: Sequence[Mapping[str, Any]]
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
    file = _read_file(toml) if toml else BriefFile({}, (), {}, {})
    chosen = {"day": today, **file.order, **_given(flags)}
    of_feed = {**file.feed, **_given(feed)}
    ordered = list(_listed(toml, chosen.pop("articles", ()), file.stories, chosen["day"])) if toml else []
    ordered += [OrderedStory(source=source) for source in sources if not _is_order(source)]
    in_flags = {*_given(flags), *(f"feed.{name}" for name in _given(feed))}

    def blame(key: str, message: str) -> ConfigError:
        """An error about a value, with its line if it comes from the file."""
        if toml is None or key in in_flags:
            return ConfigError(message)
        table, _, name = key.rpartition(".")
        return toml.error(name, message, table)

    if of_feed and "folder" not in of_feed:
        raise blame("feed.folder", "the feed has no folder: say which with --feed, or with folder under [feed]")
    order = Order(**chosen, stories=tuple(ordered), feed=FeedOptions(**of_feed) if of_feed else None)
    _check(order, blame)
    return order, file.settings


def _given(options: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in options.items() if value is not None}


def _read_file(file: TomlFile) -> BriefFile:
    of_settings = {key: value for key, value in file.table.items() if key in field_types(Settings)}
    feed = file.table.get("feed", {})
    if not isinstance(feed, dict):
        raise file.error("feed", "feed is a table: write [feed]")
    if isinstance(file.table.get("stories"), list):
        raise file.error("stories", "the table of one story is called story: write [[story]]")
    others = {*of_settings, "feed", "story"}
    of_order = {key: value for key, value in file.table.items() if key not in others}
    if unknown := next((key for key in of_order if key not in _KEYS), None):
        raise file.unknown(unknown, [*_KEYS, "feed", "story", *field_types(Settings)])
    order = _placed(file, file.values(of_order, _KEYS))
    _check_values(file, order)
    if "date" in order:
        order["day"] = order.pop("date")
    wording = {key: order.pop(key) for key in _WORDING if key in order}
    if wording:
        order["wording"] = Wording(**wording)
    settings = in_file(file, of_settings)
    if "voices" in order:
        settings |= {"voice": _first_voice(file, order["voices"])}
    return BriefFile(order, _in_tables(file), _feed(file, feed), settings)


def _check_values(file: TomlFile, values: Mapping[str, Any]) -> None:
    """Make sure that no name is empty, and that each text around the stories can be said."""
    for key in ("articles", "voices"):
        if any(not name.strip() for name in values.get(key, ())):
            raise file.error(key, f"{key} has an empty name: write it, or take out its quotes")
    for key in _WORDING:
        if wrong := wrong_in(values.get(key, "")):
            raise file.error(key, f"{key} = {values[key]!r}: {wrong}")


def _first_voice(file: TomlFile, voices: Sequence[str]) -> str:
    """The voice of the brief, if several take turns."""
    if "voice" in file.table:
        raise file.error("voice", "voice and voices are both given: the first of voices is the voice of the brief")
    if not voices:
        raise file.error("voices", "voices is empty: name the voices that take turns, or leave it out")
    return voices[0]


def _in_tables(file: TomlFile) -> list[dict[str, Any]]:
    """The stories that have tables of their own."""
    tables = file.table.get("story", [])
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise file.error("story", 'each story is a table: write [[story]], and source = "a.txt" in the next line')
    stories = []
    for number, table in enumerate(tables):
        story = file.values(table, field_types(OrderedStory), "story", number)
        for key in ("source", "title", "voice"):
            if not story.get(key, "" if key == "source" else key).strip():
                why = "names no article" if key == "source" else f"has an empty {key}"
                raise file.error(key, f"story {number + 1} {why}: give its {key}", "story", number)
        if story.get("lead", 1) < 1:
            raise file.error("lead", f"lead {story['lead']} is out of range: choose 1 or more", "story", number)
        if not _is_one_line(title := story.get("title", "")):
            raise file.error("title", f"story.title = {title!r}: write it in one line", "story", number)
        stories.append(story)
    return stories


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
    if not order.stories:
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
        if not _is_one_line(text):
            name = "the " + key.replace("feed.", "feed's ")
            raise blame(key, f"{name} has a line break or another control character in it: write it in one line")


def _is_one_line(text: str) -> bool:
    return controls.show_controls(text) == text and not re.search("[\n\t]", text)


def _listed(
    file: TomlFile, articles: Sequence[str], stories: Sequence[Mapping[str, Any]], day: date
) -> Iterator[OrderedStory]:
    """The stories of a file: its articles, then those that have tables; a source may be a pattern for several.

    An article that a pattern fits, and that has a table, stands where its table does.
    """
    in_tables = [_beside(file, about["source"], day) for about in stories]
    tabled = {source for sources in in_tables for source in sources}
    for pattern in articles:
        sources = _beside(file, pattern, day)
        named = len(sources) == 1 and sources[0].endswith(pattern.replace("{date}", day.isoformat()))
        yield from (OrderedStory(source=source) for source in sources if named or source not in tabled)
    for number, (about, sources) in enumerate(zip(stories, in_tables, strict=True)):
        if "title" in about and len(sources) > 1:
            fits = f"{about['source']} fits {len(sources)} articles, which cannot all have one title: name one of them"
            raise file.error("title", fits, "story", number)
        yield from (OrderedStory(**{**about, "source": source}) for source in sources)


def _beside(file: TomlFile, pattern: str, day: date) -> list[str]:
    """The articles of an entry: an address, or a name or pattern of files beside the file; {date} is the day."""
    named = pattern.replace("{date}", day.isoformat())
    if "://" in named:
        return [named]
    # A name that exists is no pattern, even with a * in it. A pattern that fits nothing names a missing file.
    try:
        path = user_path(named)
        root = Path(path.anchor) if path.is_absolute() else file.path.parent
        path = root / path
        return list(map(str, [path] if path.exists() else _fitting(root, path) or [path]))
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
