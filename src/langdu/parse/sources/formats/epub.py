"""EPUB → text: its chapters in the order of the spine, and its metadata."""

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
# Fonts are garbled in some free books too; the text is not.
_FONTS = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/x-dtbook+xml"})


def read(data: bytes, name: str) -> Source:
    """The text of all chapters.

    Raises: InputError: it is damaged, encrypted, or unpacks to too much.
    """
    archive = Archive(data, name)
    _refuse_encrypted(archive, name)
    root = archive.xml("META-INF/container.xml").find(f".//{_CONTAINER}rootfile")
    path = root.get("full-path") if root is not None else None
    if not path:
        raise InputError(f"{name} is damaged: its container names no package")
    package = archive.xml(path)
    return Source(
        name,
        "\n".join(_chapters(archive, _spine(package, path), name)),
        title=_said(package, "title"),
        author=_said(package, "creator"),
        date=_said(package, "date"),
        origin=_said(package, "publisher"),
    )


def _refuse_encrypted(archive: Archive, name: str) -> None:
    if "META-INF/encryption.xml" not in archive.names:
        return
    methods = archive.xml("META-INF/encryption.xml").iter(f"{_ENCRYPTION}EncryptionMethod")
    if any(method.get("Algorithm") not in _FONTS for method in methods):
        raise InputError(f"{name} is encrypted (DRM): it can only be read by the program it was bought for")


def _spine(package: Element, path: str) -> Iterator[str]:
    """The parts that hold chapters, in reading order; the table of contents is none."""
    folder = posixpath.dirname(path)
    items = {item.get("id"): item for item in package.iter(f"{_PACKAGE}item")}
    for reference in package.iter(f"{_PACKAGE}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type") not in _PAGES or "nav" in (item.get("properties") or "").split():
            continue
        if href := item.get("href"):
            yield posixpath.normpath(posixpath.join(folder, unquote(href)))


def _chapters(archive: Archive, spine: Iterable[str], name: str) -> Iterator[str]:
    """The text of each chapter, once, however often the spine names it."""
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


def _said(package: Element, what: str) -> str | None:
    element = package.find(f".//{_DUBLIN_CORE}{what}")
    return (element.text or "").strip() or None if element is not None else None
