"""What is heard to be wrong is said again, and kept only if it is better."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Self

import pytest

from engines.spoken import utterance
from langdu import engines, voices
from langdu.cache import ClipCache, key
from langdu.engines.baker import Baker
from langdu.errors import SynthesisFailed
from langdu.model import Break, Correction, Tone
from langdu.pipeline.cast import find_voice
from langdu.pipeline.hearing import Listener
from langdu.settings import load as settings
from langdu.verify.ear import load_ear

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.engines import Capabilities
    from langdu.model import Clip, Utterance, Voice

MEANT = utterance("他在长春工作了很多年。", "ta1 zai4 chang2 chun1 gong1 zuo4 le5 hen3 duo1 nian2")


@dataclass
class Stubborn:
    """Says 长 in the third tone, unless it is asked again as often as `patience` says; then it obeys, or fails."""

    real: Baker
    patience: int = 1
    fails: bool = False
    asked: list[Utterance] = field(default_factory=list)

    @property
    def capabilities(self) -> Capabilities:
        return self.real.capabilities

    def synthesize(self, said: Utterance, voice: Voice, rate: float) -> Clip:
        self.asked.append(said)
        plain = replace(said, corrections=())
        if said.corrections and len(self.asked) > self.patience:
            if self.fails:
                raise SynthesisFailed("too long")
            return self.real.synthesize(plain, voice, rate)
        reading = said.readings[2]
        assert reading
        wrong = replace(reading, surface=replace(reading.surface, tone=Tone.LOW))
        return self.real.synthesize(
            replace(plain, readings=(*said.readings[:2], wrong, *said.readings[3:])), voice, rate
        )


class Again(Listener):
    """`Listener` with another engine."""

    @classmethod
    def by(cls, engine: Stubborn, cache: ClipCache) -> Self:
        voice, ear = engine.real.voices()[0], load_ear("baker")
        assert ear
        made = cls(
            voice=voice,
            rate=1.0,
            ear=ear,
            obeys=True,
            cache=cache,
            name_of=lambda u: key("test", 1.0, u),
        )
        made.__dict__["_engine"] = engine
        return made


@pytest.fixture(scope="module")
def baker() -> Baker:
    voice = find_voice("baker")
    return Baker(voices.install(settings({}).cache_dir, voice, engines.preparer(voice.engine)))


@pytest.fixture
def cache(tmp_path: Path) -> ClipCache:
    return ClipCache(tmp_path / "clips", pytest.fail)


def first(engine: Stubborn) -> Clip:
    return engine.synthesize(MEANT, engine.real.voices()[0], 1.0)


@pytest.mark.parametrize("patience", [1, 3])
def test_the_better_clip_is_kept(baker: Baker, cache: ClipCache, patience: int) -> None:
    engine = Stubborn(baker, patience)
    wrong = first(engine)
    assert Again.by(engine, cache).heard(MEANT, wrong)[0] == baker.synthesize(MEANT, baker.voices()[0], 1.0)
    assert len(engine.asked) == 1 + patience
    assert {c.index for said in engine.asked[1:] for c in said.corrections} == {2}


def test_a_second_run_asks_nobody(baker: Baker, cache: ClipCache) -> None:
    engine = Stubborn(baker)
    wrong = first(engine)
    better = Again.by(engine, cache).heard(MEANT, wrong)
    calls = len(engine.asked)
    assert Again.by(engine, cache).heard(MEANT, wrong) == better
    assert len(engine.asked) == calls


@pytest.mark.parametrize("fails", [False, True])
def test_what_does_not_get_better_stays_as_it_was_and_is_told(baker: Baker, cache: ClipCache, *, fails: bool) -> None:
    """Also if a correction makes it longer than the voice can say."""
    engine = Stubborn(baker, patience=1 if fails else 99, fails=fails)
    wrong = first(engine)
    clip, doubts = Again.by(engine, cache).heard(MEANT, wrong)
    assert clip == wrong
    assert [doubt.index for doubt in doubts] == [2]
    assert 2 <= len(engine.asked) <= 8


def test_who_does_not_obey_is_not_asked_again(baker: Baker, cache: ClipCache) -> None:
    engine = Stubborn(baker)
    wrong = first(engine)
    clip, doubts = replace(Again.by(engine, cache), obeys=False).heard(MEANT, wrong)
    assert clip == wrong
    assert [doubt.index for doubt in doubts] == [2]
    assert len(engine.asked) == 1


def test_what_is_as_asked_is_not_said_again(baker: Baker, cache: ClipCache) -> None:
    engine = Stubborn(baker)
    right = baker.synthesize(MEANT, baker.voices()[0], 1.0)
    assert Again.by(engine, cache).heard(MEANT, right) == (right, ())
    assert engine.asked == []


def test_a_slower_pace_is_not_too_long(baker: Baker, cache: ClipCache) -> None:
    listener = replace(Again.by(Stubborn(baker), cache), obeys=False)
    slow = replace(MEANT, pace=0.6)
    clip = engines.say(baker, slow, baker.voices()[0], 1.0)
    assert listener.heard(slow, clip) == (clip, ())
    assert len(listener.heard(MEANT, clip)[1]) >= 2


def test_a_correction_takes_the_end_of_its_prosodic_word_along(baker: Baker) -> None:
    """Its #1 is said longer too, as its #0 would be."""
    lengths = []
    for breaks in ((), ((2, Break.WORD),)):
        plain = replace(MEANT, breaks=breaks)
        longer = replace(plain, corrections=(Correction(1, length=1.5),))
        clips = [baker.synthesize(each, baker.voices()[0], 1.0) for each in (plain, longer)]
        lengths.append([clip.marks[1].end - clip.marks[1].start for clip in clips])
    for before, after in lengths:
        assert after / before == pytest.approx(1.5, abs=0.12)
