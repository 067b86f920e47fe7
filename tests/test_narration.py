"""A narration from article to files: any sample rate, values that survive the record, formats that only read."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import pytest
import soundfile

import narrations
from langdu.errors import ExportError
from langdu.export.levels import Gains
from langdu.export.programme import Programme
from langdu.export.spool import Spool
from langdu.model import Chapter, Heading, Rundown, Severity, Source, Span, Syllable, Tone
from langdu.output.narration import DoubtfulSyllable, Narration, SubstitutedCharacter
from langdu.output.rows import narration_from_row, narration_row
from langdu.parse.parser import parse_article
from langdu.pipeline.brief.feed import FORMATS, publish_narration
from langdu.pipeline.brief.order import FeedOptions, Order, OrderedStory
from langdu.pipeline.narration import narrate
from langdu.settings import Settings
from recorded import programme as tracks_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ENGINE = """
from dataclasses import replace

from langdu.engines.silence import Silence
from langdu.model import Clip, Mark, Voice


class Odd(Silence):
    name = "odd"
    capabilities = replace(Silence.capabilities, sample_rate=20_000)

    def voices(self):
        return [Voice(id="odd", engine="odd", language="zh-CN", name="odd", licence="none", origin="a test")]

    def synthesize(self, utterance, voice, rate):
        clip = super().synthesize(utterance, voice, rate)
        return Clip(clip.pcm, 20_000, clip.marks)
