"""Listening to the voice: what is said as asked is believed, and planted faults are found. Sound is a voice's own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pytest

from engines.spoken import samples, utterance
from langdu import engines, lexicon, voices
from langdu.engines.baker import Baker
from langdu.model import Correction, NormalizedText, Tone
from langdu.pipeline.cast import find_voice
from langdu.pipeline.tracks import clip_timings
from langdu.segment import segment
from langdu.settings import load as settings
from langdu.verify.corrections import better, corrections
from langdu.verify.doubts import Doubt, DoubtKind, listen
from langdu.verify.ear import load_ear
from langdu.verify.sound import hear

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from langdu.model import Timing, Utterance


def in_words(plain: Utterance) -> Utterance:
    """The same, with the boundaries between prosodic words that it has in an article."""
    text = NormalizedText(plain.text, plain.text)
    (made,) = segment(text, plain.readings, lexicon.split_words(plain.text, {}))
    return replace(plain, breaks=made.breaks)


SENTENCES = [
    in_words(each)
    for each in [
        utterance("我们明天上午去图书馆看书。", "wo3 men5 ming2 tian1 shang4 wu3 qu4 tu2 shu1 guan3 kan4 shu1"),
        utterance("老师说今天的天气非常好。", "lao3 shi1 shuo1 jin1 tian1 de5 tian1 qi4 fei1 chang2 hao3"),
        utterance("他在长春工作了很多年。", "ta1 zai4 chang2 chun1 gong1 zuo4 le5 hen3 duo1 nian2"),
        utterance("孩子们高高兴兴地回家。", "hai2 zi5 men5 gao1 gao1 xing4 xing4 de5 hui2 jia1"),
        utterance("这条新的铁路经过三个城市。", "zhe4 tiao2 xin1 de5 tie3 lu4 jing1 guo4 san1 ge4 cheng2 shi4"),
    ]
]
SYLLABLES = sum(sum(r is not None for r in each.readings) for each in SENTENCES)


class Spoken(NamedTuple):
    """Sound, and what should be heard in it."""

    sound: NDArray[np.float32]
    asked: list[Timing]


@pytest.fixture(scope="module")
def baker() -> Baker:
    voice = find_voice("baker")
    return Baker(voices.install(settings({}).cache_dir, voice, engines.preparer(voice.engine)))


def say(baker: Baker, said: Utterance, meant: Utterance | None = None, rate: float = 1.0) -> Spoken:
    """Speak `said`, and ask for what was `meant`."""
    clip = baker.synthesize(said, baker.voices()[0], rate)
    return Spoken(samples(clip).astype(np.float32), clip_timings(meant or said, clip))


def doubts(spoken: Spoken, voice: str = "baker", rate: float = 1.0) -> dict[int, Doubt]:
    """The doubts by syllable."""
    return {d.index: d for d in listen(spoken.sound, 24_000, spoken.asked, load_ear(voice), rate)}


def in_tone(said: Utterance, at: int, tone: Tone) -> Utterance:
    """The same, with the syllable of one hanzi in another tone."""
    reading = said.readings[at]
    assert reading
    other = replace(reading, surface=replace(reading.surface, tone=tone))
    return replace(said, readings=(*said.readings[:at], other, *said.readings[at + 1 :]))


# --- nothing is wrong -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [0.75, 1.0, 1.4])
def test_what_is_said_as_asked_is_believed(baker: Baker, rate: float) -> None:
    found = [d for each in SENTENCES for d in doubts(say(baker, each, rate=rate), rate=rate).values()]
    assert len(found) <= 0.04 * SYLLABLES


def test_another_pace_than_asked_for_is_doubted(baker: Baker) -> None:
    found = doubts(say(baker, SENTENCES[0], rate=2.0), rate=1.0)
    assert sum(d.kind is DoubtKind.SHORT for d in found.values()) > 6


def test_the_same_sound_gives_the_same_doubts(baker: Baker) -> None:
    spoken = say(baker, SENTENCES[3], in_tone(SENTENCES[3], 3, Tone.LOW))
    assert doubts(spoken) == doubts(spoken)


def test_nothing_asked_nothing_doubted() -> None:
    assert listen(np.zeros(100, np.float32), 24_000, [], load_ear("baker")) == []


# --- planted faults -------------------------------------------------------------------------------------------------

WRONG = [
    (0, 2, Tone.FALLING),  # 明 míng as mìng
    (0, 6, Tone.RISING),  # 去 qù as qú
    (1, 3, Tone.LOW),  # 今 jīn as jǐn
    (1, 9, Tone.FALLING),  # 常 cháng as chàng
    (2, 2, Tone.LOW),  # 长 cháng as zhǎng's tone, the mistake that annotations are for
    (2, 3, Tone.FALLING),
    (3, 8, Tone.FALLING),
    (3, 5, Tone.RISING),
    (4, 1, Tone.FALLING),
    (4, 10, Tone.HIGH),
]


def test_wrong_tones_are_found_and_named(baker: Baker) -> None:
    missed, named = [], 0
    for number, at, tone in WRONG:
        meant = SENTENCES[number]
        found = doubts(say(baker, in_tone(meant, at, tone), meant))
        if at not in found or found[at].kind is not DoubtKind.TONE:
            missed.append((number, at, tone, found))
        named += at in found and found[at].heard is tone
    assert len(missed) <= 1, missed
    assert named >= 8


@pytest.mark.parametrize(
    "name", [voice.id for voice in voices.catalogue() if voice.engine == "kokoro" and load_ear(voice.id)]
)
def test_speakers_of_kokoro_are_believed_and_their_wrong_tones_found(name: str) -> None:
    """Each sentence is said with two wrong tones; the syllables that do not touch one are as asked."""
    voice = find_voice(name)
    kokoro = engines.create("kokoro", voices.install(settings({}).cache_dir, voice, engines.preparer("kokoro")))
    as_asked, doubted, found = 0, [], 0
    for number in (0, 2, 4):
        meant = said = SENTENCES[number]
        wrong = {at: tone for which, at, tone in WRONG if which == number}
        for at, tone in wrong.items():
            said = in_tone(said, at, tone)
        clip = kokoro.synthesize(said, voice, 1.0)
        heard = doubts(Spoken(samples(clip).astype(np.float32), clip_timings(meant, clip)), name)
        found += sum(at in heard and heard[at].kind is DoubtKind.TONE for at in wrong)
        apart = [i for i, r in enumerate(meant.readings) if r and not {i - 1, i, i + 1} & wrong.keys()]
        as_asked += len(apart)
        doubted += [(number, heard[i]) for i in apart if i in heard]
    assert as_asked == 18
    assert len(doubted) <= 1, doubted
    assert found >= 5


def creak(length: int) -> NDArray[np.float32]:
    """A voice whose pulses come slowly and irregularly, as at the end of a man's sentence: no pitch can be told."""
    time, random = np.arange(600) / 24_000, np.random.default_rng(1)
    pulse = np.exp(-400 * time) * (np.sin(2 * np.pi * 700 * time) + np.sin(2 * np.pi * 1200 * time))
    sound = random.normal(0, 0.005, length + len(time))  # breath
    at = 0.0
    while at < length:
        sound[int(at) : int(at) + len(time)] += 0.08 * pulse
        at += 24_000 / 45 * random.uniform(0.3, 1.7)
    return sound[:length].astype(np.float32)


