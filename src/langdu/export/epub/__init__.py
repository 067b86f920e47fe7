"""Programme → EPUB 3 with media overlays: the written text with pinyin, and the word that is heard marked in it.

Sources: EPUB 3.3 (W3C Recommendation, 2023), sections 4 (container), 5 (package), 6 (content), 7 (navigation) and
9 (media overlays); EPUB Accessibility 1.1.

Each paragraph has a sound file of its own, so that no place in it is far from a beginning that every decoder finds. It
is AAC in MP4, a core media type (EPUB 3.3, 3.2) that says of every packet when it is heard: Chromium, and so Thorium,
begins where it is told to, in an MP3 up to 42 ms before or after.
"""

from __future__ import annotations

import hashlib
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final
from uuid import NAMESPACE_URL, uuid5
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from langdu.export.epub.content import Part, clean
from langdu.export.epub.package import CONTAINER, Book, Item, navigation, package
from langdu.export.sound.aac import CODEC
from langdu.export.tags import one_line
from langdu.files import atomic
from langdu.sound import ffmpeg
from langdu.sound.ffmpeg import Ffmpeg

if TYPE_CHECKING:
    from concurrent.futures import Future

    from langdu.export.programme import Programme
    from langdu.model import Track

# Characters after which the text goes on in another document: reading systems lay a document out as a whole, and one
# of 5,000 hanzi with pinyin over each has 20,000 elements. Articles are shorter; books are not.
_LONGEST: Final = 5_000
# Paragraphs that are encoded at the same time: the voice is done, so every core is free.
_ENCODERS: Final = 2
_ROOT: Final = "EPUB/"
# With its index first, a player need not look for it.
_CODEC: Final = (*CODEC, "-movflags", "+faststart")


def write(path: Path, programme: Programme) -> None:
    """Write the book, whole or not at all. On the same day, the same programme gives the same bytes.

    Raises: ExportError: the file cannot be written, or its sound not be encoded.
    """
    with ExitStack() as stack:
        partial = stack.enter_context(atomic(path))
        archive = stack.enter_context(ZipFile(partial, "w"))
        folder = Path(stack.enter_context(TemporaryDirectory(dir=programme.folder)))
        # It comes first and as it is, so that the bytes at a fixed place tell what the file is (EPUB 3.3, 4.3.3).
        _add(archive, "mimetype", b"application/epub+zip", ZIP_STORED)
        _add(archive, "META-INF/container.xml", CONTAINER.encode())
        _add(archive, _ROOT + "style.css", resources.files(__package__).joinpath("style.css").read_bytes())
        encoders = ThreadPoolExecutor(_ENCODERS)
        stack.callback(encoders.shutdown, cancel_futures=True)  # before its folder goes away
        _Writer(archive, folder, encoders, programme).write()


class _Writer:
    """Puts a book into an archive, while one document's text and the sound of a few paragraphs are in memory."""

    def __init__(self, archive: ZipFile, folder: Path, encoders: ThreadPoolExecutor, programme: Programme) -> None:
        self._archive = archive
        self._folder = folder
        self._encoders = encoders
        self._encoding: deque[tuple[str, Future[bytes]]] = deque()
        self._programme = programme
        self._title = clean(" ".join(programme.title.split())) or "article"
        self._items: list[Item] = []
        self._entries: list[tuple[str, str]] = []
        self._cover = programme.display.cover
        self._told = hashlib.sha256(f"{programme.voice} {programme.display.ruby} {self._title}\n".encode())

    def write(self) -> None:
        made = self._programme
        headings = made.rundown.headings()
        part = self._part(1)
        for number, (track, pcm) in enumerate(zip(made.tracks(), made.sound(), strict=True), 1):
            if part.characters and part.characters + len(track.paragraph.text) > _LONGEST:
                self._finish(part)
                part = self._part(part.number + 1)
            address, label = part.add(track, number)
            heading = headings.get(track.paragraph.index)
            if heading or not headings:
                self._entries.append((address, clean(one_line(heading.title)) if heading else label))
            self._told.update(f"{clean(track.paragraph.text)}\n".encode())
            if pcm:
                self._encode(track, number, pcm)
        self._finish(part)
        self._store(0)
        if self._cover:
            name = self._cover.mime.replace("image/", "cover.")
            self._items.append(Item(name, self._cover.mime, properties="cover-image"))
            _add(self._archive, _ROOT + name, self._cover.data, ZIP_STORED)
        book = Book(
            identifier=uuid5(NAMESPACE_URL, self._told.hexdigest()).urn,
            title=self._title,
            language=made.language,
            narrator=f"langdu {made.voice}",
            modified=datetime.now(UTC).date(),
            seconds=made.samples / made.sample_rate,
            ruby=made.display.ruby,
            items=tuple(self._items),
        )
        _add(self._archive, _ROOT + "nav.xhtml", navigation(book, self._entries).encode())
        _add(self._archive, _ROOT + "package.opf", package(book).encode())

    def _part(self, number: int) -> Part:
        made = self._programme
        return Part(
            number, title=self._title, language=made.language, ruby=made.display.ruby, overlay=made.display.overlay
        )

    def _finish(self, part: Part) -> None:
        self._items.append(Item(part.text_name, "application/xhtml+xml", overlay=part.overlay_name))
        _add(self._archive, _ROOT + part.text_name, part.text().encode())
        if part.overlay_name:
            self._items.append(Item(part.overlay_name, "application/smil+xml", seconds=part.seconds))
            _add(self._archive, _ROOT + part.overlay_name, part.smil().encode())

    def _encode(self, track: Track, number: int, pcm: bytes) -> None:
        encoded = self._encoders.submit(_encoded, self._folder / f"{number}.m4a", track.sample_rate, pcm)
        self._encoding.append((Part.audio_name(number), encoded))
        self._store(_ENCODERS)

    def _store(self, left: int) -> None:
        """Wait until only so many paragraphs are being encoded; the others go into the archive, in order."""
        while len(self._encoding) > left:
            name, encoded = self._encoding.popleft()
            self._items.append(Item(name, "audio/mp4"))
            _add(self._archive, _ROOT + name, encoded.result(), ZIP_STORED)


def _encoded(file: Path, sample_rate: int, pcm: bytes) -> bytes:
    with Ffmpeg(file, sample_rate, [*_CODEC, *ffmpeg.into(file, "ipod")]) as encoder:
        encoder.write(pcm)
    made = file.read_bytes()
    file.unlink()
    return made


def _add(archive: ZipFile, name: str, content: bytes, method: int = ZIP_DEFLATED) -> None:
    """Without the time and the system, which would make the same book another file."""
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = method
    info.create_system = 3
    info.external_attr = 0o644 << 16
    archive.writestr(info, content)
