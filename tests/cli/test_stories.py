"""`langdu brief --stories`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import numpy as np
import pytest
import soundfile
from mutagen import File, id3, mp4

import narrations
from pictures import png
from programs import langdu

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

ARTICLES = {
    "a.txt": "山村图书馆重(chóng)新开放\n\n来了120个人。\n\n馆长(zhǎng)很高兴。\n",
    "b.txt": "江桥通车\n\n江上的桥昨天通车了。\n",
    "c.txt": "江桥通车\n\n这是另一座桥，在另一条江上，通车的日子一样。\n",
}
STORIES = ["story-01-山村图书馆重新开放", "story-02-江桥通车", "story-03-江桥通车"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("stories")
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    t = np.arange(24_000) / 24_000
    for name, seconds in (("chime.wav", 1), ("music.wav", 8)):
        soundfile.write(folder / name, np.tile(0.3 * np.sin(2 * np.pi * 440 * t), seconds), 24_000)
    return folder


def brief(folder: Path, out: str, *arguments: str, ok: tuple[int, ...] = (0,)) -> str:
    asked = ("--date", "2026-11-25", "-o", out, "--voice", "baker", "--stories")
    return langdu("brief", *ARTICLES, *asked, *arguments, cwd=folder, ok=ok).stderr


def sound(path: Path) -> NDArray[np.float64]:
    samples: NDArray[np.float64] = soundfile.read(path)[0]
    return samples


def test_each_story_has_a_file_that_sounds_as_in_the_whole(folder: Path) -> None:
    brief(folder, "out", "--format", "mp3,flac,srt")
    out = folder / "out"
    made = sorted(path.name for path in out.glob("story-*"))
    assert made == [f"{stem}.{ending}" for stem in STORIES for ending in ("flac", "mp3")]
    manifest = narrations.load(out)
    chapters = [each for each in manifest["chapters"] if each["story"]]
    assert [each["files"] for each in chapters] == [
        {"audio": f"{stem}.mp3", "flac": f"{stem}.flac"} for stem in STORIES
    ]
    starts = [each["start"] for each in manifest["chapters"]]
    for ending in ("flac", "mp3"):
        whole = sound(out / f"今日要闻-2026-11-25.{ending}")
        for number, stem in enumerate(STORIES, 1):
            begin, end = (round(24_000 * at) for at in starts[number : number + 2])
            story = sound(out / f"{stem}.{ending}")
            assert len(story) == end - begin
            assert np.abs(story - whole[begin:end]).max() < 0.002


def test_its_tags(folder: Path) -> None:
    cover = png(folder / "cover.png", 100, 100)
    brief(folder, "tagged", "--format", "mp3,m4b,opus", "--cover", str(cover))
    tags = id3.ID3(folder / "tagged" / "story-02-江桥通车.mp3")
    assert [str(tags[name]) for name in ("TIT2", "TALB", "TRCK", "TDRC")] == [
        "江桥通车", "今日要闻 2026-11-25", "2/3", "2026-11-25",
    ]  # fmt: skip
    assert str(tags.getall("USLT")[0]) == "江桥通车\n\n江上的桥昨天通车了。"
    assert tags.getall("APIC")
    assert tags.getall("CHAP")[0].start_time == 0
    m4b = mp4.MP4(folder / "tagged" / "story-02-江桥通车.m4b")
    assert (m4b["\xa9nam"], m4b["trkn"]) == (["江桥通车"], [(2, 3)])
    opus = File(folder / "tagged" / "story-02-江桥通车.opus")
    assert (opus["tracknumber"], opus["tracktotal"]) == (["2"], ["3"])


@pytest.mark.parametrize("under", ["opening", "all"])
def test_a_story_by_itself_has_no_music_and_no_room_for_a_chime(folder: Path, under: str) -> None:
    brief(folder, "alone", "--format", "mp3,wav")
    brief(folder, under, "--format", "mp3,wav", "--music", "music.wav", "--chime", "chime.wav", "--under", under)
    for ending, most in (("wav", 1), ("mp3", 600)):
        for stem in STORIES:
            alone, story = (sound(folder / out / f"{stem}.{ending}") for out in ("alone", under))
            assert abs(len(alone) - len(story)) <= most
            shared = min(len(alone), len(story))
            assert np.corrcoef(alone[:shared], story[:shared])[0, 1] > 0.99


def test_the_file_of_a_brief_can_ask_for_them_and_they_go_when_nobody_does(tmp_path: Path) -> None:
    text = 'articles = ["*.txt"]\nstory_files = true\nvoice = "silence"\nformats = ["mp3"]\n'
    for name, article in ARTICLES.items():
        (tmp_path / name).write_text(article, encoding="utf-8")
    (tmp_path / "brief.toml").write_text(text, encoding="utf-8")
    told = json.loads(langdu("brief", "brief.toml", "-o", "out", "--json", cwd=tmp_path).stdout)
    assert [name for name in told["files"] if name.startswith("story-")] == [f"{stem}.mp3" for stem in STORIES]
    assert "nothing has changed" in langdu("brief", "brief.toml", "-o", "out", cwd=tmp_path).stderr
    (tmp_path / "brief.toml").write_text(text.replace("true", "false"), encoding="utf-8")
    langdu("brief", "brief.toml", "-o", "out", cwd=tmp_path)
    assert not list((tmp_path / "out").glob("0?-*"))


def test_stories_need_a_format_that_is_sound(folder: Path) -> None:
    assert "no format of sound is chosen: add --format mp3" in brief(folder, "none", "--format", "srt,epub", ok=(2,))
    assert not (folder / "none").exists()
