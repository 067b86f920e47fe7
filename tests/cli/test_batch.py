"""`langdu batch`: many articles, in processes of this machine."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import time
from typing import TYPE_CHECKING

import pytest

from batch.archive import Here, articles, files, plague, rows
from langdu.batch.running import local
from programs import LANGDU, TERMINAL, installed, langdu

if TYPE_CHECKING:
    from pathlib import Path

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals for another process")
SILENT = ("--voice", "silence", "--jobs", "1")
TEXTS = {
    "1.txt": "春天\n\n春天来(lái)了。\n",
    "sub/10.txt": "银行\n\n他去银行(xíng)了。\n",
    "sub/9.html": "<h1>山</h1><p>山上有树。</p>",
    "sub/broken.txt": "hello\n",
    "sub/picture.png": "",
}


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A folder with articles `in` that were narrated into `out`; and what was printed."""
    folder = tmp_path_factory.mktemp("archive")
    articles(folder / "in", TEXTS)
    done = langdu("batch", "in", "-o", "out", *SILENT, "--status", "status.prom", ok=(1,), cwd=folder)
    assert "4 articles: 3 made, 1 failed" in done.stderr
    return folder, done.stdout


def test_each_article_has_a_line(archive: tuple[Path, str]) -> None:
    folder, printed = archive
    found = rows(printed)
    statuses = {name: row["status"] for name, row in found.items()}
    assert statuses == {"1.txt": "made", "9.html": "made", "10.txt": "made", "broken.txt": "failed"}
    assert list(found) == ["1.txt", "9.html", "10.txt", "broken.txt"], "2 before 10, as they are given out"
    assert found["10.txt"]["folder"] == str(folder / "out" / "sub" / "10")
    assert found["10.txt"]["findings"] == {"error": 0, "warning": 1, "info": 0}
    assert found["10.txt"]["seconds"] > 1
    assert "no Chinese characters" in found["broken.txt"]["error"]


def test_a_folder_is_what_read_makes(archive: tuple[Path, str], tmp_path: Path) -> None:
    folder, _ = archive
    langdu("read", str(folder / "in" / "sub" / "10.txt"), "-o", str(tmp_path), "--voice", "silence")
    made, alone = files(folder / "out" / "sub" / "10"), files(tmp_path)
    # The manifest's last line identifies the programs: for read by their dates, for batch by their content.
    for each in (made, alone):
        each["manifest.json"], replaced = re.subn(rb',\n "made".*', b"", each["manifest.json"])
        assert replaced == 1
    assert made == alone


