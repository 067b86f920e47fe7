"""Documents made to cost time or memory: each is read quickly, or refused with one line.

The sizes are such that time with the square of them would be hours.
"""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
import trafilatura

from archives import CONTAINER, WORD, archive, docx, epub
from langdu.errors import InputError
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract

WORDS = "<w:p><w:r><w:t>江上结冰</w:t></w:r></w:p>"


def text_of(data: bytes, name: str) -> str:
    return extract(data, name).text


def refusal(data: bytes, name: str, charset: str | None = None) -> str:
    with pytest.raises(InputError) as caught:
        extract(data, name, charset)
    message = str(caught.value)
    assert message.startswith(name)
    assert "\n" not in message
    return message


@pytest.mark.parametrize(
    ("begin", "end"),
    [
        ("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>"),
        ("<w:p><w:r><w:txbxContent>", "</w:txbxContent></w:r></w:p>"),
        ("<w:p><w:ruby><w:rubyBase>", "</w:rubyBase></w:ruby></w:p>"),
        ("<w:p><w:ruby><w:rubyBase><w:txbxContent>", "</w:txbxContent></w:rubyBase></w:ruby></w:p>"),
        ("<w:sdt><w:sdtContent>", "</w:sdtContent></w:sdt>"),
    ],
)
def test_what_nests_in_a_docx_is_read_once(begin: str, end: str) -> None:
    """The innermost paragraph is read at most once, whatever stands around it."""
    read = text_of(docx(f"<w:p>{begin * 40}{WORDS}{end * 40}</w:p>{WORDS}{begin * 40}{WORDS}{end * 40}"), "a.docx")
    assert read.count("江上结冰") <= 3


@pytest.mark.parametrize("tag", ["w:r", "w:sdt", "w:ins", "w:tbl", "w:hyperlink"])
def test_a_docx_that_nests_too_deep(tag: str) -> None:
    deep = f"<w:p>{f'<{tag}>' * 2000}<w:t>江上</w:t>{f'</{tag}>' * 2000}</w:p>"
    assert "word/document.xml is nested deeper than 200 levels" in refusal(docx(deep), "a.docx")
    assert "nested deeper" in refusal(docx(f"{f'<{tag}>' * 2000}{WORDS}{f'</{tag}>' * 2000}"), "a.docx")


@pytest.mark.parametrize("instruction", ["\\o" + " " * 3_000_000, "\\o " * 1_000_000, "\\o(\\s\\up 9(" * 300_000])
def test_a_field_of_a_docx(instruction: str) -> None:
    field = (
        f'<w:p><w:fldChar w:fldCharType="begin"/><w:instrText>{instruction}</w:instrText>'
        f'<w:fldChar w:fldCharType="end"/></w:p>{WORDS}'
    )
    assert text_of(docx(field), "a.docx") == "\n江上结冰\n"


def test_attributes_that_a_declaration_gives_to_all() -> None:
    declared = '<!DOCTYPE d [<!ATTLIST x a CDATA "江">]><d><x/></d>'
    assert "declares attributes" in refusal(archive({"word/document.xml": declared}), "a.docx")


def test_too_many_elements() -> None:
    many = f"<w:document {WORD}>" + "<w:p/>" * 500_001 + "</w:document>"
    assert "more than 500,000 elements" in refusal(archive({"word/document.xml": many}), "a.docx")


