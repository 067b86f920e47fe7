"""Where utterances end, and the pauses after them."""

from __future__ import annotations

from itertools import pairwise

import pytest

from langdu import lexicon
from langdu.model import Break, Edit, NormalizedText, Paragraph, Pauses, Run, Span
from langdu.pronounce import pronounce
from langdu.segment import segment


def pieces(
    text: str, limit: int = 40, *, edits: tuple[Edit, ...] = (), keep: tuple[Span, ...] = ()
) -> list[tuple[str, int]]:
    normalized = NormalizedText(text, text, edits)
    readings = pronounce(Paragraph(0, (Run(text, 0),)), NormalizedText(text, text), {})
    utterances = segment(
        normalized, readings, lexicon.split_words(text), limit=limit, keep_whole=keep, pauses=Pauses(), end_pause_ms=900
    )
    return [(u.text, u.pause_after_ms) for u in utterances]


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    assert pieces("他说：“走！”我们走了。") == [("他说：“走！”", 450), ("我们走了。", 900)]


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    cut = pieces("初冬的早晨，山路弯弯，大巴车缓缓驶进小学。", 14)
    assert cut == [("初冬的早晨，山路弯弯，", 180), ("大巴车缓缓驶进小学。", 900)]


def test_without_marks_it_is_cut_where_a_reader_breathes() -> None:
    cut = pieces("长春的发展令人振奋但我们还要努力", 10)
    assert cut == [("长春的发展令人振奋", 0), ("但我们还要努力", 900)]


def test_an_edit_is_not_cut() -> None:
    text = "一百二十三万四千五百六十七"
    assert pieces(text, 5, edits=(Edit("cardinal", Span(0, 7), Span(0, len(text))),)) == [(text, 900)]


def test_an_annotated_word_is_not_cut() -> None:
    assert pieces("压舱石压舱石", 4, keep=(Span(0, 6),)) == [("压舱石压舱石", 900)]


def test_nothing_to_say() -> None:
    assert pieces("——……！") == []


def test_marks_before_the_first_word_go_with_it() -> None:
    assert pieces("……走。") == [("……走。", 900)]


def test_five_thousand_characters_without_a_mark() -> None:
    cut = pieces("长春全面振兴" * 800)
    assert "".join(text for text, _ in cut) == "长春全面振兴" * 800
    assert max(len(text) for text, _ in cut) <= 40


def test_breaks_between_prosodic_words() -> None:
    text = "吉林省委书记在长春会见了来自各地的企业家代表。"
    normalized = NormalizedText(text, text)
    readings = pronounce(Paragraph(0, (Run(text, 0),)), normalized, {})
    (utterance,) = segment(normalized, readings, lexicon.split_words(text))
    ends = [0, *(at for at, _ in utterance.breaks), len(text)]
    words = [text[start:end] for start, end in pairwise(ends)]
    assert words == ["吉林省委", "书记", "在长春", "会见了", "来自", "各地的", "企业家", "代表。"]
    assert Break.PHRASE in dict(utterance.breaks).values()


def test_a_short_stretch_needs_no_breath() -> None:
    text = "我们的展览馆很好，你来吧。"
    normalized = NormalizedText(text, text)
    readings = pronounce(Paragraph(0, (Run(text, 0),)), normalized, {})
    (utterance,) = segment(normalized, readings, lexicon.split_words(text))
    assert utterance.breaks == ((3, Break.WORD), (6, Break.WORD))


@pytest.mark.parametrize("token", ["deadbeef" * 40, "w" * 300])
def test_what_has_no_place_to_breathe_is_cut_anywhere(token: str) -> None:
    cut = pieces(f"哈希是{token}，记住了。")
    assert "".join(text for text, _ in cut) == f"哈希是{token}，记住了。"
    assert max(len(text) for text, _ in cut) <= 45
