"""Several utterances in one request."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from engines.spoken import utterance
from langdu import engines
from langdu.engines.running.packs import joined, packed, speak, split

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from langdu.model import Clip, Utterance

SILENCE = engines.create("silence", None)
VOICE = SILENCE.voices()[0]


def said(count: int, pause: int = 450, pace: float = 1.0, end: str = "。") -> Utterance:
    return replace(utterance("春" * count + end, "chun1 " * count), pause_after_ms=pause, pace=pace)


def _hundred(_: Utterance) -> int:
    return 100


many = st.lists(
    st.builds(
        said, st.integers(1, 40), st.sampled_from([0, 180, 300, 450, 900]), end=st.sampled_from(["。", "，", ""])
    ),
    max_size=20,
)


@given(utterances=many)
def test_packs_are_whole_in_order_and_within_the_limit(utterances: list[Utterance]) -> None:
    packs = list(packed(utterances, _hundred))
    assert [each for pack in packs for each in pack] == utterances
    assert all(len(joined(pack).text) <= 100 for pack in packs)
    total = sum(len(each.text) for each in utterances)
    assert len(packs) <= 1 + total / 50  # two that follow each other do not fit into one


def test_none_is_a_pack_by_itself() -> None:
    one, two = said(3), said(4)
    assert list(packed([None, one, None, None, two, one], _hundred)) == [(), (one,), (), (), (two, one)]


def test_a_pack_ends_rather_at_a_pause() -> None:
    texts = [said(39, 180), said(34, 450), said(19, 0), said(30, 0)]
    assert list(packed(texts, _hundred)) == [tuple(texts[:2]), tuple(texts[2:])]


def test_what_is_too_long_is_a_pack_by_itself() -> None:
    long = said(150)
    assert list(packed([said(2), long, said(2)], _hundred)) == [(said(2),), (long,), (said(2),)]


def test_another_pace_is_another_request() -> None:
    assert list(packed([said(5, pace=0.92), said(5)], _hundred)) == [(said(5, pace=0.92),), (said(5),)]


def test_a_voice_has_requests_of_its_own() -> None:
    one, two = said(5), replace(said(6), voice="other")
    assert list(packed([one, one, two, two, one], _hundred)) == [(one, one), (two, two), (one,)]


def test_a_voice_that_takes_utterances_one_by_one_gets_them_so() -> None:
    one, two = said(5), replace(said(6), voice="here")
    most = {None: 100, "here": None}
    assert list(packed([two, two, one, one, two], lambda each: most[each.voice])) == [
        (two,),
        (two,),
        (one, one),
        (two,),
    ]


def test_a_pause_without_a_mark_gets_one() -> None:
    title, text = said(2, 1200, end=""), replace(said(1), written="椿。")
    whole = joined((title, text))
    assert (whole.text, whole.written) == ("春春。春。", "春春。椿。")
    assert [bool(reading) for reading in whole.readings] == [True, True, False, True, False]
    assert joined((said(2, 0, end=""), said(1))).text == "春春春。"


@given(utterances=many.filter(bool))
def test_each_utterance_gets_its_own_sound(utterances: list[Utterance]) -> None:
    pack = tuple(utterances)
    parts = split(SILENCE.synthesize(joined(pack), VOICE, 1.0), pack)
    for each, part in zip(pack, parts, strict=True):
        alone = SILENCE.synthesize(each, VOICE, 1.0)
        assert [mark.index for mark in part.marks] == [mark.index for mark in alone.marks]
        assert [m.end - m.start for m in part.marks] == [m.end - m.start for m in alone.marks]
        assert 0 <= part.marks[0].start < part.marks[-1].end <= len(part)


def test_nothing_said_in_the_middle() -> None:
    pack = (said(2), utterance("★", ""), said(3))
    parts = split(SILENCE.synthesize(joined(pack), VOICE, 1.0), pack)
    assert [len(part.marks) for part in parts] == [2, 0, 3]
    assert all(len(part) > 0 for part in parts)


def test_every_clip_is_told_and_given_in_order() -> None:
    asked: list[str] = []

    def ask(whole: Iterable[Utterance | None], tell: Callable[[Utterance, Clip], None]) -> Iterator[Clip | None]:
        for each in whole:
            clip = SILENCE.synthesize(each, VOICE, 1.0) if each else None
            if each and clip:
                asked.append(each.text)
                tell(each, clip)
            yield clip

    wanted = [said(30), said(40), None, said(50), said(60), said(1)]
    told: list[Utterance] = []
    clips = list(speak(ask, wanted, _hundred, lambda each, _: told.append(each)))
    assert [clip and len(clip.marks) for clip in clips] == [30, 40, None, 50, 60, 1]
    assert told == [each for each in wanted if each]
    assert [len(text) for text in asked] == [72, 51, 63]
