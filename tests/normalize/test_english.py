"""English words in Chinese syllables."""

from __future__ import annotations

import pytest

from langdu.normalize import normalize
from langdu.normalize.english import abbreviations, approximate


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("iPhone 15和NASA、CEO", "爱风 十五和娜萨、CEO"),
        ("B2B平台", "B 图 B平台"),
        ("Wi-Fi 6", "歪费 六"),
        ("Type-C接口", "泰普 C接口"),
        ("GPT-4", "GPT四"),
        ("MODEL Y和model Y", "MODEL Y和毛豆 Y"),
        ("www.apple.com", "www点艾剖点com"),
        ("今天天气很好", "今天天气很好"),
    ],
)
def test_known_words_are_said_with_hanzi(written: str, spoken: str) -> None:
    assert approximate(normalize(written)).spoken == spoken


def test_own_words_go_first() -> None:
    assert approximate(normalize("Zorblax和NASA"), {"zorblax": "佐布拉", "NASA": "宇航局"}).spoken == "佐布拉和宇航局"


def test_edits_say_where_each_word_stands() -> None:
    written = "用3部iPhone 15"
    result = approximate(normalize(written))
    replaced = [(e.rule, e.written.of(written), e.spoken.of(result.spoken)) for e in result.edits]
    assert replaced == [("cardinal", "3", "三"), ("english", "iPhone", "爱风"), ("model", "15", "十五")]


def test_a_voice_that_speaks_english_is_given_only_the_abbreviations() -> None:
    assert approximate(normalize("iPhone和NASA、CEO"), None, abbreviations()).spoken == "iPhone和娜萨、CEO"


def test_own_words_go_first_in_every_voice() -> None:
    assert approximate(normalize("Kindle和iPhone"), {"Kindle": "金豆"}, {}).spoken == "金豆和iPhone"
