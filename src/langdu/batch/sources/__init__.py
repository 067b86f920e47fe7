"""What the user names → assignments: files, patterns, folders, lists, web pages, feeds and sitemaps."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.batch import addresses
from langdu.batch.assignment import Assignment
from langdu.batch.sources import lists, naming
from langdu.errors import InputError, NoArticles, plural
from langdu.files import user_path
from langdu.lexicon.user import NAME
from langdu.output.record import read_record

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from typing import BinaryIO

_LISTS: Final = (".jsonl", ".ndjson")
_FEEDS: Final = (".xml", ".rss", ".atom")
# The largest file, in bytes, that may be a list of plain names.
_LIST: Final = 1 << 16
_WILD: Final = re.compile(r"[*?\[]")


def assignments(
    sources: Sequence[str], out: str | None, stdin: BinaryIO | None, notice: Callable[[str], None]
) -> list[Assignment]:
    """An assignment for each article, each once. Articles are not read yet.

    `out` is the folder of the output, in which there are no articles. `notice` is told what is left out.

    Raises: NoArticles: there are none. InputError: a list, feed or folder cannot be read.
    """
    names, seen, twice = naming.Names(), set(), 0
    empty: list[str] = []
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
            found.append(replace(named, folder=names.own(named.folder, named.where)))
        if len(found) + twice == before:
            empty.append(source)
    if not found:
        raise NoArticles(f"there are no articles in {', '.join(sources)}; check the names")
    for source in empty:
        notice(f"there are no articles in {source}")
    if twice:
        notice(f"{plural(twice, 'article')} named twice: each is narrated once")
    return found


def _named(source: str, out: str | None, stdin: BinaryIO | None) -> Iterator[Assignment]:
    """What a source names; the folder of one may still be that of another."""
    if source == "-":
        if stdin is None:
            raise InputError("no standard input was given; name the articles, or a list of them")
        yield from lists.in_stream(stdin)
    elif source.lower().endswith(_LISTS):
        yield from lists.in_file(source)
    elif addresses.is_web(source):
        yield from _on_the_web(source)
    elif addresses.is_address(source):
        yield from _at_address(source, out)
    else:
        yield from _local(source, out)


def _on_the_web(source: str) -> Iterator[Assignment]:
    from langdu.batch.sources import feeds  # noqa: PLC0415
    from langdu.parse.sources.web import fetch  # noqa: PLC0415

    page = fetch(source)
    items = feeds.items(page.data, page.url)
    if items is None:  # an article
        yield Assignment(source=source, where=source, folder=naming.of_page(source))
        return
    for url in items:
        yield Assignment(source=url, where=url, folder=naming.of_page(url), feed=page.url)


def _at_address(source: str, out: str | None) -> Iterator[Assignment]:
    if not _WILD.search(source) and not addresses.has_folder(source):
        yield Assignment(source=source, where=source, folder=naming.of_file(source.rpartition("/")[2]))
        return
    root = _root(source)
    written = out if out and root and _is_inside(out, root) else None
    for address in addresses.found(source):
        if written and _is_inside(address, written):
            continue
        inside = address.rpartition(root.rstrip("/") + "/")[2] if root else address
        if _WILD.search(source) or _is_article(inside):
            yield Assignment(source=address, where=address, folder=naming.of_file(inside))


def _root(pattern: str) -> str:
    """The folder of a pattern, without the protocol: all before the first part with a wild card."""
    path = pattern.partition("://")[2]
    parts = list(takewhile(lambda part: not _WILD.search(part), path.split("/")))
    return "/".join(parts)


def _is_inside(address: str, folder: str) -> bool:
    """Whether an address is below a folder; both may lack the protocol, of which drivers have several spellings."""
    path, above = (each.rpartition("://")[2].strip("/") for each in (address, folder))
    return path.startswith(f"{above}/")


def _local(source: str, out: str | None) -> Iterator[Assignment]:
    path = user_path(source)
    output = Path(out).absolute() if out and not addresses.is_address(out) else None
    if path.is_dir():
        inside: Iterable[Path] = _below(path, output)
        root = path
    elif _WILD.search(source) and not path.exists():
        fixed = list(takewhile(lambda part: not _WILD.search(part), path.parts))
        root = Path(*fixed)
        inside = _fitting(root, path, output)
    elif path.suffix.lower() in _FEEDS:
        yield from _feed_file(path, source)
        return
    elif not path.exists():
        raise InputError(f"there is no file {source}; check its name")
    else:
        _refuse_list(path)
        inside, root = [path], path.parent
    for file in inside:
        folder = naming.of_file(file.relative_to(root).as_posix())
        yield Assignment(source=str(file), where=str(file.absolute()), folder=folder)


def _feed_file(path: Path, source: str) -> Iterator[Assignment]:
    from langdu.batch.sources import feeds  # noqa: PLC0415
    from langdu.parse.sources.formats import LIMIT  # noqa: PLC0415

    try:
        items = feeds.items(files.read(path, LIMIT), "")
    except OSError as error:
        raise InputError(f"{path} cannot be read: {files.reason(error)}") from error
    if items is None:
        raise InputError(f"{source} is neither a feed (RSS, Atom) nor a sitemap: name articles, or a list of them")
    for url in items:
        yield Assignment(source=url, where=url, folder=naming.of_page(url), feed=url)


def _below(folder: Path, out: Path | None) -> Iterator[Path]:
    """The articles anywhere in a folder: by name, 2 before 10. What langdu wrote is none."""
    waiting = _inside(folder, out)  # not by recursion: folders may be a thousand deep
    while waiting:
        path = waiting.pop()
        if path.is_dir() and not path.is_symlink():
            waiting += _inside(path, out)
        elif path.name != NAME and _is_article(path.name):
            yield path


def _inside(folder: Path, out: Path | None) -> list[Path]:
    """What is in a folder, the first last, but not what langdu wrote."""
    written = read_record(folder).made
    try:
        inside = sorted(folder.iterdir(), key=lambda path: _by_name(path.name))
    except OSError as error:
        raise InputError(f"{folder} cannot be read: {error.strerror}; name the articles themselves") from error
    return [
        path
        for path in reversed(inside)
        if not path.name.startswith((".", "~$")) and path.name not in written and path.absolute() != out
    ]


def _refuse_list(path: Path) -> None:
    """Raises: InputError: this is a list of plain names, not an article."""
    try:
        lines = files.text(path, _LIST).split()
    except (OSError, ValueError):
        return
    if lines and all(addresses.is_web(line) or _is_file(path.parent / line) or _is_file(Path(line)) for line in lines):
        raise InputError(
            f"{path} has only names of articles; a list ends in .jsonl, or goes through standard input: "
            f"langdu batch - < {path}"
        )


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except (OSError, ValueError):  # it is too long, or has a NUL
        return False


def _fitting(root: Path, pattern: Path, out: Path | None) -> list[Path]:
    """The files that a pattern fits; what langdu wrote is none. Raises: InputError: it is no pattern."""
    written = cache(lambda folder: read_record(folder).made)
    beginning = root.absolute()
    skipped = out if out and beginning in out.parents else None

    def is_article(path: Path) -> bool:
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        own = skipped is not None and skipped in path.absolute().parents
        return not hidden and not own and path.name not in written(path.parent) and path.is_file()

    inside = pattern.relative_to(root).as_posix()
    try:
        paths = [path for path in root.glob(inside) if is_article(path)]
    except RecursionError as error:
        raise InputError(f"{pattern} leads into folders that are too deep; name the folder {root} itself") from error
    except (ValueError, OSError, NotImplementedError) as error:
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
