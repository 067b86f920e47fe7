"""langdu check --fix on DOCX and EPUB: a copy in which the pinyin is right and nothing else has changed."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

import pytest

import archives
from langdu.check.document import corrected_document
from langdu.check.report import LocatedFinding
from langdu.errors import InputError
from langdu.model import Finding, Severity, Span
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


def run(text: str) -> str:
    return f'<w:r><w:rPr><w:b/></w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


def ruby(base: str, guide: str) -> str:
    return f"<w:r><w:ruby><w:rt>{run(guide)}</w:rt><w:rubyBase>{run(base)}</w:rubyBase></w:ruby></w:r>"


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


DELETED = "<w:del><w:r><w:delText>项目(xiángmù)</w:delText></w:r></w:del>"
DOCX = [
    (run("这个项目(xiángmù)很好。"), ("xiángmù", "xiàngmù")),
    (run("这个项目(xi") + run("áng") + run("mù)很好，项目(xiàngmù)。"), ("áng</w:t>", "àng</w:t>")),
    (DELETED + run("这个项目(xiángmù)很好。"), (">这个项目(xiángmù)", ">这个项目(xiàngmù)")),
    (run("城市的") + ruby("建", "qiàn") + ruby("设", "shè") + run("很快。"), ("qiàn", "jiàn")),
    (run("A&amp;B的项目(xi&#225;ngmù)。"), ("xi&#225;ng", "xiàng")),
    (run("他在北京（Běi jìng）住。"), ("Běi jìng", "Běi jīng")),
    (run("对的项目(xiàngmù)和错的项目(xiángmù)。"), ("错的项目(xiáng", "错的项目(xiàng")),
]


@pytest.mark.parametrize(("body", "change"), DOCX)
def test_a_word_document(tmp_path: Path, body: str, change: tuple[str, str]) -> None:
    source = tmp_path / "a.docx"
    source.write_bytes(archives.docx(f"<w:p>{run('一个标题')}</w:p><w:p>{body}</w:p>"))
    done = langdu("check", "a.docx", "--fix", cwd=tmp_path)
    assert "a.docx: 1 corrected in a.fixed.docx" in done.stderr
    before, after = members(source), members(tmp_path / "a.fixed.docx")
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {"word/document.xml"}
    assert after["word/document.xml"].decode() == before["word/document.xml"].decode().replace(*change)
    assert "0 errors" in langdu("check", "a.fixed.docx", cwd=tmp_path).stderr


def test_a_book(tmp_path: Path) -> None:
    source = tmp_path / "a.epub"
    chapters = {
        "1.xhtml": "<h1>春天</h1><p>这个项目(xiángmù)很好。</p><p>一样的<b>项目</b>(xiàngmù)。</p>",
        "2.xhtml": "<h1>夏天</h1><p>城市的<ruby>建设<rt>qiànshè</rt></ruby>，项目(xiángmù)。</p>",
    }
    source.write_bytes(archives.epub(chapters, OEBPS__notes__html="<html><body>项目(xiángmù)</body></html>"))
    done = langdu("check", "a.epub", "--fix", "-o", "b.epub", cwd=tmp_path)
    assert "a.epub: 3 corrected in b.epub" in done.stderr
    before, after = members(source), members(tmp_path / "b.epub")
    assert list(after) == list(before)
    assert {name for name in before if before[name] != after[name]} == {"OEBPS/1.xhtml", "OEBPS/2.xhtml"}
    assert after["OEBPS/1.xhtml"] == before["OEBPS/1.xhtml"].replace("xiáng".encode(), "xiàng".encode())
    second = before["OEBPS/2.xhtml"].decode().replace("xiáng", "xiàng").replace("qiànshè", "jiànshè")
    assert after["OEBPS/2.xhtml"].decode() == second


def test_a_document_in_place(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(archives.docx(f"<w:p>{run('这个项目(xiángmù)很好。')}</w:p>"))
    langdu("check", "a.docx", "--fix", "--in-place", cwd=tmp_path)
    assert "xiàngmù" in members(tmp_path / "a.docx")["word/document.xml"].decode()


def test_a_part_in_another_encoding_is_corrected_by_hand(tmp_path: Path) -> None:
    page = '<?xml version="1.0" encoding="utf-16"?><html><body><p>这个项目(xiángmù)很好。</p></body></html>'
    book = archives.epub({"1.xhtml": "<p>春天来了。</p>"}, OEBPS__1__xhtml=page)
    (tmp_path / "a.epub").write_bytes(book)
    with zipfile.ZipFile(tmp_path / "a.epub", "w") as archive:
        for name, content in {**_parts(archives.epub({"1.xhtml": ""})), "OEBPS/1.xhtml": page.encode("utf-16")}.items():
            archive.writestr(name, content)
    done = langdu("check", "a.epub", "--fix", ok=(1,), cwd=tmp_path)
    assert "1 correction found no certain place in the document: correct what is listed by hand" in done.stderr
    assert not (tmp_path / "a.fixed.epub").exists()


def _parts(data: bytes) -> dict[str, bytes]:
    from io import BytesIO  # noqa: PLC0415

    with zipfile.ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_a_copy_that_would_read_otherwise_is_refused() -> None:
    finding = Finding(
        rule="wrong-tone", severity=Severity.ERROR, message="", paragraph=0, span=Span(0, 2), text="项目",
        written="xiángmù", suggestion="xiàngmù", certain=True,
    )  # fmt: skip
    located = LocatedFinding(
        finding=finding, file="a", line=1, column=1, place=Span(0, 11), annotation=Span(3, 10), around=""
    )
    data = archives.archive({"word/document.xml": "<p>项目(xiángmù)</p>"})

    def read(copy: bytes) -> str:
        text = _parts(copy)["word/document.xml"].decode()[3:-4]
        return text + "!" if "xiàng" in text else text

    with pytest.raises(InputError, match="no certain place"):
        corrected_document(data, "项目(xiángmù)", [located], "a.docx", read)
