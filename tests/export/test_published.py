"""Published episodes: correcting one, and removing some."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import feedparser
import pytest

from feedrules import broken
from langdu import feed
from langdu.errors import ConfigError, ExportError, InputError
from langdu.feed import Channel, Episode, Published, managing
from langdu.parse.sources.picture import picture
from pictures import png

if TYPE_CHECKING:
    from pathlib import Path

NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)
SRT = "1\n00:00:01,500 --> 00:00:02,000\n{}\n\n"


@pytest.fixture
def pod(tmp_path: Path) -> Path:
    return tmp_path / "pod"


def episode(folder: Path, text: str = "right", *, day: int = 25, title: str = "今日要闻") -> Episode:
    """A programme whose files and identity follow from its text."""
    made = folder.parent / f"{day}-{text}"
    made.mkdir(exist_ok=True)
    for name, content in (("a.mp3", text * 500), ("a.srt", SRT.format(text)), ("a.json", "{}")):
        (made / name).write_text(content, encoding="utf-8")
    return Episode(
        title=f"{title} 2026-11-{day}",
        series=title,
        identity=text,
        day=date(2026, 11, day),
        published=NOW.replace(day=day),
        summary=text,
        notes=f"<p>{text}</p>",
        seconds=60.0,
        files={"mp3": made / "a.mp3", "srt": made / "a.srt", "chapters": made / "a.json"},
    )


def put(pod: Path, made: Episode, *, replacing: bool = False, said: list[str] | None = None) -> Published:
    notice = (said if said is not None else []).append
    cover = picture(png(pod.parent / "cover.png", 1400, 1400))
    return feed.publish(pod, Channel(address="https://example.org/p/", cover=cover), made, notice, replacing=replacing)


def names(pod: Path) -> set[str]:
    return {path.name for path in pod.iterdir() if path.is_file() and not path.name.startswith("cover-")}


def test_a_corrected_episode_is_the_same_with_new_files(pod: Path) -> None:
    first = put(pod, episode(pod, "wrong"))
    before = feedparser.parse((pod / "feed.xml").read_bytes()).entries[0]
    old = names(pod) - {"feed.xml"}
    put(pod, episode(pod, "later", day=26))
    now = replace(episode(pod), published=NOW.replace(day=28))
    again = put(pod, now, replacing=True)
    assert (again.new, again.replaced, again.guid, again.episodes) == (False, True, first.guid, 2)
    text = (pod / "feed.xml").read_bytes()
    assert broken(text) == []
    later, entry = feedparser.parse(text).entries
    assert (later.title, entry.id, entry.published) == ("今日要闻 2026-11-26", before.id, before.published)
    assert entry.enclosures[0].href != before.enclosures[0].href
    assert (pod / entry.enclosures[0].href.rpartition("/")[2]).read_text(encoding="utf-8") == "right" * 500
    assert not old & names(pod)
    assert len(names(pod)) == 9


def test_a_correction_is_published_once(pod: Path) -> None:
    put(pod, episode(pod, "wrong"))
    put(pod, episode(pod), replacing=True)
    whole, listed = (pod / "feed.xml").read_bytes(), names(pod)
    again = put(pod, episode(pod), replacing=True)
    assert (again.new, again.replaced, (pod / "feed.xml").read_bytes(), names(pod)) == (False, False, whole, listed)
    back = put(pod, episode(pod, "wrong"), replacing=True)
    assert (back.replaced, len(names(pod))) == (True, 5)


def test_a_mended_text_is_not_a_second_episode(pod: Path) -> None:
    put(pod, episode(pod, "wrong"))
    whole, listed = (pod / "feed.xml").read_bytes(), names(pod)
    said: list[str] = []
    again = put(pod, episode(pod), said=said)
    assert (again.new, again.replaced, again.episodes) == (False, False, 1)
    assert ((pod / "feed.xml").read_bytes(), names(pod)) == (whole, listed)
    assert "publish the new one in its place with --replace" in said[0]


def test_the_old_files_stay_until_the_feed_is_written(pod: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(pod, episode(pod, "wrong"))
    whole, listed = (pod / "feed.xml").read_bytes(), names(pod)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(feed, "write_feed", interrupt)
        with pytest.raises(KeyboardInterrupt):
            put(pod, episode(pod), replacing=True)
    assert (pod / "feed.xml").read_bytes() == whole
    assert listed < names(pod)
    put(pod, episode(pod), replacing=True)
    assert len(names(pod)) == 5


def test_a_mended_title_replaces_the_only_episode_of_the_day(pod: Path) -> None:
    first = put(pod, episode(pod, title="今日要问"))
    again = put(pod, episode(pod), replacing=True)
    assert (again.replaced, again.guid) == (True, first.guid)
    assert [each.title for each in managing.list_episodes(pod, print)] == ["今日要闻 2026-11-25"]


def test_there_must_be_one_episode_to_replace(pod: Path) -> None:
    channel, day = Channel(address="https://example.org/p/"), date(2026, 11, 25)
    with pytest.raises(ConfigError, match=r"has no episode of 2026-11-25 to replace.*leave out --replace"):
        feed.check_feed(pod, channel, ("今日要闻 2026-11-25", day))
    for title in ("早间", "晚间"):
        put(pod, episode(pod, title, title=title))
    with pytest.raises(ConfigError, match=r"has 2 episodes of 2026-11-25.*晚间 2026-11-25, 早间 2026-11-25"):
        put(pod, episode(pod), replacing=True)
    assert put(pod, episode(pod, title="早间"), replacing=True).replaced


def test_a_published_file_that_somebody_changed_is_not_deleted(pod: Path) -> None:
    put(pod, episode(pod, "wrong"))
    sound = next(pod.glob("*.mp3"))
    sound.write_bytes(b"cut by hand")
    said: list[str] = []
    put(pod, episode(pod), replacing=True, said=said)
    assert sound.read_bytes() == b"cut by hand"
    assert any(each.endswith(f"because somebody changed it since it was published: {sound.name}") for each in said)


def test_a_removed_episode_can_come_back_beside_what_stayed_of_it(pod: Path) -> None:
    guid = put(pod, episode(pod)).guid
    sound = next(pod.glob("*.mp3"))
    sound.write_bytes(b"cut by hand")
    managing.remove(pod, [guid], lambda _: None)
    put(pod, episode(pod))
    assert sound.read_bytes() == b"cut by hand"
    assert len(list(pod.glob("*.mp3"))) == 2


def test_removing(pod: Path) -> None:
    for day in (23, 24, 25):
        put(pod, episode(pod, f"text {day}", day=day))
    listed = managing.list_episodes(pod, print)
    assert [each.day and each.day.day for each in listed] == [25, 24, 23]
    (middle,) = managing.named(listed, ["2026-11-24"], pod / "feed.xml")
    removal = managing.remove(pod, [middle.guid], print)
    assert (removal.remaining, set(removal.deleted)) == (2, set(middle.sizes))
    assert not set(middle.sizes) & names(pod)
    text = (pod / "feed.xml").read_bytes()
    assert broken(text) == []
    kept = [listed[0], listed[2]]
    assert [each.xml for each in managing.list_episodes(pod, print)] == [each.xml for each in kept]
    managing.remove(pod, [each.guid for each in kept], print)
    assert names(pod) == {"feed.xml"}
    assert put(pod, episode(pod)).episodes == 1


def test_files_without_a_record_stay(pod: Path) -> None:
    guid = put(pod, episode(pod)).guid
    before = names(pod)
    (pod / ".langdu" / "published.jsonl").write_text("half a li", encoding="utf-8")
    said: list[str] = []
    assert managing.remove(pod, [guid], said.append).deleted == ()
    assert names(pod) == before
    assert len(said) == 1
    assert said[0].startswith(
        f"not in the feed any more, but left in {pod}, because langdu has no record of having made"
    )
    assert said[0].count("2026-11-25-") == 4


def test_a_feed_changed_by_hand_is_listed_but_not_touched(pod: Path) -> None:
    guid = put(pod, episode(pod)).guid
    text = (pod / "feed.xml").read_text(encoding="utf-8").replace("right</desc", "better</desc")
    (pod / "feed.xml").write_text(text, encoding="utf-8")
    said: list[str] = []
    assert len(managing.list_episodes(pod, said.append)) == 1
    assert "was changed since langdu wrote it" in said[0]
    with pytest.raises(ExportError, match=r"put the old file back, or remove .*feed\.sha256 to continue with"):
        managing.remove(pod, [guid], print)
    with pytest.raises(ExportError, match="put the old file back"):
        put(pod, episode(pod, "new"), replacing=True)
    assert (pod / "feed.xml").read_text(encoding="utf-8") == text


def test_names_of_episodes(pod: Path) -> None:
    put(pod, episode(pod, title="早间"))
    put(pod, episode(pod, "evening", title="晚间"))
    listed = managing.list_episodes(pod, print)
    for each in listed:
        for name in (each.title, each.guid, each.guid[:8], str(each.sound)):
            assert managing.named(listed, [name, name], pod) == [each]
    with pytest.raises(ConfigError, match=r"2 episodes of .* fit '2026-11-25': name one by its file"):
        managing.named(listed, ["2026-11-25"], pod)
    with pytest.raises(ConfigError, match="has no episode '1'"):
        managing.named(listed, ["1"], pod)


def test_no_feed(pod: Path) -> None:
    with pytest.raises(InputError, match=r"there is no feed\.xml in .*pod: name the folder"):
        managing.list_episodes(pod, print)
    pod.write_text("x", encoding="utf-8")
    with pytest.raises(ExportError, match="is not a folder"):
        managing.list_episodes(pod, print)


def test_times_that_no_program_wrote(pod: Path) -> None:
    put(pod, episode(pod))
    place = pod / "feed.xml"
    text = place.read_text(encoding="utf-8").replace("Wed, 25 Nov 2026 06:30:00 +0000</pubDate>", "today</pubDate>")
    place.write_text(text.replace("<itunes:duration>60", "<itunes:duration>1:00"), encoding="utf-8")
    (each,) = managing.list_episodes(pod, lambda _: None)
    assert (each.published, each.seconds) == (None, None)
