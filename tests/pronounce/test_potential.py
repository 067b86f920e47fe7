"""得了: both characters are read for the same meaning."""

from __future__ import annotations

import pytest

from langdu.pinyin import number, parse_syllable
from langdu.pronounce.polyphones import Choice
from langdu.pronounce.potential import agree_on_potential


def choice(**shares: float) -> Choice:
    given = {parse_syllable(reading): share for reading, share in shares.items()}
    best = max(given, key=given.__getitem__)
    return Choice(best, given[best], given)


@pytest.mark.parametrize(
    ("particle", "can", "expected"),
    [(0.98, 0.2, ["de5", "liao3"]), (0.3, 0.45, ["de2", "le5"]), (0.45, 0.9, ["de5", "liao3"])],
)
def test_the_surer_character_decides(particle: float, can: float, expected: list[str]) -> None:
    choices = {1: choice(de5=particle, de2=1 - particle), 2: choice(liao3=can, le5=1 - can)}
    agreed = dict(agree_on_potential("去得了", choices))
    assert [number(agreed[at].syllable) for at in (1, 2)] == expected
    assert all(sum(c.shares.values()) == pytest.approx(1) for c in agreed.values())
    assert agreed[1].confidence == agreed[2].confidence > 0.5


@pytest.mark.parametrize("text", ["得了解情况", "他得去"])
def test_what_is_something_else(text: str) -> None:
    choices = {at: choice(de5=0.5, de2=0.5) for at in range(len(text))}
    assert not dict(agree_on_potential(text, choices))


def test_a_word_that_is_confirmed_is_left_alone() -> None:
    assert not dict(agree_on_potential("获得了", {2: choice(liao3=0.6, le5=0.4)}))
