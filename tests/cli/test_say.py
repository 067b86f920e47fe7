"""`langdu say`: what it takes, what it refuses, and the files that it writes."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import mutagen
import pytest
import soundfile

from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

SILENT = ("--voice", "silence")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("chonng2", "'chonng2' is neither hanzi nor a syllable of pinyin; did you mean chong2?"),
        ("nǐ hǎo wrld", "'wrld' is neither hanzi nor a syllable of pinyin; write hanzi, or pinyin with tones"),
        ("Washington", "'Washington' is neither hanzi nor a syllable"),
        ("ni hao", "'ni hao' has no tones: write them as marks (mā) or digits (ma1), or write hanzi"),
        ("https://example.com", "'https' is neither"),
        ("   ", "there is nothing to say"),
    ],
)
def test_what_is_neither_hanzi_nor_pinyin_is_refused(tmp_path: Path, line: str, says: str) -> None:
    done = langdu("say", line, *SILENT, cwd=tmp_path, ok=(2,))
    assert says in done.stderr
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("line", "taken"),
    [
        ("ni3 hao3", "pinyin: nǐ hǎo"),
        ("Běijīng", "pinyin: běi jīng"),
        ("长(zhǎng)大", "hanzi: zhǎng dà"),
        ("我爱 hello", "hanzi: wǒ ài hā lóu"),  # known English words are said in a sentence …
        ("hello", "text: hā lóu"),  # … and alone
        ("GDP", "text: G D P"),
        ("我学rust，看GDP", "hanzi: wǒ xué rust kàn G D P"),
        ("3.14", "text: sān diǎn yī sì"),
        ("ㄋㄧˇ ㄏㄠˇ", "text: nǐ hǎo"),
    ],
)
def test_what_was_taken_is_told(tmp_path: Path, line: str, taken: str) -> None:
    done = langdu("say", line, *SILENT, cwd=tmp_path)
    assert done.stderr == f"langdu: taken as {taken}\n"
    assert done.stdout == "say.wav\n"


def test_mistakes_beside_hanzi_are_told(tmp_path: Path) -> None:
    assert "the bracket (chonng2) fits none" in langdu("say", "重(chonng2)庆", *SILENT, cwd=tmp_path).stderr
    assert "did you mean chong2?" in langdu("say", "我去chonng2庆", *SILENT, cwd=tmp_path).stderr
    assert "mean" not in langdu("say", "我去线路line3听mp3", *SILENT, cwd=tmp_path).stderr


def test_the_user_teaches_a_word(tmp_path: Path) -> None:
    (tmp_path / "own.tsv").write_text("Kindle\t金豆\n", encoding="utf-8")
    done = langdu("say", "Kindle", *SILENT, "--lexicon", "own.tsv", cwd=tmp_path)
    assert "jīn dòu" in done.stderr


def test_a_bad_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "lines.txt").write_text("你好\nni hao\n", encoding="utf-8")
    done = langdu("say", "--lines", "lines.txt", "-o", "out", *SILENT, cwd=tmp_path, ok=(2,))
    assert "line 2: 'ni hao' has no tones" in done.stderr


@pytest.mark.parametrize(
    ("name", "kind"),
    [("a.mp3", "MP3"), ("a.MP3", "MP3"), ("a.m4a", "MP4"), ("a.M4B", "MP4"), ("a.opus", "OggOpus"), ("a.flac", "FLAC")],
)
def test_the_name_decides_the_format(tmp_path: Path, name: str, kind: str) -> None:
    done = langdu("say", "长城很长", "-o", name, "--timings", "a.json", *SILENT, cwd=tmp_path)
    assert done.stdout == f"{name}\n"
    file = mutagen.File(tmp_path / name)
    assert type(file).__name__ == kind
    last = json.loads((tmp_path / "a.json").read_text(encoding="utf-8"))["tokens"][-1]["end"]
    assert last <= file.info.length < last + 0.5
    assert "长城很长" in str(file.tags.pprint())


def test_a_name_without_ending_is_a_wav(tmp_path: Path) -> None:
    langdu("say", "长城", "-o", "sound", *SILENT, cwd=tmp_path)
    with soundfile.SoundFile(tmp_path / "sound") as sound:
        assert sound.format == "WAV"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("-o", "a.ogg"), "a.ogg: no sound format ends in .ogg; choose .wav, .mp3"),
        (("-o", "folder"), "folder is a folder: name a file in it, such as folder"),
        (("-o", "a.wav", "--timings", "a.wav"), "--timings a.wav: name a JSON file of its own"),
        (("--timings", "folder"), "--timings folder: name a JSON file of its own"),
    ],
)
def test_a_place_that_cannot_be_written_is_told_before_anything_is_said(
    tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "folder").mkdir()
    done = langdu("say", "你好", *arguments, *SILENT, cwd=tmp_path, ok=(2,))
    assert done.stderr.startswith(f"langdu: {says}")
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


def test_a_write_error_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = langdu("say", "你好", "-o", "file/a.wav", *SILENT, cwd=tmp_path, ok=(3,))
    assert done.stderr.count("\n") == 2  # what was taken, and the error
    assert "Traceback" not in done.stderr
    proc = langdu("say", "你好", "-o", "/proc/a.wav", *SILENT, cwd=tmp_path, ok=(3,))
    assert "Traceback" not in proc.stderr