def test_a_creak_can_be_a_low_tone_and_no_high_one(baker: Baker) -> None:
    said = SENTENCES[2]
    last = len(said.readings) - 2
    spoken = say(baker, said)
    end = spoken.asked[last]
    spoken.sound[end.start : end.end] = creak(end.end - end.start)

    def found(tone: Tone) -> Doubt | None:
        asked = say(baker, said, in_tone(said, last, tone)).asked
        return doubts(Spoken(spoken.sound, asked)).get(last)

    assert found(Tone.LOW) is None
    high = found(Tone.HIGH)
    assert high is not None
    assert high.message == "no pitch is heard"
    spoken.sound[end.start : end.end] = np.random.default_rng(0).normal(0, 0.03, end.end - end.start)  # a whisper
    whispered = found(Tone.LOW)
    assert whispered is not None
    assert whispered.message == "no pitch is heard"


@pytest.mark.parametrize("hertz", [62, 120, 400])
def test_low_and_high_voices_have_a_pitch(hertz: int) -> None:
    time = np.arange(24_000) / 24_000
    buzz = np.sum([0.1 * np.sin(2 * np.pi * hertz * k * time) / k for k in range(1, 20)], axis=0)
    pitch = hear(buzz.astype(np.float32), 24_000).pitch
    assert np.isfinite(pitch).mean() > 0.9
    assert np.nanmedian(pitch) == pytest.approx(12 * np.log2(hertz / 256), abs=0.5)


def test_third_tone_sandhi_left_undone_is_found(baker: Baker) -> None:
    """你好 is ní hǎo; said nǐ hǎo, with a half third tone, it is wrong."""
    meant = utterance("大家都说你好。", "da4 jia1 dou1 shuo1 ni2 hao3")
    assert doubts(say(baker, meant)) == {}
    assert doubts(say(baker, in_tone(meant, 4, Tone.LOW), meant))[4].kind is DoubtKind.TONE


def silenced(spoken: Spoken, at: int) -> Spoken:
    sound = spoken.sound.copy()
    sound[spoken.asked[at].start : spoken.asked[at].end] = 0
    return Spoken(sound, spoken.asked)


def cut_short(spoken: Spoken, at: int) -> Spoken:
    """Its second half is gone, and all that follows moves up."""
    start, end = spoken.asked[at].start, spoken.asked[at].end
    gone = (end - start) // 2
    sound = np.concatenate([spoken.sound[: end - gone], spoken.sound[end:]])
    after = [timing.moved(-gone) for timing in spoken.asked[at + 1 :]]
    return Spoken(sound, [*spoken.asked[:at], replace(spoken.asked[at], end=end - gone), *after])


