"""What somebody else may have put into a list, a folder or an output."""

from __future__ import annotations

import io
import json
import os
import re
from contextlib import suppress
from typing import TYPE_CHECKING

import fsspec
import pytest

from batch.archive import Here, articles, rows
from langdu.batch import placing, work
from langdu.batch.assignment import Status
from langdu.batch.run import terms
from langdu.batch.running import local
from langdu.batch.sources import assignments, feeds, lists
from langdu.batch.sources.naming import of_file
from langdu.errors import ExportError, InputError
from langdu.settings import load
from programs import langdu
from raw_server import answer, server

if TYPE_CHECKING:
    import socket
    from pathlib import Path

    from langdu.batch.assignment import Assignment

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
SILENT = ("--voice", "silence", "--format", "srt", "--jobs", "1")


@pytest.fixture(autouse=True)
def _no_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_Slot", Here)


def found(*sources: str, stdin: bytes = b"", out: Path | None = None) -> list[Assignment]:
    return assignments(sources, str(out) if out else None, io.BytesIO(stdin), lambda _: None)


def test_a_page_of_the_user_stays(tmp_path: Path) -> None:
    articles(tmp_path, {"a.txt": "山\n", "out/index.html": "mine"})
    done = langdu("batch", "a.txt", "-o", "out", *SILENT, ok=(3,), cwd=tmp_path)
    assert "index.html is there already and langdu did not make it" in done.stderr
    assert (tmp_path / "out" / "index.html").read_text() == "mine"
    assert done.stdout == ""


def test_a_page_that_was_changed_is_set_aside(tmp_path: Path) -> None:
    told: list[str] = []
    (tmp_path / ".langdu").mkdir()
    placing.place(str(tmp_path), ["1"], told.append)
    placing.place(str(tmp_path), ["2"], told.append)
    assert told == []
    (tmp_path / "index.html").write_text("mine")
    placing.refuse_foreign(str(tmp_path))
    placing.place(str(tmp_path), ["3"], told.append)
    assert (tmp_path / "index.html").read_text() == "3"
    assert (tmp_path / ".langdu" / "set-aside" / "1" / "index.html").read_text() == "mine"
    assert "has been changed" in told[0]


def test_a_page_at_an_address_stays() -> None:
    store = fsspec.filesystem("memory")
    store.store.clear()
    for text in ("1", "2"):
        placing.refuse_foreign("memory://bucket/out")
        placing.place("memory://bucket/out", [text], lambda _: None)
    store.pipe_file("/bucket/out/index.html", b"mine")
    with pytest.raises(ExportError, match="langdu did not make it"):
        placing.refuse_foreign("memory://bucket/out")
    with pytest.raises(ExportError, match="langdu did not make it"):
        placing.place("memory://bucket/out", ["3"], lambda _: None)
    assert store.cat_file("/bucket/out/index.html") == b"mine"


def test_the_status_replaces_no_other_file(tmp_path: Path) -> None:
    articles(tmp_path, {"a.txt": "山\n", "b.prom": "# HELP langdu_batch_running 1\n"})
    done = langdu("batch", "a.txt", "-o", "out", "--status", "a.txt", *SILENT, ok=(2,), cwd=tmp_path)
    assert "--status a.txt would replace a file that is no status file" in done.stderr
    assert (tmp_path / "a.txt").read_text(encoding="utf-8") == "山\n"
    langdu("batch", "a.txt", "--check-only", "--status", "b.prom", "--jobs", "1", cwd=tmp_path)
    assert "langdu_batch_articles " in (tmp_path / "b.prom").read_text(encoding="utf-8")


