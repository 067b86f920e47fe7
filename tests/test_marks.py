"""Hanzi, and where sentences end: one decision for whoever cuts text (tests/golden/marks.txt)."""

from __future__ import annotations

import re
from itertools import accumulate, pairwise
from pathlib import Path

import pytest

from langdu import lexicon, marks
from langdu.export.view.cues import cues
from langdu.export.view.words import sentences
from langdu.model import Article, NormalizedText, Paragraph, Pauses, Run, Source
from langdu.pipeline.study.words import occurrences
from langdu.pronounce import pronounce
from langdu.rundown import headline
from langdu.segment import segment
from langdu.settings import Settings
from recorded import track
from tables import golden

every_text = pytest.mark.parametrize(("text", "wanted"), golden("marks.txt"))


def parts(text: str, ends: list[int]) -> str:
    return "|".join(text[start:end] for start, end in pairwise([0, *ends, len(text)]))


def article(text: str) -> Article:
    return Article(source=Source("-", text), title=None, paragraphs=(Paragraph(0, (Run(text, 0),)),))


@every_text
def test_sentences(text: str, wanted: str) -> None:
    assert parts(text, marks.sentence_ends(text)) == wanted
    assert [marks.ends_sentence(sentence) for sentence in wanted.split("|")][:-1] == [True] * wanted.count("|")


@every_text
def test_a_reader_breathes_between_sentences(text: str, wanted: str) -> None:
    readings = pronounce(Paragraph(0, (Run(text, 0),)), NormalizedText(text, text), {})
    utterances = segment(
        NormalizedText(text, text),
        readings,
        lexicon.split_words(text),
        limit=1000,
        pauses=Pauses(sentence=77),
        end_pause_ms=9,
    )
    assert "|".join(utterance.text for utterance in utterances) == wanted


@every_text
def test_a_subtitle_shows_a_sentence(text: str, wanted: str) -> None:
    assert "|".join(cue.text for cue in cues([track(text)])) == wanted


@every_text
def test_a_sentence_is_practised_by_itself(text: str, wanted: str) -> None:
    said = list(sentences(track(text)))
    assert len(said) == wanted.count("|") + 1


@every_text
def test_the_sentence_of_a_word(text: str, wanted: str) -> None:
    found = dict.fromkeys(word.sentence for word in occurrences(article(text), Settings()))
    with_hanzi = [sentence.strip() for sentence in wanted.split("|") if marks.HANZI.search(sentence)]
    assert list(found) == list(dict.fromkeys(with_hanzi))


@every_text
def test_an_article_without_a_title_is_announced_by_its_first_sentence(text: str, wanted: str) -> None:
    first = next(end for end in accumulate(wanted.split("|")) if not end.endswith("…"))
    assert headline(article(text)).text == (first if first == text else first.rstrip())


def test_a_line_ends_a_sentence() -> None:
    assert parts("第一行\n第二行，\n——第三行", marks.sentence_ends("第一行\n第二行，\n——第三行")) == (
        "第一行\n|第二行，\n|——第三行"
    )


@pytest.mark.parametrize("char", "长〇㐀𠀀𪚥豈")
def test_a_hanzi(char: str) -> None:
    assert marks.HANZI.fullmatch(char)


@pytest.mark.parametrize("char", "々ㄅの한ａ１⼀䷀。　")
def test_no_hanzi(char: str) -> None:
    assert not marks.HANZI.search(char)


def test_ranges_of_hanzi_and_zhuyin_are_spelled_in_marks_only() -> None:
    package = Path(marks.__file__).parent
    spelled = re.compile(r"一-[鿿龥]|\\u4e00-|㐀-|\\u3400-|ㄅ-ㄩ")
    modules = [path for path in package.rglob("*.py") if spelled.search(path.read_text(encoding="utf-8"))]
    assert modules == [package / "marks.py"]


def test_the_lexicon_is_built_with_the_same_hanzi() -> None:
    # The build hook runs where langdu is not installed.
    path = Path(__file__).parents[1] / "tools" / "build_lexicon.py"
    assert f'"[{marks.HANZI_RANGES}]+"' in path.read_text(encoding="utf-8")