def said_twice(spoken: Spoken, at: int) -> Spoken:
    start, end = spoken.asked[at].start, spoken.asked[at].end
    sound = np.concatenate([spoken.sound[:end], spoken.sound[start:end], spoken.sound[end:]])
    after = [timing.moved(end - start) for timing in spoken.asked[at + 1 :]]
    return Spoken(sound, [*spoken.asked[:at], replace(spoken.asked[at], end=2 * end - start), *after])


def broken_off(spoken: Spoken, at: int) -> Spoken:
    """Its last two thirds are silent, and nothing moves."""
    start, end = spoken.asked[at].start, spoken.asked[at].end
    sound = spoken.sound.copy()
    sound[start + (end - start) // 3 : end] = 0
    return Spoken(sound, spoken.asked)


def noisy(spoken: Spoken, at: int) -> Spoken:
    """Noise as loud as the voice in its place."""
    start, end = spoken.asked[at].start, spoken.asked[at].end
    sound = spoken.sound.copy()
    sound[start:end] = np.random.default_rng(1).normal(0, 0.1, end - start)
    return Spoken(sound, spoken.asked)


@pytest.mark.parametrize(
    ("damage", "kind"),
    [
        (silenced, DoubtKind.MISSING),
        (cut_short, DoubtKind.SHORT),
        (said_twice, DoubtKind.LONG),
        (broken_off, DoubtKind.SHORT),
        (noisy, DoubtKind.TONE),
    ],
)
def test_damaged_sound_is_found(baker: Baker, damage: Callable[[Spoken, int], Spoken], kind: DoubtKind) -> None:
    kinds = []
    for number, each in enumerate(SENTENCES):
        spoken = say(baker, each)
        for at in range(number % 3, len(spoken.asked), 3):
            found = doubts(damage(spoken, at)).get(at)
            kinds.append(found and found.kind)
    assert kinds.count(kind) >= 0.8 * len(kinds), kinds


def test_a_monotone_is_doubted(baker: Baker) -> None:
    """A robot's voice has every syllable at one height: only the high tones can pass."""
    spoken = say(baker, SENTENCES[2])
    time = np.arange(len(spoken.sound)) / 24_000
    tone = sum(np.sin(2 * np.pi * 280 * k * time) / k for k in range(1, 8))
    buzz = (0.1 * tone * (np.abs(spoken.sound) > 0).astype(float)).astype(np.float32)
    found = doubts(Spoken(buzz, spoken.asked))
    wanted = {i for i, each in enumerate(spoken.asked) if each.surface and each.surface.tone is not Tone.HIGH}
    assert len(wanted & found.keys()) >= 0.8 * len(wanted)


def test_of_an_unknown_voice_presence_and_length_are_judged(baker: Baker) -> None:
    meant = SENTENCES[0]
    wrong = say(baker, in_tone(meant, 2, Tone.FALLING), meant)
    assert doubts(wrong, "gtts") == {}
    assert doubts(silenced(wrong, 4), "gtts")[4].kind is DoubtKind.MISSING


def test_letters_need_only_be_there(baker: Baker) -> None:
    spoken = say(baker, utterance("一台ATM机", "yi4 tai2 ji1"))
    assert [each.surface is None for each in spoken.asked] == [False, False, True, True, True, False]
    assert all(i not in doubts(spoken) for i in (2, 3, 4))
    assert doubts(silenced(spoken, 3))[3].kind is DoubtKind.MISSING


@pytest.mark.parametrize("rate", [16_000, 22_050, 48_000])
def test_other_sample_rates(baker: Baker, rate: int) -> None:
    meant = SENTENCES[2]
    for said in (meant, in_tone(meant, 2, Tone.LOW)):
        spoken = say(baker, said, meant)
        places = np.arange(len(spoken.sound) * rate // 24_000) * 24_000 / rate
        sound = np.interp(places, np.arange(len(spoken.sound)), spoken.sound).astype(np.float32)
        scaled = [replace(a, start=a.start * rate // 24_000, end=a.end * rate // 24_000) for a in spoken.asked]
        found = {d.index for d in listen(sound, rate, scaled, load_ear("baker"))}
        assert (2 in found) is (said is not meant)


# --- corrections ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", DoubtKind)
@pytest.mark.parametrize("tone", Tone)
def test_there_is_something_to_try(kind: DoubtKind, tone: Tone) -> None:
    reading = in_tone(SENTENCES[0], 0, tone).readings[0]
    doubt = Doubt(index=0, kind=kind, score=1.0, message="")
    tried = list(corrections(doubt, reading.surface if reading else None, 5))
    assert 1 <= len(tried) <= 6
    assert {each.index for each in tried} == {5}
    assert Correction(5) not in tried


def test_better_is_never_worse() -> None:
    def scored(*scores: float) -> list[Doubt]:
        return [Doubt(index=i, kind=DoubtKind.TONE, score=s, message="") for i, s in enumerate(scores)]

    assert better(scored(), scored(1.2))
    assert better(scored(1.2), scored(1.2, 1.1))
    assert better(scored(1.1), scored(1.2))
    assert not better(scored(1.2), scored(1.2))
    assert not better(scored(1.1, 1.0), scored(1.9))
    assert not better(scored(2.5), scored(1.5, 1.5))