@POSIX
@pytest.mark.parametrize("name", ["batch.jsonl", "batch.lock", "record.jsonl", "status"])
def test_a_pipe_is_not_opened(tmp_path: Path, name: str) -> None:
    articles(tmp_path / "out" / ".langdu", {})
    articles(tmp_path, {"a.txt": "山\n", "out/.langdu/x": ""})
    os.mkfifo(tmp_path / "out" / ".langdu" / name)
    status = ("--status", "out/.langdu/status") if name == "status" else ()
    done = langdu("batch", "a.txt", "-o", "out", *status, *SILENT, ok=(2, 3), cwd=tmp_path)
    assert "it is not a regular file" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (rb'{"source": "\u0000"}', "NUL"),
        (b"a\0b", "NUL"),
        (rb'{"source": "in/\ud800.txt"}', "NUL"),
        (rb'{"source": "http://\ud800/"}', "NUL"),
        (b'{"source": "http://[/"}', "Invalid IPv6"),
        (b'{"source": "a.txt", "voice": ["x"]}', "give a text"),
        (b'{"source": "a.txt", "rate": "fast"}', "give a number"),
        (b'{"source": "a.txt", "vioce": "x"}', "did you mean voice"),
        (b"\xff.txt", "UTF-8"),
        (b"{bad", "it is no JSON"),
        (b'{"source": 5}', "source is 5: write the name of a file"),
        (b'{"source": "  "}', "source is '  ': write the name of a file"),
    ],
)
def test_a_poisoned_line_is_one_fault(tmp_path: Path, line: bytes, told: str) -> None:
    articles(tmp_path, {"a.txt": "山\n"})
    (tmp_path / "list.jsonl").write_bytes(b'{"source": "a.txt"}\n\n' + line + b"\n")
    good, bad = found(str(tmp_path / "list.jsonl"))
    assert good.fault is None
    assert re.search(rf"list.jsonl, line 3: .*{told}", bad.fault or "")


def test_poisoned_lines_do_not_end_a_batch(tmp_path: Path) -> None:
    articles(tmp_path, {"a.txt": "山\n"})
    lines = [r'{"source": "\u0000"}', r'{"source": "a.txt", "voice": ["x"]}', r'{"source": "http://\ud800/"}', "a.txt"]
    (tmp_path / "list.jsonl").write_text("\n".join(lines), encoding="utf-8")
    done = langdu("batch", "list.jsonl", "-o", "out", *SILENT, ok=(1,), cwd=tmp_path)
    assert [json.loads(line)["status"] for line in done.stdout.splitlines()] == ["failed", "failed", "failed", "made"]


def test_a_list_at_an_address_stays_there(tmp_path: Path) -> None:
    articles(tmp_path, {"lists/a.txt": "山\n", "secret.txt": "水\n"})
    base = f"file://{tmp_path}/lists"
    sources = ["a.txt", f"{base}/a.txt", "http://public.example/a.html"]
    bad: list[dict[str, str]] = [
        *({"source": source} for source in (f"file://{tmp_path}/secret.txt", "../secret.txt", "x/../../secret.txt")),
        {"source": f"memory::file://{tmp_path}/secret.txt"},
        {"source": "x::file"},
        {"source": "s3://other/a.txt"},
        {"source": "a.txt", "lexicon": "/etc/passwd"},
        {"source": "a.txt", "voice": "piper:/etc/passwd"},
    ]
    lines = [json.dumps(line) for line in (*({"source": source} for source in sources), *bad)]
    (tmp_path / "lists" / "remote.jsonl").write_text("\n".join(lines), encoding="utf-8")
    named = found(f"{base}/remote.jsonl")
    assert [assignment.is_public for assignment in named if not assignment.fault] == [False, True]
    assert sum(assignment.fault is not None for assignment in named) == len(bad)


def test_a_list_at_an_address_names_no_private_page(tmp_path: Path) -> None:
    def speak(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer(body="<p>山上有树。</p>".encode()))

    with server(speak) as address:
        (tmp_path / "remote.jsonl").write_text(json.dumps({"source": address}), encoding="utf-8")
        own = langdu("batch", "remote.jsonl", "--check-only", "--jobs", "1", cwd=tmp_path)
        done = langdu("batch", f"file://{tmp_path}/remote.jsonl", "--check-only", "--jobs", "1", ok=(1,))
    assert json.loads(own.stdout)["status"] == "checked"
    assert json.loads(done.stdout)["status"] == "failed"


