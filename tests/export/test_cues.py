"""Cues: what stands in each, and when it is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest

from langdu.export.view.cues import cues
from langdu.model import Break, CueLevel, Span
from recorded import RATE, SYLLABLE, programme, track
from tables import golden


@pytest.mark.parametrize(("text", "wanted"), golden("cues.txt"))
def test_pieces(text: str, wanted: str) -> None:
    assert "|".join(cue.text for cue in cues([track(text)])) == wanted


def test_a_cue_is_shown_while_it_is_heard() -> None:
    found = [(cue.start, cue.end, cue.paragraph, cue.text) for cue in cues([track("天亮了。他出门。")])]
    assert found == [(0, 3 * SYLLABLE, 0, "天亮了。"), (3 * SYLLABLE, 6 * SYLLABLE, 0, "他出门。")]


@pytest.mark.parametrize(
    ("pause", "shown"),
    [
        pytest.param(RATE * 9 // 10, RATE * 9 // 10, id="a short gap is closed"),
        pytest.param(RATE, RATE, id="one second is short"),
        pytest.param(RATE * 12 // 10, RATE // 2, id="after a long gap the screen is empty"),
    ],
)
def test_gaps(pause: int, shown: int) -> None:
    title, paragraph = cues(programme(["题目", "天亮了。"], pause))
    assert title.end == 2 * SYLLABLE + shown
    assert paragraph.start == 2 * SYLLABLE + pause


def test_the_last_cue_stays_inside_the_programme() -> None:
    assert [cue.end for cue in cues([track("天亮了。")])] == [3 * SYLLABLE]
    assert [cue.end for cue in cues([track("天亮了。", pause=RATE)])] == [3 * SYLLABLE + RATE // 2]


def test_what_is_said_as_one_is_never_cut() -> None:
    made = track("昨天晚上的球赛最后是以二十一：十五的比分结束的所以我们一直等到很晚很晚才慢慢回到自己家里去")
    assert len(list(cues([made]))) == 2
    score = Span(11, 17)
    assert score.of(made.paragraph.text) == "二十一：十五"
    one = tuple(replace(t, at=score) if t.at.overlaps(score) else t for t in made.timings)
    assert [cue.text for cue in cues([replace(made, timings=one)])] == [made.paragraph.text]


def test_what_is_said_for_nothing_written_belongs_to_the_last_character() -> None:
    made = track("天亮了。")
    added = replace(made.timings[-1], at=Span(4, 4), start=made.end, end=made.end + SYLLABLE)
    heard = replace(made, timings=(*made.timings, added), end=added.end)
    assert [(cue.start, cue.end, cue.text) for cue in cues([heard])] == [(0, 4 * SYLLABLE, "天亮了。")]


def test_a_paragraph_without_sound_has_no_cue() -> None:
    assert [cue.text for cue in cues(programme(["＊＊＊", "天亮了。", "＊＊＊"]))] == ["天亮了。"]
    assert list(cues([])) == []


def test_sound_without_timings_shows_the_whole_paragraph() -> None:
    for level in CueLevel:
        assert [(c.start, c.end, c.text) for c in cues([track("＊＊＊", pause=RATE)], level)] == [(0, RATE, "＊＊＊")]


def shown(text: str, level: CueLevel, breaths: tuple[str, ...] = ()) -> str:
    """The cues of a paragraph, which has a breath after each of these words."""
    made = track(text)
    ends = {text.index(word) + len(word) for word in breaths}
    timings = tuple(replace(t, break_after=Break.PHRASE) if t.at.end in ends else t for t in made.timings)
    return "|".join(cue.text for cue in cues([replace(made, timings=timings)], level))


def test_a_sentence_without_marks_is_broken_where_the_reader_breathes() -> None:
    text = "山上的老人每天早晨都要走很远的山路去看望那些住在山谷里的孩子们和他们的老师"
    assert shown(text, CueLevel.SENTENCE) == text
    broken = "山上的老人每天早晨都要走很远的山路|去看望那些住在山谷里的孩子们和他们的老师"
    assert shown(text, CueLevel.SENTENCE, ("老人", "山路", "孩子们")) == broken


def test_seven_seconds_are_too_long() -> None:
    slow = track("春天来了，夏天走了。")
    timings = tuple(replace(t, start=4 * t.start, end=4 * t.end) for t in slow.timings)
    made = replace(slow, timings=timings, end=4 * slow.end)
    assert [cue.text for cue in cues([made])] == ["春天来了，夏天走了。"]
    longer = tuple(replace(t, start=6 * t.start, end=6 * t.end) for t in slow.timings)
    made = replace(slow, timings=longer, end=6 * slow.end)
    assert [cue.text for cue in cues([made])] == ["春天来了，", "夏天走了。"]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        pytest.param("走，我们去看看山上的花。", "走，我们去看看山上的花。", id="a clause that is too short by itself"),
        pytest.param("我们去看看山上的花，走。", "我们去看看山上的花，走。", id="the last, too"),
        pytest.param("他走了。好。她没走。", "他走了。|好。|她没走。", id="not with another sentence"),
        pytest.param("天亮的时候，我们一起出门。", "天亮的时候，|我们一起出门。", id="clauses"),
        pytest.param(
            "走，山上的孩子们都在等我们带书去。",
            "走，|山上的孩子们都在等我们带书去。",
            id="no more than a line",
        ),
    ],
)
def test_phrases(text: str, wanted: str) -> None:
    assert shown(text, CueLevel.PHRASE) == wanted


def test_a_phrase_is_a_line() -> None:
    text = "我们沿着弯弯的山路走到了孩子们的学校"
    assert shown(text, CueLevel.PHRASE, ("山路",)) == "我们沿着弯弯的山路|走到了孩子们的学校"


@pytest.mark.parametrize(
    ("level", "wanted"),
    [
        (CueLevel.WORD, "“天亮|了！”|《山路》|20|年|(好)。"),
        (CueLevel.CHARACTER, "“天|亮|了！”|《山|路》|20|年|(好)。"),
    ],
)
def test_words_and_characters(level: CueLevel, wanted: str) -> None:
    assert shown("“天亮了！”《山路》20年(好)。", level) == wanted
