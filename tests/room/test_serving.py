"""The installed command: the line that it prints, the port that it takes, and what Ctrl-C leaves."""

from __future__ import annotations

import os
import signal
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import psutil
import pytest

from langdu.errors import ConfigError
from langdu.pipeline.editing.shelf import Shelf
from langdu.room.security import Door
from langdu.room.serving import PORT, listener, name_of
from programs import installed, langdu
from rooms import ARTICLE, heard, started

if TYPE_CHECKING:
    from collections.abc import Iterator

needs_posix = pytest.mark.skipif(sys.platform == "win32", reason="sends signals")


@contextmanager
def let_in(line: str) -> Iterator[httpx.Client]:
    """A browser that opens the printed address."""
    address = line.strip().partition("/?")[0]
    with httpx.Client(base_url=address, headers={"Origin": address}, timeout=60) as browser:
        assert browser.get(line.strip()).status_code == 303
        yield browser


@needs_posix
def test_ctrl_c_while_it_speaks_leaves_nothing(tmp_path: Path) -> None:
    article = tmp_path / "江.txt"
    article.write_text(ARTICLE, encoding="utf-8")
    with started(str(article), "--voice", "silence", folder=tmp_path) as (process, line):
        with let_in(line) as browser:
            opened = browser.get(f"/api/articles/{browser.get('/api/room').json()['opened']}").json()
            assert opened["title"] == "江上的冬天"
            place = {"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "here"}
            browser.post(f"/api/articles/{opened['id']}/correct", json=place)
            heard(browser, opened, until="piece")
            children = psutil.Process(process.pid).children(recursive=True)
            process.send_signal(signal.SIGINT)
        assert process.stdout
        assert process.stderr
        assert process.wait(30) == 130
        assert process.stdout.read() == ""
        said = process.stderr.read()
    assert "the room is open; Ctrl-C closes it" in said
    assert "Traceback" not in said
    assert "token" not in said
    assert children
    assert not [child for child in children if child.is_running()]
    assert list((tmp_path / "tmp").iterdir()) == []
    assert "Chóngqìng" in Path(opened["file"]).read_text(encoding="utf-8")
    assert sorted(path.suffix for path in Path(opened["file"]).parent.iterdir()) == [".json", ".txt"]


@needs_posix
def test_a_room_that_is_terminated_leaves_nothing_either(tmp_path: Path) -> None:
    with started("--voice", "silence", folder=tmp_path) as (process, line):
        assert line.startswith("http://127.0.0.1:")
        process.terminate()
        assert process.wait(30) == -signal.SIGTERM
    assert list((tmp_path / "tmp").iterdir()) == []
    assert not (tmp_path / "shelf").exists()  # nothing was put there


@needs_posix
def test_the_next_room_clears_up_after_one_that_was_killed(tmp_path: Path) -> None:
    with started("--voice", "silence", folder=tmp_path) as (killed, _):
        killed.kill()
        killed.wait(30)
    (left,) = (tmp_path / "tmp").iterdir()
    mine = tmp_path / "tmp" / "langdu-room-notes"
    mine.mkdir()
    (tmp_path / "tmp" / f"langdu-room-{os.getpid()}-living").mkdir()
    with started("--voice", "silence", folder=tmp_path) as (room, _):
        room.terminate()
        room.wait(30)
    assert not left.exists()
    assert {path.name for path in (tmp_path / "tmp").iterdir()} == {mine.name, f"langdu-room-{os.getpid()}-living"}


def test_a_second_room_takes_the_next_port(tmp_path: Path) -> None:
    with listener(None, None) as first, listener(None, None) as second:
        ports = [each.getsockname()[1] for each in (first, second)]
        assert PORT <= ports[0] < ports[1]
        assert [each.getsockname()[0] for each in (first, second)] == ["127.0.0.1"] * 2
        arguments = ("--shelf", str(tmp_path), "--no-browser", "--port", str(ports[0]))
        told = langdu("room", *arguments, ok=(2,)).stderr
        assert f"port {ports[0]} is taken" in told


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nothing.txt"], "there is no file nothing.txt"),
        (["--host", "no.such.host.invalid"], "--host no.such.host.invalid"),
        (["--host", "192.0.2.7"], "not an address of this machine"),
        (["--port", "0"], "--port 0 is out of range: choose 1 to 65535"),
        (["--port", "80000"], "--port 80000 is out of range: choose 1 to 65535"),
        (["--voice", "silense"], "did you mean silence"),
        (["--shelf", ""], "the name is empty"),
        (["今天天气很好"], "langdu room -"),
    ],
)
def test_a_mistake_is_told_before_anything_opens(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = langdu("room", "--no-browser", "--shelf", str(tmp_path), *arguments, ok=(2,), cwd=tmp_path)
    assert says in done.stderr
    assert done.stdout == ""


def test_a_shelf_that_cannot_be_is_refused_at_the_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = langdu("room", "--no-browser", "--shelf", str(tmp_path / "file"), ok=(2,))
    assert "file cannot be a shelf: it is no folder; name another folder with --shelf" in " ".join(done.stderr.split())
    with pytest.raises(ConfigError, match="cannot be a shelf"):
        Shelf(tmp_path / "file" / "in" / "it").refuse_unfit()
    Shelf(tmp_path / "new" / "one").refuse_unfit()
    assert [path.name for path in tmp_path.iterdir()] == ["file"]  # only the first article makes the folder


def test_help_has_an_example() -> None:
    assert "langdu room article.txt" in installed("room", "--help").stdout


def test_with_a_host_the_number_that_was_connected_to_is_its_name() -> None:
    door = Door(8420, "0.0.0.0")  # noqa: S104 - nothing listens there
    assert door.is_own("192.168.1.5:8420", "192.168.1.5")
    assert door.is_own("[fe80::1]:8420", "fe80::1")
    assert door.is_own("192.168.1.5:8420", "::ffff:192.168.1.5")
    assert not door.is_own("192.168.1.5:8420", "10.0.0.1")
    assert not door.is_own("evil.example:8420", "192.168.1.5")
    named = Door(8420, "mymachine.local")
    assert named.is_own("MyMachine.local:8420", "192.168.1.5")
    alone = Door(8420)
    assert not alone.is_own("192.168.1.5:8420", "192.168.1.5")
    with listener("0.0.0.0", None) as everywhere:  # noqa: S104 - for the name that it prints
        name, _, port = name_of(everywhere, "0.0.0.0").rpartition(":")  # noqa: S104
        assert int(port) == everywhere.getsockname()[1]
        assert name != "0.0.0.0"  # noqa: S104 - nobody could open that
