"""Several articles: a folder of them, two in one folder, and what `langdu read` says of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    inside = tmp_path / "articles"
    (inside / "old").mkdir(parents=True)
    for name, title in (("2.txt", "二"), ("10.md", "十"), ("1.HTML", "一"), ("old/0.txt", "零"), (".3.txt", "三")):
        text = f"新闻第{title}\n\n这是第{title}条新闻的全部内容。\n"
        if name == "1.HTML":
            text = f"<html><body><h1>新闻第{title}</h1><p>这是第{title}条新闻的全部内容。</p></body></html>"
        (inside / name).write_text(text, encoding="utf-8")
    for name in ("theme.mp3", "~$4.docx", "lexicon.tsv"):
        (inside / name).touch()
    return tmp_path


def read(folder: Path, source: str, out: str, *more: str, ok: tuple[int, ...] = (0,)) -> str:
    return langdu("read", source, "-o", out, "--voice", "silence", *more, cwd=folder, ok=ok).stderr


def headlines(told: str) -> list[str]:
    return [each["title"] for each in json.loads(told)["chapters"] if each["story"]]


def test_a_folder_is_its_articles_in_order_of_name(folder: Path) -> None:
    asked = ("--voice", "silence", "--format", "srt,notes,html", "--json")
    for out in ("out", "articles", "articles"):  # what the first run wrote there is no article for the second
        done = langdu("brief", "articles", "-o", out, *asked, cwd=folder)
        assert headlines(done.stdout) == ["新闻第一", "新闻第二", "新闻第十"]
        assert "not articles, so left out: old/, theme.mp3 in articles" in done.stderr


def test_the_file_of_a_brief_can_name_a_folder(folder: Path) -> None:
    (folder / "brief.toml").write_text('articles = ["{date}"]\ndate = 2026-11-25\n', encoding="utf-8")
    (folder / "articles").rename(folder / "2026-11-25")
    told = langdu("brief", "brief.toml", "--voice", "silence", "--json", cwd=folder).stdout
    assert len(headlines(told)) == 3


@pytest.mark.parametrize(("name", "says"), [("empty", r"docx, epub)"), ("sounds", "there are only a.mp3, b/")])
def test_a_folder_without_articles(tmp_path: Path, name: str, says: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "sounds" / "b").mkdir(parents=True)
    (tmp_path / "sounds" / "a.mp3").touch()
    said = langdu("brief", name, "--voice", "silence", cwd=tmp_path, ok=(2, 4)).stderr
    assert f"{name} has no article in it" in said
    assert says in said


def test_read_says_what_brief_is_for(folder: Path) -> None:
    said = langdu("read", "a.txt", "b c.txt", cwd=folder, ok=(2,)).stderr
    assert "for one programme of all, run langdu brief a.txt 'b c.txt'" in said
    said = langdu("read", "articles", cwd=folder, ok=(2,)).stderr
    assert "articles is a folder" in said
    assert "langdu brief articles" in said
    assert (
        "there is no option --vioce; did you mean --voice?"
        in langdu("read", "a.txt", "--vioce", "baker", cwd=folder, ok=(2,)).stderr
    )


def test_the_narration_of_another_article_is_not_lost(folder: Path) -> None:
    read(folder, "articles/2.txt", "out")
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()}
    said = read(folder, "articles/10.md", "out", ok=(3,))
    assert "out has the narration of another article, 新闻第二, which would be lost: choose another folder" in said
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()} == before
    langdu("brief", "articles", "-o", "out", "--voice", "silence", cwd=folder, ok=(3,))


def test_an_article_that_has_changed_is_narrated_into_its_folder(folder: Path) -> None:
    read(folder, "articles/2.txt", "out")
    (folder / "articles" / "2.txt").write_text("标题改了\n\n内容也改了。\n", encoding="utf-8")
    assert "another" not in read(folder, str(folder / "articles" / "2.txt"), "out")
    assert (folder / "out" / "标题改了.mp3").exists()
    (folder / "copy.txt").write_text("标题改了\n\n内容又改了。\n", encoding="utf-8")
    said = read(folder, "copy.txt", "out")
    assert "had the narration of another article with the title 标题改了, which this one replaces" in said


def test_a_brief_of_tomorrow_may_have_the_folder_of_today(folder: Path) -> None:
    for day, article in ((25, "2.txt"), (26, "10.md")):
        asked = ("--date", f"2026-11-{day}", "-o", "out", "--voice", "silence")
        langdu("brief", f"articles/{article}", *asked, cwd=folder)
    assert (folder / "out" / "今日要闻-2026-11-26.mp3").exists()
    asked = ("--title", "晚间新闻", "-o", "out", "--voice", "silence")
    assert "has the narration of another" in langdu("brief", "articles/1.HTML", *asked, cwd=folder, ok=(3,)).stderr


@pytest.mark.parametrize("option", ["-o", "--cover", "--lexicon", "--profile"])
def test_an_empty_name_is_not_the_current_folder(folder: Path, option: str) -> None:
    for given in ("", " "):
        done = langdu("read", "articles/2.txt", option, given, "--voice", "silence", cwd=folder, ok=(2,))
        assert "the name is empty" in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["articles"]
