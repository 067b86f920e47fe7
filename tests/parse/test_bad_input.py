"""Input that cannot be read gives a clear message and no traceback; nothing is executed or fetched."""

from __future__ import annotations

import os
import zipfile
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from archives import archive, epub
from langdu.errors import InputError
from langdu.parse.sources.source import read_source

if TYPE_CHECKING:
    from pathlib import Path

LAUGHS = '<!DOCTYPE lolz [<!ENTITY a "哈"><!ENTITY b "&a;&a;&a;&a;">]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY file SYSTEM "file:///etc/passwd">]>'
CONTAINER_OF = (
    '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>{}</rootfiles></container>'
)


def refusal(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_source(str(path))
    assert str(path) in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("name", "data", "wanted"),
    [
        ("a.txt", b"", "empty"),
        ("a.txt", b" \n\n", "empty"),
        ("a.txt", b"only English", "no Chinese characters"),
        ("a.txt", "江上\0结冰".encode(), "NUL"),
        (
            "a.txt",
            ("江上结了冰，孩子们在冰上滑来滑去，大人在岸边。".encode() + b"\xff\xfe" + "雪".encode()),
            "damaged: line 1",
        ),
        ("a.txt", b"\xed\xa0\x80" + "江上结了冰，孩子们在冰上滑来滑去，大人在岸边煮鱼汤。".encode(), "damaged: line 1"),
        ("a.txt", b"%PDF-1.7 ...", "a PDF"),
        ("a.doc", b"\xd0\xcf\x11\xe0" + b"\0" * 100, "an old Word document"),
        ("a.epub", "江上".encode(), "not a file of type EPUB"),
        ("a.docx", "江上".encode(), "not a file of type DOCX"),
        ("a.epub", b"PK\x03\x04" + b"\0" * 60, "damaged"),
        ("a.zip", archive({"a.txt": "江上"}), "neither EPUB nor DOCX"),
        ("a.epub", archive({"META-INF/container.xml": CONTAINER_OF.format("")}), "does not name a package"),
        ("a.epub", archive({"META-INF/container.xml": LAUGHS + CONTAINER_OF.format("")}), "declares entities"),
        ("a.docx", archive({"word/document.xml": OUTSIDE + "<a>&file;</a>"}), "declares entities"),
        ("a.docx", archive({"word/document.xml": "<a><b>"}), "not XML"),
        (
            "a.epub",
            archive({"META-INF/container.xml": CONTAINER_OF.format('<rootfile full-path="../../etc/passwd"/>')}),
            "missing in it",
        ),
        ("a.json", b'{"title": ', "not valid JSON"),
        ("a.json", b"[" * 100_000 + b"]" * 100_000, "JSON"),
    ],
)
def test_refused_with_a_reason(tmp_path: Path, name: str, data: bytes, wanted: str) -> None:
    assert wanted in refusal(tmp_path, name, data)


def test_missing(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no file"):
        read_source(str(tmp_path / "none.txt"))


def test_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a folder"):
        read_source(str(tmp_path))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="the superuser may read everything")
def test_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("江上", encoding="utf-8")
    path.chmod(0)
    with pytest.raises(InputError, match="cannot be read"):
        read_source(str(path))


def test_a_name_that_is_none() -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_source("a\0b")


def test_no_standard_input() -> None:
    with pytest.raises(InputError, match="no standard input"):
        read_source("-")


class Endless(BytesIO):
    """A stream that never ends."""

    def read(self, size: int | None = -1) -> bytes:
        assert size is not None
        assert size > 0
        return b"\xe5" * size


def test_too_big() -> None:
    with pytest.raises(InputError, match="larger than 64 MiB"):
        read_source("-", Endless())


def test_zip_bomb(tmp_path: Path) -> None:
    assert "unpacks to more" in refusal(tmp_path, "a.docx", archive({"word/document.xml": b" " * (40 << 20)}))


def test_zip_that_lies_about_its_sizes(tmp_path: Path) -> None:
    data = bytearray(archive({"word/document.xml": b" " * (40 << 20)}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert refusal(tmp_path, "a.docx", bytes(data))


def test_encrypted_zip(tmp_path: Path) -> None:
    data = bytearray(archive({"word/document.xml": "<a/>"}))
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + flags] |= 1
    assert "encrypted" in refusal(tmp_path, "a.docx", bytes(data))


def test_encrypted_epub(tmp_path: Path) -> None:
    encryption = (
        '<encryption xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><e:EncryptedData '
        'xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod '
        'Algorithm="{}"/></e:EncryptedData></encryption>'
    )
    locked = epub({"a.xhtml": "江上"}, **{"META-INF__encryption.xml": encryption.format("urn:aes128")})
    assert "DRM" in refusal(tmp_path, "a.epub", locked)
    fonts = epub(
        {"a.xhtml": "江上"}, **{"META-INF__encryption.xml": encryption.format("http://ns.adobe.com/pdf/enc#RC")}
    )
    (tmp_path / "b.epub").write_bytes(fonts)
    assert read_source(str(tmp_path / "b.epub")).text == "江上\n"


def test_archive_with_two_parts_of_a_name(tmp_path: Path) -> None:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as file:
        file.writestr("word/document.xml", "<a/>")
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("word/document.xml", "<b/>")
    assert "no Chinese characters" in refusal(tmp_path, "a.docx", buffer.getvalue())
