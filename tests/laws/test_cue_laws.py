"""Laws of cues and subtitles."""

from __future__ import annotations

import html
import re
from itertools import groupby, pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pysubs2
import webvtt
from hypothesis import example, given
from hypothesis import strategies as st

from langdu.export.text import ass, lrc, vtt
from langdu.export.text.srt import write_srt
from langdu.export.view.cues import LONGEST, cues
from langdu.model import CueLevel
from recorded import RATE, SYLLABLE, programme, spooled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Timing, Track

texts = st.text(alphabet='天亮了他出门去的，。！？、；：“”（）…—… 35Ab,.!?"\\*', max_size=150)


levels = st.sampled_from(CueLevel)


@given(st.lists(texts, max_size=5), levels)
def test_every_character_is_in_one_cue(paragraphs: list[str], level: CueLevel) -> None:
    tracks = programme(paragraphs)
    shown = "".join(cue.text for cue in cues(tracks, level))
    assert shown == "".join(track.paragraph.text for track in tracks if track.timings)


@given(st.lists(texts, min_size=1, max_size=5), st.integers(0, 2 * RATE), levels)
def test_cues_are_in_order_and_hold_their_sound(paragraphs: list[str], pause: int, level: CueLevel) -> None:
    tracks = programme(paragraphs, pause)
    made = list(cues(tracks, level))
    assert all(cue.start < cue.end for cue in made)
    assert all(a.end <= b.start for a, b in pairwise(made))
    heard = {(t.start, t.end) for track in tracks for t in track.timings}
    assert all(sum(c.start <= start and end <= c.end for c in made) == 1 for start, end in heard)
    assert not made or made[-1].end <= tracks[-1].end
    if level is CueLevel.CHARACTER:
        said = {min(t.start for t in each) for each in by_character(tracks)}
        unknown = {t.start for t in tracks if not t.timings and t.paragraph.text and t.end > t.start}
        assert {cue.start for cue in made} == said | unknown


def by_character(tracks: list[Track]) -> Iterator[list[Timing]]:
    for track in tracks:
        for _, said in groupby(track.timings, key=lambda timing: timing.at):
            yield list(said)


@given(st.lists(st.sampled_from(["天亮了他出门", "去", "，", "。", "、", "；", "他说：“", "！”"]), max_size=60))
@example(["，", *["天亮了他出门"] * 6])
def test_a_long_cue_has_no_mark_inside(parts: list[str]) -> None:
    for number, cue in enumerate(cues(programme(["".join(parts)]))):
        inside = cue.text.rstrip("，。、；！”：“")
        # Marks before the first word have no sound of their own, and are shown with it.
        inside = inside if number else inside.lstrip("，。、；！”：“")
        assert len(inside) <= LONGEST[CueLevel.SENTENCE] or not set(inside) & set("，。、；！：")


@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from([22_050, 24_000, 44_100]))
def test_subtitles_read_back(paragraphs: list[str], rate: int) -> None:
    made = list(cues(programme(paragraphs, SYLLABLE)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.srt"
        write_srt(path, made, rate)
        text = path.read_text(encoding="utf-8")
    read = pysubs2.SSAFile.from_string(text, "srt", keep_html_tags=True) if made else []
    assert [e.text.replace("\u2060", "") for e in read] == [c.text.strip() for c in made]
    assert all(abs(e.start * rate - c.start * 1000) <= rate / 2 for e, c in zip(read, made, strict=True))
    assert all(abs(e.end * rate - c.end * 1000) <= rate / 2 for e, c in zip(read, made, strict=True))
    assert all(a.end <= b.start for a, b in pairwise(read))


commands = st.text(alphabet="天亮了出门去<>&-{}[]\\\\Nnhk:.01 \"'\n\r;/", max_size=60)


@given(st.lists(commands, min_size=1, max_size=4), levels)
def test_nothing_written_is_a_command(paragraphs: list[str], level: CueLevel) -> None:
    tracks = programme(paragraphs, SYLLABLE)
    made = list(cues(tracks, level))
    with TemporaryDirectory() as name:
        folder = Path(name)
        told = spooled(folder, tracks, level)
        vtt.write(folder / "a.vtt", told)
        ass.write(folder / "a.ass", told)
        lrc.write(folder / "a.lrc", told)
        webvtt_texts = [c.raw_text for c in webvtt.read(str(folder / "a.vtt")).captions]
        ass_texts = [e.plaintext for e in pysubs2.load(str(folder / "a.ass"))]
        lines = (folder / "a.lrc").read_text(encoding="utf-8").splitlines()[3:]
    shown = [squeezed(cue.text) for cue in made]
    stripped = [re.sub(r"<rt>[^<]*</rt>|</?(ruby|lang|v)( [^>]*)?>", "", text) for text in webvtt_texts]
    assert [squeezed(html.unescape(text)) for text in stripped] == shown
    assert [squeezed(text) for text in ass_texts] == [text.translate(str.maketrans("{}", "｛｝")) for text in shown]
    stamped = [re.sub(r"<[\d:.]+>", "", re.sub(r"^(\[[\d:.]+\])+", "", line)) for line in lines]
    assert [squeezed(text) for text in stamped] == shown


def squeezed(text: str) -> str:
    return re.sub(r"\s", "", text.replace("\u2060", ""))
