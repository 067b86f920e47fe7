"""Surnames that a text names more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langdu.pinyin import number, parse_syllable
from langdu.pronounce import readings_in_context
from langdu.pronounce.names import agree_on_surnames
from langdu.pronounce.polyphones import Choice

if TYPE_CHECKING:
    from langdu.model import Syllable


def choice(surname: str, other: str, share: float) -> Choice:
    shares: dict[Syllable, float] = {parse_syllable(surname): share, parse_syllable(other): 1 - share}
    best = max(shares, key=shares.__getitem__)
    return Choice(best, shares[best], shares)


@pytest.mark.parametrize(
    ("text", "shares", "expected"),
    [
        ("查先生和查太太", (0.95, 0.3), ["zha1", "zha1"]),
        ("查先生和查太太", (0.95, 0.2), ["zha1", "cha2"]),  # too improbable before another character
        ("查先生见过查先生", (0.95, 0.05), ["zha1", "zha1"]),
        ("查先生和查太太", (0.88, 0.4), ["zha1", "cha2"]),  # nobody is sure
        ("查先生", (0.4,), ["cha2"]),
        ("查先生", (0.9,), ["zha1"]),
        ("查先生", (0.8,), ["cha2"]),  # a surname must be probable
        ("队长查一飞", (0.75,), ["zha1"]),
        ("今年查一飞", (0.75,), ["cha2"]),  # more probable where hardly any name begins
        ("今年查一飞", (0.95,), ["zha1"]),
        ("查尔斯先生", (0.85,), ["cha2"]),  # a foreign name
        ("查先生和查太太", (0.95, 0.65), ["zha1", "zha1"]),
    ],
)
def test_one_name_one_reading(text: str, shares: tuple[float, ...], expected: list[str]) -> None:
    places = [i for i, char in enumerate(text) if char == "查"]
    choices = {at: choice("zha1", "cha2", share) for at, share in zip(places, shares, strict=True)}
    agreed = agree_on_surnames(text, choices)
    assert [number(agreed[at].syllable) for at in places] == expected
    assert all(sum(c.shares.values()) == pytest.approx(1) for c in agreed.values())
    assert all(c.confidence == c.shares[c.syllable] == max(c.shares.values()) for c in agreed.values())


def test_what_is_no_surname_is_left_alone() -> None:
    choices = {0: choice("chang2", "zhang3", 0.95), 1: choice("chang2", "zhang3", 0.3)}
    assert agree_on_surnames("长长", choices) == choices


@pytest.mark.parametrize(("share", "expected"), [(0.05, "ren2"), (0.01, "ren4")])
def test_a_name_that_is_sure_elsewhere_wins_over_a_wrong_cut(share: float, expected: str) -> None:
    text = "副攻任佳，赛后任佳"
    choices = {2: choice("ren2", "ren4", 0.95)}
    agreed = agree_on_surnames(text, choices, {7: choice("ren2", "ren4", share)})
    assert number(agreed[7].syllable if 7 in agreed else parse_syllable("ren4")) == expected


def test_only_the_same_name_wins_over_a_wrong_cut() -> None:
    choices = {2: choice("ren2", "ren4", 0.95)}
    assert 7 not in agree_on_surnames("副攻任佳，赛后任命", choices, {7: choice("ren2", "ren4", 0.3)})


def test_a_whole_sentence() -> None:
    text = "副攻任佳一记背飞打中。赛后任佳说不出话来。"
    (citations,) = readings_in_context([text])
    assert [number(c.syllable) for at in (2, 13) if (c := citations[at])] == ["ren2", "ren2"]


def test_a_suffix_must_be_surer_than_a_verb() -> None:
    assert number(agree_on_surnames("汽开区勇立潮头", {2: choice("ou1", "qu1", 0.95)})[2].syllable) == "qu1"
    assert number(agree_on_surnames("教练区楚良", {2: choice("ou1", "qu1", 0.95)})[2].syllable) == "ou1"


def test_what_is_no_surname_does_not_help_another_place() -> None:
    choices = {3: choice("ou1", "qu1", 0.92), 10: choice("ou1", "qu1", 0.6)}
    agreed = agree_on_surnames("千代田区永田町至涩谷区涩谷", choices)
    assert [number(agreed[at].syllable) for at in (3, 10)] == ["qu1", "qu1"]


def test_a_word_that_a_name_crosses() -> None:
    sure, unsure = choice("xie4", "jie3", 0.95), choice("xie4", "jie3", 0.8)
    assert number(agree_on_surnames("大学生解梦婷", {}, {3: sure})[3].syllable) == "xie4"
    assert agree_on_surnames("大学生解梦婷", {}, {3: unsure}) == {}
    assert agree_on_surnames("他在解梦", {}, {2: sure}) != {}
    assert agree_on_surnames("周公解梦", {}, {2: choice("xie4", "jie3", 0.91)}) == {}
