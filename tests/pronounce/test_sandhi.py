"""Tone sandhi, from a golden table."""

from __future__ import annotations

import pytest

from langdu import pinyin
from langdu.model import NormalizedText, Paragraph, Run, Span, Tone
from langdu.pronounce import pronounce
from langdu.pronounce.sandhi import surface_tones
from tables import golden


@pytest.mark.parametrize(("written", "heard"), golden("sandhi.txt"))
def test_heard(written: str, heard: str) -> None:
    paragraph = Paragraph(0, (Run(written, 0),))
    readings = pronounce(paragraph, NormalizedText(written, written), {})
    assert " ".join(pinyin.spell(r.surface) for r in readings if r) == heard


@pytest.mark.parametrize(
    ("text", "given", "heard"),
    [
        ("一个", "yi1 ge5", Tone.RISING),  # 个 has lost a fourth tone
        ("一地", "yi1 de5", Tone.FALLING),  # 地 dì is another syllable
        ("不好", "bu4 hao4", Tone.RISING),  # as it is read here, though it is mostly read hǎo
        ("一定", "yi4 ding4", Tone.FALLING),  # written with the tone that is heard
    ],
)
def test_the_tone_depends_on_the_next_syllable_as_it_is_read(text: str, given: str, heard: Tone) -> None:
    syllables = [pinyin.parse_syllable(each) for each in given.split()]
    assert surface_tones(text, syllables, [Span(0, 1), Span(1, 2)])[0] is heard
