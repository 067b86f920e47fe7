"""Polyphones in context: what the model decides, how sure it is, and a damaged file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from builders import annotated
from langdu import lexicon
from langdu.engines.baker import Baker
from langdu.errors import ConfigError
from langdu.model import NormalizedText, Origin, Paragraph, Pauses, Reading
from langdu.pinyin import number
from langdu.pipeline.text import Taught, script_of_line
from langdu.pronounce import learn, pronounce, pronounce_all, readings_in_context
from langdu.pronounce.hints import hint_kind, hints
from langdu.pronounce.polyphones import PATH, Choice, PolyphoneModel, model
from tables import golden

if TYPE_CHECKING:
    from pathlib import Path

SENTENCES = ("他为人民做了很多好事。", "Wi-Fi 6 与 5G", "", "还书给我，他还没有回来！", "长" * 300 + "。" + "行" * 200)


def choices(*texts: str) -> list[dict[int, Choice]]:
    return model().choose(texts, [lexicon.split_words(text) for text in texts])


def read(paragraph: Paragraph) -> tuple[Reading | None, ...]:
    return pronounce(paragraph, NormalizedText(paragraph.text, paragraph.text), learn([paragraph]))


@pytest.mark.parametrize(("marked", "expected"), golden("polyphones.txt"))
def test_in_context(marked: str, expected: str) -> None:
    before, char, after = marked.split("*")
    (citations,) = readings_in_context([before + char + after])
    citation = citations[len(before)]
    assert citation is not None
    assert number(citation.syllable) == expected


@pytest.mark.xfail(strict=True)
@pytest.mark.parametrize(("marked", "expected"), golden("polyphones_known_failures.txt"))
def test_known_failures(marked: str, expected: str) -> None:
    test_in_context(marked, expected)


def test_texts_do_not_see_each_other() -> None:
    together = choices(*SENTENCES)
    assert [bool(chosen) for chosen in together] == [bool(text) for text in SENTENCES]
    for text, chosen in zip(SENTENCES, together, strict=True):
        (alone,) = choices(text)
        assert {at: c.syllable for at, c in alone.items()} == {at: c.syllable for at, c in chosen.items()}
        assert all(abs(c.confidence - chosen[at].confidence) < 1e-4 for at, c in alone.items())


def test_the_same_again() -> None:
    assert choices(*SENTENCES) == choices(*SENTENCES)


def test_confidence_is_a_probability_and_the_choice_is_a_reading() -> None:
    for text, chosen in zip(SENTENCES, choices(*SENTENCES), strict=True):
        for at, choice in chosen.items():
            assert 0 < choice.confidence <= 1
            assert choice.syllable in model().candidates[text[at]]


def test_a_neutral_tone_in_a_word_is_left_to_the_dictionaries() -> None:
    assert choices("他的孩子") == [{1: choices("他的孩子")[0][1]}]  # 的, not 子


def test_an_annotation_is_certain_and_is_not_judged() -> None:
    readings = read(annotated(("他", ""), ("还", "huan2"), ("没有回来", "")))
    assert readings[1] is not None
    assert (number(readings[1].citation), readings[1].origin, readings[1].confidence) == ("huan2", Origin.ANNOTATION, 1)


def test_what_the_article_taught_is_not_judged() -> None:
    readings = read(annotated(("长行", "zhang3 hang2"), ("里有长行", "")))
    assert [r and number(r.citation) for r in readings[4:]] == ["zhang3", "hang2"]
    assert {r.origin for r in readings[4:] if r} == {Origin.ARTICLE}


def test_who_decided() -> None:
    readings = read(annotated(("他为人民做事", "")))
    assert readings[1] is not None
    assert readings[1].origin is Origin.MODEL  # dictionaries say wéi of a single 为
    assert readings[2] is not None
    assert readings[2].origin is Origin.LEXICON


def test_a_line_without_sandhi_is_read_with_the_same_confidence() -> None:
    literal, spoken = (
        script_of_line("我还你", Taught({}, {}), Pauses(), Baker().capabilities, literal=literal).readings
        for literal in (True, False)
    )
    assert [r and (r.citation, r.surface, r.confidence) for r in literal] == [
        r and (r.citation, r.citation, r.confidence) for r in spoken
    ]
    assert min(r.confidence for r in literal if r) < 1


def test_many_paragraphs_are_read_as_each_alone() -> None:
    paragraphs = [annotated((text, "")) for text in SENTENCES if text]
    items = [(p, NormalizedText(p.text, p.text), learn([p])) for p in paragraphs]
    for paragraph, readings in zip(paragraphs, pronounce_all(items), strict=True):
        assert [r and (r.citation, r.surface) for r in readings] == [
            r and (r.citation, r.surface) for r in read(paragraph)
        ]


def test_hints() -> None:
    (first, second) = hints("银行")
    assert number(second.readings[0]) == "hang2"
    assert hint_kind(second.readings[0], second) > 1
    assert hint_kind(first.readings[0], second) == 0


@pytest.mark.parametrize("at", [0, 25, 1000, -1])
def test_a_damaged_file_is_found(tmp_path: Path, at: int) -> None:
    data = bytearray(PATH.read_bytes())
    data[at] ^= 1
    damaged = tmp_path / "polyphones.bin"
    damaged.write_bytes(data)
    with pytest.raises(ConfigError, match="damaged"):
        PolyphoneModel(damaged)


def test_a_short_file_is_found(tmp_path: Path) -> None:
    short = tmp_path / "polyphones.bin"
    short.write_bytes(PATH.read_bytes()[:5000])
    with pytest.raises(ConfigError, match="damaged"):
        PolyphoneModel(short)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="no model of polyphones"):
        PolyphoneModel(tmp_path / "nowhere.bin")
