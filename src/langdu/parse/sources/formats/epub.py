"""EPUB → the text of its chapters in reading order, and its metadata."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from langdu.errors import InputError
from langdu.model import Source
from langdu.parse.sources.encoding import decode
from langdu.parse.sources.formats import TEXT, html, too_long
from langdu.parse.sources.formats.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from xml.etree.ElementTree import Element

_CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"
_PACKAGE = "{http://www.idpf.org/2007/opf}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_ENCRYPTION = "{http://www.w3.org/2001/04/xmlenc#}"
# Ways to obfuscate fonts, which free books use too. They leave the text readable.
_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def read(data: bytes, name: str) -> Source:
    """The text of all chapters.

    Raises: InputError: it is damaged, encrypted, or too big when unpacked.
    """
    archive = Archive(data, name)
    _refuse_encrypted(archive, name)
    root = archive.xml("META-INF/container.xml").find(f".//{_CONTAINER}rootfile")
    path = root.get("full-path") if root is not None else None
    if not path:
        raise InputError(f"{name} is damaged: its container does not name a package")
    package = archive.xml(path)
    return Source(
        name,
        "\n".join(_chapters(archive, _spine(package, path), name)),
        title=_metadata(package, "title"),
        author=_metadata(package, "creator"),
        date=_metadata(package, "date"),
        origin=_metadata(package, "publisher"),
    )


def _refuse_encrypted(archive: Archive, name: str) -> None:
    if "META-INF/encryption.xml" not in archive.names:
        return
    methods = archive.xml("META-INF/encryption.xml").iter(f"{_ENCRYPTION}EncryptionMethod")
    if any(method.get("Algorithm") not in _FONTS for method in methods):
        raise InputError(f"{name} is encrypted (DRM): only the program that it was bought for can read it")


def _spine(package: Element, path: str) -> Iterator[str]:
    """The parts with chapters, in reading order, without the table of contents."""
    folder = posixpath.dirname(path)
    items = {item.get("id"): item for item in package.iter(f"{_PACKAGE}item")}
    for reference in package.iter(f"{_PACKAGE}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES or "nav" in (item.get("properties") or "").split():
            continue
        if href := item.get("href"):
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _chapters(archive: Archive, spine: Iterable[str], name: str) -> Iterator[str]:
    """The text of each chapter, once even if the spine names it more often."""
    length = 0
    for part in dict.fromkeys(spine):
        if part in archive.names:
            chapter = _chapter(archive, part, name)
            length += len(chapter)
            if length > TEXT:
                raise too_long(name)
            yield chapter


def _chapter(archive: Archive, part: str, name: str) -> str:
    data = archive.part(part)
    return html.read(decode(data, f"{part} in {name}"), name).text if data.strip() else ""


def _metadata(package: Element, what: str) -> str | None:
    element = package.find(f".//{_DUBLIN_CORE}{what}")
    return (element.text or "").strip() or None if element is not None else None
