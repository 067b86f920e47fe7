"""Finding engines by name: built-in ones, and those of other packages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from engines.spoken import utterance
from langdu import engines
from langdu.errors import ConfigError, EngineUnavailable, SynthesisFailed

if TYPE_CHECKING:
    from engines.plugin import Plugin


def test_an_unknown_engine_is_told_with_those_there_are(plugin: Plugin) -> None:
    plugin("class Odd: pass")
    with pytest.raises(ConfigError, match=r"'zoe'; there are .*baker, .*gtts, .*odd, .*silence"):
        engines.create("zoe", None)


def test_another_package_brings_an_engine(plugin: Plugin) -> None:
    plugin("class Odd:\n    name = 'odd'")
    assert engines.create("odd", None).name == "odd"


def test_an_engine_that_cannot_be_imported(plugin: Plugin) -> None:
    plugin("import no_such_module_anywhere")
    with pytest.raises(EngineUnavailable, match=r"odd of odd_engine:Odd cannot be loaded: .*no_such_module_anywhere"):
        engines.create("odd", None)


def test_every_built_in_engine_has_a_described_voice() -> None:
    described = {voice.engine for name in engines.BUILT_IN for voice in engines.built_in_voices(name)}
    assert described == engines.BUILT_IN.keys()


LIAR = """
from langdu.engines import Capabilities, Obeys
from langdu.engines.kit.letters import spoken
from langdu.model import Clip, Mark, Voice


class Odd:
    name = "odd"
    capabilities = Capabilities(
        max_syllables=40,
        sample_rate=16_000,
        needs_network=False,
        obeys_pinyin=Obeys.EXACTLY,
        speaks_english=False,
        exact_marks=True,
    )

    def voices(self):
        return [Voice(id="odd", engine="odd", language="zh-CN", name="odd", licence="none", origin="a test")]

    def synthesize(self, utterance, voice, rate):
        pcm, sample_rate = bytes(2 * 16_000), 16_000
        marks = tuple(Mark(index, 1_000 * i, 1_000 * (i + 1)) for i, (index, _) in enumerate(spoken(utterance)))
        FAULT
        return Clip(pcm, sample_rate, marks)
"""


@pytest.mark.parametrize(
    ("fault", "message"),
    [
        ("sample_rate = 24_000", "24000 samples a second where it promises 16000"),
        ("pcm = pcm[:-1]", "31999 bytes, which are not 16-bit samples"),
        ("pcm = b''", "0 bytes, which are not 16-bit samples"),
        ("marks = marks[:-1]", "marks for other characters than those that are said"),
        ("marks = ()", "marks for other characters than those that are said"),
        ("marks = (*marks, Mark(2, 5_000, 6_000))", "marks for other characters"),
        ("marks = marks[::-1]", "marks for other characters"),
        ("marks = (Mark(0, 0, 1_500), Mark(1, 1_000, 2_000))", "marks that overlap or lie outside the sound"),
        ("marks = (marks[0], Mark(1, 1_000, 16_001))", "marks that overlap or lie outside the sound"),
        ("marks = (Mark(0, -1, 1_000), marks[1])", "marks that overlap or lie outside the sound"),
        ("pcm = pcm[:2_000]", "marks that overlap or lie outside the sound"),
    ],
)
def test_an_engine_that_breaks_its_promise_is_refused_by_name(plugin: Plugin, fault: str, message: str) -> None:
    plugin(LIAR.replace("FAULT", fault))
    engine = engines.create("odd", None)
    with pytest.raises(SynthesisFailed, match=f"the engine odd gave {message}.*'你好，'.* tell whoever makes it"):
        engines.say(engine, utterance("你好，", "ni2 hao3"), engine.voices()[0], 1.0)


def test_an_engine_that_keeps_its_promise_is_heard(plugin: Plugin) -> None:
    plugin(LIAR.replace("FAULT", "pass"))
    engine = engines.create("odd", None)
    clip = engines.say(engine, utterance("你好，", "ni2 hao3"), engine.voices()[0], 1.0)
    assert [mark.index for mark in clip.marks] == [0, 1]


RECORDER = LIAR.replace("FAULT", "self.asked = (utterance.pace, rate)")


def test_an_engine_gets_one_final_rate(plugin: Plugin) -> None:
    """An engine that multiplies by the pace itself, as they once did, still speaks at the right rate."""
    plugin(RECORDER)
    engine = engines.create("odd", None)
    engines.say(engine, replace(utterance("你好，", "ni2 hao3"), pace=0.5), engine.voices()[0], 3.0)
    assert engine.asked == (1.0, 1.5)  # type: ignore[attr-defined]  # the test's own engine


def test_a_voice_named_to_an_engine_that_names_none(plugin: Plugin) -> None:
    plugin(LIAR.replace("FAULT", "pass"))
    with pytest.raises(ConfigError, match="there is no voice odd:x: the engine odd has only those in: langdu voices"):
        engines.user_voice("odd:x")
