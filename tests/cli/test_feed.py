"""`langdu feed`, and `langdu brief --replace`."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2026-11-25"


def publish(folder: Path, text: str, *more: str, day: str = DAY, ok: tuple[int, ...] = (0,)) -> tuple[str, str]:
    (folder / "a.txt").write_text(f"江桥通车\n\n{text}\n", encoding="utf-8")
    asked = ("--date", day, "--feed", "pod", "-o", "out", "--voice", "silence", *more)
    done = langdu("brief", "a.txt", *asked, cwd=folder, ok=ok)
    return done.stdout, done.stderr


def listed(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in langdu("feed", "list", "pod", "--json", cwd=folder).stdout.splitlines()]


def three_days(folder: Path) -> Path:
    for day, text in ((23, "前天的新闻。"), (24, "昨天的新闻。"), (25, "今天的新问。")):
        publish(folder, text, day=f"2026-11-{day}")
    return folder


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """A podcast of three days that langdu made here, so that it may delete its files."""
    return three_days(tmp_path)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return three_days(tmp_path_factory.mktemp("published"))


@pytest.fixture
def folder(published: Path, tmp_path: Path) -> Path:
    """A copy of such a podcast."""
    return shutil.copytree(published, tmp_path, dirs_exist_ok=True)


def test_a_mistake_in_a_published_episode_is_corrected(own: Path) -> None:
    before = listed(own)
    assert "publish the new one in its place with --replace" in publish(own, "今天的新闻。")[1]
    assert listed(own) == before
    said = publish(own, "今天的新闻。", "--replace")[1]
    assert "has the corrected episode: 3 in all" in said.replace("\n", " ")
    after = listed(own)
    assert [each["guid"] for each in after] == [each["guid"] for each in before]
    assert after[1:] == before[1:]
    assert set(after[0]["files"]).isdisjoint(before[0]["files"])
    assert not any((own / "pod" / name).exists() for name in before[0]["files"])
    assert all(each["problems"] == {} for each in after)
    transcript = next(own.glob(f"pod/{DAY}-*.srt")).read_text(encoding="utf-8")
    assert "今天的新闻" in transcript
    told = json.loads(publish(own, "今天的新闻。", "--replace", "--json")[0])
    assert (told["feed"]["new"], told["feed"]["replaced"], told["feed"]["episodes"]) == (False, False, 3)


def test_what_cannot_be_replaced_is_told_before_anything_is_spoken(folder: Path) -> None:
    shutil.rmtree(folder / "out")
    said = publish(folder, "新闻。", "--replace", day="2026-11-30", ok=(2,))[1]
    assert "has no episode of 2026-11-30 to replace" in said
    done = langdu("brief", "a.txt", "--replace", "-o", "out", "--voice", "silence", cwd=folder, ok=(2,))
    assert "name the podcast's folder with --feed" in done.stderr
    feed = folder / "pod" / "feed.xml"
    feed.write_text(feed.read_text(encoding="utf-8").replace("江桥", "大桥"), encoding="utf-8")
    assert (
        "put the old file back, or remove pod/.langdu/feed.sha256" in publish(folder, "闻。", "--replace", ok=(3,))[1]
    )
    assert not (folder / "out").exists()


def test_the_list(folder: Path) -> None:
    rows = listed(folder)
    assert [(row["title"], row["day"], row["problems"]) for row in rows] == [
        (f"今日要闻 2026-11-{day}", f"2026-11-{day}", {}) for day in (25, 24, 23)
    ]
    assert all(row["bytes"] == (folder / "pod" / row["file"]).stat().st_size and row["seconds"] > 1 for row in rows)
    (folder / "pod" / rows[0]["file"]).write_bytes(b"")
    (folder / "pod" / rows[1]["file"]).unlink()
    done = langdu("feed", "list", "pod/feed.xml", cwd=folder)
    assert f"{rows[0]['file']} is changed" in done.stdout
    assert f"{rows[1]['file']} is missing" in done.stdout
    assert "3 episodes in pod/feed.xml" in done.stderr


def test_a_name_in_the_list_is_in_one_piece(folder: Path) -> None:
    names = [row["file"] for row in listed(folder)]
    narrow = {"COLUMNS": "60", "LINES": "25"}  # rich asks the terminal of whoever runs the tests for what is missing
    for more in ({}, {"FORCE_COLOR": "1"}):  # the second makes a terminal of it
        lines = langdu("feed", "list", "pod", cwd=folder, environment=narrow | more).stdout.splitlines()
        assert all(any(name in line for line in lines) for name in names)
        assert (len(lines) == 4) == (not more)


def test_nothing_is_removed_without_a_word(folder: Path) -> None:
    before = listed(folder)
    for asked in (("remove", "pod", DAY), ("limit", "pod", "2")):
        done = langdu("feed", *asked, cwd=folder, ok=(2,))
        assert "this would remove 1 episode from pod/feed.xml" in done.stderr
        assert "add --yes to do it" in done.stderr
    assert listed(folder) == before


def test_remove_and_limit(own: Path) -> None:
    before = listed(own)
    done = langdu("feed", "remove", "pod", "2026-11-24", "--yes", cwd=own)
    assert "removed: 今日要闻 2026-11-24" in done.stderr
    assert "4 files deleted; 2 episodes left" in done.stderr
    assert listed(own) == [before[0], before[2]]
    assert "nothing to remove" in langdu("feed", "limit", "pod", "2", cwd=own).stderr
    langdu("feed", "limit", "pod", "1", "-y", cwd=own)
    assert listed(own) == before[:1]
    assert {path.name for path in (own / "pod").iterdir()} == {*before[0]["files"], "feed.xml", ".langdu"}


def edited(folder: Path, pattern: str, new: str, count: int = 0) -> None:
    """Edit the feed by hand, as its message advises."""
    feed = folder / "pod" / "feed.xml"
    feed.write_text(re.sub(pattern, new, feed.read_text(encoding="utf-8"), count=count), encoding="utf-8")
    (folder / "pod" / ".langdu" / "feed.sha256").unlink()


@pytest.mark.parametrize("guid", ["", "<guid> </guid>", "<guid>the same</guid>"])
def test_episodes_that_cannot_be_told_apart_are_not_removed(folder: Path, guid: str) -> None:
    edited(folder, "<guid[^>]*>[^<]*</guid>", guid)
    before = {path: path.read_bytes() for path in (folder / "pod").iterdir() if path.is_file()}
    for asked in (("remove", "pod", DAY, "-y"), ("limit", "pod", "1", "-y")):
        assert "is damaged, because episodes have no GUID or" in langdu("feed", *asked, cwd=folder, ok=(3,)).stderr
    publish(folder, "明天的新闻。", day="2026-11-26", ok=(3,))
    assert {path: path.read_bytes() for path in (folder / "pod").iterdir() if path.is_file()} == before
    assert len(listed(folder)) == 3


@pytest.mark.parametrize("ending", ["mp3", "vtt", "srt", "chapters.json"])
def test_a_file_that_the_user_changed_is_never_overwritten(folder: Path, ending: str) -> None:
    mine = next((folder / "pod").glob(f"{DAY}-*.{ending}"))
    mine.write_text("mine", encoding="utf-8")
    langdu("feed", "remove", "pod", DAY, "-y", cwd=folder)
    publish(folder, "今天的新问。")
    assert mine.read_text(encoding="utf-8") == "mine"
    assert listed(folder)[0]["problems"] == {}
    publish(folder, "今天的新闻。", "--replace")
    version = next(folder / "pod" / name for name in listed(folder)[0]["files"] if name.endswith(ending))
    version.write_text("mine too", encoding="utf-8")
    publish(folder, "今天的新闻。", "--replace")
    assert (mine.read_text(encoding="utf-8"), listed(folder)[0]["problems"]) == ("mine", {})
    # No sound nor text was changed: what is published stays, with the transcript that the user mended.
    kept = ending == "vtt"
    assert (version.name in listed(folder)[0]["files"]) == kept
    assert version.read_text(encoding="utf-8") == "mine too"


def test_a_link_of_a_file_s_name_stays(own: Path) -> None:
    name = next(name for name in listed(own)[0]["files"] if name.endswith("srt"))
    langdu("feed", "remove", "pod", DAY, "-y", cwd=own)
    (own / "pod" / name).symlink_to("../nothing")
    publish(own, "今天的新问。")
    assert (own / "pod" / name).is_symlink()
    assert name not in listed(own)[0]["files"]


HUGE = "9" * 400


@pytest.mark.parametrize(
    ("pattern", "new"),
    [
        (r'length="\d+"', f'length="{HUGE}"'),
        (r'length="\d+"', f'length="{HUGE * 20}"'),
        (r'length="\d+"', 'length="-5"'),
        (r"<itunes:duration>\d+", f"<itunes:duration>{HUGE}"),
        ("<pubDate>[^<]*", f"<pubDate>Fri, 27 Nov {HUGE} 11:18:00 +0000"),
        ("<pubDate>[^<]*", f"<pubDate>Fri, 27 Nov 2026 11:18:00 +{HUGE}"),
    ],
)
def test_numbers_that_nothing_has_are_damage(folder: Path, pattern: str, new: str) -> None:
    edited(folder, pattern, new)
    for asked in (("list", "pod"), ("list", "pod", "--json"), ("limit", "pod", "1", "-y")):
        assert "pod/feed.xml is damaged" in langdu("feed", *asked, cwd=folder, ok=(3,)).stderr


def test_the_newest_are_those_published_last(folder: Path) -> None:
    newest, *_, oldest = listed(folder)
    edited(folder, "<pubDate>[^<]*", "<pubDate>Fri, 20 Nov 2026 06:30:00 -0000", count=1)
    langdu("feed", "limit", "pod", "2", "-y", cwd=folder)
    assert newest["title"] not in {row["title"] for row in listed(folder)}
    edited(folder, "<pubDate>[^<]*</pubDate>", "", count=1)  # without all the times, the order counts
    langdu("feed", "limit", "pod", "1", "-y", cwd=folder)
    assert [row["title"] for row in listed(folder)] != [oldest["title"]]


@pytest.mark.parametrize(
    ("asked", "status", "says"),
    [
        (("list", "nothing"), 2, "there is no feed.xml in nothing"),
        (("list", "a.txt"), 3, "a.txt is not a folder"),
        (("remove", "pod", "2026-01-01"), 2, "has no episode '2026-01-01'"),
        (("limit", "pod", "0"), 2, "keep at least 1"),
        (("limit", "pod", "-3"), 2, "-3"),
        (("limit", "pod"), 2, "N is missing"),
    ],
)
def test_what_people_get_wrong(folder: Path, asked: tuple[str, ...], status: int, says: str) -> None:
    assert says in langdu("feed", *asked, cwd=folder, ok=(status,)).stderr
    assert len(listed(folder)) == 3
