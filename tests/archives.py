"""EPUB and DOCX files made in memory."""

from __future__ import annotations

import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

CONTAINER = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    '<rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>'
)
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def archive(parts: Mapping[str, str | bytes]) -> bytes:
    """A ZIP archive with these parts."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        for path, content in parts.items():
            file.writestr(path, content)
    return buffer.getvalue()


def epub(chapters: Mapping[str, str], **more: str) -> bytes:
    """An EPUB whose spine has these chapters, a body each; `more` are further parts, / written as __."""
    items = "".join(
        f'<item id="c{i}" href="{path}" media-type="application/xhtml+xml"/>' for i, path in enumerate(chapters)
    )
    spine = "".join(f'<itemref idref="c{i}"/>' for i in range(len(chapters)))
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf" version="3.0">'
        '<metadata xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>江上的冬天</dc:title>'
        "<dc:creator>王小明</dc:creator><dc:date>2024-01-05</dc:date></metadata>"
        '<manifest><item id="nav" properties="nav" href="nav.xhtml" media-type="application/xhtml+xml"/>'
        f'{items}</manifest><spine><itemref idref="nav"/>{spine}</spine></package>'
    )
    pages = {
        f"OEBPS/{path}": f'<html xmlns="http://www.w3.org/1999/xhtml"><head><title>x</title></head><body>{body}</body></html>'
        for path, body in chapters.items()
    }
    parts = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER,
        "OEBPS/book.opf": package,
        "OEBPS/nav.xhtml": "<html><body><nav>目录</nav></body></html>",
        **pages,
        **{path.replace("__", "/"): content for path, content in more.items()},
    }
    return archive(parts)


def docx(body: str) -> bytes:
    """A DOCX whose document has this body, in WordprocessingML."""
    return archive(
        {
            "word/document.xml": f"<w:document {WORD}><w:body>{body}</w:body></w:document>",
            "docProps/core.xml": (
                '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
                'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>江上的冬天</dc:title>'
                "<dc:creator>王小明</dc:creator></cp:coreProperties>"
            ),
        }
    )
