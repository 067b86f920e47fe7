"""WebVTT, ASS, LRC, TextGrid and JSON, read back by programs that are not ours."""

from __future__ import annotations

import html
import json
import re
import subprocess
from dataclasses import replace
from importlib import import_module
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Any

import imageio_ffmpeg
import parselmouth
import pysubs2
import pytest
import webvtt
from parselmouth.praat import call

from langdu.export import FORMATS, ending, writer
from langdu.export.view.cues import cues
from langdu.model import CueLevel
from recorded import RATE, SYLLABLE, programme, spooled

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.view.cues import Cue
    from langdu.model import Track

JOINER = "\u2060"
TITLES = [
    "<b>天</b> & \"地\" '人' / \\ : [00:01.00] {\\an8}",
    "第一行\n第二行\r\n\n00:00.000 --> 00:01.000",
    "长" * 300,
    "🚌书屋👩‍🏫",
    "سلام עולם 你好",
]
# Each has something that one of the formats takes for a command, and that is said between hanzi.
NASTY = [
    "他说：--> 走吧！\n\n00:00:01.000 --> 00:00:02.000\n<v 天>&lt;好&amp;",
    "[ti:天亮]了，[00:01.00]他<00:02.00>出门。",
    r"{\an8}天亮{了}\N他\h出门\n去。",
    '他说“天亮了"，\'走\'"。\nxmin = 0\ntext = "好"',
    "NOTE 天亮\nSTYLE\r\r\n::cue { }",
]
PLAIN = ["流动书屋开进大山", "“天亮了！”他说，5个孩子(kids)出门去。明天再来。", "＊＊＊", "山路弯弯，书屋慢慢走。"]
levels = pytest.mark.parametrize("level", list(CueLevel))


def tracks_of(paragraphs: list[str]) -> list[Track]:
    return programme(paragraphs, SYLLABLE)


def written(name: str, folder: Path, tracks: list[Track], level: CueLevel, **more: str) -> Path:
    (folder / "work").mkdir()
    path = folder / f"a.{ending(name)}"
    write = writer(name)
    assert write is not None
    write(path, spooled(folder / "work", tracks, level, **more))
    assert sorted(p.name for p in folder.iterdir()) == sorted([path.name, "work"])
    return path


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text.replace(JOINER, ""))


def check_times(read: list[tuple[float, float]], made: list[Cue], precision: float) -> None:
    """Every cue, none before the one before it is gone, each as exact as the format allows."""
    assert len(read) == len(made)
    for (start, end), cue in zip(read, made, strict=True):
        assert start == pytest.approx(cue.start / RATE, abs=precision / 2 + 1e-9)
        assert end == pytest.approx(cue.end / RATE, abs=precision / 2 + 1e-9)
        assert start < end
    assert all(before[1] <= after[0] for before, after in pairwise(read))


@levels
@pytest.mark.parametrize("paragraphs", [PLAIN, NASTY], ids=["plain", "nasty"])
def test_vtt(tmp_path: Path, paragraphs: list[str], level: CueLevel) -> None:
    tracks = tracks_of(paragraphs)
    path, made = written("vtt", tmp_path, tracks, level), list(cues(tracks, level))
    read = webvtt.read(str(path)).captions
    check_times([(seconds(c.start), seconds(c.end)) for c in read], made, 0.001)
    for caption, cue in zip(read, made, strict=True):
        payload = re.fullmatch(r"<v baker><lang zh-CN>(.*)</lang></v>", caption.raw_text, re.DOTALL)
        assert payload is not None
        check_ruby(payload[1])
        shown = re.sub(r"<rt>[^<]*</rt>|</?ruby>", "", payload[1])
        assert not re.search("[<>]", shown)
        assert squeezed(html.unescape(shown)) == squeezed(cue.text)
    raw = path.read_text(encoding="utf-8")
    assert len(re.findall("-->", raw)) == len(made)


def seconds(written: str) -> float:
    hours, minutes, rest = written.split(":")
    return 3600 * int(hours) + 60 * int(minutes) + float(rest)


def check_ruby(payload: str) -> None:
    """The grammar of a ruby span: bases and their texts in turn, ended before the next begins."""
    rubies = re.findall(r"<ruby>(.*?)</ruby>", payload)
    assert all(re.fullmatch(r"(?:[^<]+<rt>[^<]+</rt>)+", ruby) for ruby in rubies)
    assert len(rubies) == payload.count("<ruby>") == payload.count("</ruby>")
    assert payload.count("<rt>") == payload.count("</rt>") == sum(ruby.count("<rt>") for ruby in rubies)


