"""Characters of given names."""

from __future__ import annotations

import pytest

from langdu import lexicon
from langdu.data import rows
from langdu.lexicon import split_words
from langdu.pinyin import number, parse_syllable
from langdu.pronounce.given_names import weigh_given_names
from langdu.pronounce.polyphones import Choice


def choice(usual: str, other: str, share: float) -> Choice:
    """A choice between two readings; `share` is the probability of the second one."""
    return Choice.of({parse_syllable(usual): 1 - share, parse_syllable(other): share})


@pytest.mark.parametrize(
    ("text", "char", "usual", "given", "share", "expected"),
    [
        ("记者陈长友说", "长", "zhang3", "chang2", 0.1, "chang2"),
        ("陈长友说", "长", "zhang3", "chang2", 0.1, "chang2"),
        ("木匠陈长友说", "长", "zhang3", "chang2", 0.1, "chang2"),
        ("木料陈长友说", "长", "zhang3", "chang2", 0.1, "zhang3"),  # hardly any name begins there
        ("木料陈长友说", "长", "zhang3", "chang2", 0.3, "chang2"),
        ("陈长友说", "长", "zhang3", "chang2", 0.01, "zhang3"),  # the model is sure
        ("刘嘉乐说", "乐", "yue4", "le4", 0.1, "le4"),
        ("张朝旭说", "朝", "chao2", "zhao1", 0.1, "zhao1"),  # the morning sun
        ("张朝军说", "朝", "zhao1", "chao2", 0.1, "chao2"),
        ("椅长友说", "长", "zhang3", "chang2", 0.1, "zhang3"),  # no surname
    ],
)
def test_a_given_name(text: str, char: str, usual: str, given: str, share: float, expected: str) -> None:  # noqa: PLR0917 - one argument a column
    at = text.index(char)
    weighed = weigh_given_names(text, split_words(text), {at: choice(usual, given, share)})
    assert number(weighed[at].syllable) == expected
    assert sum(weighed[at].shares.values()) == pytest.approx(1)


def test_a_surname_with_two_readings_counts_if_it_is_read_as_one() -> None:
    text, given = "单长友说", choice("zhang3", "chang2", 0.1)
    for surname, expected in ((choice("dan1", "shan4", 0.9), "chang2"), (choice("dan1", "shan4", 0.2), "zhang3")):
        weighed = weigh_given_names(text, split_words(text), {0: surname, 1: given})
        assert number(weighed[1].syllable) == expected


def test_a_character_in_a_longer_word_is_no_name() -> None:
    text = "陈长方形"
    choices = {1: choice("zhang3", "chang2", 0.4)}
    assert weigh_given_names(text, split_words(text), choices) == choices


def test_the_table_has_readings_of_its_characters() -> None:
    for char, reading, before in rows("names/given_names.tsv"):
        assert parse_syllable(reading) in lexicon.readings(char)
        assert len(set(before)) == len(before)
