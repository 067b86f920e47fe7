"""What a book says of itself: the package document, its metadata and its table of contents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.export.epub.content import document, plain

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
# Source: Schema.org Accessibility Properties for Discoverability Vocabulary (W3C Community Group, 2024). What the text
# says can be read without hearing it, and heard without reading it.
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
_RUBY: Final = {"annotated": "rubyAnnotations", "all": "fullRubyAnnotations"}
_SUMMARY: Final = "全文有同步朗读，读到之处在文中标出；文字可放大、换色，目录可到每一段。"
_SUMMARY_RUBY: Final = {"annotated": "文中注音的词语标有汉语拼音。", "all": "全文标有汉语拼音。", "none": ""}


@dataclass(frozen=True, slots=True)
class Item:
    """A file of the book, by its name beside the package document.

    `overlay` is the media overlay of a document, `seconds` the length of an overlay, `properties` as EPUB 3.3, D.6 has
    them.
    """

    name: str
    media_type: str
    overlay: str | None = None
    seconds: float | None = None
    properties: str = ""

    @property
    def id(self) -> str:
        """Its id in the package document."""
        return self.name.replace("/", "-").replace(".", "-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """What the package document says. `ruby` is which words have pinyin: annotated, all or none."""

    identifier: str
    title: str
    language: str
    narrator: str
    modified: date
    seconds: float
    ruby: str
    items: tuple[Item, ...]


def package(book: Book) -> str:
    """The package document (EPUB 3.3, 5)."""
    own = (Item("nav.xhtml", _TEXT, properties="nav"), Item("style.css", "text/css"))
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
    # To the day, so that what is made twice on a day is the same twice.
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


def _meta(name: str, value: str) -> str:
    return f'<meta property="{name}">{plain(value)}</meta>\n'


def _item(item: Item) -> str:
    overlay = f' media-overlay="{Item(item.overlay, "").id}"' if item.overlay else ""
    properties = f' properties="{item.properties}"' if item.properties else ""
    return f'<item id="{item.id}" href="{item.name}" media-type="{item.media_type}"{overlay}{properties}/>\n'


def navigation(book: Book, entries: Iterable[tuple[str, str]]) -> str:
    """The navigation document (EPUB 3.3, 7): an entry, address and words, for each paragraph, the title first."""
    rows = "".join(f'<li><a href="{address}">{plain(words)}</a></li>\n' for address, words in entries)
    return document(
        book.title,
        book.language,
        f'<nav epub:type="toc" role="doc-toc" id="toc">\n<h1>目录</h1>\n<ol>\n{rows}</ol>\n</nav>\n',
    )
