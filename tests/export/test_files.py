"""Text files: subtitles and manifest as they stand on the disk, and that they are whole or not there."""

from __future__ import annotations

import json
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from langdu.errors import ConfigError, ExportError
from langdu.export import FORMATS, check_formats
from langdu.export.text.srt import write_srt
from langdu.files import atomic, write_text
from langdu.model import Break, CueLevel, Syllable, Tone
from langdu.output.manifest import ManifestHead, write_manifest
from recorded import READING, SYLLABLE, cue, programme, spooled, track

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from langdu.model import Track


def test_subtitles(tmp_path: Path) -> None:
    cues = [
        cue(0, 24_000, "<天>亮了。"),
        cue(24_011, 24_013, r"{\an8}C:\New"),
        cue(24_000 * 3_725, 24_000 * 3_726, "走！"),
    ]
    write_srt(tmp_path / "a.srt", cues, 24_000)
    assert (tmp_path / "a.srt").read_bytes().decode("utf-8") == (
        "1\n00:00:00,000 --> 00:00:01,000\n<天>亮了。\n\n"
        "2\n00:00:01,000 --> 00:00:01,001\n{\\\u2060an8}C:\\\u2060New\n\n"
        "3\n01:02:05,000 --> 01:02:06,000\n走！\n\n"
    )


def described(
    path: Path, tracks: Sequence[Track], names: Sequence[str] = (), *, title: str = "长", files: Mapping[str, str] = {}
) -> dict[str, Any]:
    """The manifest of these tracks, as it is read from the disk."""
    head = ManifestHead(title=title, voice="baker", sample_rate=tracks[0].sample_rate, files=files)
    write_manifest(path, head, tracks, names)
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def test_manifest(tmp_path: Path) -> None:
    title, first = programme(["长", "5台A。"], SYLLABLE)
    title = replace(title, pace=0.92)
    erhua = replace(READING, citation=Syllable("wan", Tone.RISING, erhua=True))
    third = replace(first.timings[2], reading=erhua, break_after=Break.PHRASE)
    first = replace(first, timings=(*first.timings[:2], third, first.timings[3]))
    made = described(tmp_path / "m.json", [title, first], ["1.mp3", "2.mp3"], files={"audio": "长.mp3"})
    head, paragraphs = {k: v for k, v in made.items() if k != "paragraphs"}, made["paragraphs"]
    assert head == {
        "schema": "langdu-manifest/1",
        "title": "长",
        "voice": "baker",
        "rate": 1.0,
        "sample_rate": 24_000,
        "timings": "exact",
        "files": {"audio": "长.mp3"},
    }
    letter = {"pinyin": None, "surface": None, "source": "lexicon"}
    number = {"at": [0, 1], "pinyin": "chang3", "surface": "chang2", "source": "annotation"}
    assert paragraphs == [
        {
            "index": -1,
            "role": "title",
            "voice": "baker",
            "pace": 0.92,
            "text": "长",
            "spoken": "长",
            "file": "1.mp3",
            "start": 0.0,
            "end": 0.4,
            "tokens": [{"text": "长", **number, "start": 0.0, "end": 0.2}],
        },
        {
            "index": 0,
            "role": "paragraph",
            "voice": "baker",
            "pace": 1.0,
            "text": "5台A。",
            "spoken": "5台A。",
            "file": "2.mp3",
            "start": 0.4,
            "end": 1.4,
            "tokens": [
                {"text": "二", **number, "start": 0.4, "end": 0.6},
                {"text": "零", **number, "start": 0.6, "end": 0.8},
                {"text": "台", **number, "at": [1, 2], "pinyin": "wanr2", "start": 0.8, "end": 1.0, "break": 2},
                {"text": "A", "at": [2, 3], **letter, "start": 1.0, "end": 1.2},
            ],
        },
    ]


def test_manifest_without_audio_files(tmp_path: Path) -> None:
    assert described(tmp_path / "m.json", [track("长")])["paragraphs"][0]["file"] is None


def test_times_that_touch_stay_together(tmp_path: Path) -> None:
    made = track("天亮了他出门去的" * 20, 12_345, rate=22_050)
    tokens = described(tmp_path / "m.json", [made])["paragraphs"][0]["tokens"]
    assert all(a["end"] == b["start"] for a, b in pairwise(tokens))
    assert all(abs(t["start"] * 22_050 - timing.start) <= 2 for t, timing in zip(tokens, made.timings, strict=True))


def test_the_manifest_is_for_people_too(tmp_path: Path) -> None:
    tracks = programme(["题目", "天亮了，“他”出门去。" * 30])
    described(tmp_path / "m.json", tracks, ["1", "2"])
    text = (tmp_path / "m.json").read_text(encoding="utf-8")
    assert text.startswith('{\n "schema": "langdu-manifest/1",\n "title": "长",\n')
    assert text.endswith("\n ]\n}\n")
    lines = text.splitlines()
    assert '    {"text": "题", "at": [0, 1], "pinyin": "chang3"' in text
    assert all(len(line) <= 210 or '"text": "天亮了' in line or '"spoken"' in line for line in lines)
    assert sum('"at"' in line for line in lines) == sum(len(t.timings) for t in tracks)


def test_a_manifest_that_fails_leaves_nothing(tmp_path: Path) -> None:
    def interrupted() -> Iterator[Track]:
        yield track("天")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_manifest(tmp_path / "m.json", ManifestHead(title="", voice="", sample_rate=1, files={}), interrupted())
    assert list(tmp_path.iterdir()) == []


def test_an_older_file_stays_when_the_new_one_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("old", encoding="utf-8")

    def interrupted() -> None:
        with atomic(path) as partial:
            partial.write_text("half", encoding="utf-8")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text(encoding="utf-8") == "old"
    write_text(path, "new")
    assert [p.name for p in tmp_path.iterdir()] == ["a.txt"]
    assert path.read_text(encoding="utf-8") == "new"


def test_a_name_as_long_as_the_disk_takes(tmp_path: Path) -> None:
    path = tmp_path / ("长" * 83 + ".txt")
    write_text(path, "x")
    assert path.read_text(encoding="utf-8") == "x"


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(ExportError, match=r"file/a\.srt cannot be written: .* choose another folder"):
        write_srt(tmp_path / "file" / "a.srt", [], 24_000)


def test_formats() -> None:
    check_formats(FORMATS)
    with pytest.raises(ConfigError, match="no format 'ogg'; there are mp3, "):
        check_formats(["srt", "ogg"])
    with pytest.raises(ConfigError, match="nothing would be written"):
        check_formats([])


def test_a_run_that_ended_gives_no_more_sound(tmp_path: Path) -> None:
    made = spooled(tmp_path, programme(["一", "二"]), CueLevel.SENTENCE)
    made.spooled.given_up.set()
    with pytest.raises(ExportError, match="ended early"):
        list(made.spooled.speech())


def test_a_device_is_never_replaced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "full").write_bytes(b"")
    monkeypatch.setattr("pathlib.Path.is_char_device", lambda path: path.name == "full")
    with pytest.raises(ExportError, match="it is a device"):
        write_text(tmp_path / "full", "text")
    assert (tmp_path / "full").read_bytes() == b""
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
