"""Files → their text: one module a format. The contents show the format of a file; if they do not, its name does."""

from __future__ import annotations

import re
from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING

from langdu.errors import InputError
from langdu.marks import decoded
from langdu.model import Source
from langdu.parse.sources.encoding import decode
from langdu.parse.sources.formats.rows import in_one_line

if TYPE_CHECKING:
    from collections.abc import Callable

# 64 MiB is twenty long novels; more is a mistake, and would be in memory several times over.
LIMIT = 64 * 1024 * 1024
# The most characters that are read of a file: twenty novels, or 300 hours of sound. They take a minute to parse.
TEXT = 5_000_000
_ARCHIVES = {"epub": "langdu.parse.sources.formats.epub", "docx": "langdu.parse.sources.formats.docx"}
_TEXTS = {
    "html": "langdu.parse.sources.formats.html",
    "json": "langdu.parse.sources.formats.records",
    "subtitles": "langdu.parse.sources.formats.subtitles",
}
_SUFFIXES = {
    "html": "html", "htm": "html", "xhtml": "html", "json": "json", "jsonl": "json", "ndjson": "json",
    "srt": "subtitles", "vtt": "subtitles",
}  # fmt: skip
_DECLARED = re.compile(rb"(?:charset\s*=\s*|^<\?xml[^>]{0,80}encoding\s*=\s*)[\"']?([A-Za-z0-9_.:-]{2,20})")
_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--[^>]*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_SUBTITLES = re.compile(r"\s*(?:WEBVTT\b|(?:\d+\s*\n)?\d{1,2}:\d\d(?::\d\d)?[,.]\d{3}\s+-->)")
_JSON = re.compile(r"\s*[\[{]")


def extract(data: bytes, name: str, charset: str | None = None, *, is_page: bool = False) -> Source:
    """The text of a file, with its title, author and date if it has them.

    `charset` is the encoding that a server declared. `is_page`: read only the main text of an HTML page.

    Raises: InputError: it is empty, damaged, encrypted, too big when unpacked, or in a format that cannot be read.
    """
    source = _extracted(data, name, charset, is_page=is_page)
    if len(source.text) > TEXT:
        raise too_long(name)
    return source


def too_long(name: str) -> InputError:
    """The error for a file with more text than anybody listens to."""
    return InputError(f"{name} has more than {TEXT // 1_000_000} million characters of text; cut it into parts")


def _extracted(data: bytes, name: str, charset: str | None, *, is_page: bool) -> Source:
    if data.startswith(b"PK\x03\x04"):
        kind = import_module("langdu.parse.sources.formats.archive").kind_of(data, name)
        return _reader(_ARCHIVES[kind])(data, name)
    suffix = name.rpartition(".")[2].lower()
    if suffix in _ARCHIVES:
        raise InputError(f"{name} is not a file of type {suffix.upper()}, although its name says so; is it damaged?")
    declared = _DECLARED.search(data[:1024]) if data.lstrip()[:1] == b"<" else None
    text = decode(data, name, charset or (declared[1].decode("ascii") if declared else None))
    return _from_text(text, name, suffix, is_page=is_page)


def _from_text(text: str, name: str, suffix: str, *, is_page: bool) -> Source:
    kind = _SUFFIXES.get(suffix)
    if _PAGE.match(text) or kind == "html":
        main_text = is_page or kind == "html"
        return _placed(_reader(_TEXTS["html"], "read_page" if main_text else "read")(text, name), text, "html")
    if _SUBTITLES.match(text):
        return _placed(_reader(_TEXTS["subtitles"])(text, name), text, "subtitles")
    if kind == "json" or _JSON.match(text):
        source = _reader(_TEXTS["json"])(text, name)
        if source is not None:
            return _placed(source, text, "json")
    if kind == "json":
        raise InputError(f"{name} is not valid JSON, although its name says so; rename it to .txt to read it as text")
    return _plain(in_one_line(text), name)


def _plain(text: str, name: str) -> Source:
    if "&" not in text:
        return Source(name, text)
    places = import_module("langdu.parse.sources.formats.places").places_behind_references(text)
    return Source(name, decoded(text), places=places)


def _placed(source: Source, text: str, kind: str) -> Source:
    if len(source.text) > TEXT:
        return source  # it is refused
    places = import_module("langdu.parse.sources.formats.places").places
    return replace(source, places=places(source.text, text, kind))


def _reader(module: str, function: str = "read") -> Callable[..., Source]:
    """The reader of a format, imported on demand: most articles are plain text."""
    reader: Callable[..., Source] = getattr(import_module(module), function)
    return reader
