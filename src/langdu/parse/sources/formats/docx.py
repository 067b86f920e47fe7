"""DOCX → its text, with Word's phonetic guide as ruby, and its metadata."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from langdu.model import Source
from langdu.parse.sources.formats.archive import Archive

if TYPE_CHECKING:
    from collections.abc import Container, Iterator
    from xml.etree.ElementTree import Element

_WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COMPATIBILITY = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
_DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
_TERMS = "{http://purl.org/dc/terms/}"
# The phonetic guide of older versions of Word is a field: EQ \* jc2 \* "Font:宋体" \* hps10 \o\ad(\s\up 9(hàn),汉)
# (The field is matched in one line with single blanks, so that the pattern is linear.)
_FIELD = re.compile(r"\\o ?(?:\\a[dlrc] ?)?\( ?\\s ?\\up ?\d{1,4} ?\((?P<guide>[^()]*)\) ?[,;，；] ?(?P<base>[^()]*)\)")
# The names of the styles of a title and of a heading of the first level. Word writes them in English, whatever its
# language; other programs do not. Where a document lacks the list of its styles, their ids stand for the names; those
# of WPS and of older versions of Word are numbers.
_TITLES = frozenset({"title", "标题", "標題", "文档标题"})
_TITLE_IDS = _TITLES | {"a3", "a7"}
_HEADINGS = frozenset({"heading 1", "标题 1", "標題 1"})
_HEADING_IDS = frozenset({"heading1", "1"})
# A heading that begins like this is a part of a text: 第一章, 一、, 1.
_PART = re.compile(
    r"\s*(?:第\s*[一二三四五六七八九十百0-9]+|[（(]?[一二三四五六七八九十0-9]+[)）、.．]|[一二三四五六七八九十]+ )"
)
# How many paragraphs may stand before the heading that is the title, such as the name of a paper.
_BEFORE = 3
# The creation date of the empty document that python-docx brings along, which all that it makes have.
_EMPTY = "2013-12-23T23:15:00Z"
# A document that was last saved so many days after its creation was made from an older one, or from a template.
_DAYS = 30
_READING = re.compile(r"<rt>[^<]*</rt>|</?ruby>")
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
# Elements that only wrap paragraphs, rows and cells.
_AROUND = frozenset({"sdt", "sdtContent", "customXml", "ins", "moveTo"})
# Elements whose text is not read: deleted text, and what stands beside the text.
_SILENT = frozenset({
    "del", "moveFrom", "footnoteReference", "endnoteReference", "pict", "object", "drawing", "txbxContent",
})  # fmt: skip
_BLOCKS = frozenset({f"{_WORD}p", f"{_WORD}tbl"})


def read(data: bytes, name: str) -> Source:
    """The text of the document: a line for each paragraph, and for each row of a table, with tabs between cells.

    Raises: InputError: it is damaged, encrypted, or too big when unpacked.
    """
    archive = Archive(data, name)
    body = archive.xml("word/document.xml").find(f"{_WORD}body")
    lines = _lines(body) if body is not None else []
    styles = archive.xml("word/styles.xml") if "word/styles.xml" in archive.names else None
    styled = _styled_title(body, _styles(styles)) if body is not None else None
    core = archive.xml("docProps/core.xml") if "docProps/core.xml" in archive.names else None
    return Source(
        name,
        "".join(f"{line}\n" for line in lines),
        title=styled or _property(core, f"{_DUBLIN_CORE}title"),
        author=_property(core, f"{_DUBLIN_CORE}creator"),
        date=_date(core),
    )


@dataclass(frozen=True, slots=True)
class _Styles:
    """The ids of the styles in which a title stands, and of those of headings of the first level."""

    titles: Container[str]
    headings: Container[str]


def _styles(document: Element | None) -> _Styles:
    """The styles that a document lists, those that are based on others included."""
    if document is None:
        return _Styles(_TITLE_IDS, _HEADING_IDS)
    titles: set[str] = set()
    headings: set[str] = set()
    waiting: dict[str, list[str]] = {}  # the styles that are based on a style
    for style in document.findall(f"{_WORD}style"):
        style_id, name = style.get(f"{_WORD}styleId") or "", _value(style, "name")
        waiting.setdefault(_value(style, "basedOn"), []).append(style_id.lower())
        chosen = titles if name in _TITLES else headings if name in _HEADINGS else None
        if chosen is not None:
            chosen.add(style_id.lower())
    for found in (titles, headings):
        open_ = list(found)
        while open_:
            for derived in waiting.pop(open_.pop(), []):
                found.add(derived)
                open_.append(derived)
    return _Styles(titles, headings)


def _value(element: Element, tag: str) -> str:
    found = element.find(f"{_WORD}{tag}")
    return (found.get(f"{_WORD}val") or "").lower() if found is not None else ""


def _styled_title(body: Element, styles: _Styles) -> str | None:
    """The first paragraph in the style Title, or else the heading of the first level that the document begins with."""
    heading: str | None = None
    before = 0
    for paragraph in body.iter(f"{_WORD}p"):
        style = paragraph.find(f"{_WORD}pPr/{_WORD}pStyle")
        style_id = (style.get(f"{_WORD}val") or "").lower() if style is not None else ""
        text = _READING.sub("", _text(paragraph)).strip()
        if not text:
            continue
        if style_id in styles.titles:
            return text
        if heading is None and before < _BEFORE and style_id in styles.headings and not _PART.match(text):
            heading = text
        # Only short lines may stand before it: after a sentence, the text has begun.
        before += _BEFORE if text[-1] in "。！？…" else 1
    return heading


def _date(core: Element | None) -> str | None:
    """When the document was written, as far as its creation says so; None for a creation date from a template."""
    created, saved = (_property(core, f"{_TERMS}{name}") for name in ("created", "modified"))
    if created is None or created == _EMPTY:
        return None
    try:
        days = (datetime.fromisoformat(saved) - datetime.fromisoformat(created)).days if saved else 0
    except (ValueError, TypeError):  # not dates, or one without a zone
        return created
    return created if days <= _DAYS else None


def _lines(parent: Element) -> list[str]:
    """The paragraphs and rows of a body, a cell or a text box. Each is read once, however they nest."""
    out: list[str] = []
    for element in _children(parent, _BLOCKS):
        if element.tag == f"{_WORD}tbl":
            out += ["\t".join(" ".join(_lines(cell)) for cell in _within(row, "tc")) for row in _within(element, "tr")]
        else:
            out.append(_text(element))
            for box in _boxes(element):
                out += _lines(box)
    return out


def _children(parent: Element, tags: frozenset[str]) -> list[Element]:
    """The children with one of these tags, also those inside elements that only stand around others."""
    out: list[Element] = []
    for child in parent:
        if child.tag in tags:
            out.append(child)
        elif child.tag.removeprefix(_WORD) in _AROUND:
            out += _children(child, tags)
    return out


def _within(element: Element, tag: str) -> Iterator[Element]:
    """The rows of a table, or the cells of a row, without deleted ones and those of tables inside."""
    rows = _children(element, frozenset({f"{_WORD}{tag}"}))
    return (child for child in rows if child.find(f"{_WORD}trPr/{_WORD}del") is None)


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes of a paragraph. Word writes each in two forms; the first is read."""
    for child in element:
        tag = child.tag.removeprefix(_WORD)
        if tag == "txbxContent":
            yield child
        elif child.tag == f"{_COMPATIBILITY}AlternateContent":
            forms = [list(_boxes(form)) for form in child]
            yield from next(filter(None, forms), [])
        elif tag not in ("del", "moveFrom"):
            yield from _boxes(child)


