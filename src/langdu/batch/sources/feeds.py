"""The articles that a feed (RSS, Atom) or a sitemap names."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin

from langdu.batch import addresses
from langdu.controls import as_line
from langdu.errors import InputError
from langdu.parse.sources.web import fetch

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

# Blanks, comments and instructions may come first. Atomic groups end a comment at the first -->; other ways to group
# `<!----><!---->…` are not tried, which would take hours.
_BEGINS: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?>(?>\s+|<!--.{0,2000}?-->|<\?.{0,400}?\?>){0,20})"
    rb"<(?:\w{1,20}:)?(?:rss|feed|RDF|urlset|sitemapindex)\b",
    re.DOTALL,
)
# Where an article's address is: RSS, sitemaps, and Atom, in which it is an attribute.
_PLACES: Final = {"item": "link", "url": "loc", "entry": ""}
_GZIP: Final = b"\x1f\x8b"
# The largest sitemap, unpacked (sitemaps.org allows 50 MB); how many sitemaps an index may name, how large they may be
# together, and how many pages they may name.
_LARGEST: Final = 1 << 26
_SITEMAPS: Final = 500
_TOGETHER: Final = 1 << 28
_PAGES: Final = 1_000_000


def items(data: bytes, url: str) -> list[str] | None:
    """The addresses of the articles of the feed or sitemap at `url`, each once; None if it is another file.

    Raises: InputError: it is damaged; it is an index, and one of its sitemaps cannot be read.
    """
    data = _unpacked(data, url)
    if not _BEGINS.match(data):
        return None
    root = _parsed(data, url)
    if _name(root) != "sitemapindex":
        return list(dict.fromkeys(_links(root, url)))
    found: dict[str, None] = {}
    sitemaps = [urljoin(url, _text(each, "loc")) for each in root if _name(each) == "sitemap"]
    size = 0
    for sitemap in sitemaps[:_SITEMAPS]:
        page = fetch(sitemap, url or None)
        inner = _unpacked(page.data, sitemap)
        size += len(inner)
        if size <= _TOGETHER:
            found |= dict.fromkeys(_links(_parsed(inner, sitemap), sitemap))
        if size > _TOGETHER or len(found) > _PAGES:
            raise InputError(
                f"the sitemaps of {url or 'the index'} have more than {_TOGETHER >> 20} MiB, or {_PAGES:,} pages: name "
                "them one by one"
            )
    return list(found)


def _unpacked(data: bytes, url: str) -> bytes:
    """The data; a sitemap may be packed (sitemap.xml.gz)."""
    if not data.startswith(_GZIP):
        return data
    try:
        unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        unpacked = unpacker.decompress(data, _LARGEST)
    except zlib.error as error:
        raise InputError(f"{url} is damaged: {error}; try again") from error
    if unpacker.unconsumed_tail:
        raise InputError(f"{url} is larger than {_LARGEST >> 20} MiB unpacked: name its parts")
    return unpacked


def _parsed(data: bytes, url: str) -> Element:
    import defusedxml.ElementTree as Xml  # noqa: PLC0415 - only feeds are XML
    from defusedxml import DefusedXmlException  # noqa: PLC0415

    try:
        root: Element = Xml.fromstring(data)
    except (Xml.ParseError, DefusedXmlException, ValueError, LookupError, RecursionError) as error:
        raise InputError(f"{url or 'the feed'} is not valid XML: {as_line(str(error))[:120]}; mend the feed") from error
    return root


def _links(root: Element, url: str) -> Iterator[str]:
    """Addresses of pages; a feed that names other things, such as files, is not followed there."""
    for element in root.iter():
        kind = _name(element)
        if kind not in _PLACES:
            continue
        named = (_text(element, _PLACES[kind]) if _PLACES[kind] else _alternate(element)).strip()
        address = urljoin(url, named)
        if named and addresses.is_web(address):
            yield address.partition("#")[0]


def _alternate(entry: Element) -> str:
    """The page of an entry of Atom: its link without a relation, or with the relation `alternate`."""
    links = [child for child in entry if _name(child) == "link"]
    return next((str(link.get("href", "")) for link in links if link.get("rel", "alternate") == "alternate"), "")


def _text(element: Element, name: str) -> str:
    return next((child.text or "" for child in element if _name(child) == name), "")


def _name(element: Element) -> str:
    """The name of an element without its namespace. Comments, which have none, are not in the tree."""
    return element.tag.rpartition("}")[2]
