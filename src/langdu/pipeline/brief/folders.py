"""A folder → the articles in it."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu.errors import ConfigError, InputError, NoArticles
from langdu.lexicon.user import NAME
from langdu.output.record import read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import date

    from langdu.pipeline.brief.order import Order, OrderedStory


# What people write articles in. Subtitles and JSON can be read too, but in a folder they are rarely articles.
_ENDINGS: Final = ("txt", "text", "md", "markdown", "html", "htm", "xhtml", "docx", "epub")
# How many names a message lists.
_SHOWN: Final = 5


def in_folders(order: Order, notice: Callable[[str], None], warn: Callable[[str], None]) -> Order:
    """The order with the articles of a folder in the place of each folder.

    `notice` is told which files in a folder are no articles, `warn` which sources are left out.

    Raises: NoArticles: none of its sources has an article on this day, or only those that every day has. InputError:
    some have none, and the order does not leave them out; a folder cannot be read. ConfigError: articles would have the
    same title.
    """
    found: list[OrderedStory] = []
    none: list[str] = []
    is_day_empty = False
    for story in order.stories:
        try:
            found += _found(story, order.day, notice)
        except NoArticles as error:
            none.append(str(error))
            is_day_empty |= _is_of_day(story.source, order.day) and _may_be_several(story.source)
    if is_day_empty and order.skip_bad:  # what every day has is no brief
        is_day_empty = not any(_is_of_day(story.source, order.day) for story in found)
    if none and (not found or (is_day_empty and order.skip_bad)):
        raise NoArticles(f"no articles for {order.day}: {'; '.join(none)}")
    if none and not order.skip_bad:
        raise InputError(f"{'; '.join(none)}; name others, or leave out what is missing with --skip-bad")
    for reason in none:
        warn(f"left out: {reason}")
    return replace(order, stories=tuple(found))


def _found(story: OrderedStory, day: date, notice: Callable[[str], None]) -> list[OrderedStory]:
    """The stories that a story of an order is, several if its source is a folder.

    Raises: NoArticles: there is none on this day.
    """
    source = story.source
    if source == "-" or "://" in source:
        return [story]
    if _is(Path.is_dir, source):
        articles = _articles(Path(source), notice)
        if story.title and len(articles) > 1:
            raise ConfigError(
                f"{source} is a folder of {len(articles)} articles, which cannot all have the title {story.title}: "
                "name one of them"
            )
        return [replace(story, source=article) for article in articles]
    # Only some days have such a file. Another file that is missing is a mistake, which is told where it is read.
    is_pattern = _is_pattern(source)
    if (is_pattern or _is_of_day(source, day)) and not _is(Path.exists, source):
        raise NoArticles(f"no file matches {source}" if is_pattern else f"there is no file {source}")
    return [story]


def _is_pattern(source: str) -> bool:
    return any(c in source for c in "*?[")


def _may_be_several(source: str) -> bool:
    """Whether a source is a pattern, or a folder, not a single article."""
    return _is_pattern(source) or not Path(source).suffix


def _is_of_day(source: str, day: date) -> bool:
    return day.isoformat() in source


def _is(what: Callable[[Path], bool], source: str) -> bool:
    try:
        return what(Path(source))
    except (OSError, ValueError):  # a text that is too long for a name
        return False


def _articles(folder: Path, notice: Callable[[str], None]) -> list[str]:
    """The articles in a folder by name, 2 before 10. What langdu wrote there is none, nor what is in folders in it.

    Raises: NoArticles: there are none. InputError: the folder cannot be read.
    """
    written = read_record(folder).made
    try:
        inside = sorted((path for path in folder.iterdir() if _may_be_meant(path, written)), key=_by_name)
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}; name the articles themselves") from error
    found = [path for path in inside if path.is_file() and path.suffix[1:].lower() in _ENDINGS]
    others = [path.name + ("/" if path.is_dir() else "") for path in inside if path not in found]
    if not found:
        there = f"; there are only {_listed(others)}" if others else ""
        raise NoArticles(f"{folder} has no article in it (a file that ends in {', '.join(_ENDINGS)}){there}")
    if others:
        notice(f"not articles, so left out: {_listed(others)} in {folder}")
    return list(map(str, found))


def _may_be_meant(path: Path, written: Iterable[str]) -> bool:
    return not path.name.startswith((".", "~$")) and path.name != NAME and path.name not in written


def _by_name(path: Path) -> list[tuple[int, str]]:
    """The parts of a name, numbers as numbers."""
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", path.name) if part]


def _listed(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