"""
ARTICLE = "长春\n\n他2024年在长(cháng)春(chūn)工作。\n\n***\n\n天亮了，“走！”他说。\n"


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Settings]:
    """Settings for the voice of another package, which gives 20,000 samples a second."""
    package = tmp_path / "package"
    info = package / "odd-1.0.dist-info"
    info.mkdir(parents=True)
    (package / "odd_engine.py").write_text(ENGINE, encoding="utf-8")
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[langdu.engines]\nodd = odd_engine:Odd\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(package))
    yield Settings(voice="odd", workers=1, cache_dir=tmp_path / "cache", formats=("wav", "srt"))
    sys.modules.pop("odd_engine", None)


def test_a_voice_needs_no_rate_of_mp3(odd: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    narrate(parse_article(Source("a.txt", ARTICLE)), out, odd)
    manifest = narrations.load(out)
    samples, rate = soundfile.read(out / "长春.wav")
    assert rate == manifest["sample_rate"] == 20_000
    assert len(samples) / rate == manifest["paragraphs"][-1]["end"]
    narrations.check_tokens(manifest)
    assert (out / "长春.srt").exists()


def test_no_silence_is_added_for_a_format_that_nobody_asked_for(odd: Settings, tmp_path: Path) -> None:
    out = tmp_path / "out"
    narrate(parse_article(Source("a.txt", "天亮了。\n\n他走了。\n")), out, odd)
    first, second = narrations.load(out)["paragraphs"]
    # 20 ms of silence before and after 3 syllables of 4,800 samples; then 900 ms before the second paragraph.
    clip = (2 * 480 + 3 * 4_800) / 20_000
    assert first["end"] == pytest.approx(clip + 0.9, abs=1e-4)
    assert second["end"] == pytest.approx(2 * clip + 0.9, abs=1e-4)


@pytest.mark.parametrize("formats", [("mp3", "srt"), ("wav", "mp3")])
def test_an_mp3_of_another_rate_is_refused_before_anything_is_spoken(
    odd: Settings, tmp_path: Path, formats: tuple[str, ...]
) -> None:
    heard: list[object] = []
    settings = Settings(voice="odd", workers=1, cache_dir=odd.cache_dir, formats=formats)
    with pytest.raises(ExportError, match=r"20,000 samples a second.*--format wav,srt, or another voice"):
        narrate(
            parse_article(Source("a.txt", ARTICLE)),
            tmp_path / "out",
            settings,
            progress=lambda track, _: heard.append(track),
        )
    assert heard == []
    assert not (tmp_path / "out").exists()


def test_reading_a_programme_writes_nothing(tmp_path: Path) -> None:
    tracks = tracks_of(["长", "天亮了。"], 10)
    with Spool(tmp_path, 24_000, sound=True) as spool:
        for track in tracks:
            spool.add(track, bytes(range(250)) * ((track.end - track.start) // 125))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    made = Programme(
        rundown=Rundown(title="长", sections=()),
        voice="silence",
        spooled=spool.spooled(),
        gains=Gains(voices={"silence": -6.0}),
    )
    assert [list(made.sound()), list(made.speech())] == [list(made.speech()), list(made.sound())]
    assert sum(map(len, made.sound())) == sum(map(len, made.spooled.speech()))
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


CHANG = Syllable("chang", Tone.RISING)
NARRATION = Narration(
    title="长春",
    voice="baker",
    voices=("baker",),
    files=("a.mp3", "001.mp3", "manifest.json"),
    paragraphs=2,
    samples=100_003,
    sample_rate=22_050,
    findings={Severity.ERROR: 0, Severity.WARNING: 1, Severity.INFO: 2},
    syllables=9,
    doubts=(
        DoubtfulSyllable(
            paragraph=-1,
            at=Span(0, 1),
            text="长",
            kind="tone",
            message="it sounds like a third tone",
            score=1.25,
            asked=CHANG,
            heard_tone=Tone.LOW,
            contour=(1.5, -2.0),
            start_s=0.02,
            end_s=0.31,
        ),
        DoubtfulSyllable(
            paragraph=0,
            at=Span(4, 5),
            text="A",
            kind="missing",
            message="nothing is heard",
            score=9.0,
            asked=None,
            heard_tone=None,
            contour=None,
            start_s=1.0,
            end_s=1.2,
        ),
    ),
    substitutions=(
        SubstitutedCharacter(paragraph=0, at=Span(2, 3), text="长", wanted=CHANG, alone=None, written="常"),
        SubstitutedCharacter(
            paragraph=1,
            at=Span(0, 1),
            text="得",
            wanted=Syllable("de", Tone.NEUTRAL),
            alone=Syllable("lü", Tone.FALLING, erhua=True),
            written=None,
        ),
    ),
    loudness=-18.0,
    gains={"silence": 3.2},
    chapters=(
        Chapter(title="开场", paragraph=0, start=0, end=11_025, heading=Heading("开场")),
        Chapter(
            title="山路",
            paragraph=1,
            start=11_025,
            end=100_003,
            heading=Heading("山路", "某报", "https://example.org/", is_story=True),
        ),
    ),
    identity="0" * 64,
    folder=None,  # type: ignore[arg-type]  # each test has its own
)


def test_a_narration_survives_its_record(tmp_path: Path) -> None:
    row = json.loads(json.dumps(narration_row(NARRATION)))
    again = narration_from_row(tmp_path, row)
    assert again is not None
    assert again.folder == tmp_path
    for name in Narration.__slots__:
        if name != "folder":
            assert getattr(again, name) == getattr(NARRATION, name), name
    assert narration_row(again) == row


@pytest.mark.parametrize("rate", [8_000, 22_050, 24_000, 44_100])
def test_a_chapter_begins_at_the_same_time_after_every_run(tmp_path: Path, rate: int) -> None:
    for start in range(0, 100_000, 911):
        chapter = Chapter(title="山路", paragraph=0, start=start, end=100_003, heading=Heading("山路"))
        row = narration_row(replace(NARRATION, sample_rate=rate, chapters=(chapter,)))
        again = narration_from_row(tmp_path, row)
        assert again is not None
        assert narration_row(again) == row


@pytest.mark.parametrize(
    "change", [{"identity": None}, {"doubts": [{}]}, {"chapters": 3}, {"findings": []}, {"sample_rate": "x"}]
)
def test_a_record_of_another_langdu_is_no_narration(tmp_path: Path, change: dict[str, object]) -> None:
    row = {**narration_row(NARRATION), **change}
    if row["identity"] is None:  # as records were before feeds got their values from the narration
        del row["identity"]
    assert narration_from_row(tmp_path, row) is None


def test_an_episode_is_made_of_the_narration_alone(tmp_path: Path) -> None:
    settings = Settings(
        voice="silence", workers=1, cache_dir=tmp_path / "cache", formats=FORMATS, audio_dir=tmp_path / "audio"
    )
    narration = narrate(parse_article(Source("a.txt", ARTICLE)), None, settings)
    (narration.folder / "manifest.json").unlink()
    feed = FeedOptions(folder=tmp_path / "feed", address="https://example.org/")
    order = Order(stories=(OrderedStory(source="a.txt"),), day=date(2026, 11, 25), feed=feed)
    published = publish_narration(narration, order, None, datetime(2026, 11, 25, 6, tzinfo=UTC), lambda _: None)
    assert published is not None
    assert published.new
    assert len(list(feed.folder.glob("*.mp3"))) == 1
