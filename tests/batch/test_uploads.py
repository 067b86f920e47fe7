"""A narration at an address: the files of a local one, the manifest last, and nothing is done twice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import fsspec
import pytest

from batch.archive import Here, articles, files
from langdu.batch import addresses, work
from langdu.batch.assignment import Assignment, Outcome, Status, Terms
from langdu.batch.run import terms
from langdu.batch.running import local
from langdu.batch.sources import assignments
from langdu.errors import ExportError
from langdu.settings import load
from programs import langdu
from raw_server import BODY, answer, saying, server

if TYPE_CHECKING:
    from pathlib import Path

LONG, SHORT = "山\n\n山上有树。\n\n水里有鱼。\n", "山\n\n山上有树。\n"


@pytest.fixture
def bucket() -> str:
    """An empty store; its objects appear whole, and there are no folders."""
    store = fsspec.filesystem("memory")
    store.store.clear()
    return "memory://bucket/audio"


@pytest.fixture
def agreed(bucket: str) -> Terms:
    return terms(load({"voice": "silence"}), bucket, keep_all=False)


def stored() -> dict[str, bytes]:
    """What is in the store."""
    store = fsspec.filesystem("memory")
    return {path.removeprefix("/bucket/audio/"): store.cat_file(path) for path in store.find("/bucket")}


def article(folder: Path, text: str) -> Assignment:
    (only,) = assignments([str(articles(folder, {"a.txt": text}) / "a.txt")], None, None, lambda _: None)
    return only


def alone(assignment: Assignment, agreed: Terms, out: Path) -> dict[str, bytes]:
    """The files of the same narration in a folder of this machine."""
    assert work.done(assignment, replace(agreed, out=str(out))).status is Status.MADE
    return files(out)


def test_what_is_stored_is_what_a_folder_has(agreed: Terms, tmp_path: Path) -> None:
    assignment = article(tmp_path / "in", LONG)
    made = work.done(assignment, agreed)
    assert (made.status, made.folder) == (Status.MADE, "memory://bucket/audio/a")
    assert stored() == alone(assignment, agreed, tmp_path / "out")
    again = work.done(assignment, agreed)
    assert again == replace(made, status=Status.UNCHANGED, file="")
    assert work.spoken_characters(assignment, agreed) == 0


def test_what_is_left_of_a_longer_narration_is_removed(agreed: Terms, tmp_path: Path) -> None:
    work.done(article(tmp_path / "in", LONG), agreed)
    assignment = article(tmp_path / "in", SHORT)
    fsspec.filesystem("memory").pipe_file("/bucket/audio/a/notes.txt", b"mine")
    assert work.spoken_characters(assignment, agreed) > 0
    assert work.done(assignment, agreed).status is Status.MADE
    left = stored()
    assert left.pop("a/notes.txt") == b"mine"
    assert left == alone(assignment, agreed, tmp_path / "out")


@pytest.mark.parametrize("killed_at", [0, 2, 4])
def test_a_run_that_is_killed_leaves_no_manifest_and_goes_on(
    agreed: Terms, tmp_path: Path, killed_at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.done(article(tmp_path / "in", LONG), agreed)
    assignment, put, left = article(tmp_path / "in", SHORT), addresses.put, [killed_at]

    def killing(path: Path, address: str) -> None:
        left[0] -= 1
        if left[0] < 0:
            raise ExportError("the network is down")
        put(path, address)

    with monkeypatch.context() as patch:
        patch.setattr(addresses, "put", killing)
        failed = work.done(assignment, agreed)
    assert (failed.status, failed.error, failed.blames_run) == (Status.FAILED, "the network is down", True)
    assert "a/manifest.json" not in stored()
    assert work.done(assignment, agreed).status is Status.MADE
    assert stored() == alone(assignment, agreed, tmp_path / "out")


def test_the_narration_of_another_article_is_not_replaced(agreed: Terms, tmp_path: Path) -> None:
    work.done(article(tmp_path / "in", LONG), agreed)
    before = stored()
    other = article(tmp_path / "elsewhere", "水\n\n水里有鱼。\n")
    assert "has the narration of another article, 山" in work.done(other, agreed).error
    assert stored() == before


def test_a_manifest_that_is_cut_off_is_none(agreed: Terms, tmp_path: Path) -> None:
    assignment = article(tmp_path / "in", SHORT)
    work.done(assignment, agreed)
    store = fsspec.filesystem("memory")
    manifest = store.cat_file("/bucket/audio/a/manifest.json")
    store.pipe_file("/bucket/audio/a/manifest.json", manifest[:-40])
    assert work.done(assignment, agreed).status is Status.MADE
    assert store.cat_file("/bucket/audio/a/manifest.json") == manifest


def test_an_article_at_an_address_is_done_again_when_it_changes(agreed: Terms, bucket: str) -> None:
    store = fsspec.filesystem("memory")
    store.pipe_file("/texts/a.txt", LONG.encode())
    (assignment,) = assignments(["memory://texts/*.txt"], bucket, None, lambda _: None)

    def status() -> Status:
        outcome: Outcome = work.done(assignment, agreed)
        return outcome.status

    assert (status(), status()) == (Status.MADE, Status.UNCHANGED)
    store.pipe_file("/texts/a.txt", SHORT.encode())
    assert status() is Status.MADE


def test_a_feed_does_not_lead_into_a_private_network(agreed: Terms) -> None:
    """The user named the feed, and its server may be anywhere; what the feed names is somebody else's choice."""

    def outcome(where: str, feed: str | None) -> str:
        return work.done(Assignment(source=where, where=where, folder="a", feed=feed), agreed).error

    with server(saying(answer(b"Content-Type: text/html", body=BODY))) as address:
        assert "127.0.0.1, a private address: refused" in outcome(address, "https://a.example/feed.xml")
        assert "cannot be reached" in outcome("http://127.0.0.1:9/", None)
        assert outcome(address, f"{address}feed.xml") == ""
        # An article of a feed is narrated once: its page is not even fetched again.
    assert work.done(Assignment(source="", where=address, folder="a", feed=f"{address}feed.xml"), agreed).status is (
        Status.UNCHANGED
    )


def test_the_command_writes_to_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_Slot", Here)
    articles(tmp_path / "in", {"a.txt": SHORT, "b/a.txt": SHORT})
    command = ("batch", "in", "--voice", "silence", "--jobs", "1", "--format", "srt")
    langdu(*command, "-o", "here", cwd=tmp_path)
    langdu(*command, "-o", f"file://{tmp_path}/there", cwd=tmp_path)
    assert files(tmp_path / "there") == files(tmp_path / "here")
    done = langdu(*command, "-o", f"file://{tmp_path}/there", cwd=tmp_path)
    assert "2 articles: 2 unchanged" in done.stderr
    assert files(tmp_path / "there") == files(tmp_path / "here")
