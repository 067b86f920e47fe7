"""Laws of cues and subtitles."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import pysubs2
from hypothesis import given
from hypothesis import strategies as st

from langdu.export.cues import LONGEST, sentence_cues
from langdu.export.srt import write_srt
from recorded import RATE, SYLLABLE, programme

texts = st.text(alphabet='天亮了他出门去的，。！？、；：“”（）…—… 35Ab,.!?"\\*', max_size=150)


@given(st.lists(texts, max_size=5))
def test_every_character_is_in_one_cue(paragraphs: list[str]) -> None:
    tracks = programme(paragraphs)
    shown = "".join(cue.text for cue in sentence_cues(tracks))
    assert shown == "".join(track.paragraph.text for track in tracks if track.timings)


@given(st.lists(texts, min_size=1, max_size=5), st.integers(0, 2 * RATE))
def test_cues_are_in_order_and_hold_their_sound(paragraphs: list[str], pause: int) -> None:
    tracks = programme(paragraphs, pause)
    cues = list(sentence_cues(tracks))
    assert all(cue.start < cue.end for cue in cues)
    assert all(a.end <= b.start for a, b in pairwise(cues))
    heard = {(t.start, t.end) for track in tracks for t in track.timings}
    assert all(sum(c.start <= start and end <= c.end for c in cues) == 1 for start, end in heard)
    assert not cues or cues[-1].end <= tracks[-1].end


@given(st.lists(st.sampled_from(["天亮了他出门", "去", "，", "。", "、", "；", "他说：“", "！”"]), max_size=60))
def test_a_long_cue_has_no_mark_inside(parts: list[str]) -> None:
    for cue in sentence_cues(programme(["".join(parts)])):
        inside = cue.text.rstrip("，。、；！”：“")
        assert len(inside) <= LONGEST or not set(inside) & set("，。、；！：")


@given(st.lists(texts, min_size=1, max_size=5), st.sampled_from([22_050, 24_000, 44_100]))
def test_subtitles_read_back(paragraphs: list[str], rate: int) -> None:
    cues = list(sentence_cues(programme(paragraphs, SYLLABLE)))
    with TemporaryDirectory() as folder:
        path = Path(folder) / "a.srt"
        write_srt(path, cues, rate)
        text = path.read_text(encoding="utf-8")
    read = pysubs2.SSAFile.from_string(text, "srt", keep_html_tags=True) if cues else []
    assert [e.text.replace("\u2060", "") for e in read] == [c.text.strip() for c in cues]
    assert all(abs(e.start * rate - c.start * 1000) <= rate / 2 for e, c in zip(read, cues, strict=True))
    assert all(abs(e.end * rate - c.end * 1000) <= rate / 2 for e, c in zip(read, cues, strict=True))
    assert all(a.end <= b.start for a, b in pairwise(read))
