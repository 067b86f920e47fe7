"""What the user names → which articles, and into which folders."""

from __future__ import annotations

import gzip
import io
from typing import TYPE_CHECKING

import fsspec
import pytest

from batch.archive import articles
from langdu.batch.sources import assignments, feeds
from langdu.errors import InputError, NoArticles
from raw_server import answer, server

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from langdu.batch.assignment import Assignment

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><link>https://a.example/</link>
<item><link>https://a.example/1.html#top</link></item><item><link> /2.html </link></item>
<item><link>https://a.example/1.html</link></item><item><link>file:///etc/passwd</link></item></channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><link href="https://a.example/"/><entry>
<link rel="enclosure" href="https://a.example/1.mp3"/><link href="https://a.example/1.html"/></entry></feed>"""
SITEMAP = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<url><loc>https://a.example/1.html</loc></url></urlset>"""


def found(*sources: str, stdin: str = "", out: Path | str | None = None) -> list[Assignment]:
    return assignments(sources, str(out) if out else None, io.BytesIO(stdin.encode()), lambda _: None)


def folders(*sources: str, stdin: str = "", out: Path | str | None = None) -> list[str]:
    return [assignment.folder for assignment in found(*sources, stdin=stdin, out=out)]


def test_a_folder_has_its_articles_but_not_what_langdu_wrote(tmp_path: Path) -> None:
    texts = ["10.txt", "9.md", "a/b/c.html", "a/lexicon.tsv", "a/x.mp3", ".hidden/a.txt", "out/1/a.txt", "~$a.docx"]
    articles(tmp_path, dict.fromkeys(texts, "山"))
    assert folders(str(tmp_path), out=tmp_path / "out") == ["9", "10", "a/b/c"]
    assert folders(str(tmp_path / "*.txt")) == ["10"]
    assert folders(str(tmp_path / "**" / "*.html")) == ["a/b/c"]


def test_a_name_with_a_star_in_it_is_a_file_if_there_is_one(tmp_path: Path) -> None:
    articles(tmp_path, {"[1].txt": "山", "1.txt": "水"})
    assert [assignment.where for assignment in found(str(tmp_path / "[1].txt"))] == [str(tmp_path / "[1].txt")]


def test_each_article_has_a_folder_of_its_own(tmp_path: Path) -> None:
    articles(tmp_path, dict.fromkeys(["a.html", "a.txt", "A.md", "b/a.txt"], "山"))
    names = folders(str(tmp_path), str(tmp_path / "b" / "a.txt"), str(tmp_path / "a.txt"))
    assert sorted(names) == ["A", "a-html", "a-txt", "b/a"]


def test_a_list_on_standard_input_may_be_plain(tmp_path: Path) -> None:
    lines = f'{tmp_path}/a.txt\n\nhttps://a.example/news/1.html?x=1\n{{"source": "b.txt", "folder": "../x/y z"}}\n'
    assert folders("-", stdin=lines)[1:] == ["a-example/news/1-x-1", "x/y-z"]


def test_nothing_is_no_batch(tmp_path: Path) -> None:
    with pytest.raises(NoArticles, match="there are no articles"):
        found(str(tmp_path))


@pytest.mark.parametrize("feed", [RSS, ATOM, SITEMAP, gzip.compress(SITEMAP.encode(), mtime=0).decode("latin-1")])
def test_feeds_and_sitemaps_name_pages(feed: str) -> None:
    data = feed.encode("latin-1") if feed.startswith("\x1f") else feed.encode()
    named = feeds.items(data, "https://a.example/feed")
    assert named == ["https://a.example/1.html", *(["https://a.example/2.html"] if feed is RSS else [])]


def test_a_page_is_no_feed() -> None:
    assert feeds.items(b"<!DOCTYPE html><html><body><p>rss</p></body></html>", "https://a.example/") is None


@pytest.mark.parametrize(
    "feed",
    [
        b"<rss><channel>",
        b'<!DOCTYPE rss [<!ENTITY a "a">]><rss><channel><item><link>&a;</link></item></channel></rss>',
        b"<?xml version='1.0'?><!DOCTYPE rss [<!ENTITY a 'a'>]><rss/>",
        gzip.compress(b"<rss>", mtime=0)[:-4] + b"0000",
    ],
)
def test_a_damaged_feed_is_an_error_or_no_feed(feed: bytes) -> None:
    try:
        assert feeds.items(feed, "https://a.example/feed") is None
    except InputError as error:
        assert "https://a.example/feed" in str(error)  # noqa: PT017 - both are right


def test_the_pages_of_a_feed_and_of_the_sitemaps_of_an_index() -> None:
    def speak(connection: socket.socket) -> None:
        asked = connection.recv(65_536)
        index = b"<sitemapindex><sitemap><loc>2.xml</loc></sitemap></sitemapindex>"
        connection.sendall(answer(body=index if b"GET /1.xml" in asked else SITEMAP.encode()))

    with server(speak) as address:
        (only,) = found(f"{address}1.xml")
    assert (only.where, only.folder, only.feed) == ("https://a.example/1.html", "a-example/1", f"{address}1.xml")


def test_addresses_have_patterns_and_folders() -> None:
    files = fsspec.filesystem("memory")
    for name in ("in/a.html", "in/b/c.txt", "in/b/c.png"):
        files.pipe_file(f"/archive/{name}", "山".encode())
    assert sorted(folders("memory://archive/in/**/*.*")) == ["a", "b/c", "b/c-png"]
    assert sorted(folders("memory://archive/in")) == ["a", "b/c"]
    assert folders("memory://archive/in/a.html") == ["a"]
    with pytest.raises(InputError, match="there is no such file"):
        found("memory://archive/in/b.html")
    assert folders("memory://archive/in/", out="memory://archive/in/b") == ["a"]
    assert folders("memory://archive/in/**/*.*", out="memory://archive/in/b") == ["a"]
