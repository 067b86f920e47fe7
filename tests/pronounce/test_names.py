"""Surnames that a text names more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langdu.pinyin import number, parse_syllable
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
        ("查先生和查太太", (0.8, 0.4), ["zha1", "cha2"]),  # nobody is sure
        ("查先生", (0.4,), ["cha2"]),
        ("查先生", (0.75,), ["zha1"]),
        ("查先生", (0.65,), ["cha2"]),  # a surname must be probable
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