@pytest.mark.parametrize("voice", ["baker", "piper:/tmp/a>b&<c>\n.onnx"])
def test_vtt_pinyin_and_voice(tmp_path: Path, voice: str) -> None:
    tracks = [replace(track, voice=voice) for track in tracks_of(["5天A。"])]
    path = written("vtt", tmp_path, tracks, CueLevel.SENTENCE)
    name = html.escape(" ".join(voice.split()), quote=False)
    assert path.read_text(encoding="utf-8") == (
        "WEBVTT\n\n1\n00:00:00.000 --> 00:00:01.000\n"
        f"<v {name}><lang zh-CN>5<ruby>天<rt>chǎng</rt></ruby>A。</lang></v>\n\n"
    )


@levels
@pytest.mark.parametrize("paragraphs", [PLAIN, NASTY], ids=["plain", "nasty"])
def test_ass(tmp_path: Path, paragraphs: list[str], level: CueLevel) -> None:
    tracks = tracks_of(paragraphs)
    path, made = written("ass", tmp_path, tracks, level), list(cues(tracks, level))
    read = pysubs2.load(str(path))
    check_times([(e.start / 1000, e.end / 1000) for e in read], made, 0.01)
    for event, cue in zip(read, made, strict=True):
        wide = cue.text.translate(str.maketrans("{}", "｛｝"))
        assert squeezed(event.plaintext) == squeezed(wide)
        assert set(re.findall(r"\{(.*?)\d*\}", event.text)) == {r"\k"}
        assert set(re.findall(r"\\[^k]", event.text)) <= {r"\N", "\\" + JOINER}
        lasts = [int(k) for k in re.findall(r"\{\\k(\d+)\}", event.text)]
        assert sum(lasts) * 10 == event.duration
        begun = {round((cue.start + s - cue.start) / RATE * 100) for s in starts_in(tracks, cue)}
        assert {round(event.start / 10) + at for at in accumulate([0, *lasts[:-1]])} == begun
    assert read.styles["Default"].fontname == "Noto Sans CJK SC"


def starts_in(tracks: list[Track], cue: Cue) -> set[int]:
    """When what is said by itself begins in a cue."""
    said: dict[tuple[int, int], int] = {}
    for track in tracks:
        for timing in track.timings:
            said.setdefault((track.start, timing.at.start), timing.start)
    return {start for start in said.values() if cue.start <= start < cue.end} or {cue.start}


@levels
@pytest.mark.parametrize("paragraphs", [PLAIN, NASTY], ids=["plain", "nasty"])
def test_lrc(tmp_path: Path, paragraphs: list[str], level: CueLevel) -> None:
    tracks = tracks_of(paragraphs)
    path, made = written("lrc", tmp_path, tracks, level), list(cues(tracks, level))
    read = converted(path)
    assert [e.start for e in read] == [pytest.approx(1000 * cue.start / RATE, abs=5.1) for cue in made]
    for event, cue in zip(read, made, strict=True):
        stamps = re.findall(r"<(\d+):(\d+\.\d+)>", event.text)
        shown = re.sub(r"<\d+:\d+\.\d+>", "", event.text)
        assert squeezed(shown) == squeezed(cue.text)
        times = [60 * int(minutes) + float(seconds) for minutes, seconds in stamps]
        assert times == sorted(times)
        if stamps:
            begun = [word.start / RATE for word in cue.words if word.start is not None]
            assert times[:-1] == [pytest.approx(start, abs=0.0051) for start in begun]
            assert times[-1] <= cue.end / RATE + 0.0051
        else:
            assert len([word for word in cue.words if word.start is not None]) <= 1


