"""Laws of segmentation."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from langdu import lexicon
from langdu.marks import HANZI
from langdu.model import NormalizedText, Paragraph, Run
from langdu.pronounce import pronounce
from langdu.prosody import phrase_ends, prosodic_words
from langdu.segment import segment

texts = st.text(alphabet="长春振兴一不展览馆的，。！？、：“”（）…— AB儿\n", max_size=120)


@given(texts, st.integers(4, 40))
def test_utterances_joined_are_the_text(text: str, limit: int) -> None:
    normalized = NormalizedText(text, text)
    readings = pronounce(Paragraph(0, (Run(text, 0),)), normalized, {})
    utterances = list(segment(normalized, readings, lexicon.split_words(text), limit=limit))
    if not utterances:
        assert not any(readings)
        assert not any(c in "AB" for c in text)
        return
    assert "".join(u.text for u in utterances) == text
    assert [r for u in utterances for r in u.readings] == list(readings)
    assert all(any(u.readings) or set(u.text) & set("AB") for u in utterances)


@given(texts)
def test_words_are_not_cut(text: str) -> None:
    normalized = NormalizedText(text, text)
    readings = pronounce(Paragraph(0, (Run(text, 0),)), normalized, {})
    ends, at = set(), 0
    for utterance in segment(normalized, readings, lexicon.split_words(text), limit=4):
        at += len(utterance.text)
        ends.add(at)
    words = [word for word in lexicon.split_words(text) if lexicon.word_readings(word.of(text))]
    inside = {i for word in words for i in range(word.start + 1, word.end)}
    assert not ends & inside


@given(texts)
def test_one_reading_a_spoken_character(text: str) -> None:
    readings = pronounce(Paragraph(0, (Run(text, 0),)), NormalizedText(text, text), {})
    coloured = [False, *(r is not None and r.citation.erhua for r in readings)]
    silent = [not lexicon.readings(c) or (c in "儿兒" and er) for c, er in zip(text, coloured, strict=False)]
    assert [r is None for r in readings] == silent


@given(texts)
def test_breaks_are_between_hanzi_and_in_order(text: str) -> None:
    readings = pronounce(Paragraph(0, (Run(text, 0),)), NormalizedText(text, text), {})
    for utterance in segment(NormalizedText(text, text), readings, lexicon.split_words(text)):
        places = [at for at, _ in utterance.breaks]
        assert places == sorted(set(places))
        assert all(HANZI.fullmatch(utterance.text[at - 1 : at + 1]) for at in places)


@given(texts)
def test_prosodic_words_cover_the_text(text: str) -> None:
    words = lexicon.split_words(text)
    groups = prosodic_words(text, words)
    assert "".join(group.of(text) for group in groups) == text
    assert {group.end for group in groups} <= {word.end for word in words}
    assert phrase_ends(text, groups, words) <= {group.end for group in groups}