def test_the_index_lists_what_is_there(archive: tuple[Path, str]) -> None:
    page = (archive[0] / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<tr><td") == 4
    assert 'href="./sub/10/%E9%93%B6%E8%A1%8C.mp3"' in page
    assert page.index("broken.txt") < page.index("银行"), "what failed comes first"


def test_the_status_is_for_monitoring(archive: tuple[Path, str]) -> None:
    lines = (archive[0] / "status.prom").read_text(encoding="utf-8").splitlines()
    values = dict(line.rsplit(" ", 1) for line in lines if not line.startswith("#"))
    assert float(values["langdu_batch_running"]) == 0
    assert float(values["langdu_batch_articles"]) == 4
    assert float(values['langdu_batch_articles_done_total{status="made"}']) == 3
    assert float(values["langdu_batch_sound_seconds_total"]) > 5


def test_the_same_again_does_only_what_changed(archive: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    folder, _ = archive
    monkeypatch.setattr(local, "_Slot", Here)
    before = files(folder / "out")
    text = (folder / "in" / "1.txt").read_text(encoding="utf-8")
    articles(folder / "in", {"1.txt": "夏天\n\n夏天来了。\n"})
    done = langdu("batch", "in/**/*.txt", "-o", "out", *SILENT, ok=(1,), cwd=folder)
    statuses = {name: row["status"] for name, row in rows(done.stdout).items()}
    assert statuses["1.txt"] == "made"
    assert statuses["10.txt"] == "unchanged"
    articles(folder / "in", {"1.txt": text})
    langdu("batch", "in", "-o", "out", *SILENT, ok=(1,), cwd=folder)
    assert files(folder / "out") == before


def test_only_check_counts_what_is_wrong_everywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_Slot", Here)
    wrong = "长(zhǎng)春\n\n长(zhǎng)春在东北。\n"
    articles(tmp_path, {"a.txt": wrong, "b.txt": wrong, "c.txt": "山\n"})
    done = langdu("batch", ".", "--check-only", "--jobs", "1", cwd=tmp_path, ok=(0, 1))
    found = rows(done.stdout)
    assert {row["status"] for row in found.values()} == {"checked"}
    assert (found["a.txt"]["title"], found["c.txt"]["title"]) == ("长春", "c")  # what a narration is called
    (misread,) = found["a.txt"]["misread"]
    assert (misread["text"], misread["count"]) == ("长", 2)
    assert re.search(r"4 +2 +warning +长\(zhǎng\)", done.stderr)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.txt", "b.txt", "c.txt"]


def test_a_list_has_options(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_Slot", Here)
    articles(tmp_path / "texts", {"a.txt": "山上有树。\n", "b.txt": "水里有鱼。\n"})
    listed = [
        {"source": "texts/a.txt", "folder": "school/1", "formats": ["srt"], "voice": "silence"},
        {"source": "texts/b.txt", "formats": ["srt"], "vioce": "silence"},
        {"text": "山"},
    ]
    lines = [json.dumps(row, ensure_ascii=False) for row in listed]
    nobody = json.dumps({"source": "texts/b.txt", "voice": "nobody"})
    (tmp_path / "list.jsonl").write_text("\n".join([*lines, "{", "'source': 'a.txt'", nobody, ""]), encoding="utf-8")
    done = langdu("batch", str(tmp_path / "list.jsonl"), "-o", str(tmp_path / "out"), *SILENT, ok=(1,))
    first, *failed = (json.loads(line) for line in done.stdout.splitlines())
    assert sorted(files(tmp_path / "out" / "school" / "1")) == [first["file"], "manifest.json"]
    assert first["folder"] == str(tmp_path / "out" / "school" / "1")
    errors = [row["error"] for row in failed]
    assert "did you mean voice?" in errors[0]
    assert "line 3: it has no source, only text" in errors[1]
    assert "line 4:" in errors[2]
    assert errors[3].startswith(f"{tmp_path / 'list.jsonl'}, line 5: there is no file ")
    assert errors[4].startswith(f"{tmp_path / 'list.jsonl'}, line 6: there is no voice 'nobody'")


@POSIX
def test_a_death_is_an_outcome(tmp_path: Path) -> None:
    """The voice kills its process: at one article always, at another once. All others are narrated, each once."""
    environment = plague(tmp_path / "voice")
    articles(tmp_path / "in", {"1.txt": "山\n", "2.txt": "毒\n", "3.txt": "晕\n", "4.txt": "水\n"})
    command = ("batch", "in", "-o", "out", "--voice", "plague", "--format", "srt", "--jobs", "1")
    done = installed(*command, ok=(1,), cwd=tmp_path, environment=environment)
    found = rows(done.stdout)
    assert {name: row["status"] for name, row in found.items() if row["status"] != "made"} == {"2.txt": "failed"}
    assert "3 processes died over this article" in found["2.txt"]["error"]
    spoken = (tmp_path / "voice" / "log").read_text(encoding="utf-8").splitlines()
    assert {text: spoken.count(text) for text in spoken if spoken.count(text) > 1} == {"毒": 3, "晕": 2}


@POSIX
def test_the_end_of_a_service_is_a_clean_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = plague(tmp_path / "voice")
    articles(tmp_path / "in", {"1.txt": "山\n", "2.txt": "等\n", "3.txt": "水\n"})
    command = ["batch", "in", "-o", "out", "--voice", "plague", "--format", "srt", "--jobs", "1"]
    run = subprocess.Popen(
        [LANGDU, *command],
        cwd=tmp_path,
        env={**os.environ, **TERMINAL, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    while not (tmp_path / "voice" / "waiting").exists():
        assert run.poll() is None
        time.sleep(0.01)
    run.send_signal(signal.SIGTERM)
    (tmp_path / "voice" / "go").touch()
    printed, told = run.communicate()
    assert run.returncode == 130
    assert {name: row["status"] for name, row in rows(printed).items()} == {"1.txt": "made", "2.txt": "made"}
    assert "1 article left: the same command goes on with" in told
    monkeypatch.syspath_prepend(environment["PYTHONPATH"])  # now in this process, which has the voice too
    monkeypatch.setattr(local, "_Slot", Here)
    done = langdu(*command, cwd=tmp_path, environment=environment)
    statuses = {name: row["status"] for name, row in rows(done.stdout).items()}
    assert statuses == {"1.txt": "unchanged", "2.txt": "unchanged", "3.txt": "made"}


@pytest.mark.parametrize(
    ("arguments", "status", "told"),
    [
        (["a.txt"], 2, "say where the narrations go, with -o DIR"),
        (["*.doc", "-o", "out"], 4, "there are no articles in *.doc"),
        (["a.txt", "-o", "out", "--check-only"], 2, "--check-only narrates nothing"),
        (["a.txt", "-o", "http://example.com/"], 2, "is a web page, to which nothing can be written"),
        (["a.txt", "-o", "nosuch://bucket/", "--voice", "silence"], 3, "Protocol not known: nosuch"),
        (["a.txt", "-o", "a.txt", "--voice", "silence"], 3, "a part of this path is a file"),
        (["a.txt", "-o", "out", "--jobs", "0"], 2, "choose 1 to 256 processes"),
        (["a.txt", "-o", "out", "--jobs", "2", "--dask", "tcp://localhost:1"], 2, "--jobs is for processes of this"),
        (["a.txt", "-o", "out", "--dask", ""], 2, "--dask needs the address of a scheduler"),
        (["a.txt", "-o", "out", "--max-articles", "0"], 2, "allows nothing"),
        (["list.jsonl", "-o", "out"], 2, "there is no list list.jsonl"),
        (["a.tx", "-o", "out"], 2, "there is no file a.tx; check its name"),
        (
            ["a.txt", "names.txt", "-o", "out"],
            2,
            "a list ends in .jsonl, or goes through standard input: langdu batch - <",
        ),
        (["empty", "-o", "out"], 4, "there are no articles in empty; check"),
        (["b.xml", "-o", "out"], 2, "neither a feed (RSS, Atom) nor a sitemap"),
    ],
)
def test_mistakes_are_told(tmp_path: Path, arguments: list[str], status: int, told: str) -> None:
    articles(tmp_path, {"a.txt": "山\n", "b.xml": "<a/>", "names.txt": "a.txt\nb.xml\n", "empty/x.png": ""})
    done = langdu("batch", *arguments, ok=(status,), cwd=tmp_path)
    assert told in done.stderr
    assert len(done.stderr.splitlines()) <= 3
    assert done.stdout == ""


def test_what_failed_is_named_and_forgotten(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Standard error tells why; an article that failed and is not named any more is not in the index for ever."""
    monkeypatch.setattr(local, "_Slot", Here)
    articles(tmp_path, {"good.txt": "山\n", **{f"in/{n}.txt": "no hanzi\n" for n in range(7)}})
    done = langdu("batch", "good.txt", "in", "-o", "out", *SILENT, "--format", "srt", ok=(1,), cwd=tmp_path)
    told = [line for line in done.stderr.splitlines() if line.startswith("langdu: failed: ")]
    assert len(told) == 5
    assert all("no Chinese characters" in line and "in/" in line.replace("\\", "/") for line in told)
    assert "2 more failed" in done.stderr
    langdu("batch", "good.txt", "-o", "out", *SILENT, "--format", "srt", cwd=tmp_path)
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert page.count("<tr><td") == 1