def _text(paragraph: Element) -> str:
    """The text of a paragraph, with a phonetic guide as ruby."""
    out: list[str] = []
    field: list[str] | None = None
    for kind, text in _pieces(paragraph):
        if kind == "begin":
            field = []
        elif kind == "instruction" and field is not None:
            field.append(text)
        elif kind == "end" and field is not None:
            if guide := _FIELD.search(" ".join("".join(field).split())):
                out.append(_ruby(guide["base"], guide["guide"]))
            field = None
        elif kind == "text":
            out.append(text)
    return "".join(out)


def _pieces(paragraph: Element) -> Iterator[tuple[str, str]]:
    """(kind, text) in the order of the text."""
    open_ = [iter(paragraph)]
    while open_:
        child = next(open_[-1], None)
        if child is None:
            open_.pop()
            continue
        tag = child.tag.removeprefix(_WORD)
        if tag == "t":
            yield "text", child.text or ""
        elif tag == "r" and child.find(f"{_WORD}rPr/{_WORD}vanish") is not None:
            continue  # hidden text
        elif tag == "ruby":
            yield "text", _ruby(_inside(child, "rubyBase"), _inside(child, "rt"))
        elif tag == "instrText":
            yield "instruction", child.text or ""
        elif tag == "fldChar":
            yield child.get(f"{_WORD}fldCharType") or "", ""
        elif tag in _SIGNS:
            yield "text", _SIGNS[tag]
        elif tag not in _SILENT:
            open_.append(iter(child))


def _inside(ruby: Element, tag: str) -> str:
    part = ruby.find(f"{_WORD}{tag}")
    return "".join(text for kind, text in _pieces(part) if kind == "text") if part is not None else ""


def _ruby(base: str, guide: str) -> str:
    return f"<ruby>{base}<rt>{guide}</rt></ruby>"


def _property(core: Element | None, tag: str) -> str | None:
    """A field of the metadata."""
    element = core.find(tag) if core is not None else None
    return (element.text or "").strip() or None if element is not None else None
