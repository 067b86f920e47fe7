"""Words of the dictionaries that the cut has not taken, as 区号 in 区|号."""

from __future__ import annotations

import pytest

from langdu.model import Span
from langdu.pinyin import number, parse_syllable
from langdu.pronounce.other_words import weigh_other_words
from langdu.pronounce.polyphones import Choice


def choice(shares: dict[str, float]) -> Choice:
    read = {parse_syllable(written): share for written, share in shares.items()}
    best = max(read, key=read.__getitem__)
    return Choice(best, read[best], read)


def cut(words: str) -> list[Span]:
    spans, at = [], 0
    for word in words.split("|"):
        spans.append(Span(at, at + len(word)))
        at += len(word)
    return spans


@pytest.mark.parametrize(
    ("words", "at", "shares", "expected"),
    [
        ("查|区|号", 1, {"ou1": 0.8, "qu1": 0.2}, "qu1"),
        ("查|区|号", 1, {"ou1": 0.95, "qu1": 0.05}, "ou1"),  # the sentence can still be surer
        ("以|挣钱|为|主要|目的", 3, {"wei4": 0.6, "wei2": 0.4}, "wei2"),  # 为主 takes a hanzi of 主要
        ("以|挣钱|为|主要|目的", 3, {"wei4": 0.8, "wei2": 0.2}, "wei4"),  # and counts for less than 区号
        ("查|区号", 1, {"ou1": 0.6, "qu1": 0.4}, "ou1"),  # the cut has taken the word: nothing new
        ("区|高|的", 0, {"ou1": 0.6, "qu1": 0.4}, "ou1"),  # no word
    ],
)
def test_a_word_beside_the_cut_makes_its_reading_more_probable(
    words: str, at: int, shares: dict[str, float], expected: str
) -> None:
    weighed = weigh_other_words(words.replace("|", ""), cut(words), {at: choice(shares)})[at]
    assert number(weighed.syllable) == expected
    assert weighed.confidence == weighed.shares[weighed.syllable]
    assert sum(weighed.shares.values()) == pytest.approx(1)
