"""What the user names → assignments: files, patterns, folders, lists, web pages, feeds and sitemaps."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from langdu.batch import addresses
from langdu.batch.assignment import Assignment
from langdu.batch.sources import naming
from langdu.errors import InputError, NoArticles, plural
from langdu.files import user_path
from langdu.lexicon.user import NAME
from langdu.output.record import read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from typing import BinaryIO

_LISTS: Final = (".jsonl", ".ndjson")
_FEEDS: Final = (".xml", ".rss", ".atom")
_WILD: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """An article that was found, as `Assignment`; `folder` may still be that of another one."""

    source: str
    where: str
    folder: str
    options: Mapping[str, Any] = field(default_factory=dict)
    feed: str | None = None
    fault: str | None = None


def assignments(
    sources: Sequence[str], out: str | None, stdin: BinaryIO | None, notice: Callable[[str], None]
) -> list[Assignment]:
    """An assignment for each article, each once. Articles are not read yet.

    `out` is the folder of the output, in which there are no articles. `notice` is told what is left out.

    Raises: NoArticles: there are none. InputError: a list, feed or folder cannot be read.
    """
    names, seen, twice = naming.Names(), set(), 0
    found: list[Assignment] = []
    for source in sources:
        before = len(found) + twice
        for named in _named(source, out, stdin):
            # With other options, the same article is another narration, whose folder the list names.
            key = (named.where, named.folder if named.options else "", named.fault)
            if key in seen:
                twice += 1
                continue
            seen.add(key)
            found.append(
                Assignment(
                    source=named.source,
                    where=named.where,
                    folder=names.own(named.folder, named.where),
                    options=named.options,
                    feed=named.feed,
                    fault=named.fault,
                )
            )
        if len(found) + twice == before:
            notice(f"no article matches {source}")
    if not found:
        raise NoArticles(f"there are no articles in {', '.join(sources)}; check the names")
    if twice:
        notice(f"{plural(twice, 'article')} named twice: each is narrated once")
    return found


def _named(source: str, out: str | None, stdin: BinaryIO | None) -> Iterator[Named]:
    from langdu.batch.sources import lists  # noqa: PLC0415 - lists name what is found here

    if source == "-":
        if stdin is None:
            raise InputError("no standard input was given; name the articles, or a list of them")
        yield from lists.named(lists.from_lines(stdin, "standard input"), Path.cwd().as_posix(), "line")
    elif source.lower().endswith(_LISTS):
        yield from lists.in_file(source)
    elif addresses.is_web(source):
        yield from _on_the_web(source)
    elif addresses.is_address(source):
        yield from _at_address(source)
    else:
        yield from _local(source, out)


def _on_the_web(source: str) -> Iterator[Named]:
    from langdu.batch.sources import feeds  # noqa: PLC0415
    from langdu.parse.sources.web import fetch  # noqa: PLC0415

    page = fetch(source)
    items = feeds.items(page.data, page.url)
    if items is None:  # an article
        yield Named(source=source, where=source, folder=naming.of_page(source))
        return
    for url in items:
        yield Named(source=url, where=url, folder=naming.of_page(url), feed=page.url)


def _at_address(source: str) -> Iterator[Named]:
    if not _WILD.search(source) and not addresses.has_folder(source):
        yield Named(source=source, where=source, folder=naming.of_file(source.rpartition("/")[2]))
        return
    root = _root(source)
    for address in addresses.found(source):
        inside = address.rpartition(root.rstrip("/") + "/")[2] if root else address
        if _WILD.search(source) or _is_article(inside):
            yield Named(source=address, where=address, folder=naming.of_file(inside))


def _root(pattern: str) -> str:
    """The folder of a pattern, without the protocol: all before the first part with a wild card."""
    path = pattern.partition("://")[2]
    parts = list(takewhile(lambda part: not _WILD.search(part), path.split("/")))
    return "/".join(parts)


def _local(source: str, out: str | None) -> Iterator[Named]:
    path = user_path(source)
    if path.is_dir():
        inside: Iterable[Path] = _below(path, Path(out) if out and not addresses.is_address(out) else None)
        root = path
    elif _WILD.search(source) and not path.exists():
        fixed = list(takewhile(lambda part: not _WILD.search(part), path.parts))
        root = Path(*fixed)
        inside = _fitting(root, path)
    elif path.suffix.lower() in _FEEDS:
        yield from _feed_file(path, source)
        return
    else:
        inside, root = [path], path.parent
    for file in inside:
        folder = naming.of_file(file.relative_to(root).as_posix())
        yield Named(source=str(file), where=str(file.absolute()), folder=folder)


def _feed_file(path: Path, source: str) -> Iterator[Named]:
    from langdu import files  # noqa: PLC0415
    from langdu.batch.sources import feeds  # noqa: PLC0415
    from langdu.parse.sources.formats import LIMIT  # noqa: PLC0415

    try:
        items = feeds.items(files.read(path, LIMIT), "")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {files.reason(error)}") from error
    if items is None:
        raise InputError(f"{source} is neither a feed (RSS, Atom) nor a sitemap: name articles, or a list of them")
    for url in items:
        yield Named(source=url, where=url, folder=naming.of_page(url), feed=url)


def _below(folder: Path, out: Path | None) -> Iterator[Path]:
    """The articles anywhere in a folder: by name, 2 before 10. What langdu wrote is none."""
    written = read_record(folder).made
    try:
        inside = sorted(folder.iterdir(), key=lambda path: _by_name(path.name))
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}; name the articles themselves") from error
    for path in inside:
        if path.name.startswith((".", "~$")) or path.name in written:
            continue
        if path.is_dir() and not path.is_symlink():
            if out is None or path.absolute() != out.absolute():
                yield from _below(path, out)
        elif path.name != NAME and _is_article(path.name):
            yield path


def _fitting(root: Path, pattern: Path) -> list[Path]:
    """The files that a pattern fits. Raises: InputError: it is no pattern."""
    inside = pattern.relative_to(root).as_posix()
    try:
        paths = [path for path in root.glob(inside) if path.is_file() and not path.name.startswith(".")]
    except (ValueError, OSError, NotImplementedError, RecursionError) as error:
        raise InputError(f"{pattern} is not a pattern: {error}; write ** alone between two slashes") from error
    return sorted(paths, key=lambda path: [_by_name(part) for part in path.parts])


def _is_article(name: str) -> bool:
    return os.path.splitext(name)[1][1:].lower() in naming.ENDINGS  # noqa: PTH122 - also of an address


def _by_name(name: str) -> list[tuple[bool, int, str]]:
    """The parts of a name, numbers as numbers and before letters.

    >>> sorted(["b", "a10", "10", "a9", "9"], key=_by_name)
    ['9', '10', 'a9', 'a10', 'b']
    """
    parts = [part for part in re.split(r"(\d+)", name) if part]
    return [(False, int(part), "") if part.isdecimal() else (True, 0, part) for part in parts]
