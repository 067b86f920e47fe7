"""Nothing that is pinyin in brackets is ever spoken, whatever the author wrote in them."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from langdu import zhuyin
from langdu.model import Syllable, Tone
from langdu.normalize import normalize
from langdu.parse import parse_line
from langdu.pinyin import number, spell
from laws.strategies import WORDS, syllables

_BRACKETS = st.sampled_from(["()", "（）", "[]", "【】", " ()", "（ ）"])
_LABELS = st.sampled_from(["", "", "", "拼音：", "读音：", "pinyin: "])
_TONED = re.compile("[āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜㄅ-ㄩ]|[a-z][1-5]")


def _spellings(said: list[Syllable]) -> list[str]:
    """The styles of a reading: joined, spaced, capital, with digits, in zhuyin."""
    marks = [spell(each) for each in said]
    letters = [zhuyin.spell(each) for each in said]
    return [
        "".join(marks), " ".join(marks), "'".join(marks), "-".join(marks), "".join(marks).capitalize(),
        " ".join(map(number, said)), " ".join(letters) if all(letters) else " ".join(marks),
    ]  # fmt: skip


@st.composite
def slips(draw: st.DrawFn) -> list[Syllable]:
    """The syllables of a word, right, or with one too many, too few, another tone, others, or in another order."""
    said = list(syllables(draw(st.sampled_from(sorted(WORDS)))))
    kind = draw(st.sampled_from(["right", "swapped", "tone", "more", "fewer", "other"]))
    if kind == "swapped":
        said.reverse()
    elif kind == "tone":
        said[0] = Syllable(said[0].base, draw(st.sampled_from([tone for tone in Tone if tone < Tone.NEUTRAL])))
    elif kind == "more":
        said.append(Syllable("sheng", Tone.HIGH))
    elif kind == "fewer" and len(said) > 1:
        said.pop()
    elif kind == "other":
        said = list(syllables(draw(st.sampled_from(sorted(WORDS)))))
    # A word of pinyin does not begin with a neutral tone, but for the particles; without any tone it may be English.
    return said if said[0].tone is not Tone.NEUTRAL else [Syllable("ma", Tone.HIGH), *said[1:]]


@settings(max_examples=500)
@given(
    before=st.sampled_from(["", "他说", "“", "我们在", "1", "，", "A "]),
    word=st.sampled_from(sorted(WORDS)),
    said=slips(),
    style=st.integers(0, 6),
    bracket=_BRACKETS,
    label=_LABELS,
    after=st.sampled_from(["", "。", "很好，", "”", "(2)"]),
)
def test_no_pinyin_in_brackets_is_said(  # noqa: PLR0917  # hypothesis gives each by its name
    before: str, word: str, said: list[Syllable], style: int, bracket: str, label: str, after: str
) -> None:
    opening, closing = bracket[:-1], bracket[-1]
    text = f"{before}{word}{opening}{label}{_spellings(said)[style]}{closing}{after}"
    spoken = normalize(parse_line(text).text).spoken
    assert not _TONED.search(spoken), spoken
    assert [char for char in word if char not in spoken] == []
