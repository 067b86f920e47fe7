"""The podcast feed: published rules, and that nothing published is ever changed."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BytesIO
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

import feedparser
import podcastparser
import pytest
import webvtt
from filelock import FileLock
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from feedrules import broken, broken_chapters
from langdu import feed
from langdu.errors import ConfigError, ExportError
from langdu.feed import Channel, Episode, Published, earlier, publish
from langdu.feed.rss import FeedFile, FeedItem, item_xml, rss
from langdu.parse.sources.picture import picture
from pictures import png

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://example.org/podcast/"
SRT = "1\n00:00:01,500 --> 00:00:02,000\n长春 <b>\n\n2\n00:00:02,000 --> 00:00:03,000\n两行\n& 一句\n\n"
NOW = datetime(2026, 11, 25, 6, 30, tzinfo=UTC)


@pytest.fixture
def narrated(tmp_path: Path) -> Path:
    folder = tmp_path / "narrated"
    folder.mkdir()
    for name, content in (("a.mp3", b"\xff\xf3" * 500), ("a.srt", SRT.encode()), ("a.json", b"{}")):
        (folder / name).write_bytes(content)
    return folder


@pytest.fixture
def cover(tmp_path: Path) -> Path:
    return png(tmp_path / "cover.png", 1400, 1400)


def episode(narrated: Path, number: int = 1) -> Episode:
    return Episode(
        title=f"今日要闻 <{number}> & \x00更多 ]]>",
        series="今日要闻",
        identity=f"episode {number}",
        day=date(2026, 11, 24 + number),
        published=NOW.replace(day=24 + number),
        summary="雪；桥",
        notes='<ul>\n<li>0:00 <a href="https://example.org/?a=1&amp;b=2">雪</a></li>\n</ul>',
        seconds=63.4,
        files={
            "mp3": narrated / "a.mp3",
            "srt": narrated / "a.srt",
            "chapters": narrated / "a.json",
        },
    )


def put(
    folder: Path, made: Episode, *, said: list[str] | None = None, cover: Path | None = None, **about: str
) -> Published:
    channel = Channel(**{"address": ADDRESS, **about}, cover=picture(cover) if cover else None)
    return publish(folder, channel, made, (said if said is not None else []).append)


def items(folder: Path) -> list[str]:
    return re.findall(r"<item>.*?</item>", (folder / "feed.xml").read_text(encoding="utf-8"), re.DOTALL)


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}


def test_two_episodes_the_first_untouched(narrated: Path, cover: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pod"
    first = put(folder, episode(narrated), cover=cover, email="a@example.org")
    assert (first.new, first.episodes) == (True, 1)
    before, (item,) = contents(folder), items(folder)
    assert broken(before["feed.xml"]) == []
    second = put(folder, episode(narrated, 2))
    assert (second.new, second.episodes) == (True, 2)
    after = contents(folder)
    assert items(folder)[1] == item
    assert {name: after[name] for name in before if name != "feed.xml"} == {
        name: content for name, content in before.items() if name != "feed.xml"
    }
    assert broken(after["feed.xml"]) == []
    assert len(after) == len(before) + 4


def test_what_others_read_in_it(narrated: Path, cover: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated), cover=cover, description="每天早上", author="松江晚报", email="a@example.org")
    text = (tmp_path / "feed.xml").read_bytes()
    parsed = feedparser.parse(text)
    assert not parsed.bozo
    assert (parsed.feed.title, parsed.feed.subtitle, parsed.feed.author) == ("今日要闻", "每天早上", "松江晚报")
    (entry,) = parsed.entries
    assert entry.title == "今日要闻 <1> & \ufffd更多 ]]>"
    assert (entry.id, entry.itunes_duration) == (feed_guid(text), "63")
    sound = tmp_path / entry.enclosures[0].href.rpartition("/")[2]
    assert sound.read_bytes() == (narrated / "a.mp3").read_bytes()
    assert int(entry.enclosures[0].length) == sound.stat().st_size
    gpodder = podcastparser.parse(ADDRESS + "feed.xml", BytesIO(text))
    assert gpodder["cover_url"].startswith(ADDRESS + "cover-")
    (heard,) = gpodder["episodes"]
    assert (heard["total_time"], heard["published"], heard["guid"]) == (63, int(NOW.timestamp()), entry.id)
    assert heard["enclosures"] == [{"url": entry.enclosures[0].href, "file_size": 1000, "mime_type": "audio/mpeg"}]


def feed_guid(text: bytes) -> str:
    return str(etree.fromstring(text).findtext("channel/item/guid"))


def test_transcripts_are_text_and_nothing_else(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    (srt,), (vtt,) = tmp_path.glob("*.srt"), tmp_path.glob("*.vtt")
    assert srt.read_text(encoding="utf-8") == SRT
    found = webvtt.read(str(vtt)).captions
    assert [(each.start, each.end, each.text) for each in found] == [
        ("00:00:01.500", "00:00:02.000", "长春 &lt;b&gt;"),
        ("00:00:02.000", "00:00:03.000", "两行\n&amp; 一句"),
    ]


def test_the_same_episode_is_published_once(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    before = contents(tmp_path)
    again = put(tmp_path, replace(episode(narrated), published=NOW.replace(day=28), title="other", seconds=1.0))
    assert (again.new, again.episodes) == (False, 1)
    assert contents(tmp_path) == before


def test_a_published_file_that_is_gone_or_changed_is_named(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    for name in contents(tmp_path):
        if name.endswith(".vtt"):
            (tmp_path / name).unlink()
        if name.endswith(".mp3"):
            (tmp_path / name).write_bytes(b"short")
    said: list[str] = []
    put(tmp_path, episode(narrated), said=said)
    assert sorted(re.sub(r".*\.(\w+) (?=is|was)", r"\1 ", notice) for notice in said) == [
        "mp3 was changed since it was published: put the published file back",
        "vtt is in the feed but is missing: put it back",
    ]


def test_the_feed_comes_last(narrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, episode(narrated))
    before = contents(tmp_path)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(feed, "write_feed", interrupt)
        with pytest.raises(KeyboardInterrupt):
            put(tmp_path, episode(narrated, 2))
    assert {name: content for name, content in contents(tmp_path).items() if name in before} == before
    assert put(tmp_path, episode(narrated, 2)).episodes == 2
    assert items(tmp_path)[1] in before["feed.xml"].decode()


def test_what_a_later_run_does_not_say_stays(narrated: Path, cover: Path, tmp_path: Path) -> None:
    about = {"title": "早报", "description": "每天", "author": "晚报", "email": "a@example.org", "category": "Sports"}
    publish(tmp_path, Channel(address=ADDRESS, cover=picture(cover), **about), episode(narrated))
    put(tmp_path, episode(narrated, 2), address="")
    channel = etree.parse(tmp_path / "feed.xml").find("channel")
    itunes = "{http://www.itunes.com/dtds/podcast-1.0.dtd}"
    assert [channel.findtext(name) for name in ("title", "description", f"{itunes}author")] == ["早报", "每天", "晚报"]
    assert channel.find(f"{itunes}category").get("text") == "Sports"
    assert channel.findtext(f"{itunes}owner/{itunes}email") == "a@example.org"
    assert channel.find(f"{itunes}image").get("href").startswith(ADDRESS)
    put(tmp_path, episode(narrated, 3), title="晚报")
    assert etree.parse(tmp_path / "feed.xml").findtext("channel/title") == "晚报"


def test_what_the_podcast_says_of_itself_can_change_without_an_episode(
    narrated: Path, cover: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "pod"
    put(folder, episode(narrated))
    before = items(folder)
    again = put(folder, episode(narrated), cover=cover, description="每天", email="a@example.org")
    assert (again.new, items(folder)) == (False, before)
    text = (folder / "feed.xml").read_text(encoding="utf-8")
    assert "<itunes:image" in text
    assert "<description>每天</description>" in text
    put(folder, episode(narrated), cover=cover)
    assert (folder / "feed.xml").read_text(encoding="utf-8") == text


def test_an_episode_that_sounds_otherwise_now_is_told(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    (narrated / "a.mp3").write_bytes(b"\xff\xf5" * 500)
    said: list[str] = []
    before = contents(tmp_path)
    put(tmp_path, episode(narrated), said=said)
    assert "has changed since; the published file stays" in said[0]
    assert contents(tmp_path) == before


# --- where it is ----------------------------------------------------------------------------------------------------


def podcast_guid(folder: Path) -> str:
    return str(etree.parse(folder / "feed.xml").findtext("channel/{https://podcastindex.org/namespace/1.0}guid"))


def test_the_podcasts_guid_is_made_by_the_rule_and_stays(narrated: Path, tmp_path: Path) -> None:
    # The example of the rule: podcast namespace 1.0, docs/tags/guid.md.
    space = UUID("ead4c236-bf58-58c6-a2c6-a6b28d128cb6")
    assert str(uuid5(space, "podnews.net/rss")) == "9b024349-ccf0-5f69-a609-6b82873eab3c"
    put(tmp_path, episode(narrated))
    assert podcast_guid(tmp_path) == str(uuid5(space, "example.org/podcast/feed.xml"))
    said: list[str] = []
    before = podcast_guid(tmp_path), items(tmp_path)
    put(tmp_path, episode(narrated, 2), address="https://example.net/p", said=said)
    assert (podcast_guid(tmp_path), items(tmp_path)[1:]) == before
    assert "stay at https://example.org/podcast/" in said[0]
    assert 'url="https://example.net/p/' in items(tmp_path)[0]


def test_addresses_on_this_computer_are_mended_once_there_is_one(narrated: Path, tmp_path: Path) -> None:
    said: list[str] = []
    put(tmp_path, episode(narrated), address="", said=said)
    assert "http://localhost:8000/" in said[0]
    (before,) = items(tmp_path)
    guid = podcast_guid(tmp_path)
    assert put(tmp_path, episode(narrated), address="").new is False
    put(tmp_path, episode(narrated, 2), said=said)
    assert items(tmp_path)[1] == before.replace("http://localhost:8000/", ADDRESS)
    assert podcast_guid(tmp_path) != guid
    whole = contents(tmp_path)
    assert put(tmp_path, episode(narrated)).new is False
    assert contents(tmp_path) == whole
    assert b"localhost" not in whole["feed.xml"]


def test_the_same_episode_again_with_its_first_address(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated), address="")
    again = put(tmp_path, episode(narrated))
    assert (again.new, again.episodes, len(items(tmp_path))) == (False, 1, 1)
    assert b"localhost" not in (tmp_path / "feed.xml").read_bytes()
    assert etree.parse(tmp_path / "feed.xml").findtext("channel/title") == "今日要闻"


def test_an_address_in_hanzi_is_written_as_addresses_are(narrated: Path, cover: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pod"
    put(folder, episode(narrated), address="https://example.org/早 报/%E6/", cover=cover)
    assert broken((folder / "feed.xml").read_bytes()) == []
    assert 'url="https://example.org/%E6%97%A9%20%E6%8A%A5/%E6/2026-11-25-' in items(folder)[0]


@pytest.mark.parametrize(
    ("given", "made"),
    [
        ("https://播客.中国/a", "https://xn--ubt53s.xn--fiqs8s/a/"),
        ("https://example.org:8443", "https://example.org:8443/"),
        ("https://example.org/a/feed.xml", "https://example.org/a/"),
    ],
)
def test_addresses(narrated: Path, tmp_path: Path, given: str, made: str) -> None:
    put(tmp_path, episode(narrated), address=given)
    assert f'url="{made}2026-11-25-' in items(tmp_path)[0]


@pytest.mark.parametrize(
    "address",
    [
        "https://e.org/?a=1",
        "https://e.org/#a",
        "https://u:secret@e.org/",
        "https://e.org:abc/",
        "http://[x/",
        "https://a..b/",
    ],
)
def test_an_address_that_is_none_is_refused(narrated: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="write one such as https://") as raised:
        feed.check_feed(tmp_path / "pod", Channel(address=address))
    assert "secret" not in str(raised.value)
    with pytest.raises(ConfigError):
        put(tmp_path, episode(narrated), address=address)


@pytest.mark.parametrize("address", ["example.org", "ftp://example.org/", "https:///podcast", "file:///tmp/pod"])
def test_no_address(narrated: Path, tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="is not a web address for the feed"):
        put(tmp_path, episode(narrated), address=address)


def test_no_category(narrated: Path, tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no category 'Rain'; there are Arts, "):
        put(tmp_path, episode(narrated), category="Rain")


def test_what_directories_would_miss_is_told(narrated: Path, tmp_path: Path) -> None:
    said: list[str] = []
    small = png(tmp_path / "small.png", 30, 40)
    put(tmp_path / "a", episode(narrated), said=said, address="http://example.org/")
    put(tmp_path / "b", episode(narrated), said=said, cover=small)
    assert ["https://" in said[0], "no cover" in said[1], "30 × 40 pixels" in said[2]] == [True] * 3


def test_a_cover_never_overwrites_a_file(narrated: Path, cover: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pod"
    put(folder, episode(narrated), cover=cover)
    (first,) = folder.glob("cover-*")
    first.write_bytes(b"mine")
    for number in (2, 3):
        put(folder, episode(narrated, number), cover=cover)
    assert first.read_bytes() == b"mine"
    assert {path.name for path in folder.glob("cover-*")} == {first.name, f"{first.stem}-2.png"}
    assert f"{first.stem}-2.png" in (folder / "feed.xml").read_text(encoding="utf-8")


def test_another_cover_has_another_name(narrated: Path, cover: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pod"
    put(folder, episode(narrated), cover=cover)
    png(cover, 1500, 1500)
    put(folder, episode(narrated, 2), cover=cover)
    assert len(list(folder.glob("cover-*.png"))) == 2


# --- what goes wrong ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "text", "says"),
    [
        ("feed.xml", "<rss version='2.0'><channel><title>x</title></channel></rss>", "langdu did not make"),
        ("feed.xml", "<feed xmlns='http://www.w3.org/2005/Atom'/>", "langdu did not make"),
        ("feed.xml", "", "is damaged"),
        ("feed.xml", "not XML", "is damaged"),
        ("feed.xml", "<!DOCTYPE a [<!ENTITY b 'c'>]><rss>&b;</rss>", "is damaged"),
        ("feed.xml", "\udcff\udcfe", "cannot be read"),
        ("podcast.rss", "<rss version='2.0'/>", "langdu did not make"),
        ("atom.xml", "<feed xmlns='http://www.w3.org/2005/Atom'/>", "langdu did not make"),
        ("index.rdf.xml", "<r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>", "langdu did not make"),
    ],
)
def test_another_feed_is_never_touched(narrated: Path, tmp_path: Path, name: str, text: str, says: str) -> None:
    folder = tmp_path / "pod"
    folder.mkdir()
    (folder / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    before = contents(folder)
    with pytest.raises(ExportError, match=says):
        put(folder, episode(narrated))
    assert contents(folder) == before


def test_a_feed_of_langdu_that_is_damaged_is_never_touched(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    whole = (tmp_path / "feed.xml").read_text(encoding="utf-8")
    guid = "<podcast:guid>.*</podcast:guid>"
    for text in (whole[:-40], re.sub(guid, "", whole), whole.replace("<item>", "<item >")):
        (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
        with pytest.raises(ExportError, match=r"is damaged|was changed since"):
            put(tmp_path, episode(narrated, 2))
        assert (tmp_path / "feed.xml").read_text(encoding="utf-8") == text


@pytest.mark.parametrize("lost", ["<podcast:guid>.*</podcast:guid>", "<atom:link [^>]*>(</atom:link>)?"])
def test_a_feed_without_its_guid_or_its_address_is_not_continued(narrated: Path, tmp_path: Path, lost: str) -> None:
    """Not even if the note of its hash is gone too: players would take it for another podcast."""
    put(tmp_path, episode(narrated))
    whole = (tmp_path / "feed.xml").read_text(encoding="utf-8")
    text, count = re.subn(lost, "", whole)
    assert count == 1
    (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
    (tmp_path / ".langdu" / "feed.sha256").unlink()
    with pytest.raises(ExportError, match=r"was changed since langdu wrote it: choose another folder"):
        put(tmp_path, episode(narrated, 2))


def test_what_was_changed_by_hand_is_not_lost(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    whole = (tmp_path / "feed.xml").read_text(encoding="utf-8")
    changed = whole.replace("</language>", "</language><copyright>我们</copyright>")
    (tmp_path / "feed.xml").write_text(changed, encoding="utf-8")
    with pytest.raises(ExportError, match=r"was changed since langdu wrote it.*remove .*feed\.sha256"):
        put(tmp_path, episode(narrated, 2))
    assert (tmp_path / "feed.xml").read_text(encoding="utf-8") == changed
    (tmp_path / ".langdu" / "feed.sha256").unlink()
    assert put(tmp_path, episode(narrated, 2)).episodes == 2


@pytest.mark.parametrize("note", [b"\xff\xfe", b"", None])
def test_a_note_that_is_damaged(narrated: Path, tmp_path: Path, note: bytes | None) -> None:
    put(tmp_path, episode(narrated))
    place = tmp_path / ".langdu" / "feed.sha256"
    place.unlink()
    if note is None:
        place.mkdir()
    else:
        place.write_bytes(note)
    with pytest.raises(ExportError, match="remove"):
        put(tmp_path, episode(narrated, 2))


def test_a_feed_that_would_lose_an_episode_stays(
    narrated: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(tmp_path, episode(narrated))
    before = (tmp_path / "feed.xml").read_bytes()
    monkeypatch.setattr(feed, "_earlier_items", lambda *_: [])
    with pytest.raises(ExportError, match="would lose an episode"):
        put(tmp_path, episode(narrated, 2))
    assert (tmp_path / "feed.xml").read_bytes() == before


def test_links_in_notes_are_never_mended(narrated: Path, tmp_path: Path) -> None:
    notes = '<a href="http://localhost:8000/a.txt">雪</a> >http://localhost:8000/b'
    put(tmp_path, replace(episode(narrated), notes=notes), address="")
    put(tmp_path, episode(narrated, 2))
    content = "{http://purl.org/rss/1.0/modules/content/}encoded"
    assert etree.parse(tmp_path / "feed.xml").findall("channel/item")[1].findtext(content) == notes


def test_a_copy_of_its_own_is_no_matter(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    (tmp_path / "feed-old.xml").write_bytes((tmp_path / "feed.xml").read_bytes())
    assert put(tmp_path, episode(narrated, 2)).episodes == 2


def test_a_length_that_is_none_is_damage(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    text = (tmp_path / "feed.xml").read_text(encoding="utf-8").replace('length="1000"', 'length="abc"')
    (tmp_path / "feed.xml").write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match="is damaged"):
        put(tmp_path, episode(narrated, 2))


def test_other_files_are_no_matter(narrated: Path, tmp_path: Path) -> None:
    (tmp_path / "sitemap.xml").write_text("<urlset/>", encoding="utf-8")
    (tmp_path / "notes.xml").write_text("no XML", encoding="utf-8")
    assert put(tmp_path, episode(narrated)).new


def test_a_file_is_no_folder(narrated: Path, tmp_path: Path) -> None:
    (tmp_path / "pod").write_text("x", encoding="utf-8")
    with pytest.raises(ExportError, match="is not a folder"):
        put(tmp_path / "pod", episode(narrated))


def test_two_at_once(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path, episode(narrated))
    with FileLock(tmp_path / ".langdu" / "feed.lock"), pytest.raises(ExportError, match="another langdu"):
        put(tmp_path, episode(narrated, 2))


# --- the checker ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ('version="2.0"', 'version="0.91"', "RSS: the root"),
        ("<title>今日要闻</title>", "", "required channel elements: title"),
        ("</language>", "</language><language>zh</language>", "once in its parent"),
        ("zh-CN", "Chinese", "ISO 639"),
        ('text="News"', 'text="Weather"', "one of the list"),
        ("false</itunes:explicit><itunes:category", "clean</itunes:explicit><itunes:category", "true or false"),
        (".png", ".gif", "JPEG or PNG"),
        ('rel="self"', 'rel="next"', "rel=self"),
        ("<podcast:guid>", "<podcast:guid>x", "UUIDv5"),
        ("no</podcast:locked>", "maybe</podcast:locked>", "yes or no"),
        ('isPermaLink="false"', "", "isPermaLink=false"),
        ("Wed, 25 Nov 2026 06:30:00 +0000</pubDate>", "2026-11-25</pubDate>", "RFC 822"),
        ("<itunes:duration>63", "<itunes:duration>0", "in seconds"),
        ('length="1000"', 'length=""', "length in bytes"),
        ('type="audio/mpeg"', "", "url, length and type"),
        ('type="audio/mpeg"', 'type="audio/wav"', "the ending"),
        ('type="text/vtt"', 'type="text/x"', "transcript: url and type"),
        ("application/json+chapters", "application/json", "chapters: url and type"),
        ('url="https://example.org/podcast/', 'url="', "whole address"),
        ("<link>https://example.org/podcast/</link>", "<link>podcast</link>", "<link> is an address"),
        ("<link>https://example.org/podcast/</link>", "", "required channel elements: link"),
        ("<description>今日要闻</description>", "", "required channel elements: description"),
        ("<item><title>", "<item><title/><title>", "an episode has a <title>"),
        ("<pubDate>Wed, 25 Nov 2026 06:30:00 +0000</pubDate>", "", "Apple: <pubDate>"),
        ("06:30:00 +0000</pubDate>", "06:30:00 -0000</pubDate>", "a date has a zone"),
        ("雪；桥", "雪" * 1334, "at most 4000 bytes"),
        ('rel="captions"', 'rel="text"', "rel is captions"),
        ("<enclosure ", "<attachment ", "url, length and type"),
        ("</item>", "</item><item><guid>{guid}</guid></item>", "names the item and no other"),
        ("</item>", '</item><item><enclosure url="{url}"/></item>', "an enclosure of its own"),
    ],
)
def test_the_checker_finds_what_is_broken(narrated: Path, tmp_path: Path, old: str, new: str, rule: str) -> None:
    folder = tmp_path / "pod"
    put(folder, episode(narrated), cover=png(tmp_path / "cover.png", 1400, 1400))
    whole = (folder / "feed.xml").read_text(encoding="utf-8")
    assert old in whole
    item = etree.fromstring(whole.encode()).find("channel/item")
    new = new.replace("{guid}", item.findtext("guid")).replace("{url}", item.find("enclosure").get("url"))
    assert any(rule in each for each in broken(whole.replace(old, new, 1).encode()))


@pytest.mark.parametrize(
    ("made", "rule"),
    [
        ({"chapters": [{"startTime": 0}]}, "JSON: version"),
        ({"version": "1.2.0", "chapters": []}, "JSON: chapters, each with startTime"),
        ({"version": "1.2.0", "chapters": [{"startTime": "0:00"}]}, "JSON: chapters, each with startTime"),
        ({"version": "1.2.0", "chapters": [{"startTime": 5}, {"startTime": 0}]}, "JSON: in order"),
        ({"version": "1.2.0", "chapters": [{"startTime": 0}, {"startTime": 60}]}, "JSON: in order"),
    ],
)
def test_the_checker_finds_what_is_broken_in_chapters(made: dict[str, Any], rule: str) -> None:
    assert any(rule in each for each in broken_chapters(made, 60))


@given(st.text(max_size=20), st.text(max_size=40), st.text(max_size=40))
def test_any_text_is_well_formed_and_read_back(title: str, summary: str, notes: str) -> None:
    title, summary, notes = (each.encode("utf-8", "replace").decode() for each in (title, summary, notes))
    sound = FeedFile(ADDRESS + "a.mp3", "audio/mpeg", 7)
    item = FeedItem(title=title, guid="x", published=NOW, summary=summary, notes=notes, seconds=3, audio=sound)
    channel = Channel(title=title, address=ADDRESS)
    made = rss(channel, [item_xml(channel, item)])
    found = etree.fromstring(made.encode()).find("channel/item")
    content = found.findtext("{http://purl.org/rss/1.0/modules/content/}encoded")
    forbidden = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
    for written, read in ((title, found.findtext("title")), (summary, found.findtext("description")), (notes, content)):
        assert (read or "") == forbidden.sub("\ufffd", re.sub("\r\n?", "\n", written))
    again = rss(channel, [item_xml(channel, replace(item, guid="y")), made[made.index("<item>") : -18]])
    assert len(etree.fromstring(again.encode()).findall("channel/item")) == 2


# --- what somebody else put there -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "email", ["a@example.org\nBcc: b@example.org", "a@example.org\r", "a b@c", "a@b\u2028", "none"]
)
def test_an_e_mail_that_is_none(narrated: Path, tmp_path: Path, email: str) -> None:
    with pytest.raises(ConfigError, match=r"is not an e-mail address for the feed: write one such as you@example\.org"):
        put(tmp_path / "pod", episode(narrated), email=email)
    assert not (tmp_path / "pod" / "feed.xml").exists()


@pytest.mark.parametrize("place", [".langdu", ".langdu/feed.lock", ".langdu/published.jsonl"])
def test_no_link_leads_out_of_the_folder(narrated: Path, tmp_path: Path, place: str) -> None:
    folder, elsewhere = tmp_path / "pod", tmp_path / "elsewhere"
    elsewhere.mkdir()
    for name in ("feed.lock", "feed.sha256"):
        (elsewhere / name).write_bytes(b"precious")
    (folder / place).parent.mkdir(parents=True)
    (folder / place).symlink_to(elsewhere if place == ".langdu" else elsewhere / "feed.lock")
    with pytest.raises(ExportError, match="it is a symbolic link, which may lead elsewhere; remove it"):
        put(folder, episode(narrated))
    assert contents(elsewhere) == {"feed.lock": b"precious", "feed.sha256": b"precious"}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no pipes with a name in a folder")
@pytest.mark.parametrize("name", ["feed.xml", ".langdu/feed.sha256"])
def test_nobody_waits_for_a_pipe(narrated: Path, tmp_path: Path, name: str) -> None:
    put(tmp_path, episode(narrated))
    (tmp_path / name).unlink()
    os.mkfifo(tmp_path / name)
    with pytest.raises(ExportError, match="cannot be read"):
        put(tmp_path, episode(narrated, 2))


def test_what_a_killed_run_left_half_written_goes_away(narrated: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pod"
    put(folder, episode(narrated))
    for place in (folder, folder / ".langdu"):
        (place / ".langdu-0123456789ab.part").write_bytes(b"half")
    (folder / ".langdu-mine.part").touch()
    put(folder, episode(narrated))
    assert [path.name for path in folder.rglob("*.part")] == [".langdu-mine.part"]


def test_names_in_a_feed_that_lead_out_of_it(narrated: Path, tmp_path: Path) -> None:
    put(tmp_path / "pod", episode(narrated))
    (name,) = (path.name for path in (tmp_path / "pod").glob("*.mp3"))
    feed_file = tmp_path / "pod" / "feed.xml"
    for other in ("%2Fetc%2Fpasswd", "..", "a%00b"):
        text = feed_file.read_text(encoding="utf-8").replace(f'url="{ADDRESS}{name}"', f'url="{ADDRESS}{other}"')
        assert set(earlier.read_feed(feed_file.with_name("other.xml")).sizes) == set()
        feed_file.with_name("other.xml").write_text(text, encoding="utf-8")
        (tmp_path / "pod" / ".langdu" / "feed.sha256").unlink(missing_ok=True)
        assert not any(
            "/" in each or each in {"..", "a\0b"} for each in earlier.read_feed(feed_file.with_name("other.xml")).sizes
        )
        feed_file.with_name("other.xml").unlink()
