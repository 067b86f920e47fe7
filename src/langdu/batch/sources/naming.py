"""Where an article comes from → the name of its folder in the output."""

from __future__ import annotations

import hashlib
import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote, urlsplit

from langdu.output.folder import file_name

if TYPE_CHECKING:
    from collections.abc import Iterable

# What articles are written in, whether they are in a folder or in a name. Subtitles and JSON can be read too, but in a
# folder they are rarely articles.
ENDINGS: Final = ("txt", "text", "md", "markdown", "html", "htm", "xhtml", "docx", "epub")
# How many folders deep an output is; of a deeper path the innermost parts are kept.
_DEEPEST: Final = 40


def of_file(path: str) -> str:
    """The folder of an article whose path, below the folder that was given, is this one.

    >>> of_file("2024/11/新闻.v2.html"), of_file("a b.txt")
    ('2024/11/新闻-v2', 'a-b')
    """
    name = PurePosixPath(path)
    ending = name.suffix[1:].lower()
    return _clean((*name.parent.parts, name.stem if ending in ENDINGS else name.name))


def of_page(url: str) -> str:
    """The folder of a web page.

    >>> of_page("https://www.example.com/news/2024/a.html?id=3"), of_page("https://example.com/")
    ('www-example-com/news/2024/a-id-3', 'example-com')
    """
    parts = urlsplit(url)
    path = of_file(unquote(parts.path).strip("/")) if parts.path.strip("/") else ""
    last = "-".join(filter(None, [path, file_name(unquote(parts.query)) if parts.query else ""]))
    return "/".join(filter(None, [file_name(parts.hostname or "web"), last]))


def of_list(folder: str) -> str:
    """The folder that a list names.

    >>> of_list("school/5/lesson 1"), of_list("../../etc")
    ('school/5/lesson-1', 'etc')
    """
    return _clean(PurePosixPath(folder).parts)


def _clean(parts: Iterable[str]) -> str:
    """The parts of a path as names that every system accepts; none leads out of the folder, or to langdu's own."""
    kept = [part for part in parts if re.search(r"[^./\\]", part)]
    return "/".join(file_name(part) for part in kept[-_DEEPEST:]) or "article"


class Names:
    """Gives each article a folder of its own: of two with the same name, the second one's tells them apart."""

    def __init__(self) -> None:
        self._taken: dict[str, str] = {}

    def own(self, folder: str, where: str) -> str:
        """A folder that no other article of the batch has.

        >>> names = Names()
        >>> names.own("a", "/in/a.html"), names.own("a", "/in/a.txt"), names.own("a", "/other/a.txt")
        ('a', 'a-txt', 'a-8ff65b')
        """
        ending = re.search(r"\.(\w{1,8})$", where)
        digest = hashlib.sha256(where.encode("utf-8", "surrogateescape")).hexdigest()
        for name in (folder, *([f"{folder}-{ending[1]}"] if ending else []), f"{folder}-{digest[:6]}", digest):
            # On some systems A and a are the same folder.
            if self._taken.setdefault(name.casefold(), where) == where:
                return name
        raise AssertionError
