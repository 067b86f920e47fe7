"""Programme → EPUB 3 with media overlays: text with pinyin, in which the word being read aloud is highlighted.

Sources: EPUB 3.3 (W3C Recommendation, 2023), sections 4 (container), 5 (package), 6 (content), 7 (navigation) and
9 (media overlays); EPUB Accessibility 1.1.

Each document has one sound file, so that a reading system plays on from paragraph to paragraph. The files are AAC in
MP4, a core media type (EPUB 3.3, 3.2) with a time for every packet: Chromium, and so Thorium, starts exactly where it
is told to; in an MP3 it would start up to 42 ms too early or too late.
"""

from __future__ import annotations

import hashlib
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import resources
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from langdu.export.epub.content import ContentDocument, clean
from langdu.export.epub.package import CONTAINER, Book, PackageItem, navigation, package
from langdu.export.sound import aac
from langdu.export.tags import one_line
from langdu.files import atomic, made_at

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme

# A document that has more characters than this is split: reading systems lay out a whole document at once, and 5,000
# hanzi with pinyin make 20,000 elements. Articles are shorter; books are not.
_LONGEST: Final = 5_000
_ROOT: Final = "EPUB/"


def write(path: Path, programme: Programme) -> None:
    """Write the book, whole or not at all. The same programme gives the same bytes on the same day: see `made_at`.

    Raises: ExportError: the file cannot be written, or its sound cannot be encoded.
    """
    with ExitStack() as stack:
        partial = stack.enter_context(atomic(path))
        archive = stack.enter_context(ZipFile(partial, "w"))
        # First and uncompressed, so that bytes at a fixed place identify the file type (EPUB 3.3, 4.3.3).
        _add(archive, "mimetype", b"application/epub+zip", ZIP_STORED)
        _add(archive, "META-INF/container.xml", CONTAINER.encode())
        _add(archive, _ROOT + "style.css", resources.files(__package__).joinpath("style.css").read_bytes())
        _Writer(path, archive, programme).write()


class _Writer:
    """Puts a book into an archive; one document and its sound are in memory. Errors name `path`."""

    def __init__(self, path: Path, archive: ZipFile, programme: Programme) -> None:
        self._path = path
        self._archive = archive
        self._programme = programme
        self._title = clean(" ".join(programme.title.split())) or "article"
        self._items: list[PackageItem] = []
        self._entries: list[tuple[str, str]] = []
        self._cover = programme.display.cover
        self._hashed = hashlib.sha256(f"{programme.voices} {programme.display.ruby} {self._title}\n".encode())

    def write(self) -> None:
        programme = self._programme
        headings = programme.rundown.headings()
        document = self._document(1)
        for number, track in enumerate(programme.tracks(), 1):
            if document.characters and document.characters + len(track.paragraph.text) > _LONGEST:
                self._finish(document)
                document = self._document(document.number + 1)
            address, label = document.add(track, number)
            heading = headings.get(track.paragraph.index)
            if heading or not headings:
                self._entries.append((address, clean(one_line(heading.title)) if heading else label))
            self._hashed.update(f"{clean(track.paragraph.text)}\n".encode())
        self._finish(document)
        if self._cover:
            name = self._cover.mime.replace("image/", "cover.")
            self._items.append(PackageItem(name=name, media_type=self._cover.mime, properties="cover-image"))
            _add(self._archive, _ROOT + name, self._cover.data, ZIP_STORED)
        book = Book(
            identifier=uuid5(NAMESPACE_URL, self._hashed.hexdigest()).urn,
            title=self._title,
            language=programme.language,
            narrator=f"langdu {programme.voices}",
            modified=datetime.fromtimestamp(made_at(), UTC).date(),
            seconds=programme.samples / programme.sample_rate,
            ruby=programme.display.ruby,
            items=tuple(self._items),
        )
        _add(self._archive, _ROOT + "nav.xhtml", navigation(book, self._entries).encode())
        _add(self._archive, _ROOT + "package.opf", package(book).encode())

    def _document(self, number: int) -> ContentDocument:
        programme = self._programme
        return ContentDocument(
            number,
            title=self._title,
            language=programme.language,
            ruby=programme.display.ruby,
            overlay=programme.display.overlay,
        )

    def _finish(self, document: ContentDocument) -> None:
        self._items.append(
            PackageItem(name=document.text_name, media_type="application/xhtml+xml", overlay=document.overlay_name)
        )
        _add(self._archive, _ROOT + document.text_name, document.text().encode())
        if document.overlay_name:
            self._items.append(
                PackageItem(name=document.overlay_name, media_type="application/smil+xml", seconds=document.seconds)
            )
            _add(self._archive, _ROOT + document.overlay_name, document.smil().encode())
        if document.start is not None:
            sound = aac.extract(self._path, self._programme, document.start, document.end)
            self._items.append(PackageItem(name=document.audio_name, media_type="audio/mp4"))
            _add(self._archive, _ROOT + document.audio_name, sound.read_bytes(), ZIP_STORED)


def _add(archive: ZipFile, name: str, content: bytes, method: int = ZIP_DEFLATED) -> None:
    """Add a file without the time and the system, so that the same book has the same bytes."""
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, content)
