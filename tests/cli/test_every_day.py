"""A brief that is made every day by cron: quiet, the day in words, an exit status for a day without articles."""

from __future__ import annotations

import json
import os
import subprocess
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from programs import LANGDU, langdu

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "江桥通车\n\n江上的桥昨天通车了。\n"


@pytest.fixture
def news(tmp_path: Path) -> Path:
    folder = tmp_path / "news"
    (folder / "2026-11-25").mkdir(parents=True)
    (folder / "2026-11-25" / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (folder / "brief.toml").write_text(
        'articles = ["{date}/*.txt"]\nvoice = "silence"\naudio_dir = "audio"\n[feed]\nfolder = "pod"\n',
        encoding="utf-8",
    )
    return folder


def test_a_job_says_nothing_and_writes_where_its_file_says(news: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    own = {name: os.environ[name] for name in ("HOME", "LANGDU_CACHE_DIR", "SYSTEMROOT") if name in os.environ}
    own["PATH"] = os.defpath  # as cron has it
    command = [str(LANGDU), "brief", str(news / "brief.toml"), "--date", "2026-11-25", "--quiet"]
    for _ in range(2):
        done = subprocess.run(command, cwd=elsewhere, env=own, capture_output=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (news / "audio" / "今日要闻-2026-11-25" / "manifest.json").exists()
    assert (news / "pod" / "feed.xml").exists()
    assert list(elsewhere.iterdir()) == []


def test_a_job_without_a_path(news: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PATH")
    langdu("brief", "brief.toml", "--date", "2026-11-25", "-q", cwd=news)
    assert (news / "pod" / "feed.xml").exists()


def test_what_is_left_out_is_told_even_if_quiet(news: Path) -> None:
    (news / "2026-11-25" / "b.txt").write_bytes(b"")
    asked = ("brief", "brief.toml", "--date", "2026-11-25", "--skip-bad")
    for more in (("--dry-run",), ()):
        said = langdu(*asked, "-q", *more, cwd=news).stderr
        assert said.startswith("langdu: left out: ")
        assert "b.txt" in said
        assert len(said.splitlines()) == 1


def test_a_day_with_nothing_but_what_every_day_has(news: Path) -> None:
    (news / "always.txt").write_text(ARTICLE, encoding="utf-8")
    for articles in ('["always.txt", "{date}/*.txt"]', '["{date}/*.txt"]\n[[story]]\nsource = "always.txt"'):
        (news / "brief.toml").write_text(f"skip_bad = true\narticles = {articles}\n", encoding="utf-8")
        said = langdu("brief", "brief.toml", "--date", "2026-11-30", "--voice", "silence", cwd=news, ok=(4,)).stderr
        assert "no articles for 2026-11-30: no file matches" in said
    assert not (news / "audio").exists()


def test_quiet_still_prints_json_and_errors(news: Path) -> None:
    done = langdu("brief", "brief.toml", "--date", "2026-11-25", "-q", "--json", cwd=news)
    assert (json.loads(done.stdout)["title"], done.stderr) == ("今日要闻 2026-11-25", "")
    (news / "2026-11-25" / "a.txt").write_bytes(b"")
    said = langdu("brief", "brief.toml", "--date", "2026-11-25", "-q", cwd=news, ok=(2,)).stderr
    assert "no article can be used" in said


def test_read_can_be_quiet_too(news: Path) -> None:
    done = langdu("read", "2026-11-25/a.txt", "--quiet", "--voice", "silence", "-o", "out", cwd=news)
    assert (done.stdout, done.stderr) == ("", "")
    assert "there is no file b.txt" in langdu("read", "b.txt", "--quiet", cwd=news, ok=(2,)).stderr


def test_days_in_words(news: Path) -> None:
    yesterday = (datetime.now().astimezone() - timedelta(days=1)).date().isoformat()
    (news / "2026-11-25").rename(news / yesterday)
    for given in ("yesterday", "Yesterday", yesterday):
        told = json.loads(langdu("brief", "brief.toml", "--date", given, "--json", cwd=news).stdout)
        assert told["title"] == f"今日要闻 {yesterday}"
    assert "no articles for" in langdu("brief", "brief.toml", "--date", "today", cwd=news, ok=(4,)).stderr


@pytest.mark.parametrize("given", ["yesterdy", "2026-13-01", "25.11.2026", ""])
def test_no_day(news: Path, given: str) -> None:
    said = langdu("brief", "brief.toml", "--date", given, cwd=news, ok=(2,)).stderr
    assert "is not a day" in said


@pytest.mark.parametrize(
    ("articles", "says"),
    [
        ('["{date}/*.txt"]', "no file matches 2026-11-30/*.txt"),
        ('["{date}"]', "there is no file 2026-11-30"),
        ('["{date}/news.txt", "{date}/*.md"]', "there is no file 2026-11-30/news.txt; no file matches 2026-11-30/*.md"),
        ('["empty"]', "empty has no article in it"),
    ],
)
def test_a_day_without_articles_has_an_exit_status_of_its_own(news: Path, articles: str, says: str) -> None:
    (news / "empty").mkdir()
    (news / "brief.toml").write_text(f"articles = {articles}\n", encoding="utf-8")
    said = langdu("brief", "brief.toml", "--date", "2026-11-30", cwd=news, ok=(4,)).stderr
    assert said.startswith("langdu: no articles for 2026-11-30: ")
    assert says in said
    assert not (news / "audio").exists()


def test_a_file_that_every_day_has_is_a_mistake_if_it_is_missing(news: Path) -> None:
    (news / "brief.toml").write_text('articles = ["always.txt"]\n', encoding="utf-8")
    assert "there is no file always.txt" in langdu("brief", "brief.toml", cwd=news, ok=(2,)).stderr
    (news / "brief.toml").write_text('articles = ["2026-11-25/a.txt", "{date}/b.txt"]\n', encoding="utf-8")
    asked = ("brief", "brief.toml", "--date", "2026-11-30", "--voice", "silence")
    assert "leave out what is missing with --skip-bad" in langdu(*asked, cwd=news, ok=(2,)).stderr
    assert "left out: there is no file 2026-11-30/b.txt" in langdu(*asked, "--skip-bad", cwd=news).stderr
