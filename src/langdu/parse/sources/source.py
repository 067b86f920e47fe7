"""A file, standard input or a web page → its text."""

from __future__ import annotations

import errno
from pathlib import Path
from typing import TYPE_CHECKING

from langdu import controls, files
from langdu.errors import InputError
from langdu.marks import HANZI
from langdu.parse.sources.encoding import decode
from langdu.parse.sources.formats import LIMIT, extract

if TYPE_CHECKING:
    from typing import BinaryIO

    from langdu.model import Source


def read_page(address: str) -> Source:
    """The text of a page at a public address: whoever names it may be somebody else than the user.

    Raises: InputError: as `read_source`; or the address is that of a private network.
    """
    from langdu.parse.sources.web import fetch_public  # noqa: PLC0415  # loads TLS, only for web pages

    page = fetch_public(address)
    return with_hanzi(extract(page.data, page.url, page.charset, is_page=True))


def read_source(where: str, stdin: BinaryIO | None = None) -> Source:
    r"""The text of an article, from a file, a web page, or `stdin` if `where` is "-".

    The contents of a file show its format: plain text, Markdown, HTML, EPUB, DOCX, JSON, JSON Lines, SubRip or WebVTT.
    Ruby of all formats becomes HTML ruby. The encoding may be UTF-8 (with or without a byte order mark), GB 18030, Big5
    or UTF-16. Line ends become "\n".

    Raises: InputError: it is missing, a folder, empty, binary or too big, cannot be read, or has no hanzi.
    """
    return with_hanzi(read_any_text(where, stdin))


def source_of(data: bytes, name: str) -> Source:
    """The text of a file that is in memory; its name may show its format. Raises: InputError: as `read_source`."""
    return with_hanzi(extract(data, name))


def with_hanzi(source: Source) -> Source:
    """The source. Raises: InputError: it has no hanzi."""
    if not HANZI.search(source.text):
        raise InputError(f"{source.name} has no Chinese characters in it: there is nothing to read", code="no-hanzi")
    return source


def read_any_text(where: str, stdin: BinaryIO | None = None) -> Source:
    """As `read_source`, for a text that need not have hanzi: pinyin that a learner wrote."""
    if _is_url(where):
        from langdu.parse.sources.web import fetch  # noqa: PLC0415  # loads TLS, only for web pages

        page = fetch(where)
        return extract(page.data, page.url, page.charset, is_page=True)
    return extract(_read(where, stdin), _name(where))


def read_lines(where: str, stdin: BinaryIO | None = None) -> list[str]:
    """The lines of a text file or of `stdin`, without line ends and control characters.

    Raises: InputError: as `read_source`, except that hanzi are not required.
    """
    return controls.hide_controls(decode(_read(where, stdin), _name(where))).removesuffix("\n").split("\n")


def _is_url(where: str) -> bool:
    r"""Whether a source is a URL: `https://…`, but not `C:\articles` or `article.txt`."""
    scheme, separator, _ = where.partition("://")
    return bool(separator) and scheme.isalnum()


def _name(where: str) -> str:
    return "standard input" if where == "-" else where


def _read(where: str, stdin: BinaryIO | None) -> bytes:
    if where == "-":
        if stdin is None:
            raise InputError("no standard input was given; name a file instead of -")
        data = stdin.read(LIMIT + 1)
        if len(data) > LIMIT:
            raise _too_large("standard input")
        return data
    if not where:
        raise InputError("the name of a source is empty: name a file, an address, or - for standard input")
    try:
        return files.read(Path(where), LIMIT)
    except FileNotFoundError as error:
        what = f"no file matches {where}" if "*" in where else f"there is no file {where}; check its name"
        raise InputError(what) from error
    except IsADirectoryError as error:
        raise InputError(f"{where} is a folder; name a file in it") from error
    except (OSError, ValueError) as error:
        if getattr(error, "errno", None) == errno.EFBIG:
            raise _too_large(where) from error
        reason = files.reason(error)
        raise InputError(f"{where} cannot be read: {reason}; name a file, or give it as standard input (-)") from error


def _too_large(name: str) -> InputError:
    return InputError(f"{name} is larger than {LIMIT >> 20} MiB, more than twenty novels; cut it into parts")
