"""Cues: what stands in each, and when it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from langdu.export.cues import Cue, sentence_cues
from langdu.model import Span
from recorded import RATE, SYLLABLE, programme, track
from tables import golden


@pytest.mark.parametrize(("text", "wanted"), golden("cues.txt"))
def test_pieces(text: str, wanted: str) -> None:
    assert "|".join(cue.text for cue in sentence_cues([track(text)])) == wanted


def test_a_cue_is_shown_while_it_is_heard() -> None:
    first, second = sentence_cues([track("天亮了。他出门。")])
    assert first == Cue(0, 3 * SYLLABLE, "天亮了。")
    assert second == Cue(3 * SYLLABLE, 6 * SYLLABLE, "他出门。")


@pytest.mark.parametrize(
    ("pause", "shown"),
    [
        pytest.param(RATE * 9 // 10, RATE * 9 // 10, id="a short gap is closed"),
        pytest.param(RATE, RATE, id="one second is short"),
        pytest.param(RATE * 12 // 10, RATE // 2, id="after a long gap the screen is empty"),
    ],
)
def test_gaps(pause: int, shown: int) -> None:
    title, paragraph = sentence_cues(programme(["题目", "天亮了。"], pause))
    assert title.end == 2 * SYLLABLE + shown
    assert paragraph.start == 2 * SYLLABLE + pause


def test_the_last_cue_stays_inside_the_programme() -> None:
    assert [cue.end for cue in sentence_cues([track("天亮了。")])] == [3 * SYLLABLE]
    assert [cue.end for cue in sentence_cues([track("天亮了。", pause=RATE)])] == [3 * SYLLABLE + RATE // 2]


def test_what_is_said_as_one_is_never_cut() -> None:
    made = track("昨天晚上的球赛最后是以二十一：十五的比分结束的所以我们一直等到很晚很晚才慢慢回到自己家里去")
    assert len(list(sentence_cues([made]))) == 2
    score = Span(11, 17)
    assert score.of(made.paragraph.text) == "二十一：十五"
    one = tuple(replace(t, at=score) if t.at.overlaps(score) else t for t in made.timings)
    assert [cue.text for cue in sentence_cues([replace(made, timings=one)])] == [made.paragraph.text]


def test_what_is_said_for_nothing_written_belongs_to_the_last_character() -> None:
    made = track("天亮了。")
    added = replace(made.timings[-1], at=Span(4, 4), start=made.end, end=made.end + SYLLABLE)
    heard = replace(made, timings=(*made.timings, added), end=added.end)
    assert list(sentence_cues([heard])) == [Cue(0, 4 * SYLLABLE, "天亮了。")]


def test_a_paragraph_without_sound_has_no_cue() -> None:
    assert [cue.text for cue in sentence_cues(programme(["＊＊＊", "天亮了。", "＊＊＊"]))] == ["天亮了。"]
    assert list(sentence_cues([])) == []


def test_sound_without_timings_shows_the_whole_paragraph() -> None:
    assert list(sentence_cues([track("＊＊＊", pause=RATE)])) == [Cue(0, RATE, "＊＊＊")]
