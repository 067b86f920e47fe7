"""A finding says how to accept it for good: the command is copied, run, and the finding is gone."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING, Any

import pytest

from langdu.lexicon import user
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def home(tmp_path: Path) -> dict[str, str]:
    return {name: str(tmp_path / "home") for name in ("XDG_CONFIG_HOME", "HOME", "APPDATA", "LOCALAPPDATA")}


def findings(article: Path, home: dict[str, str], *more: str) -> list[dict[str, Any]]:
    said = langdu("check", str(article), "--format", "json", *more, environment=home, ok=(0, 1)).stdout
    return [json.loads(line) for line in said.splitlines()]


@pytest.mark.parametrize(
    ("text", "accept"),
    [
        ("六安(liùān)的春天来了。", """langdu lexicon add 六安 "liù'ān\""""),
        ("我去盛(shèng)饭，你等一下。", "langdu lexicon add 盛 shèng --context 盛饭"),
        ("我们去大栅(shàn)栏逛街。", "langdu lexicon add 栅 shàn --context 大栅栏"),
    ],
)
def test_the_command_ends_its_finding_and_no_other(
    tmp_path: Path, home: dict[str, str], text: str, accept: str
) -> None:
    article = tmp_path / "a.txt"
    article.write_text(f"标题\n\n{text}\n大家都(dū)说好。\n", encoding="utf-8")
    found = findings(article, home)
    (mine,) = (finding for finding in found if finding["accept"] == accept)
    langdu(*shlex.split(mine["accept"])[1:], environment=home)
    places = [(f["rule"], f["start"], f["paragraph"]) for f in findings(article, home)]
    assert places == [(f["rule"], f["start"], f["paragraph"]) for f in found if f is not mine]


def test_it_stands_under_the_finding_and_on_the_page(tmp_path: Path, home: dict[str, str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text("大家都(dū)说好。\n", encoding="utf-8")
    shown = langdu("check", str(article), environment=home).stdout.splitlines()
    assert shown[-1].startswith("  if it is right: langdu lexicon add 都 dū --context ")
    assert (
        "<code>langdu lexicon add 都 dū" in langdu("check", str(article), "--format", "html", environment=home).stdout
    )


def test_certain_mistakes_and_spellings_are_not_to_be_accepted(tmp_path: Path, home: dict[str, str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text("这个项目(xiángmù)在西安(xīan)。\n", encoding="utf-8")
    assert {finding["accept"] for finding in findings(article, home)} == {None}


def test_the_table_that_wins_is_named(tmp_path: Path, home: dict[str, str]) -> None:
    folder = tmp_path / "my texts"
    folder.mkdir()
    article, table = folder / "a.txt", folder / "lexicon.tsv"
    article.write_text("六安(liùān)的春天来了。\n", encoding="utf-8")
    table.write_text("长城\tchángchéng\n", encoding="utf-8")
    accept = findings(article, home)[0]["accept"]
    assert shlex.split(accept)[-2:] == ["--lexicon", str(table)]
    mine = tmp_path / "mine.tsv"
    mine.write_text("", encoding="utf-8")
    accept = findings(article, home, "--lexicon", str(mine))[0]["accept"]
    assert shlex.split(accept)[-2:] == ["--lexicon", str(mine)]


def test_a_reading_is_removed_and_the_rest_of_the_table_stays(tmp_path: Path, home: dict[str, str]) -> None:
    table = tmp_path / "mine.tsv"
    table.write_text("# ours\n六安\tLù'ān\n\n乐\tyuè\t我乐乐\n乐\tlè\nKindle\t金豆\n", encoding="utf-8")
    said = langdu("lexicon", "remove", "乐", "--lexicon", str(table), ok=(2,)).stderr
    assert "has 乐: yuè in 我乐乐, lè elsewhere; say which with --context" in said
    said = langdu("lexicon", "remove", "乐", "--context", "我乐乐", "--lexicon", str(table)).stderr
    assert said == f"langdu: 乐 yuè was removed from {table}\n"
    langdu("lexicon", "remove", "Kindle", "--lexicon", str(table))
    assert table.read_text(encoding="utf-8") == "# ours\n六安\tLù'ān\n\n乐\tlè\n"
    said = langdu("lexicon", "remove", "长城", "--lexicon", str(table), ok=(2,)).stderr
    assert "mine.tsv has no reading of 长城; see: langdu lexicon list" in said
    said = langdu("lexicon", "remove", "长城", environment=home, ok=(2,)).stderr
    assert "there is no lexicon " in said


def test_a_neutral_tone_that_was_added_can_be_read_again(tmp_path: Path) -> None:
    table = tmp_path / "mine.tsv"
    langdu("lexicon", "add", "地", "de5", "--context", "慢慢地", "--lexicon", str(table))
    assert [entry.reading() for entry in user.read_table(table)] == ["de5"]


def test_a_command_that_would_find_fault_elsewhere_is_not_offered(tmp_path: Path, home: dict[str, str]) -> None:
    article = tmp_path / "a.txt"
    article.write_text("钱被没收(mòshōu)了。\n\n地里的麦子没(méi)收。\n", encoding="utf-8")
    (found,) = findings(article, home)
    arguments = shlex.split(found["accept"])
    assert arguments[-2:] == ["--context", "麦子没收"]
    langdu(*arguments[1:], environment=home)
    assert findings(article, home) == []
