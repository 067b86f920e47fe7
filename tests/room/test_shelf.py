"""The shelf: plain files that the command line understands, and what a person finds there another day."""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archives import docx, epub
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pipeline.editing.opening import article_of, plain_text
from langdu.pipeline.editing.shelf import Shelf
from programs import langdu
from rooms import ARTICLE, Served, events, served

if TYPE_CHECKING:
    import httpx

    from langdu.model import Article


def said(article: Article) -> list[object]:
    return [
        (p.text, p.is_title, [(span, note.syllables) for span, note in p.annotated()]) for p in article.spoken_order()
    ]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", ARTICLE.encode()),
        ("a.txt", ARTICLE.replace("\n", "\r\n").encode("gb18030", "replace")),
        ("a.md", "---\ntitle: 春\n---\n# 春\n\n**春天**来了。".encode()),
        ("a.docx", docx("<w:p><w:r><w:t>长(cháng)城很长。</w:t></w:r></w:p>")),
        ("a.epub", epub({"c.xhtml": "<p>他<ruby>长<rt>zhǎng</rt></ruby>大了。</p><p>天亮了。</p>"})),
        ("a.html", "<html><title>春</title><body><h1>春</h1><p>他长(zhǎng)大了，很高兴。</p></body></html>".encode()),
        ("a.srt", "1\n00:00:01,000 --> 00:00:02,000\n他长(zhǎng)大了。\n".encode()),
        ("a.json", '{"title": "春", "text": "他长(zhǎng)大了。"}'.encode()),
        ("a.txt", "[他长(zhǎng)大了]很高兴。\n{好}".encode()),
    ],
)  # fmt: skip
def test_an_article_reads_the_same_from_its_file(name: str, data: bytes) -> None:
    article = article_of(data, name)
    ending, text = plain_text(article)
    again = parse_article(extract(text.encode(), f"x{ending}"))
    assert said(again) == said(article)


