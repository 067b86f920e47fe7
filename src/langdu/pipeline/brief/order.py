"""What a brief is to be: from the command line, or from a TOML file that makes tomorrow's one command."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import date
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu import controls, files
from langdu.errors import ConfigError
from langdu.parse import parse_line
from langdu.rundown import Wording
from langdu.settings import Settings, read_toml, shown, user_path

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

UNDER: Final = ("opening", "all")
_LONGEST: Final = 40
# More articles than a pattern can mean.
_MOST: Final = 1000
_PATHS: Final = ("music", "chime", "folder")
_WORDING: Final = tuple(each.name for each in fields(Wording))
_SETTINGS: Final = {each.name for each in fields(Settings)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """The podcast feed that a brief goes into: its folder, where that is on the web, and what the feed says of itself.

    What is None, the feed says as it did before, or else as langdu thinks.
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
    """A brief as it was asked for. `articles` are sources as `langdu read` takes them, in order.

    `lead` is how many paragraphs of each are read, None for all. `music` lies under the opening and the closing, or
    under all of it (`under`); `chime` sounds before each story.
    """

    articles: tuple[str, ...]
    title: str = "今日要闻"
    day: date
    lead: int | None = None
    skip_bad: bool = False
    wording: Wording = field(default_factory=Wording)
    music: Path | None = None
    chime: Path | None = None
    under: str = "opening"
    feed: Feed | None = None


def load(
    sources: Sequence[str], flags: Mapping[str, Any], feed: Mapping[str, Any], today: date
) -> tuple[Order, tuple[Path, Mapping[str, Any]] | None]:
    """The order, and the settings that its file names, if one of the sources is such a file (`brief.toml`).

    `flags` and `feed` are what the command line says; what is None was not given.

    Raises: ConfigError: the file cannot be read, or says what no brief has; a value is out of range.
    """
    files = [user_path(each) for each in sources if _is_order(each)]
    if len(files) > 1:
        raise ConfigError(f"{files[0]} and {files[1]} are two briefs: make one at a time")
    chosen: dict[str, Any] = {"day": today}
    of_feed: dict[str, Any] = {}
    named = None
    if files:
        table = read_toml(files[0])
        named = files[0], {name: value for name, value in table.items() if name in _SETTINGS}
        chosen |= _File(files[0]).values(table, of_feed)
    chosen |= {name: value for name, value in flags.items() if value is not None}
    of_feed |= {name: value for name, value in feed.items() if value is not None}
    patterns = chosen.pop("articles", [])
    articles = [*(_beside(files[0], patterns, chosen["day"]) if files else ()), *_given(sources)]
    if of_feed and "folder" not in of_feed:
        raise ConfigError("the feed has no folder: say which with --feed, or with folder under [feed]")
    order = Order(**chosen, articles=tuple(articles), feed=Feed(**of_feed) if of_feed else None)
    _check(order)
    return order, named


def _given(sources: Sequence[str]) -> Iterator[str]:
    return (each for each in sources if not _is_order(each))


def _is_order(source: str) -> bool:
    return source.lower().endswith(".toml") and "://" not in source


def _check(order: Order) -> None:
    if not order.articles:
        raise ConfigError('a brief needs articles: name them, or list them in its file (articles = ["a.txt"])')
    if order.lead is not None and order.lead < 1:
        raise ConfigError(f"lead {order.lead} is out of range: choose 1 or more paragraphs")
    if order.under not in UNDER:
        raise ConfigError(f"music cannot be under {order.under!r}: choose {' or '.join(UNDER)}")
    if order.under != UNDER[0] and order.music is None:
        raise ConfigError(f"there is no music to be under {order.under!r}: name it with --music")
    _check_texts(order)
    title = parse_line(order.title).text
    if not title.strip():
        raise ConfigError("the title is empty: say what the brief is called, as in --title 今日要闻")
    # Files are named after title and day, and a longer name would be cut before the day.
    if len(title) > _LONGEST:
        raise ConfigError(f"the title has {len(title)} characters: choose one of at most {_LONGEST}")


def _check_texts(order: Order) -> None:
    """Texts of one line are one: a line break in an address of e-mail would begin another header."""
    texts = {"the title": order.title}
    if order.feed:
        about = asdict(order.feed) | {"description": re.sub("[\n\t]", " ", order.feed.description or "")}
        texts |= {f"the feed's {name}": said for name, said in about.items() if isinstance(said, str)}
    for name, said in texts.items():
        if controls.shown(said) != said or re.search("[\n\t]", said):
            raise ConfigError(f"{name} has a line break or another control character in it: write it in one line")


