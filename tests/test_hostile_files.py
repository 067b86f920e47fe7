"""Files that somebody else wrote, at every place that takes one: refused in one line, at once, with nothing hung."""

from __future__ import annotations

import io
import os
import struct
import wave
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile

from langdu import files, settings
from langdu.engines.piper import config
from langdu.errors import ConfigError, InputError, LangduError
from langdu.export import anki
from langdu.lexicon.user import read_table
from langdu.output.narrated import open_narration
from langdu.parse.sources.picture import picture
from langdu.parse.sources.source import read_source
from langdu.pipeline import kept
from langdu.pipeline.brief import order
from langdu.pipeline.brief.music import Music, sounds
from langdu.settings import Settings
from langdu.sound import decoding
from langdu.sound.decoding import decoded_file, decoded_speech

if TYPE_CHECKING:
    from collections.abc import Callable

POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has neither pipes in folders nor /dev/zero")
DEEP = "[" * 200_000


def _piper(path: Path) -> None:
    model = path.with_name("model.onnx")
    model.touch()
    (described := config.beside(model)).unlink(missing_ok=True)
    described.symlink_to(path)
    config.read_config(model)


def _narration(path: Path) -> None:
    folder = path.parent / "narration"
    folder.mkdir(exist_ok=True)
    (folder / "manifest.json").unlink(missing_ok=True)
    (folder / "manifest.json").symlink_to(path)
    open_narration(folder)


READERS: dict[str, Callable[[Path], object]] = {
    "article": lambda path: read_source(str(path)),
    "langdu.toml": lambda path: settings.load({}, file=path, environment={}),
    "profile": lambda path: settings.load({}, profile=path, environment={}),
    "brief.toml": lambda path: order.read_order([str(path)], {}, {}, date(2026, 11, 27)),
    "lexicon.tsv": read_table,
    "cover": picture,
    "music": lambda path: sounds(Music(bed=path)),
    "chime": lambda path: sounds(Music(chime=path)),
    "manifest.json": _narration,
    "piper": _piper,
}


def refusal(reader: str, path: Path) -> str:
    with pytest.raises(LangduError) as caught:
        READERS[reader](path)
    said = str(caught.value)
    assert "\n" not in said
    assert len(said) < 500 + len(str(path))
    return said


@POSIX
@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("what", ["pipe", "/dev/zero"])
def test_a_pipe_or_a_device(tmp_path: Path, reader: str, what: str) -> None:
    path = tmp_path / ("a.toml" if reader == "brief.toml" else "a")
    if what == "pipe":
        os.mkfifo(path)
    else:
        path.symlink_to(what)
    said = refusal(reader, path)
    if reader != "piper":
        assert "it is a pipe or a device, not a regular file" in said


@pytest.mark.parametrize("reader", [name for name in READERS if name != "piper"])
def test_a_file_that_is_far_too_big(tmp_path: Path, reader: str) -> None:
    path = tmp_path / "a.toml"
    with path.open("wb") as file:
        file.truncate(1 << 40)  # nothing is written for that: it takes no room
    assert any(word in refusal(reader, path) for word in ("larger than", "too large", "MiB"))


@pytest.mark.parametrize("reader", ["langdu.toml", "profile", "brief.toml"])
@pytest.mark.parametrize(
    "table",
    [
        "voice = " + DEEP,
        "voice = " + "[" * 900 + "]" * 900,
        "a." * 500 + "b = 1",
        '"a"  .  ' * 500 + "b = 1",
        "[" + "a." * 500 + "b]",
        f"workers = {'9' * 5000}",
        "music = " + '{"a" = ' * 300 + "1" + "}" * 300,
        "title = '\ud800'",
        "\0",
    ],
)
def test_toml_that_nobody_wrote_by_hand(tmp_path: Path, reader: str, table: str) -> None:
    path = tmp_path / "a.toml"
    path.write_bytes(table.encode("utf-8", "surrogatepass"))
    assert refusal(reader, path).startswith(str(path))