def test_a_list_on_standard_input_may_have_no_end(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match="a line of more than"):
        found("-", stdin=b"\0" * 100_000)
    monkeypatch.setattr(lists, "_MOST", 2)
    assert len(found("-", stdin=b"a.txt\nb.txt\n")) == 2
    with pytest.raises(InputError, match="at most 2 lines"):
        found("-", stdin=b"a.txt\n\n\n")


@POSIX
def test_no_link_in_the_output_is_followed(tmp_path: Path) -> None:
    articles(tmp_path, {"in/2024/a.txt": "山\n", "elsewhere/b": "mine"})
    agreed = terms(load({"voice": "silence", "formats": ["srt"]}), str(tmp_path / "out"), keep_all=False)
    (only,) = found(str(tmp_path / "in"))
    for name in ("2024", "2024/a"):
        link = tmp_path / "out" / name
        link.parent.mkdir(exist_ok=True, parents=True)
        link.symlink_to(tmp_path / "elsewhere")
        outcome = work.done(only, agreed)
        assert (outcome.status, outcome.error) == (
            Status.FAILED,
            f"{link} is a symbolic link, which may lead elsewhere: remove it, or name another output",
        )
        link.unlink()
    assert [path.name for path in (tmp_path / "elsewhere").iterdir()] == ["b"]
    assert work.done(only, agreed).status is Status.MADE


def test_a_pattern_does_not_find_what_langdu_wrote(tmp_path: Path) -> None:
    articles(tmp_path / "g", {"a.html": "<p>山上有树。</p>"})
    for _ in range(2):
        done = langdu("batch", "g/**/*.html", "-o", "g/out", *SILENT, "--format", "html", cwd=tmp_path)
        assert list(rows(done.stdout)) == ["a.html"]
    # Without the output's name, the records tell.
    assert [each.folder for each in found(str(tmp_path / "g" / "**" / "*.html"))] == ["a"]
    assert [each.folder for each in found(str(tmp_path / "g"))] == ["a"]


def test_folders_may_be_deep(tmp_path: Path) -> None:
    folder = tmp_path
    for _ in range(1_200):
        folder /= "d"
        folder.mkdir()
    (folder / "a.txt").write_text("山\n", encoding="utf-8")
    (deep,) = found(str(tmp_path))
    with suppress(InputError):  # some versions of Python look for patterns by recursion
        found(str(tmp_path / "**" / "*.txt"))
    (folder / "a.txt").unlink()
    while folder != tmp_path:  # pytest would remove them by recursion
        folder.rmdir()
        folder = folder.parent
    assert deep.where.endswith("a.txt")
    assert deep.folder.count("/") < 50


def test_a_deep_path_keeps_its_end() -> None:
    assert of_file("d/" * 1_000 + "a.txt").endswith("/d/a")


def test_comments_before_a_feed_are_looked_at_once() -> None:
    """The ways to group them were tried one by one: with 300 that took longer than a person lives."""
    feed = b"<rss><item><link>https://a.example/1</link></item></rss>"
    assert feeds.items(b"<!---->" * 300 + b"<html>", "https://a.example/") is None
    assert feeds.items(b"\n<?a?> <!-- <rss> -->\n" * 4 + feed, "https://a.example/") == ["https://a.example/1"]


def test_a_sitemap_index_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feeds, "_PAGES", 3)

    def speak(connection: socket.socket) -> None:
        asked = connection.recv(65_536).decode().split()[1]
        pages = "".join(f"<url><loc>https://a.example{asked}{n}</loc></url>" for n in range(2))
        connection.sendall(answer(body=f"<urlset>{pages}</urlset>".encode()))

    index = b"<sitemapindex><sitemap><loc>1.xml</loc></sitemap><sitemap><loc>2.xml</loc></sitemap></sitemapindex>"
    with server(speak) as address:
        with pytest.raises(InputError, match="or 3 pages"):
            feeds.items(index, address)
        monkeypatch.setattr(feeds, "_PAGES", 4)
        assert len(feeds.items(index, address) or ()) == 4
        monkeypatch.setattr(feeds, "_TOGETHER", 200)
        with pytest.raises(InputError, match="name them one by one"):
            feeds.items(index, address)
