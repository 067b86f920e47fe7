"""The spelling of pinyin."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from langdu import pinyin
from langdu.model import Syllable, Tone
from langdu.pinyin import Letters, bases, join_numbers
from tables import golden

NO_TONE_WITHOUT_VOWEL = {"hm", "hng"}  # Unicode composes no marks for these, and no dictionary needs them

syllables = st.builds(
    Syllable,
    st.sampled_from(sorted(bases() - NO_TONE_WITHOUT_VOWEL)),
    st.sampled_from(list(Tone)),
    st.booleans(),
).filter(lambda s: not s.erhua or (s.base not in ("e", "m", "n", "ng", "ê") and not s.base.endswith("r")))


@pytest.mark.parametrize(("written", "wanted"), golden("pinyin/spellings.txt"))
def test_golden(written: str, wanted: str) -> None:
    letters = Letters.read(written)
    ways = letters.splits() if letters else []
    assert (join_numbers(ways[0]) if ways else "-") == wanted


@given(syllables)
def test_what_is_spelled_is_read_again(syllable: Syllable) -> None:
    assert pinyin.parse_syllable(pinyin.spell(syllable)) == syllable
    assert pinyin.parse_syllable(pinyin.number(syllable)) == syllable


@given(st.lists(syllables.filter(lambda s: s.base not in ("m", "n", "ng")), min_size=1, max_size=5))
def test_a_word_has_its_syllables_among_its_splits(word: list[Syllable]) -> None:
    letters = Letters.read(pinyin.spell_word(word))
    assert letters is not None
    assert tuple(word) in letters.splits(limit=512)
    assert 0 < letters.fewest() <= len(word)


@pytest.mark.parametrize("written", ["", "xü3x", "chang2chun1", "a b", "长"])
def test_one_syllable_or_a_value_error(written: str) -> None:
    with pytest.raises(ValueError, match="is not a syllable"):
        pinyin.parse_syllable(written)


@given(st.text(max_size=30))
def test_any_text_can_be_asked_for(written: str) -> None:
    letters = Letters.read(written)
    if letters is not None:
        assert letters.text
        assert all(0 <= at < len(letters.text) for at in letters.tones)
        assert all(0 <= at <= len(letters.text) for at in letters.breaks)
        assert set(letters.lattice()) == set(range(len(letters.text) + 1))


def test_every_base_but_a_nasal_has_a_final() -> None:
    for base in bases() - {"m", "n", "ng", "hm", "hng"}:
        syllable = Syllable(base, Tone.HIGH)
        assert base.startswith(pinyin.initial(syllable))
        assert pinyin.final(syllable)


@pytest.mark.parametrize(
    ("text", "written", "wanted"),
    [
        ("玩儿", ["wánr"], ["wanr2", None]),
        ("玩", ["wánr"], ["wanr2"]),
        ("长春", ["cháng", "chūn"], ["chang2", "chun1"]),
        ("升级版", ["shēng", "bǎn"], None),
    ],
)
def test_distribute(text: str, written: list[str], wanted: list[str | None] | None) -> None:
    by_char = pinyin.distribute(text, [pinyin.parse_syllable(s) for s in written])
    assert (None if by_char is None else [s and pinyin.number(s) for s in by_char]) == wanted
