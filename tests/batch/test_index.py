"""The index page of an archive, read by a parser."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import TYPE_CHECKING, Any

from playwright.sync_api import expect

from browsers import chromium
from langdu.batch.index import page

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, Any]] = [
    {"folder": "a", "title": "</td><script>alert(1)</script>", "source": "a&b.txt", "status": "made", "seconds": 75.0,
     "file": "a b.mp3", "findings": {"error": 0, "warning": 2, "info": 0}},
    {"folder": "b/../c", "title": "好\u202e", "source": "b.txt", "status": "unchanged", "seconds": 3600},
    {"folder": "d", "title": "", "source": "d.txt", "status": "failed", "error": "<b>no hanzi</b>"},
    {"folder": "e", "title": "错", "source": "e.txt", "status": "made", "findings": {"error": 1}},
    {"folder": "f", "title": 3, "source": None, "status": [], "seconds": "x", "findings": {"error": "y"}},
]  # fmt: skip


class _Cells(HTMLParser):
    """The text of each row's cells, where links lead, and the scripts."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.links: list[str] = []
        self.scripts = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "tr":
            self.rows.append([])
        elif tag in {"td", "th"}:
            self.rows[-1].append("")
        elif tag == "a":
            self.links.append(dict(attrs)["href"] or "")
        self.scripts += tag == "script"

    def handle_data(self, data: str) -> None:
        if self.rows and self.rows[-1]:
            self.rows[-1][-1] += data


def read() -> _Cells:
    cells = _Cells()
    cells.feed("".join(page(ROWS)))
    cells.rows = [[cell.strip() for cell in row] for row in cells.rows]
    return cells


def test_what_needs_attention_comes_first() -> None:
    heads, *rows = read().rows
    assert heads == ["Title", "Source", "Status", "Length", "Errors", "Warnings"]
    assert [row[1] for row in rows] == ["d.txt", "e.txt", "a&b.txt", "b.txt", ""]


def test_texts_are_shown_as_they_are() -> None:
    cells = read()
    assert cells.rows[3][0] == "</td><script>alert(1)</script>"
    assert cells.rows[1][2] == "✗ failed <b>no hanzi</b>"
    assert "\u202e" not in "".join(page(ROWS))
    assert cells.scripts == 1
    assert cells.links == [
        f"./{name}" for name in ("e/manifest.json", "a/a%20b.mp3", "b/../c/manifest.json", "f/manifest.json")
    ]


def test_no_folder_of_the_machine_is_in_the_page() -> None:
    row = {"folder": "a", "title": "", "source": "/srv/my own/a.txt", "status": "failed",
           "error": "/srv/my own/a.txt has no hanzi; /srv/lexicon.tsv, line 3; see https://a.example/b"}  # fmt: skip
    text = "".join(page([row]))
    assert "<td>a.txt</td>" in text
    assert "a.txt has no hanzi; lexicon.tsv, line 3; see https://a.example/b" in text
    assert "/srv" not in text


def test_what_failed_claims_nothing() -> None:
    assert read().rows[1][3:] == ["", "", ""]
    assert read().rows[3][3:] == ["1:15", "0", "2"]


def test_the_page_fits_a_phone(tmp_path: Path) -> None:
    title = "时间过半任务过半长春进度条上的"
    long = {**ROWS[0], "folder": "long", "title": title, "source": f"in/{'x' * 300}.txt"}
    failed = {**ROWS[2], "folder": "z", "error": "there is no such voice here, and it is long in telling so " * 5}
    made = tmp_path / "index.html"
    made.write_text("".join(page([*ROWS, long, failed])), encoding="utf-8")
    with chromium() as browser:
        tab = browser.new_page(viewport={"width": 390, "height": 800})
        tab.goto(made.as_uri())
        assert tab.evaluate("document.documentElement.scrollWidth") <= 390
        search = tab.get_by_role("searchbox")
        search.fill("没有这个")
        expect(tab.get_by_text("No article has this.")).to_be_visible()
        search.fill("时间")
        expect(tab.get_by_text(title)).to_be_visible()
        expect(tab.get_by_text("No article has this.")).to_have_count(0)
        expect(tab.get_by_text("a&b.txt")).to_be_hidden()
        search.fill("")
        for width in (740, 840, 1000):
            tab.set_viewport_size({"width": width, "height": 800})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width
        box = tab.get_by_text(title).bounding_box()
        assert box
        assert box["height"] < 30, "a title is not broken while others have room"


def test_lengths_are_added_up() -> None:
    assert "5 articles, 1:01:15 of sound; 1 failed." in "".join(page(ROWS))
