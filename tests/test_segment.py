"""Where utterances end, and the pauses after them."""

from __future__ import annotations

from langdu.model import Edit, NormalizedText, Paragraph, Pauses, Run, Span
from langdu.pronounce import pronounce
from langdu.segment import segment


def pieces(
    text: str, limit: int = 40, *, edits: tuple[Edit, ...] = (), keep: tuple[Span, ...] = ()
) -> list[tuple[str, int]]:
    normalized = NormalizedText(text, text, edits)
    readings = pronounce(Paragraph(0, (Run(text, 0),)), NormalizedText(text, text), {})
    found = segment(normalized, readings, limit=limit, keep_whole=keep, pauses=Pauses(), end_pause=900)
    return [(u.text, u.pause_after) for u in found]


def test_a_closing_quote_belongs_to_its_sentence() -> None:
    assert pieces("他说：“走！”我们走了。") == [("他说：“走！”", 450), ("我们走了。", 900)]


def test_a_long_sentence_is_cut_at_its_commas() -> None:
    found = pieces("初冬的早晨，山路弯弯，大巴车缓缓驶进小学。", 14)
    assert found == [("初冬的早晨，山路弯弯，", 180), ("大巴车缓缓驶进小学。", 900)]


def test_without_marks_it_is_cut_between_words() -> None:
    assert pieces("长春全面振兴新突破", 5) == [("长春全面", 0), ("振兴新突破", 900)]


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
    found = pieces("长春全面振兴" * 800)
    assert "".join(text for text, _ in found) == "长春全面振兴" * 800
    assert max(len(text) for text, _ in found) <= 40
