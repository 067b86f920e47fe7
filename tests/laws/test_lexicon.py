"""Laws of the lexicon."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from langdu import lexicon
from langdu.marks import HANZI

hanzi = st.text(
    alphabet="长春市银行会计一个不是的了和尚未结婚研究生命起源玩儿女儿東西還錢㐖𫖯", min_size=1, max_size=40
)
other = st.text(alphabet="，。！A b1か😀\n%—", min_size=1, max_size=6)
texts = st.lists(hanzi | other).map("".join)
words = st.sampled_from(
    ["长春", "银行", "会计", "玩儿", "好玩儿", "研究生", "結婚", "不是", "一个", "對不起", "人民代表大会"]
)


@given(texts | st.text())
def test_words_touch_and_cover_the_text(text: str) -> None:
    spans = lexicon.split_words(text)
    assert all(a.end == b.start for a, b in pairwise(spans))
    assert "".join(span.of(text) for span in spans) == text
    assert all(len(span) for span in spans)


@given(texts)
def test_a_word_is_hanzi_or_none(text: str) -> None:
    kinds = [bool(HANZI.fullmatch(span.of(text))) for span in lexicon.split_words(text)]
    assert all(
        hanzi or not HANZI.search(span.of(text)) for hanzi, span in zip(kinds, lexicon.split_words(text), strict=True)
    )
    assert all(a or b for a, b in pairwise(kinds))


@given(texts)
def test_a_word_of_several_hanzi_has_readings(text: str) -> None:
    for span in lexicon.split_words(text):
        if len(span) > 1 and HANZI.match(span.of(text)):
            assert lexicon.word_readings(span.of(text))


@given(hanzi, other, hanzi)
def test_what_is_no_hanzi_parts_words(left: str, middle: str, right: str) -> None:
    ends = {span.end for span in lexicon.split_words(left)}
    assert ends <= {span.end for span in lexicon.split_words(left + middle + right)}


@given(hanzi.filter(lambda word: len(word) > 1), other)
def test_an_extra_word_between_others_is_found(word: str, edge: str) -> None:
    words = [span.of(edge + word + edge) for span in lexicon.split_words(edge + word + edge, {word})]
    assert words == [edge, word, edge]


@given(texts, st.lists(hanzi, max_size=3))
def test_extra_words_lose_no_text(text: str, extra: list[str]) -> None:
    assert "".join(span.of(text) for span in lexicon.split_words(text, extra)) == text


@given(words)
def test_one_syllable_a_hanzi_or_an_erhua(word: str) -> None:
    for way in lexicon.word_readings(word):
        assert sum(1 + syllable.erhua for syllable in way) == len(word)


@given(words)
def test_readings_of_words_are_readings_of_their_characters(word: str) -> None:
    for way in lexicon.word_readings(word):
        if len(way) == len(word):
            assert all(s in lexicon.readings(c) for c, s in zip(word, way, strict=True))
