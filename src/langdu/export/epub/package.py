"""The package document of a book, with its metadata, and its table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.export.epub.content import document, plain
from langdu.model import RubyScope

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

CONTAINER: Final = (
    '<?xml version="1.0" encoding="utf-8"?>\n'
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container" version="1.0">\n'
    '<rootfiles><rootfile full-path="EPUB/package.opf" media-type="application/oebps-package+xml"/></rootfiles>\n'
    "</container>\n"
)
_TEXT: Final = "application/xhtml+xml"
# Source: Schema.org Accessibility Properties for Discoverability Vocabulary (W3C Community Group, 2024). The text
# can be read without the sound, and heard without the text.
_ACCESS: Final = (
    ("accessMode", "textual"),
    ("accessMode", "auditory"),
    ("accessModeSufficient", "textual"),
    ("accessModeSufficient", "auditory"),
    ("accessibilityFeature", "synchronizedAudioText"),
    ("accessibilityFeature", "tableOfContents"),
    ("accessibilityFeature", "readingOrder"),
    ("accessibilityFeature", "structuralNavigation"),
    ("accessibilityFeature", "displayTransformability"),
    ("accessibilityHazard", "none"),
)
_RUBY: Final = {RubyScope.ANNOTATED: "rubyAnnotations", RubyScope.ALL: "fullRubyAnnotations"}
_SUMMARY: Final = "全文有同步朗读，读到之处在文中标出；文字可放大、换色，目录可到每一段。"
_SUMMARY_RUBY: Final = {
    RubyScope.ANNOTATED: "文中注音的词语标有汉语拼音。",
    RubyScope.ALL: "全文标有汉语拼音。",
    RubyScope.NONE: "",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PackageItem:
    """A file of the book; `name` is its path relative to the package document.

    `overlay` is the media overlay of a document, `seconds` the length of an overlay; `properties` are those of EPUB
    3.3, D.6.
    """

    name: str
    media_type: str
    overlay: str | None = None
    seconds: float | None = None
    properties: str = ""

    @property
    def id(self) -> str:
        """Its id in the package document."""
        return _identifier(self.name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What the package document states. `ruby` is which words have pinyin."""

    identifier: str
    title: str
    language: str
    narrator: str
    modified: date
    seconds: float
    ruby: RubyScope
    items: tuple[PackageItem, ...]


def package(book: Book) -> str:
    """The package document (EPUB 3.3, 5)."""
    own = (
        PackageItem(name="nav.xhtml", media_type=_TEXT, properties="nav"),
        PackageItem(name="style.css", media_type="text/css"),
    )
    spine = "".join(f'<itemref idref="{item.id}"/>\n' for item in book.items if item.media_type == _TEXT)
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0" unique-identifier="identifier"'
        f' xml:lang="{book.language}">\n'
        f'<metadata xmlns:dc="http://purl.org/dc/elements/1.1/">\n{"".join(_metadata(book))}</metadata>\n'
        f"<manifest>\n{''.join(map(_item, (*own, *book.items)))}</manifest>\n"
        f"<spine>\n{spine}</spine>\n</package>\n"
    )


def _metadata(book: Book) -> Iterator[str]:
    yield f'<dc:identifier id="identifier">{book.identifier}</dc:identifier>\n'
    yield f"<dc:title>{plain(book.title)}</dc:title>\n<dc:language>{book.language}</dc:language>\n"
    yield f'<dc:contributor id="narrator">{plain(book.narrator)}</dc:contributor>\n'
    yield '<meta refines="#narrator" property="role" scheme="marc:relators">nrt</meta>\n'
    # Only the day, so that the same book made twice on a day has the same bytes.
    yield _meta("dcterms:modified", f"{book.modified.isoformat()}T00:00:00Z")
    yield _meta("media:duration", f"{book.seconds:.4f}s")
    for item in book.items:
        if item.seconds is not None:
            yield f'<meta refines="#{item.id}" property="media:duration">{item.seconds:.4f}s</meta>\n'
    yield _meta("media:narrator", book.narrator)
    yield _meta("media:active-class", "-epub-media-overlay-active")
    yield _meta("media:playback-active-class", "-epub-media-overlay-playing")
    for name, value in _ACCESS:
        yield _meta(f"schema:{name}", value)
    if book.ruby in _RUBY:
        yield _meta("schema:accessibilityFeature", _RUBY[book.ruby])
    yield _meta("schema:accessibilitySummary", _SUMMARY + _SUMMARY_RUBY[book.ruby])


def _identifier(name: str) -> str:
    return name.replace("/", "-").replace(".", "-")


def _meta(name: str, value: str) -> str:
    return f'<meta property="{name}">{plain(value)}</meta>\n'


def _item(item: PackageItem) -> str:
    overlay = f' media-overlay="{_identifier(item.overlay)}"' if item.overlay else ""
    properties = f' properties="{item.properties}"' if item.properties else ""
    return f'<item id="{item.id}" href="{item.name}" media-type="{item.media_type}"{overlay}{properties}/>\n'


def navigation(book: Book, entries: Iterable[tuple[str, str]]) -> str:
    """The navigation document (EPUB 3.3, 7); an entry is an address and the words to show, the title first."""
    rows = "".join(f'<li><a href="{address}">{plain(words)}</a></li>\n' for address, words in entries)
    return document(
        book.title,
        book.language,
        f'<nav epub:type="toc" role="doc-toc" id="toc">\n<h1>目录</h1>\n<ol>\n{rows}</ol>\n</nav>\n',
    )
