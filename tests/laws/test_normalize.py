"""What is true of every normalised text."""

from __future__ import annotations

import unicodedata
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from langdu.normalize import normalize
from langdu.normalize.english import approximate
from laws.strategies import THOROUGH

_SIGNS = (
    "0123456789-—~～:：./·,%‰+=<>≤±×*^²³₂°℃′″$￥€#@&()（）[]“”、，。年月日个第点元"
    "AaBKkmghNW１Ａ①Ⅱ½√|`😀👍🏽🇨🇳\u200d\ufe0f"
)
_WORDS = ["比分", "战胜", "歼", "电话", "房间号", "http://", "www.", "@a.com", "km/h", "N·m", "μg/m³", "iPhone ", "GB",
          "版本", "亿", "万", "后", "至", "零下", "a.m.", "\n", " "]  # fmt: skip
texts = st.one_of(
    st.text(max_size=40),
    st.lists(st.one_of(st.sampled_from(_SIGNS), st.sampled_from(_WORDS), st.integers(0, 10**20).map(str))).map("".join),
)
plain_texts = st.text(st.sampled_from("今天天气很好我们去公园二〇千百万两个，。、；：？！“”《》（）…— \n"))


@THOROUGH
@given(texts)
@example("9" * 400 + "1/0 99月99日 25:61 1-2-3-4")
def test_edits_explain_every_change(written: str) -> None:
    result = normalize(written)
    assert result.written == written
    assert result.replay() == result.spoken
    assert len(result.written_spans()) == len(result.spoken)


@THOROUGH
@given(texts)
def test_edits_are_in_order_and_do_not_overlap(written: str) -> None:
    result = normalize(written)
    for edit in result.edits:
        assert edit.written.start < edit.written.end <= len(written)
        assert edit.spoken.start <= edit.spoken.end <= len(result.spoken)
        assert edit.written.of(written) != edit.spoken.of(result.spoken)
    for one, next_ in pairwise(result.edits):
        assert one.written.end <= next_.written.start
        assert one.spoken.end <= next_.spoken.start


@THOROUGH
@given(texts)
@example("北京−上海，他说∶江⋅上")
@example("二〇二四")
def test_spoken_form_is_letters_and_punctuation(written: str) -> None:
    for char in normalize(written).spoken:
        assert char == "〇" or unicodedata.category(char)[0] in "LMPZC"  # 〇 is a hanzi, and for Unicode a number
        assert not char.isdigit()


@given(plain_texts)
def test_plain_text_is_untouched(written: str) -> None:
    result = normalize(written)
    assert result.spoken == written
    assert result.edits == ()


@THOROUGH
@given(texts)
def test_every_digit_is_in_an_edit(written: str) -> None:
    edits = normalize(written).edits
    for i, char in enumerate(written):
        if char.isdecimal():
            assert any(edit.written.start <= i < edit.written.end for edit in edits)


@given(st.integers(0, 10**16 - 1))
def test_cardinals_can_be_heard_back(number: int) -> None:
    assert _value(normalize(f"共{number:,}个").spoken[1:-1]) == number


def _value(spoken: str) -> int:
    for name, size in (("亿", 10**8), ("万", 10**4)):
        head, place_name, rest = spoken.rpartition(name)
        if place_name:
            return _value(head) * size + _value(rest)
    total = digit = 0
    for char in spoken:
        place = {"千": 1000, "百": 100, "十": 10}.get(char)
        if place:
            total += (digit or 1) * place
            digit = 0
        else:
            digit = "零一二三四五六七八九".index(char.replace("两", "二"))
    return total + digit


@given(st.integers(0, 10**11))
def test_cardinals_are_said_as_wetext_says_them(number: int) -> None:
    """Another program's opinion about 零; 二 or 两 is a matter of taste, and above 10¹¹ wetext is wrong."""
    spoken = normalize(f"共{number}个").spoken
    assert spoken.replace("两", "二") == _wetext(f"共{number}个").replace("两", "二")


def _wetext(written: str) -> str:
    return str(_wetext_normalizer().normalize(written))


@cache
def _wetext_normalizer() -> Any:  # noqa: ANN401 (wetext has no types)
    return pytest.importorskip("wetext").Normalizer(lang="zh", operator="tn")


@THOROUGH
@given(st.one_of(texts, st.lists(st.sampled_from([*_WORDS, "to", "iPhone", "NASA", "B2B", "a-b", "2"])).map("".join)))
def test_english_words_keep_the_law_of_edits(written: str) -> None:
    result = approximate(normalize(written))
    assert result.replay() == result.spoken
    for one, next_ in pairwise(result.edits):
        assert one.written.end <= next_.written.start
        assert one.spoken.end <= next_.spoken.start
