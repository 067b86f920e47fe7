"""Readings: annotation > article > lexicon."""

from __future__ import annotations

import pytest

from builders import annotated
from langdu import pinyin
from langdu.model import NormalizedText, Origin, Paragraph, Reading
from langdu.pronounce import learn, pronounce, read_pinyin


def readings(paragraph: Paragraph, *others: Paragraph) -> tuple[Reading | None, ...]:
    text = NormalizedText(paragraph.text, paragraph.text)
    return pronounce(paragraph, text, learn([paragraph, *others]))


def citations(result: tuple[Reading | None, ...]) -> list[str | None]:
    return [pinyin.number(r.citation) if r else None for r in result]


def test_annotation_is_obeyed_even_against_every_dictionary() -> None:
    result = readings(annotated(("重", "chong2"), ("音", "")))
    assert citations(result) == ["chong2", "yin1"]
    assert [r and r.origin for r in result] == [Origin.ANNOTATION, Origin.LEXICON]


def test_a_word_annotated_elsewhere_teaches() -> None:
    result = readings(annotated(("产线上的产线", "")), annotated(("产线", "chan3 xian4")))
    assert [r and r.origin for r in result][:2] == [Origin.ARTICLE, Origin.ARTICLE]


def test_a_single_character_teaches_nothing() -> None:
    result = readings(annotated(("认为", "")), annotated(("为", "wei4")))
    assert citations(result) == ["ren4", "wei2"]


def test_a_word_read_in_two_ways_teaches_nothing() -> None:
    assert learn([annotated(("朝阳", "chao2 yang2"), ("朝阳", "zhao1 yang2"))]) == {}


def test_written_sandhi_is_not_changed_again() -> None:
    result = readings(annotated(("另一方面", "ling4 yi4 fang1 mian4")))
    assert [r and r.surface.tone.value for r in result] == [4, 4, 1, 4]


def test_sandhi_works_on_annotated_citation_tones() -> None:
    result = readings(annotated(("引领", "yin3 ling3")))
    assert [r and r.surface.tone.value for r in result] == [2, 3]
    assert citations(result) == ["yin3", "ling3"]


def test_erhua_is_one_syllable_on_two_characters() -> None:
    result = readings(annotated(("好", ""), ("玩儿", "wanr2")))
    assert citations(result) == ["hao3", "wanr2", None]


def test_syllables_that_do_not_fit_are_left_to_the_dictionaries() -> None:
    result = readings(annotated(("升级版", "sheng1 ban3")))
    assert citations(result) == ["sheng1", "ji2", "ban3"]
    assert {r.origin for r in result if r} == {Origin.LEXICON}


@pytest.mark.parametrize(
    ("line", "heard"),
    [
        ("wǒ shuō mā zhè ge zì", "wo3 shuo1 ma1 zhe4 ge5 zi4"),
        ("ní hǎo", "ni2 hao3"),
        ("nǐ hǎo", "ni2 hao3"),
        ("nǐ, hǎo", "ni3 hao3"),
        ("nǚ'ér", "nü3 er2"),
        ("chang2chun1", "chang2 chun1"),
    ],
)
def test_pinyin_input(line: str, heard: str) -> None:
    read = read_pinyin(line)
    assert read is not None
    normalized, result, _ = read
    assert normalized.replay() == normalized.spoken
    assert " ".join(pinyin.number(r.surface) for r in result if r) == heard


@pytest.mark.parametrize("line", ["", "hello world", "long", "长春", "Wi-Fi 6"])
def test_what_is_no_pinyin(line: str) -> None:
    assert read_pinyin(line) is None


@pytest.mark.parametrize(
    ("runs", "expected"),
    [
        ((("重庆", "chong qing"), ("，重庆", "")), ["chong2", "qing4", None, "chong2", "qing4"]),
        ((("丽水", "li shui"),), ["li2", "shui3"]),
        ((("李", "li"), ("先生", "")), ["li3", "xian1", "sheng5"]),
        ((("长", "zhang"), ("大", "")), ["zhang3", "da4"]),
        ((("我的", ""), ("的", "de")), ["wo3", "de5", "de5"]),
        ((("好", "hao"), ("人", "")), ["hao3", "ren2"]),
        ((("长", "xi"),), ["xi5"]),  # no reading is spelled so: it is obeyed as it stands
    ],
)
def test_letters_without_tones_choose_a_reading(runs: tuple[tuple[str, str], ...], expected: list[str | None]) -> None:
    assert citations(readings(annotated(*runs))) == expected