def _beside(file: Path, patterns: Sequence[str], day: date) -> Iterator[str]:
    """The articles that a file lists: addresses, and names or patterns of files beside it; {date} is the day."""
    for pattern in patterns:
        named = pattern.replace("{date}", day.isoformat())
        if "://" in named:
            yield named
            continue
        path = user_path(named)
        root = Path(path.anchor) if path.is_absolute() else file.parent
        path = root / path
        # A name is a name, whatever is in it. A pattern that fits nothing is an article that is missing.
        try:
            yield from map(str, [path] if path.exists() else _fitting(root, path) or [path])
        except ConfigError as error:
            raise ConfigError(f"{file}: {error}") from error


def _fitting(root: Path, pattern: Path) -> list[Path]:
    """The files that a pattern names.

    Raises: ConfigError: it is none, or one that would go round for ever; or it fits more than any brief has.
    """
    inside = pattern.relative_to(root)
    first = next((i for i, part in enumerate(inside.parts) if any(c in part for c in "*?[")), len(inside.parts))
    if ".." in inside.parts[first:] or inside.parts.count("**") > 1:
        raise ConfigError(f"{pattern} is no pattern of articles: nothing goes up (..) after a *, and ** comes once")
    if any("**" in part and part != "**" for part in inside.parts):  # until Python 3.13 an error of its own
        raise ConfigError(f"{pattern} is no pattern of articles: ** stands for folders, between two slashes")
    try:
        found = list(islice((each for each in root.glob(str(inside)) if each.is_file()), _MOST + 1))
    except (ValueError, RecursionError, OSError) as error:
        raise ConfigError(f"{pattern} is no pattern of articles: {error}") from error
    if len(found) > _MOST:
        raise ConfigError(f"{pattern} fits more than {_MOST} files: name fewer articles")
    return sorted(found)


class _File:
    """A brief's file; its mistakes are told with their lines."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lines = files.text(file).splitlines()
        self._table = ""

    def values(self, table: Mapping[str, Any], of_feed: dict[str, Any]) -> dict[str, Any]:
        """What it says of the order; what it says of the feed goes into `of_feed`."""
        known = {each.name for each in fields(Order)} - {"wording", "day"} | {"date", *_WORDING}
        chosen: dict[str, Any] = {}
        wording = Wording()
        for name, value in table.items():
            if name in _SETTINGS:
                continue
            if name not in known:
                raise self._wrong(name, f"no brief has {name}; there are {', '.join(sorted(known | _SETTINGS))}")
            self._table = ""
            if name == "feed":
                of_feed |= self._feed(value)
            elif name in _WORDING:
                wording = replace(wording, **{name: self._value(name, value)})
            else:
                chosen["day" if name == "date" else name] = self._value(name, value)
        return {**chosen, "wording": wording}

    def _feed(self, table: Any) -> dict[str, Any]:  # noqa: ANN401 - TOML values are of any type
        known = [each.name for each in fields(Feed)]
        if not isinstance(table, dict):
            raise self._wrong("feed", "feed is a table: write [feed]")
        self._table = "[feed]"
        for name in table:
            if name not in known:
                raise self._wrong(name, f"no feed has {name}; there are {', '.join(known)}")
        return {name: self._value(name, value) for name, value in table.items()}

    def _value(self, name: str, value: Any) -> Any:  # noqa: ANN401 - the same
        match name, value:
            case "articles", list() if value and all(isinstance(each, str) for each in value):
                return value
            case "date", date() if type(value) is date:
                return value
            case "lead", int() if not isinstance(value, bool):
                return value
            case "skip_bad", bool():
                return value
            case (("articles" | "date" | "lead" | "skip_bad"), _):
                pass
            case _, str() if name in _PATHS:
                return self._file.parent / user_path(value)
            case _, str():
                return value
        raise self._wrong(name, f"{name} = {shown(value)} is not a value for {name}")

    def _wrong(self, name: str, why: str) -> ConfigError:
        """An error with the line where a key stands, if it stands at the beginning of one."""
        starts = (f"{name} ", f"{name}=", f"[{name}]")
        lines = [line.strip() for line in self._lines]
        after = lines.index(self._table) if self._table in lines else 0
        found = next((i for i, line in enumerate(lines, 1) if i > after and line.startswith(starts)), None)
        return ConfigError(f"{self._file}{f', line {found}' if found else ''}: {why}")
