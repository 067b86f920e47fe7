"""`langdu sheet`: a test sheet as a web page and for Word."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING
from zipfile import ZipFile

import docx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from langdu.model import AnnotationStyle
from langdu.parse.writers import annotate
from langdu.pipeline.text import parse
from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

ARTICLE = "六安的春天\n\n清早，六安(lù ān)的长(cháng)街。\n我们玩儿3天。\n"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "article.txt").write_text(ARTICLE, encoding="utf-8")
    return tmp_path


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    path = shutil.which("chromium")
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("needs Chromium: apt install chromium")
        browser = playwright.chromium.launch(executable_path=path)
        yield browser.new_page()
        browser.close()


def ruby(folder: Path, name: str) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """The ruby of a document, base and text: that of the tasks, and that of the key."""
    document = docx.Document(str(folder / name))
    found: tuple[list[tuple[str, str]], list[tuple[str, str]]] = ([], [])
    in_key = False
    for paragraph in document.paragraphs:
        in_key |= paragraph.text == "Key"
        for element in paragraph._p.iter(f"{W}ruby"):  # noqa: SLF001
            base, above = (
                "".join(t.text or "" for t in element.find(f"{W}{part}").iter(f"{W}t")) for part in ("rubyBase", "rt")
            )
            found[in_key].append((base, above))
    return found


@pytest.mark.parametrize(
    ("ask", "first", "erhua"),
    [("pinyin", ("六", "\u00a0____\u00a0"), "玩儿"), ("tones", ("六", "lu"), "玩儿"), ("hanzi", ("□", "lù"), "□□")],
)
def test_word(folder: Path, ask: str, first: tuple[str, str], erhua: str) -> None:
    done = langdu("sheet", "article.txt", "--ask", ask, "-o", "sheet.docx", cwd=folder)
    assert (done.stdout, "16 to fill in" in done.stderr) == ("sheet.docx\n", True)
    tasks, key = ruby(folder, "sheet.docx")
    assert tasks[0] == first
    assert erhua in {base for base, _ in tasks}
    assert len(tasks) == len(key) == 16
    assert key[:2] == [("六", "lù"), ("安", "ān")]
    assert ("玩儿", "wánr") in key
    document = docx.Document(str(folder / "sheet.docx"))
    assert (document.core_properties.title == "六安的春天") is (ask != "hanzi")
    assert document.core_properties.created is None
    with ZipFile(folder / "sheet.docx") as file:
        assert {member.date_time for member in file.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_langdu_reads_its_own_key(folder: Path) -> None:
    langdu("sheet", "article.txt", "-o", "sheet.docx", cwd=folder)
    assert "长(cháng)街(jiē)" in annotate(parse(folder / "sheet.docx"), AnnotationStyle.BRACKETS)


@pytest.mark.parametrize("ask", ["pinyin", "tones", "hanzi"])
def test_page(folder: Path, page: Page, ask: str) -> None:
    langdu("sheet", "article.txt", "--ask", ask, "-o", "sheet.html", cwd=folder)
    page.goto((folder / "sheet.html").as_uri())
    tasks, key = page.locator(f".{ask} .asked b"), page.locator(".key .asked b")
    assert key.all_inner_texts()[:3] == ["lù", "ān", "de"]
    wanted = {"pinyin": ["", "", ""], "tones": ["lu", "an", "de"], "hanzi": ["lù", "ān", "de"]}
    assert tasks.all_inner_texts()[:3] == wanted[ask]
    assert ("六" in page.locator(f".{ask}").inner_text()) is (ask != "hanzi")
    assert ("六" in page.title()) is (ask != "hanzi")
    assert Axe().run(page).response["violations"] == []
    page.pdf(path=folder / "sheet.pdf", format="A4")
    assert (folder / "sheet.pdf").read_bytes().count(b"/Type /Page\n") == 2


def test_only_what_is_annotated(folder: Path) -> None:
    langdu("sheet", "article.txt", "--over", "annotated", "-o", "sheet.docx", cwd=folder)
    tasks, key = ruby(folder, "sheet.docx")
    assert [base for base, _ in tasks] == ["六", "安", "长"]
    assert len(key) == 16


def test_text_of_an_article_is_no_markup(folder: Path) -> None:
    (folder / "bad.txt").write_text("<b>长</b>街 & ]]> <script>\n", encoding="utf-8")
    langdu("sheet", "bad.txt", "-o", "sheet.docx", cwd=folder)
    langdu("sheet", "bad.txt", "-o", "sheet.html", cwd=folder)
    assert "<script" not in (folder / "sheet.html").read_text(encoding="utf-8")
    assert ("长", "\u00a0____\u00a0") in ruby(folder, "sheet.docx")[0]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("article.txt",), 2, "sheet writes a file: name it with -o test.html or -o test.docx"),
        (
            ("article.txt", "-o", "sheet.pdf"),
            2,
            "sheet.pdf: a sheet is a web page or a Word file; name a file that ends in",
        ),
        (("article.txt", "-o", "sheet.doc"), 2, "ends in .html or .docx"),
        (("plain.txt", "-o", "sheet.html", "--over", "annotated"), 2, "plain.txt annotates no words"),
        (("nope.txt", "-o", "sheet.html"), 2, "there is no file nope.txt"),
        (("article.txt", "-o", "article.txt/sheet.html"), 3, "sheet.html cannot be written"),
        (("article.txt", "-o", "article.txt/sheet.docx"), 3, "sheet.docx cannot be written"),
    ],
)
def test_mistakes(folder: Path, arguments: tuple[str, ...], status: int, says: str) -> None:
    (folder / "plain.txt").write_text("春天来了。\n", encoding="utf-8")
    done = langdu("sheet", *arguments, cwd=folder, ok=(status,))
    assert says in done.stderr
    assert "Traceback" not in done.stderr
