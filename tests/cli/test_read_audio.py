"""`langdu read --format` of sound, `--cover` and `--loudness`."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import pytest
import soundfile
from mutagen import id3, mp4

import narrations
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

ARTICLE = "山路弯弯\n\n2024年1月5日　来源：松江晚报\n\n天上有星，地上有灯。一个人走了很远的路。\n\n第二天大家都来了。\n"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "article.txt"
    path.write_text(ARTICLE, encoding="utf-8")
    return path


def read(source: Path, out: Path, *more: str, voice: str = "silence", ok: int = 0) -> str:
    done = langdu("read", str(source), "-o", str(out), "--voice", voice, *more, ok=(ok,))
    assert "Traceback" not in done.stderr
    return done.stderr


def contents(out: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in out.iterdir() if path.name != ".langdu"}


def gain(out: Path) -> float:
    first = (out / ".langdu" / "record.jsonl").read_text(encoding="utf-8").splitlines()[0]
    found: float = json.loads(first)["about"]["gains"]["silence"]
    return found


@pytest.mark.parametrize("target", [-18, -16])
def test_every_format_is_as_loud_as_asked(sample: Path, tmp_path: Path, target: int) -> None:
    read(sample, tmp_path, "--format", "mp3,m4b,opus,flac,wav", "--loudness", str(target), voice="baker")
    whole = sorted(path for path in tmp_path.glob("[!.]*.*") if path.suffix != ".json" and not path.stem.isdecimal())
    assert [path.suffix for path in whole] == [".flac", ".m4b", ".mp3", ".opus", ".wav"]
    for path in whole:
        found, peak = narrations.loudness(path)
        assert found == pytest.approx(target, abs=0.5), path
        assert peak <= -1, path


def test_paragraphs_and_whole_have_one_gain(source: Path, tmp_path: Path) -> None:
    read(source, tmp_path / "out", "--loudness", "-30", "--format", "mp3,wav")
    whole, _ = soundfile.read(tmp_path / "out" / "山路弯弯.wav")
    joined, _ = soundfile.read(tmp_path / "out" / "山路弯弯.mp3")
    assert abs(whole).max() == pytest.approx(abs(joined).max(), rel=0.05)
    assert narrations.loudness(tmp_path / "out" / "山路弯弯.wav")[0] == pytest.approx(-30, abs=0.5)


def test_a_gain_that_was_not_expected(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read(source, out)
    record = out / ".langdu" / "record.jsonl"
    wanted, before = contents(out), gain(out)
    # As if the run before had needed another gain: the guess is wrong, and what is made is the same.
    first, *rest = record.read_text(encoding="utf-8").splitlines(keepends=True)
    about = json.loads(first)
    about["about"] |= {"gains": {"silence": before - 7.0}, "stamp": "another"}
    record.write_text(json.dumps(about) + "\n" + "".join(rest), encoding="utf-8")
    assert "has been changed" not in read(source, out)
    assert gain(out) == before
    assert contents(out) == wanted


def _told(manifest: bytes) -> dict[str, Any]:
    """A manifest without the row that stands for everything that the narration is made from."""
    told: dict[str, Any] = json.loads(manifest)
    assert told.pop("made")
    return told


def test_another_loudness_is_another_narration(source: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    read(source, out)
    first = contents(out)
    read(source, out, "--loudness", "-20")
    assert contents(out)["山路弯弯.mp3"] != first["山路弯弯.mp3"]
    assert _told(contents(out)["manifest.json"]) == _told(first["manifest.json"])
    read(source, out)
    assert contents(out) == first
    assert "nothing has changed" in read(source, out)


@pytest.mark.parametrize("value", ["-5", "-70"])
def test_a_loudness_that_nobody_wants(source: Path, tmp_path: Path, value: str) -> None:
    said = read(source, tmp_path / "out", "--loudness", value, ok=2)
    assert f"loudness = {value}.0: choose from -36 to -14 LUFS" in said
    assert not (tmp_path / "out").exists()


def test_a_cover_and_the_date(source: Path, tmp_path: Path) -> None:
    cover, out = tmp_path / "cover.png", tmp_path / "out"
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", "color=red:s=64x48"]
    subprocess.run([*command, "-frames:v", "1", str(cover)], check=True)
    read(source, out, "--format", "mp3,m4b,opus", "--cover", str(cover))
    tags = id3.ID3(out / "山路弯弯.mp3")
    assert tags["APIC:"].data == cover.read_bytes()
    assert str(tags["TDRC"]) == "2024-01-05"
    book: Any = mp4.MP4(out / "山路弯弯.m4b")
    assert bytes(book.tags["covr"][0]) == cover.read_bytes()
    assert book.tags["\xa9day"] == ["2024-01-05"]
    assert "nothing has changed" in read(source, out, "--format", "mp3,m4b,opus", "--cover", str(cover))
    subprocess.run([*command[:-1], "color=blue:s=64x48", "-frames:v", "1", "-y", str(cover)], check=True)
    before = contents(out)
    assert "nothing has changed" not in read(source, out, "--format", "mp3,m4b,opus", "--cover", str(cover))
    changed = {name for name, content in contents(out).items() if content != before[name]}
    assert changed == {"山路弯弯.mp3", "山路弯弯.m4b", "山路弯弯.opus", "manifest.json"}
    assert _told(contents(out)["manifest.json"]) == _told(before["manifest.json"])


def test_a_cover_that_is_no_picture(source: Path, tmp_path: Path) -> None:
    said = read(source, tmp_path / "out", "--cover", str(source), ok=2)
    assert f"the cover {source} is neither JPEG nor PNG" in said
    assert "cannot be read: No such file" in read(source, tmp_path / "out", "--cover", str(tmp_path / "x"), ok=2)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["m4b", "opus", "flac", "wav"])
def test_only_files_of_langdu_are_replaced(source: Path, tmp_path: Path, name: str) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / f"山路弯弯.{name}").write_text("mine", encoding="utf-8")
    assert f"山路弯弯.{name} is there already and langdu did not make it" in read(source, out, "--format", name, ok=3)
    assert (out / f"山路弯弯.{name}").read_text(encoding="utf-8") == "mine"
    (out / f"山路弯弯.{name}").unlink()
    read(source, out, "--format", name)
    first = contents(out)
    source.write_text(ARTICLE + "\n山路弯弯。\n", encoding="utf-8")
    read(source, out, "--format", name)
    assert contents(out)[f"山路弯弯.{name}"] != first[f"山路弯弯.{name}"]
    read(source, out, "--format", "srt")  # what is not asked for any more goes away
    assert set(contents(out)) == {"山路弯弯.srt", "manifest.json"}