def converted(path: Path) -> pysubs2.SSAFile:
    """What ffmpeg reads in a file of subtitles or lyrics."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(path), "-c:s", "text", "-f", "srt", "-"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stderr == b""
    text = done.stdout.decode("utf-8").replace(r"\{{}", "{")  # how ffmpeg itself escapes a brace on the way
    return pysubs2.SSAFile.from_string(text, "srt", keep_unknown_html_tags=True)


@pytest.mark.parametrize("paragraphs", [PLAIN, NASTY], ids=["plain", "nasty"])
def test_textgrid(tmp_path: Path, paragraphs: list[str]) -> None:
    tracks = tracks_of(paragraphs)
    path = written("textgrid", tmp_path, tracks, CueLevel.SENTENCE)
    tiers = praat(path, tracks[-1].end / RATE)
    assert list(tiers) == ["paragraphs", "sentences", "words", "characters", "pinyin"]
    said = [track for track in tracks if track.end > track.start]
    texts = [re.sub(r"\r\n?", "\n", t.paragraph.text) for t in said]
    assert tiers["paragraphs"] == [(t.start / RATE, t.end / RATE, text) for t, text in zip(said, texts, strict=True)]
    voiced = "".join(track.paragraph.text for track in tracks if track.timings)
    assert squeezed("".join(text for _, _, text in tiers["sentences"])) == squeezed(voiced)
    timings = [timing for track in tracks for timing in track.timings]
    for tier in ("characters", "pinyin"):
        texts = [t.text if tier == "characters" else "chǎng" if t.reading else "" for t in timings]
        wanted = [(t.start / RATE, t.end / RATE, text) for t, text in zip(timings, texts, strict=True) if text]
        assert tiers[tier] == [(pytest.approx(start), pytest.approx(end), text) for start, end, text in wanted]


def praat(path: Path, seconds: float) -> dict[str, list[tuple[Any, Any, str]]]:
    """The tiers of a TextGrid as Praat itself reads it, without what is silent; intervals touch and cover the whole."""
    grid = parselmouth.read(str(path))
    found = {}
    for tier in range(1, call(grid, "Get number of tiers") + 1):
        count = call(grid, "Get number of intervals", tier)
        intervals = [
            (
                call(grid, "Get start time of interval", tier, i),
                call(grid, "Get end time of interval", tier, i),
                call(grid, "Get label of interval", tier, i),
            )
            for i in range(1, count + 1)
        ]
        assert intervals[0][0] == 0
        assert intervals[-1][1] == pytest.approx(seconds)
        assert all(start < end for start, end, _ in intervals)
        assert all(before[1] == after[0] for before, after in pairwise(intervals))
        found[call(grid, "Get tier name", tier)] = [each for each in intervals if each[2]]
    return found


@levels
def test_json(tmp_path: Path, level: CueLevel) -> None:
    tracks = tracks_of([*PLAIN, *NASTY])
    made = list(cues(tracks, level))
    read: dict[str, Any] = json.loads(written("json", tmp_path, tracks, level).read_text(encoding="utf-8"))
    head = {name: value for name, value in read.items() if name != "cues"}
    assert head == {
        "schema": "langdu-cues/1",
        "title": "题目",
        "voice": "baker",
        "language": "zh-CN",
        "duration": tracks[-1].end / RATE,
        "level": level.value,
    }
    check_times([(c["start"], c["end"]) for c in read["cues"]], made, 0.0001)
    by_index = {track.paragraph.index: track.paragraph.text for track in tracks}
    for cue in read["cues"]:
        assert by_index[cue["paragraph"]][slice(*cue["at"])] == cue["text"]
        assert "".join(word["text"] for word in cue["words"]) == cue["text"]
        for word in cue["words"]:
            if "characters" in word:
                assert word["start"] == word["characters"][0]["start"]
                assert word["end"] == word["characters"][-1]["end"]


def test_json_characters(tmp_path: Path) -> None:
    (tmp_path / "work").mkdir()
    path = tmp_path / "a.json"
    import_module("langdu.export.text.json").write(
        path, spooled(tmp_path / "work", tracks_of(["5天。"]), CueLevel.WORD)
    )
    first, second = json.loads(path.read_text(encoding="utf-8"))["cues"]
    assert first["words"] == [
        {
            "text": "5",
            "at": [0, 1],
            "start": 0.0,
            "end": 0.4,
            "annotated": True,
            "characters": [{"text": "5", "pinyin": None, "start": 0.0, "end": 0.4}],
        }
    ]
    assert second["words"][0]["characters"] == [{"text": "天", "pinyin": "chǎng", "start": 0.4, "end": 0.6}]
    assert second["words"][1] == {"text": "。", "at": [2, 3]}


@pytest.mark.parametrize("title", TITLES, ids=["signs", "lines", "long", "emoji", "right-to-left"])
@pytest.mark.parametrize("name", [name for name in FORMATS if name in ("vtt", "ass", "lrc", "textgrid", "json")])
def test_titles(tmp_path: Path, title: str, name: str) -> None:
    tracks = tracks_of([title, *PLAIN])
    path = written(name, tmp_path, tracks, CueLevel.SENTENCE, title=title)
    made = list(cues(tracks))
    match name:
        case "vtt":
            assert len(webvtt.read(str(path))) == len(made)
        case "ass":
            read = pysubs2.load(str(path))
            assert len(read) == len(made)
            assert read.info["Title"] == " ".join(title.split())
        case "lrc":
            assert len(converted(path)) == len(made)
            heads = re.findall(r"^\[[a-z]+:[^\[\]]*\]$", path.read_text(encoding="utf-8"), re.MULTILINE)
            assert [head.partition(":")[0] for head in heads] == ["[ti", "[ar", "[length"]
        case "textgrid":
            first, *_ = praat(path, tracks[-1].end / RATE)["paragraphs"]
            assert first[2] == title.replace("\r\n", "\n")
        case _:
            assert json.loads(path.read_text(encoding="utf-8"))["title"] == title


@pytest.mark.parametrize("name", ["vtt", "ass", "lrc", "textgrid", "json"])
def test_nothing_is_said(tmp_path: Path, name: str) -> None:
    path = written(name, tmp_path, tracks_of(["＊＊＊"]), CueLevel.SENTENCE)
    assert path.stat().st_size > 0
