"""Playing: a script stands in for the player."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import pytest

from langdu.audio.play import Player
from langdu.errors import ExportError
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands in for the player")
PCM = bytes(range(256)) * 4_000


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only program on the PATH; the test writes what it does, with the shell's own commands and cat."""
    script = tmp_path / "bin" / "aplay"
    script.parent.mkdir()
    script.touch(mode=0o755)
    (script.parent / "cat").symlink_to("/bin/cat")
    (script.parent / "sleep").symlink_to("/bin/sleep")
    monkeypatch.setenv("PATH", str(script.parent))
    return script


def test_all_is_played_in_order(player: Path, tmp_path: Path) -> None:
    player.write_text(f"#!/bin/sh\necho $* > {tmp_path}/asked\ncat > {tmp_path}/heard\n", encoding="utf-8")
    with Player() as playing:
        playing.play(PCM, 24_000)
        while not (tmp_path / "heard").exists():  # it plays while more is made
            time.sleep(0.01)
        playing.play(PCM[::-1], 24_000)
    assert (tmp_path / "heard").read_bytes() == PCM + PCM[::-1]
    assert (tmp_path / "asked").read_text(encoding="utf-8") == "-q -t raw -f S16_LE -r 24000 -c 1 -\n"


def test_sound_waits_for_a_slow_player(player: Path, tmp_path: Path) -> None:
    player.write_text(f"#!/bin/sh\nsleep 0.5\ncat > {tmp_path}/heard\n", encoding="utf-8")
    with Player() as playing:
        for _ in range(20):
            playing.play(PCM, 24_000)
        assert not (tmp_path / "heard").exists()
    assert (tmp_path / "heard").read_bytes() == PCM * 20


@pytest.mark.parametrize("pieces", [1, 20])
def test_a_player_that_fails(player: Path, pieces: int) -> None:
    player.write_text("#!/bin/sh\nexit 5\n", encoding="utf-8")

    def play() -> None:
        with Player() as playing:
            for _ in range(pieces):
                playing.play(PCM, 24_000)

    with pytest.raises(ExportError, match="aplay ended with status 5 before everything was played"):
        play()


def test_a_failure_ends_the_playing(player: Path) -> None:
    player.write_text("#!/bin/sh\nexec sleep 60\n", encoding="utf-8")

    def play() -> None:
        with Player() as playing:
            playing.play(PCM, 24_000)
            raise KeyboardInterrupt

    begin = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        play()
    assert time.monotonic() - begin < 10


def test_nothing_to_play(player: Path) -> None:
    player.write_text("#!/bin/sh\nexit 5\n", encoding="utf-8")
    with Player():
        pass


def test_read_and_play(player: Path, tmp_path: Path) -> None:
    player.write_text(f"#!/bin/sh\ncat >> {tmp_path}/heard\n", encoding="utf-8")
    source = tmp_path / "a.txt"
    source.write_text("长路\n\n山路弯弯。\n", encoding="utf-8")
    for times in (1, 2):  # what has not changed is played too
        langdu("read", str(source), "-o", str(tmp_path / "out"), "--voice", "silence", "--play")
        assert (tmp_path / "heard").stat().st_size // times > 2 * 24_000


def test_no_player(player: Path, tmp_path: Path) -> None:
    player.unlink()
    source = tmp_path / "a.txt"
    source.write_text("长路\n\n山路弯弯。\n", encoding="utf-8")
    done = langdu("read", str(source), "-o", str(tmp_path / "out"), "--voice", "silence", "--play", ok=(3,))
    assert "no program that plays sound is installed (tried ffplay, paplay, aplay, play): install" in done.stderr
    assert not (tmp_path / "out").exists()


def test_say_plays(player: Path, tmp_path: Path) -> None:
    player.write_text(f"#!/bin/sh\ncat > {tmp_path}/heard\n", encoding="utf-8")
    out = tmp_path / "out.wav"
    done = langdu("say", "你好。我们走吧。", "--voice", "silence", "--play", "-o", str(out), cwd=tmp_path)
    assert done.stdout == ""
    assert (tmp_path / "heard").read_bytes() == out.read_bytes()[44:]
    langdu("say", "你好", "--voice", "silence", "--play", cwd=tmp_path)
    assert not (tmp_path / "say.wav").exists()
    assert "-o" in langdu("say", "你好", "--voice", "silence", "--play", "--timings", "t.json", ok=(2,)).stderr