def test_a_long_key_in_a_string_is_none(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(f'cover = "{"a" * 50}"\nlexicon = "{"x" * 40}.tsv"\n', encoding="utf-8")
    assert settings.load({}, file=tmp_path / "a.toml", environment={}).cover == tmp_path / ("a" * 50)


@pytest.mark.parametrize("number", [-1, 0, 65, 100_000_000_000])
def test_workers(tmp_path: Path, number: int) -> None:
    (tmp_path / "a.toml").write_text(f"workers = {number}\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=f"a.toml, line 1: workers = {number}: choose from 1 to 64"):
        settings.load({}, file=tmp_path / "a.toml", environment={})


# --- a brief's patterns ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "pattern", ["**/../../**", "*/../../*.txt", "**/**/**/a", "*/" * 1500 + "a", "a\0b", "~nobody-at-all/*", "*/.."]
)
def test_patterns_that_are_none(tmp_path: Path, pattern: str) -> None:
    path = tmp_path / "brief.toml"
    path.write_text(f"articles = ['{pattern}']\n" if "\0" not in pattern else 'articles = ["a\\u0000b"]\n', "utf-8")
    with pytest.raises(ConfigError, match=r"is not a valid pattern|cannot be the name of a file"):
        order.read_order([str(path)], {}, {}, date(2026, 11, 27))


def test_a_pattern_for_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(order, "_MOST", 3)
    for number in range(4):
        (tmp_path / f"{number}.txt").touch()
    (tmp_path / "brief.toml").write_text('articles = ["**/*.txt"]\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="fits more than 3 files: name fewer articles"):
        order.read_order([str(tmp_path / "brief.toml")], {}, {}, date(2026, 11, 27))


def test_a_pattern_may_begin_above(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "briefs").mkdir()
    (tmp_path / "briefs" / "brief.toml").write_text('articles = ["../*.txt"]\n', encoding="utf-8")
    found, _ = order.read_order([str(tmp_path / "briefs" / "brief.toml")], {}, {}, date(2026, 11, 27))
    assert [Path(each).name for each in found.articles] == ["a.txt"]


# --- sound ----------------------------------------------------------------------------------------------------------


def test_a_sound_that_claims_one_sample_a_second(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(1)
        file.writeframes(struct.pack("<1000h", *(20_000 * (-1) ** i for i in range(1000))))
    sizes: list[int] = []

    def noted(path: Path, arguments: list[str], rate: int, seconds: float) -> bytes:
        made = decoded_file(path, arguments, rate, seconds)
        sizes.append(len(made))
        return made

    monkeypatch.setattr("langdu.pipeline.brief.music.decoded_file", noted)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))  # nothing is put down anywhere by name
    (tmp_path / "nowhere").mkdir()
    sounds(Music(bed=tmp_path / "a.wav"))
    assert sizes
    assert max(sizes) <= 60 * 24_000 * 2
    assert list((tmp_path / "nowhere").iterdir()) == []


@pytest.mark.parametrize(("rate", "length"), [(1, 1_000), (1_000_000, 1_000), (24_000, 2_001)])
def test_a_sound_of_a_service_that_is_no_speech(rate: int, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("langdu.sound.decoding._MOST", 2_000)
    with io.BytesIO() as file:
        soundfile.write(file, np.zeros(length, np.int16), rate, format="WAV")
        made = file.getvalue()
    with pytest.raises(ValueError, match=f"the sound has {length} samples, {rate} a second"):
        decoded_speech(made, 24_000)


def test_decoding_without_end_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with wave.open(str(tmp_path / "a.wav"), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8_000)
        file.writeframes(bytes(160_000))
    monkeypatch.setattr(decoding, "_PATIENCE_S", -60)
    with pytest.raises(InputError, match="it was not done after 0 s"):
        sounds(Music(bed=tmp_path / "a.wav"))


def test_a_picture_of_more_pixels_than_any(tmp_path: Path) -> None:
    import zlib  # noqa: PLC0415 - for this one

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1_000_000))
    path = tmp_path / "a.png"
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b""))
    with pytest.raises(ConfigError, match="is damaged"):
        picture(path)


# --- a narration ----------------------------------------------------------------------------------------------------

GOOD = (
    '{"schema": "langdu-manifest/1", "title": "t", "voice": "v", "sample_rate": 24000, "files": {"audio": "a.mp3"}, '
    '"paragraphs": [{"index": 0, "text": "天", "start": 0, "end": 1, "tokens": []}]}'
)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (GOOD, DEEP),
        ("24000", "1e999"),
        ("a.mp3", "a\\u0000b.mp3"),
        ("a.mp3", "\\ud800"),
        ("a.mp3", ".."),
        ("a.mp3", "../" * 2_000),
        ('"a.mp3"', "{}"),
        ('"t"', '"\\ud800"'),
        ('"t"', "[]"),
        ('"end": 1', '"end": 1e999'),
        ('"end": 1', '"end": NaN'),
        ('"end": 1', '"end": 1e6'),
        ('"start": 0', '"start": "' + "x" * 9_000 + '"'),
        ("天", "\\ud800"),
        ('"tokens": []', '"tokens": [[]]'),
    ],
)
def test_a_manifest_that_langdu_did_not_write(tmp_path: Path, old: str, new: str) -> None:
    path = tmp_path / "manifest.json"
    path.write_text(GOOD, encoding="utf-8")
    assert open_narration(tmp_path).title == "t"
    path.write_text(GOOD.replace(old, new), encoding="utf-8")
    with pytest.raises(InputError) as caught:
        open_narration(tmp_path)
    assert str(caught.value).startswith(str(path))
    assert len(str(caught.value)) < 400 + len(str(path))
    str(caught.value).encode()


# --- the rest -------------------------------------------------------------------------------------------------------


@POSIX
def test_what_a_narration_is_made_of_is_plain_files(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("天", encoding="utf-8")
    article = str(tmp_path / "a.txt")
    assert kept.narration_stamp([article], Settings())
    assert kept.narration_stamp([article], Settings(), files=[Path("/dev/zero")]) is None
    assert kept.narration_stamp([article], replace(Settings(), cover=Path("/dev/zero"))) is None
    os.mkfifo(tmp_path / "pipe")
    assert kept.narration_stamp([str(tmp_path / "pipe")], Settings()) is None


@POSIX
def test_a_deck_is_a_plain_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "deck.apkg")
    with pytest.raises(LangduError, match="is there already and langdu did not make it"):
        anki.check_deck(tmp_path / "deck.apkg")


@pytest.mark.parametrize("name", ["a.mp3", "长.mp3", "...", ".langdu"])
def test_names(name: str) -> None:
    assert files.is_name(name)


@pytest.mark.parametrize("name", ["..", ".", "", "a/b", "/a", "a\0b", "\ud800", 5, None, []])
def test_what_names_no_file_in_a_folder(name: object) -> None:
    assert not files.is_name(name)