def test_it_is_there_another_day(tmp_path: Path) -> None:
    with served(tmp_path) as room, room.browser() as browser:
        opened = browser.post("/api/articles", json={"text": ARTICLE}).json()
        url = f"/api/articles/{opened['id']}"
        browser.post(f"{url}/correct", json={"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "here"})
        browser.put(f"{url}/place", json={"paragraph": 1, "at": 2})
    with served(tmp_path) as room, room.browser() as browser:
        (shelved,) = browser.get("/api/shelf").json()["articles"]
        assert (shelved["id"], shelved["title"], shelved["corrections"]) == (opened["id"], "江上的冬天", 1)
        again = browser.get(url).json()
        assert again["place"] == {"paragraph": 1, "at": 2}
        # The same text, opened again, is the article that was corrected before.
        assert browser.post("/api/articles", json={"text": ARTICLE}).json()["id"] == opened["id"]
        assert browser.get(f"{url}/text").text == ARTICLE.replace("Zhòng", "Chóng")


def test_the_command_line_understands_what_stands_there(
    browser: httpx.Client, article: dict[str, Any], room: Served
) -> None:
    url, folder, name = f"/api/articles/{article['id']}/findings", room.folder(article), Path(article["file"]).name
    (finding,) = browser.get(url).json()["findings"]
    assert langdu("check", name, cwd=folder, ok=(0, 1)).stdout.count("重庆") > 0
    browser.post(url, json={"finding": finding["id"], "do": "ignore"})
    told = langdu("check", name, "--baseline", "accepted.tsv", "--format", "json", cwd=folder)
    assert told.stdout == ""
    (line,) = article["left_out"]
    browser.post(f"/api/articles/{article['id']}/keep", json={"line": line["line"], "keep": True})
    parsed = json.loads(langdu("parse", name, "--json", cwd=folder).stdout)
    assert [p["text"] for p in parsed["paragraphs"]][1] == "分享到微信"


def test_other_files_on_the_shelf_are_ignored(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    assert list(shelf.articles()) == []
    for name, text in (
        ("a/shelf.json", "{"),
        ("b/shelf.json", "[]"),
        ("c/x.txt", "春"),
        ("d/shelf.json", '{"file": 1}'),
    ):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "e.txt").write_text("春", encoding="utf-8")
    row = {"title": "x", "file": "../../x.txt", "opened": "", "used": "", "characters": 1, "corrections": 0}
    (tmp_path / "a" / "shelf.json").write_text(json.dumps(row), encoding="utf-8")
    assert list(shelf.articles()) == []


@pytest.mark.parametrize(
    "damage",
    [
        '"progress": 1' + "0" * 400, '"progress": NaN', '"title": "\\ud800"', '"characters": 1' + "0" * 30,
        '"original": "\\udfff"', '"at": -1', '"paragraph": "x"', '"used": 1', '"file": "\\ud800.txt"',
    ],
)  # fmt: skip
def test_one_damaged_article_hides_no_other(
    browser: httpx.Client, article: dict[str, Any], room: Served, damage: str
) -> None:
    mine = room.shelf / "damaged"
    mine.mkdir(exist_ok=True)
    row = (room.folder(article) / "shelf.json").read_text(encoding="utf-8")
    (mine / "shelf.json").write_text(row.rstrip().removesuffix("}") + f", {damage}}}", encoding="utf-8")
    got = browser.get("/api/shelf").json()
    assert [each["id"] for each in got["articles"]] == [article["id"]]
    assert got["damaged"] == [str(mine)]
    assert browser.get("/api/articles/damaged").status_code == 404
    assert browser.post("/api/articles", json={"text": ARTICLE}).json()["id"] == article["id"]
    shutil.rmtree(mine)


@pytest.mark.parametrize("damage", [b"\xff", b"{", b'{"title": 1}', b" " * 300_000])
def test_a_shelf_json_that_is_damaged_while_the_article_is_open_is_kept_and_told(tmp_path: Path, damage: bytes) -> None:
    told: list[str] = []
    shelf = Shelf(tmp_path, told.append)
    new = shelf.add(article_of(ARTICLE.encode(), "a.txt"))
    about = tmp_path / new.id / "shelf.json"
    assert told == []
    for number in (1, 2):
        about.write_bytes(damage)
        shelf.note(new)
        assert shelf.find(new.id) == new
        assert about.with_name(f"shelf.json.damaged-{number}").read_bytes() == damage
        assert told[number - 1 :] == [
            f"{about} was damaged: it is written anew, and the damaged one is kept as shelf.json.damaged-{number}"
        ]
    shelf.note(new)
    assert len(told) == 2
    shelf.remove(new)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes")
def test_a_pipe_in_the_place_of_shelf_json_is_kept_and_told(tmp_path: Path) -> None:
    told: list[str] = []
    shelf = Shelf(tmp_path, told.append)
    new = shelf.add(article_of(ARTICLE.encode(), "a.txt"))
    about = tmp_path / new.id / "shelf.json"
    about.unlink()
    os.mkfifo(about)
    shelf.note(new)
    assert (shelf.find(new.id), len(told)) == (new, 1)
    assert about.with_name("shelf.json.damaged-1").is_fifo()


def test_the_room_tells_of_it(browser: httpx.Client, article: dict[str, Any], room: Served) -> None:
    about = room.folder(article) / "shelf.json"
    about.write_text("{", encoding="utf-8")
    place = {"paragraph": 0, "at": 1}
    message = ""
    for name, data in events(browser, article):
        if name == "progress":
            assert browser.put(f"/api/articles/{article['id']}/place", json=place).status_code == 204
        if name == "notice":
            message = data["message"]
            break
    assert "was damaged: it is written anew" in message
    assert json.loads(about.read_text(encoding="utf-8"))["paragraph"] == 0
    about.with_name("shelf.json.damaged-1").unlink()


@pytest.mark.parametrize("damage", [b"\xff", b"a line without tabs\n"])
def test_damaged_notes_are_told(browser: httpx.Client, article: dict[str, Any], room: Served, damage: bytes) -> None:
    notes = room.folder(article) / "accepted.tsv"
    notes.write_bytes(damage)
    answer = browser.get(f"/api/articles/{article['id']}/findings")
    assert answer.status_code == 422
    assert "accepted.tsv" in answer.json()["error"]
    assert browser.get(f"/api/articles/{article['id']}").status_code == 200
    notes.unlink()


def test_a_page_to_take_away_does_not_say_where_it_stood(browser: httpx.Client, room: Served) -> None:
    opened = browser.post("/api/articles", json={"text": "他长大了。"}).json()
    written = browser.get(f"/api/articles/{opened['id']}/text?style=ruby").text
    assert f"<title>{Path(opened['file']).stem}</title>" in written
    assert str(room.shelf) not in written


def test_articles_with_one_title_have_folders_of_their_own(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    texts = [ARTICLE, ARTICLE.replace("玩儿", "玩"), ARTICLE.replace("累", "饿")]
    ids = [shelf.add(article_of(text.encode(), "a.txt")).id for text in texts]
    assert len(set(ids)) == 3
    assert [each.title for each in shelf.articles()] == ["江上的冬天"] * 3


def test_what_an_editor_writes_is_neither_lost_nor_hidden(browser: httpx.Client, article: dict[str, Any]) -> None:
    url, file = f"/api/articles/{article['id']}", Path(article["file"])
    file.write_text(ARTICLE.replace("累", "饿"), encoding="utf-8")
    place = {"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "here"}
    refused = browser.post(f"{url}/correct", json=place)
    assert refused.status_code == 422
    assert "changed by another program" in refused.json()["error"]
    now = browser.get(url).json()
    assert (now["version"], now["undo"]) == (1, True)
    assert "饿" in now["paragraphs"][2]["text"]
    assert browser.post(f"{url}/correct", json=place).status_code == 200
    for _ in range(2):
        browser.post(f"{url}/undo", json={})
    assert file.read_text(encoding="utf-8") == ARTICLE
    file.unlink()
    assert browser.get(url).status_code == 422


def test_what_is_given_twice_at_once_is_one_article(browser: httpx.Client, room: Served) -> None:
    def give(text: str) -> str:
        answer = browser.post("/api/articles", json={"text": f"一起来\n\n{text}"})
        opened: str = answer.json()["id"]
        return opened

    with ThreadPoolExecutor(8) as people:
        ids = list(people.map(give, ["他来了。"] * 4 + [f"第{number}个人来了。" for number in "一二三四"]))
    assert len(set(ids)) == 5
    assert all((room.shelf / each / "shelf.json").is_file() for each in ids)
