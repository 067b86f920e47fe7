"""What holds for every engine."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from engines.spoken import loudness, samples, utterance
from langdu import engines
from langdu.engines.kit.letters import spoken

if TYPE_CHECKING:
    from collections.abc import Callable

    from langdu.engines import Engine
    from langdu.model import Clip, Utterance, Voice

SENTENCE = utterance("我们喜欢看书，也唱歌。", "wo3 men5 xi3 huan5 kan4 shu1 ye3 chang4 ge1")
UTTERANCES = {
    "a sentence": SENTENCE,
    "one syllable": utterance("好", "hao3"),
    "a letter": utterance("A", ""),
    "letters and hanzi": utterance("ＡＰＰ的c位，α射线", "de5 wei4 she4 xian4"),
    "erhua": utterance("好玩儿吗？", "hao3 wanr2 - ma5"),
    "marks at both ends": utterance("“（……春天！”）", "chun1 tian1"),
    "other scripts and signs": utterance("★ 春 3 ж ☂ 天", "chun1 tian1"),
    "rare syllables": utterance("哟嗯诶噷呣𰻞覅", "yo1 ng2 ê4 hm5 m2 biang2 fiao4"),
}


@pytest.fixture(scope="module")
def voice(engine: Engine) -> Voice:
    return engine.voices()[0]


@pytest.fixture(scope="module")
def spoken_once(engine: Engine, voice: Voice) -> Callable[[Utterance], Clip]:
    """The clip of an utterance: one for all tests, as some engines need a second for a sentence."""
    return cache(lambda said: engine.synthesize(said, voice, 1.0))


class TestEveryEngine:
    def test_is_known_by_its_name(self, engine: Engine) -> None:
        assert type(engines.create(engine.name, None)) is type(engine)

    def test_says_where_its_voices_come_from(self, engine: Engine) -> None:
        assert engine.voices()
        for voice in engine.voices():
            assert voice.engine == engine.name
            assert voice.licence
            assert voice.origin

    @pytest.mark.parametrize("said", UTTERANCES.values(), ids=UTTERANCES)
    def test_marks_each_said_character_in_the_sound(
        self, engine: Engine, spoken_once: Callable[[Utterance], Clip], said: Utterance
    ) -> None:
        clip = spoken_once(said)
        assert clip.sample_rate == engine.capabilities.sample_rate
        assert [mark.index for mark in clip.marks] == [index for index, _ in spoken(said)]
        assert all(mark.start < mark.end for mark in clip.marks)
        assert all(before.end <= after.start for before, after in pairwise(clip.marks))
        assert clip.marks[0].start >= 0
        assert clip.marks[-1].end <= len(clip)

    @pytest.mark.parametrize("said", UTTERANCES.values(), ids=UTTERANCES)
    def test_no_mark_is_silence(self, spoken_once: Callable[[Utterance], Clip], said: Utterance) -> None:
        clip = spoken_once(said)
        assert min(loudness(clip, mark) for mark in clip.marks) > 0.003

    def test_begins_and_ends_without_a_click(self, spoken_once: Callable[[Utterance], Clip]) -> None:
        sound = samples(spoken_once(SENTENCE))
        assert max(abs(sound[0]), abs(sound[-1])) < 0.001

    def test_gives_a_clip_even_if_nothing_is_said(self, engine: Engine, voice: Voice) -> None:
        clip = engine.synthesize(utterance("……！", ""), voice, 1.0)
        assert len(clip) > 0
        assert clip.marks == ()

    def test_takes_as_many_syllables_as_it_promises(self, engine: Engine, voice: Voice) -> None:
        most = engine.capabilities.max_syllables
        clip = engine.synthesize(utterance("春" * most, "chun1 " * most), voice, 2.0)  # half as much sound to make
        assert len(clip.marks) == most

    def test_rate_changes_the_length_and_loses_no_syllable(
        self, engine: Engine, voice: Voice, spoken_once: Callable[[Utterance], Clip]
    ) -> None:
        said = UTTERANCES["erhua"]
        slow, fast = (engine.synthesize(said, voice, rate) for rate in (0.5, 2.0))
        plain = spoken_once(said)
        assert len(slow) > 1.5 * len(plain) > 2.2 * len(fast)
        assert len(slow.marks) == len(plain.marks) == len(fast.marks)

    def test_a_slower_pace_is_a_slower_rate(
        self, engine: Engine, voice: Voice, spoken_once: Callable[[Utterance], Clip]
    ) -> None:
        said = UTTERANCES["erhua"]
        slow = engines.say(engine, replace(said, pace=0.5), voice, 2.0)
        assert len(slow) == len(spoken_once(said))

    def test_says_the_same_every_time(
        self, engine: Engine, voice: Voice, spoken_once: Callable[[Utterance], Clip]
    ) -> None:
        said = UTTERANCES["erhua"]
        before = spoken_once(said)
        engine.synthesize(UTTERANCES["one syllable"], voice, 2.0)
        assert engine.synthesize(said, voice, 1.0) == before
