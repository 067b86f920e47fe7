"""Nothing that is pinyin in brackets is ever spoken, whatever the author wrote in them."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given
from hypothesis import strategies as st

from langdu.model import Syllable, Tone
from langdu.normalize import normalize
from langdu.parse.parser import parse_line
from langdu.pinyin import number, spell, zhuyin
from laws.strategies import THOROUGH, WORDS, syllables

# One letter and a digit may be anything beside another word: e4.
_WORDS = st.sampled_from(sorted(WORDS.keys() - {"饿"}))
_BRACKETS = st.sampled_from(
    [
        "()", "（）", "[]", "［］", "【】", "〔〕", "〖〗", "{}", "｛｝", "‹›", "«»", "〈〉", "⟨⟩", "<>", "＜＞",
        "﹙﹚", "（)", " ()", " （）",
    ]
)  # fmt: skip
_LABELS = st.sampled_from(
    ["", "", "", "拼音：", "读音：", "pinyin: ", "Pinyin:", "py: ", "汉语拼音", "注音：", "音", "读作", "[拼音]", "= "]
)
_WIDE = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
_SUPERSCRIPT = str.maketrans("12345", "¹²³⁴⁵")
_LETTERS = re.compile("[a-zāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜㄅ-ㄩˊˇˋ˙]", re.IGNORECASE)


def _spellings(reading: list[Syllable]) -> list[str]:
    """The styles of a reading, as people and programs write it."""
    marks, digits = [spell(syllable) for syllable in reading], [number(syllable) for syllable in reading]
    letters = [zhuyin.spell(syllable) for syllable in reading]
    word = "".join(marks)
    return [
        word, word.capitalize(), word.upper(), unicodedata.normalize("NFD", word),
        *(sign.join(marks) for sign in (" ", "'", "’", "-", "·", "\u3000", "\u00a0")),
        word.translate(str.maketrans("ǎěǐǒǔag", "ăĕĭŏŭɑɡ")),
        " ".join(digits), "".join(digits), " ".join(digits).replace("5", "0"), " ".join(digits).replace("ü", "v"),
        " ".join(digits).replace("ü", "u:"), " ".join(digits).translate(_WIDE),
        " ".join(digits).translate(_SUPERSCRIPT),
        f"*{word}*", f"**{word}**", f"/{word}/", f"“{word}”", f"{word}。", f" {word} ", f"({word})", f"{word}/{word}",
        f"{word}或{word}", *([" ".join(letters), "".join(letters)] if all(letters) else []),
    ]  # fmt: skip


@st.composite
def slips(draw: st.DrawFn) -> list[Syllable]:
    """The syllables of a word, right, or with one too many, too few, another tone, others, or in another order."""
    reading = list(syllables(draw(_WORDS)))
    kind = draw(st.sampled_from(["right", "swapped", "tone", "more", "fewer", "other"]))
    if kind == "swapped":
        reading.reverse()
    elif kind == "tone":
        reading[0] = Syllable(reading[0].base, draw(st.sampled_from([tone for tone in Tone if tone < Tone.NEUTRAL])))
    elif kind == "more":
        reading.append(Syllable("sheng", Tone.HIGH))
    elif kind == "fewer" and len(reading) > 1:
        reading.pop()
    elif kind == "other":
        reading = list(syllables(draw(_WORDS)))
    # A word of pinyin does not begin with a neutral tone, but for the particles; without any tone it may be English.
    return reading if reading[0].tone is not Tone.NEUTRAL else [Syllable("ma", Tone.HIGH), *reading[1:]]


@THOROUGH
@given(
    before=st.sampled_from(["", "他说", "“", "我们在", "1", "，", "- ", "《"]),
    word=st.sampled_from(sorted(WORDS)),
    reading=slips(),
    style=st.integers(0, 40),
    bracket=_BRACKETS,
    label=_LABELS,
    after=st.sampled_from(["", "。", "很好，", "”", "(2)"]),
)
@example("", "旅行", [Syllable("xing", Tone.RISING), Syllable("lü", Tone.LOW)], 16, "〖〗", "", "很好，")
@example("", "一起", [Syllable(base, Tone.HIGH) for base in ("yin", "yue", "sheng")], 18, "()", "音", "")
@example("", "不是", [Syllable("ma", Tone.HIGH)], 12, "﹙﹚", "", "")
@example(
    "",
    "不是",
    [Syllable("ma", Tone.HIGH), Syllable("ma", Tone.NEUTRAL), Syllable("sheng", Tone.HIGH)],
    8,
    "〖〗",
    "",
    "",
)
def test_no_pinyin_in_brackets_is_said(  # noqa: PLR0917  # hypothesis gives each by its name
    before: str, word: str, reading: list[Syllable], style: int, bracket: str, label: str, after: str
) -> None:
    spellings = _spellings(reading)
    opening, closing = bracket[:-1], bracket[-1]
    text = f"{before}{word}{opening}{label}{spellings[style % len(spellings)]}{closing}{after}"
    spoken = normalize(parse_line(text).text).spoken
    assert not _LETTERS.search(spoken), spoken
    assert [char for char in word if char not in spoken] == []