@pytest.mark.parametrize("method", [zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_docx_that_is_compressed_as_none_is(method: int) -> None:
    """LZMA in a ZIP chooses the size of its dictionary; damaged, it raised a foreign error."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as file:
        file.writestr("word/document.xml", f"<w:document {WORD}><w:body>{WORDS}</w:body></w:document>")
    for data in (buffer.getvalue(), buffer.getvalue().replace(b"word/document.xml", b"word/document.xml\xff", 1)):
        assert "is compressed in a way that EPUB and DOCX never are" in refusal(data, "a.docx")


def test_an_archive_of_more_parts_than_a_book_has() -> None:
    """The directory may list one part any number of times; each entry takes a kilobyte of memory."""
    data = archive({"word/document.xml": "<a/>"})
    at = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    many = data[:at] + data[at:end] * 20_001 + data[end:]
    assert "more than 20,000 parts" in refusal(many, "a.docx")


def test_a_chapter_that_the_spine_names_often() -> None:
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><manifest>'
        '<item id="c" href="a.xhtml" media-type="application/xhtml+xml"/>'
        '<item id="d" href="./b/../a.xhtml" media-type="application/xhtml+xml"/></manifest>'
        "<spine>" + '<itemref idref="c"/><itemref idref="d"/>' * 50_000 + "</spine></package>"
    )
    book = {"META-INF/container.xml": CONTAINER, "OEBPS/book.opf": package, "OEBPS/a.xhtml": "<p>江上结冰</p>"}
    assert text_of(archive(book), "a.epub") == "江上结冰\n"


def test_a_book_with_too_much_text() -> None:
    chapters = {f"{i}.xhtml": "<p>" + "江上结冰" * 700_000 + "</p>" for i in range(3)}
    assert "a.epub has more than 5 million characters" in refusal(epub(chapters), "a.epub")


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.json", "a.srt"])
def test_a_file_with_too_much_text(name: str) -> None:
    before, after = {"a.json": ('{"text": "', '"}'), "a.srt": ("00:00:01,000 --> 00:00:02,000\n", "")}.get(
        name, ("", "")
    )
    message = refusal((before + "江上结冰" * 1_300_000 + after).encode(), name)
    assert message == f"{name} has more than 5 million characters of text; cut it into parts"


def test_a_page_too_large() -> None:
    assert "more than 16 million characters of HTML" in refusal(b"<html>" + b"<b>" * 6_000_000, "a.html")


@pytest.mark.parametrize(
    "markup", ["<p " + " ".join(f'a{i}="1"' for i in range(100_000)) + ">", "<b>江</b>" * 50_000], ids=["one", "many"]
)
def test_a_page_that_is_all_attributes_or_elements(markup: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """To find the main text of such a page took minutes; now all of it is read."""
    monkeypatch.delattr(trafilatura, "extract")
    assert text_of(f"<html><body>{markup}江上结冰</body></html>".encode(), "a.html").endswith("江上结冰\n")


@pytest.mark.parametrize(
    "charset", ["undefined", "utf-8\0", "punycode", "idna", "unicode_escape", "zip", "汉", "\ud800"]
)
def test_an_encoding_that_is_none(charset: str) -> None:
    """A declared encoding is ignored if it is not one of text."""
    assert extract("江上结冰".encode(), "a.txt", charset).text == "江上结冰"
    assert extract(b'<html><meta charset="undefined"><p>\xe6\xb1\x9f', "a.html").text == "江\n"


def test_what_json_can_escape_and_no_text_can_hold() -> None:
    fields = ("title", "author", "date", "source", "text")
    written = "{" + ", ".join(f'"{field}": "江\\ud800上\\u0000"' for field in fields) + "}"
    source = extract(written.encode(), "a.json")
    for field in (source.title, source.author, source.date, source.origin, source.text.splitlines()[-1]):
        assert field == "江?上"
    parse_article(source)


@pytest.mark.parametrize("opener", ["[", '{"text":', '[{"a":'])
def test_json_that_nests_without_end(opener: str) -> None:
    assert "JSON" in refusal(opener.encode() * 200_000, "a.json")
    assert "deeper than 200 levels" in refusal(f"{'[' * 300}{']' * 300}".encode(), "a.json")


def test_a_table_in_a_text_with_many_blanks() -> None:
    row = f"<table><tr><td>江</td>{chr(10) * 300_000}<td>上</td>{' ' * 300_000}</tr></table>"
    assert text_of(row.encode(), "a.txt").startswith("<table><tr><td>江</td>\t<td>上</td>")


def test_a_page_with_many_blanks_that_do_not_break() -> None:
    assert text_of(("<p>江" + "&nbsp;" * 300_000 + "上").encode(), "a.xhtml").startswith("江")
