"""`--dry-run` of `langdu read` and `langdu brief`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = (
    "江桥通车\n\n11月20日,江上的桥通车了,桥长(cháng)2.5公里。\n\n司机说，过江只要五分钟，从前要等半个小时的渡船。\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "a.txt").write_text(ARTICLE, encoding="utf-8")
    (tmp_path / "b.txt").write_text("图书馆开门\n\n县图书馆昨天开门。\n", encoding="utf-8")
    return tmp_path


def planned(folder: Path, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(langdu(*arguments, "--dry-run", "--json", cwd=folder).stdout)
    return told


def test_it_says_what_would_be_spoken_and_does_nothing(folder: Path) -> None:
    done = langdu("read", "a.txt", "--dry-run", "--voice", "silence", cwd=folder)
    assert done.stdout.splitlines() == [
        "江桥通车",
        "十一月二十日,江上的桥通车了,桥长二点五公里。",
        "司机说，过江只要五分钟，从前要等半个小时的渡船。",
    ]
    for said in ("audio/江桥通车", "about 0:1", "(within 5 %)", "51 characters", "replaces  nothing"):
        assert said in done.stderr
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]


@pytest.mark.parametrize(
    "asked",
    [
        ("read", "a.txt", "--voice", "silence"),
        ("read", "a.txt", "--voice", "silence", "--rate", "1.5"),
        ("brief", "a.txt", "b.txt", "--voice", "silence", "--stories"),
    ],
)
def test_the_length_is_that_of_the_narration(folder: Path, asked: tuple[str, ...]) -> None:
    before = planned(folder, *asked)
    made = json.loads(langdu(*asked, "--json", cwd=folder).stdout)
    assert before["seconds"] == pytest.approx(made["seconds"], rel=0.05)
    assert before["seconds_measured"]
    assert (before["title"], before["folder"], before["files"]) == (made["title"], made["folder"], made["files"])


def test_the_files_of_the_stories_are_listed(folder: Path) -> None:
    said = langdu("brief", "a.txt", "b.txt", "--voice", "silence", "--stories", "--dry-run", cwd=folder).stderr
    for name in ("story-01-江桥通车.mp3", "story-02-图书馆开门.mp3", "one for each paragraph"):
        assert name in said


def test_the_length_in_a_voice_that_was_measured(folder: Path, sample: Path) -> None:
    before = planned(folder, "read", str(sample))
    made = json.loads(langdu("read", str(sample), "--format", "wav", "--json", cwd=folder).stdout)
    assert (before["voices"], before["seconds_measured"]) == (["baker"], True)
    assert before["seconds"] == pytest.approx(made["seconds"], rel=0.05)


def test_a_voice_that_was_never_measured_says_so(folder: Path) -> None:
    said = langdu("read", "a.txt", "--dry-run", "--voice", "gtts", cwd=folder).stderr
    assert "in the voice gtts (roughly" in said
    assert not planned(folder, "read", "a.txt", "--voice", "gtts")["seconds_measured"]


def test_what_would_be_replaced_and_removed(folder: Path) -> None:
    asked = ("read", "a.txt", "--voice", "silence", "-o", "out")
    langdu(*asked, "--format", "mp3,srt", cwd=folder)
    before = {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()}
    same = langdu(*asked, "--format", "mp3,srt", "--dry-run", cwd=folder).stderr
    assert "nothing has changed since out was made: a run would write nothing" in same
    (folder / "a.txt").write_text("江桥通车\n\n江上的桥通车了。\n", encoding="utf-8")
    told = planned(folder, *asked, "--format", "mp3")
    assert sorted(told["replaced"]) == ["001.mp3", "002.mp3", "manifest.json", "江桥通车.mp3"]
    assert sorted(told["removed"]) == ["003.mp3", "江桥通车.srt"]
    assert {path.name: path.read_bytes() for path in (folder / "out").iterdir() if path.is_file()} == before
    said = langdu("read", "b.txt", "--voice", "silence", "-o", "out", "--dry-run", cwd=folder, ok=(3,)).stderr
    assert "has the narration of another article" in said


def test_what_a_feed_would_get(folder: Path) -> None:
    asked = ("brief", "a.txt", "--voice", "silence", "--date", "2026-11-25", "--feed", "pod", "-o", "out")
    assert planned(folder, *asked)["feed"] == "a new episode in pod"
    assert not (folder / "pod").exists()
    said = langdu(*asked, "--replace", "--dry-run", cwd=folder, ok=(2,)).stderr
    assert "has no episode of 2026-11-25 to replace" in said
    langdu(*asked, cwd=folder)
    feed = (folder / "pod" / "feed.xml").read_bytes()
    assert planned(folder, *asked)["feed"] == "pod has the episode 今日要闻 2026-11-25, which stays as it is"
    assert planned(folder, *asked, "--replace")["feed"] == "replaces 今日要闻 2026-11-25 in pod, if it differs"
    assert (folder / "pod" / "feed.xml").read_bytes() == feed


def test_mistakes_are_told_as_in_a_run(folder: Path) -> None:
    assert "no voice 'nobody'" in langdu("read", "a.txt", "--dry-run", "--voice", "nobody", cwd=folder, ok=(2,)).stderr
    assert "no format 'mp4'" in langdu("read", "a.txt", "--dry-run", "--format", "mp4", cwd=folder, ok=(2,)).stderr
    done = langdu("read", "a.txt", "--dry-run", "--voice", "silence", "-q", cwd=folder)
    assert (len(done.stdout.splitlines()), done.stderr) == (3, "")


def test_who_would_read_what(folder: Path) -> None:
    (folder / "b.txt").write_text("图书馆开门\n\n他说：“开门了，进来吧。”大家都进去了。\n", encoding="utf-8")
    order = 'articles = ["a.txt", "b.txt"]\nvoices = ["silence", "baker"]\nquotes = "espeak"\n[feed]\nfolder = "pod"\n'
    (folder / "b.toml").write_text(order, encoding="utf-8")
    told = planned(folder, "brief", "b.toml", "--no-feed")
    assert sorted(told["voices"]) == ["baker", "espeak", "silence"]
    assert (told["quotes"], "feed" in told) == ("espeak", False)
    stories = [{"title": "江桥通车", "voice": "silence"}, {"title": "图书馆开门", "voice": "baker"}]
    assert told["stories"] == stories
    said = langdu("brief", "b.toml", "--dry-run", cwd=folder).stderr
    assert "stories   江桥通车: silence" in said
    assert "quotes    espeak" in said
    assert "feed      a new episode in pod" in said
    said = langdu("brief", "b.toml", "--no-feed", "--feed", "pod", cwd=folder, ok=(2,)).stderr
    assert "--no-feed publishes nothing: leave out --feed" in said


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ('voices = ["silence", ""]', "voices has an empty name"),
        ('voices = "silence, baker"', 'give a list of texts, such as ["silence", "baker"]'),
        ('opening = "{title}{foo}"', "{foo} is no placeholder: there are {title}, {date}, {weekday}, {count}"),
        ('opening = "{title"', "a { stands alone"),
        ('closing = "。。。"', "nothing in it can be said"),
    ],
)
def test_what_the_file_of_a_brief_cannot_have(folder: Path, line: str, says: str) -> None:
    (folder / "b.toml").write_text(f'articles = ["a.txt"]\n{line}\n', encoding="utf-8")
    said = langdu("brief", "b.toml", "--dry-run", cwd=folder, ok=(2,)).stderr
    assert said.startswith("langdu: b.toml, line 2: ")
    assert says in said
