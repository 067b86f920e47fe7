"""English words inside Chinese: which they are, and how baker and espeak-ng share an utterance."""

from __future__ import annotations

import sys
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest

from engines.spoken import loudness, samples, utterance
from langdu.engines import say
from langdu.engines.baker import Baker
from langdu.engines.kit import english, espeakng
from langdu.engines.kit.letters import spoken
from langdu.model import Pauses, Utterance
from langdu.pipeline.text import Taught, script_of_line

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Clip

needs_espeak = pytest.mark.skipif(not espeakng.installed(), reason="needs the extra espeak")


@pytest.fixture(scope="module")
def baker(baker_folder: Path) -> Baker:
    return Baker(baker_folder)


@pytest.fixture
def without_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if espeak-ng were not installed."""
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)


def speak(baker: Baker, said: Utterance, rate: float = 1.0) -> Clip:
    return say(baker, said, baker.voices()[0], rate)


# --- which words are English ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("用iPhone看", ["iPhone"]),
        ("machine learning", ["machine learning"]),
        ("Hello, world！", ["Hello", "world"]),
        ("a big App和An apple", ["a big App", "An apple"]),
        ("I love you", ["I love you"]),
        ("Wi-Fi和don't和it’s", ["Wi-Fi", "don't", "it’s"]),
        ("café，ｗｅｂ", ["café", "ｗｅｂ"]),
        ("CEO在A座，B to B", ["to"]),
        ("ＡＰＰ的c位，α射线", []),
        ("GPT-X和R&D", []),
        ("维生素A", []),
        ("", []),
    ],
)
def test_which_words_are_english(text: str, words: list[str]) -> None:
    assert [span.of(text) for span in english.phrases(Utterance(text, (None,) * len(text)))] == words


def test_a_pause_takes_the_place_of_english() -> None:
    said = utterance("用 iPhone 看app吧", "yong4 kan4 ba5")
    left = english.without(said, english.phrases(said))
    assert left.text == "用、、、、、、、、看、、、吧"
    assert left.readings == said.readings


@needs_espeak
@pytest.mark.parametrize(
    "text",
    ["iPhone", "don't", "café", "machine learning", "strengths", "I do", "out of the box in the end", "e-mail me"],
)
def test_every_letter_has_a_share_of_its_word(text: str) -> None:
    said = Utterance(text, (None,) * len(text))
    manner = espeakng.Manner(voice=espeakng.ENGLISH)
    piece = english.said(said, english.phrases(said)[0], manner, 24_000)
    assert [mark.index for mark in piece.marks] == [index for index, _ in spoken(said)]
    assert (piece.marks[0].start, piece.marks[-1].end) == (0, len(piece.sound))
    assert all(before.end == after.start for before, after in pairwise(piece.marks))
    sound = piece.sound.astype(np.float64)
    assert min(np.abs(sound[mark.start : mark.end]).max() for mark in piece.marks) > 300


@needs_espeak
def test_words_of_a_phrase_begin_where_they_are_said() -> None:
    said = Utterance("red apple", (None,) * 9)
    piece = english.said(said, english.phrases(said)[0], espeakng.Manner(voice=espeakng.ENGLISH), 22_050)
    sound = espeakng.library().text("red apple", espeakng.Manner(voice=espeakng.ENGLISH))
    assert piece.marks[3].start == dict(sound.words)[4]


# --- baker ----------------------------------------------------------------------------------------------------------

MIXED = utterance("我用iPhone打电话，找 machine learning 的朋友。", "wo3 yong4 da3 dian4 hua4 zhao3 de5 peng2 you5")
CHINESE = utterance("我用手机打电话。", "wo3 yong4 shou3 ji1 da3 dian4 hua4")


def level(clip: Clip, first: int, last: int) -> float:
    """RMS of what sounds from one mark to another, full scale 1."""
    heard = samples(clip)[clip.marks[first].start : clip.marks[last].end]
    return float(np.sqrt(np.mean(heard[np.abs(heard) > 0.003] ** 2)))


@needs_espeak
def test_baker_says_english_words(baker: Baker) -> None:
    clip = speak(baker, MIXED)
    assert [mark.index for mark in clip.marks] == [index for index, _ in spoken(MIXED)]
    assert min(loudness(clip, mark) for mark in clip.marks) > 0.003
    assert clip.marks[7].end - clip.marks[2].start < 0.7 * clip.sample_rate


@needs_espeak
def test_english_is_as_loud_as_the_chinese_around_it(baker: Baker) -> None:
    clip = speak(baker, MIXED)
    assert 0.7 < level(clip, 2, 7) / level(clip, 8, 11) < 1.4


@needs_espeak
def test_chinese_and_english_join_in_silence(baker: Baker) -> None:
    clip = speak(baker, MIXED)
    sound = samples(clip)
    for before, after in [(1, 2), (7, 8)]:
        gap = sound[clip.marks[before].end : clip.marks[after].start]
        assert 0.04 < len(gap) / clip.sample_rate < 0.07
        assert np.abs(gap[100:-100]).max() == 0
        assert np.abs(gap).max() < 0.01  # what fades
        edges = sound[[clip.marks[before].end - 1, clip.marks[after].start]]
        assert np.abs(edges).max() < 0.02


@needs_espeak
@pytest.mark.parametrize("text", ["Hello，world。", "“Hello”", "app", "很Cool", "Cool吧", "CEO很cool"])
def test_english_may_stand_anywhere(baker: Baker, text: str) -> None:
    hanzi = {"很": "hen3", "吧": "ba5"}
    said = utterance(text, " ".join(hanzi[char] for char in text if char in hanzi))
    clip = speak(baker, said)  # which checks the marks
    sound = samples(clip)
    assert max(abs(sound[0]), abs(sound[-1])) < 0.001
    assert min(loudness(clip, mark) for mark in clip.marks) > 0.003


@needs_espeak
def test_english_is_paused_as_its_marks_ask(baker: Baker) -> None:
    plain, comma = (speak(baker, utterance(f"他说{mark}Hello", "ta1 shuo1")) for mark in ("", "："))
    gaps = [clip.marks[2].start - clip.marks[1].end for clip in (plain, comma)]
    assert [gap / 24_000 for gap in gaps] == pytest.approx([0.05, 0.3], abs=0.01)


@needs_espeak
def test_english_follows_rate_and_pace(baker: Baker) -> None:
    lengths = [
        clip.marks[7].end - clip.marks[2].start
        for clip in (speak(baker, MIXED), speak(baker, MIXED, 1.5), speak(baker, replace(MIXED, pace=0.7)))
    ]
    assert lengths[1] < 0.75 * lengths[0]
    assert lengths[2] > 1.3 * lengths[0]


@needs_espeak
def test_the_same_english_sounds_the_same_every_time(baker: Baker) -> None:
    once = speak(baker, MIXED)
    speak(baker, utterance("很Cool", "hen3"), 1.2)
    assert speak(baker, MIXED) == once


@needs_espeak
@pytest.mark.parametrize("said", [CHINESE, utterance("在CEO和A座", "zai4 he2 zuo4")], ids=["hanzi", "letters"])
def test_what_has_no_english_is_as_without_the_extra(
    baker: Baker, baker_folder: Path, said: Utterance, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = speak(baker, said)
    monkeypatch.setitem(sys.modules, "espeakng_loader", None)
    assert speak(Baker(baker_folder), said) == made


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_letters_are_said_by_name(baker_folder: Path) -> None:
    plain = Baker(baker_folder)
    assert (plain.capabilities.speaks_english, plain.capabilities.variant) == (False, "")
    clip = speak(plain, MIXED)
    assert clip.marks[7].end - clip.marks[2].start > clip.sample_rate


@needs_espeak
def test_clips_with_and_without_english_are_kept_apart(baker: Baker) -> None:
    assert baker.capabilities.variant == espeakng.maker()
    assert "espeakng-loader 0." in espeakng.maker()


# --- what it is given -----------------------------------------------------------------------------------------------

LINE = "用iPhone和Kindle给NASA的CEO看"


def given(own: dict[str, str] | None = None) -> str:
    taught = Taught({}, own or {})
    made = script_of_line(LINE, taught, Pauses(), Baker().capabilities, literal=False)
    return "".join(each.text for each in made.utterances)


@needs_espeak
def test_baker_is_given_english_words_but_abbreviations_in_hanzi() -> None:
    assert given() == "用iPhone和Kindle给娜萨的CEO看"


@needs_espeak
def test_the_users_own_word_wins_over_english() -> None:
    assert given({"Kindle": "金豆"}) == "用iPhone和金豆给娜萨的CEO看"


@pytest.mark.usefixtures("without_extra")
def test_without_the_extra_baker_is_given_known_words_in_hanzi() -> None:
    assert given() == "用爱风和Kindle给娜萨的CEO看"
