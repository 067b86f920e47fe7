"""The rules: each case states the findings that it expects, and their number."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import annotated
from langdu import lexicon, pinyin
from langdu.check.annotated import ExpectedReading
from langdu.check.checker import check_paragraphs
from langdu.model import Edit, Finding, NormalizedText, Paragraph, Span
from langdu.pronounce import dictionary_readings


def findings(*paragraphs: Paragraph) -> list[Finding]:
    return check_paragraphs(paragraphs, expected(*paragraphs), [NormalizedText(p.text, p.text) for p in paragraphs])


def expected(*paragraphs: Paragraph) -> list[list[ExpectedReading | None]]:
    return [
        [c and ExpectedReading(c.syllable, None, c.confirmed) for c in dictionary_readings(p.text)] for p in paragraphs
    ]


def summary(results: list[Finding]) -> list[tuple[str, str, str | None]]:
    return [(f.rule, f.severity.value, f.suggestion) for f in results]


BAD = [
    ("项目", "xiang2 mu4", "wrong-tone", "error", "xiang4 mu4"),
    ("建设", "jian2 she4", "wrong-tone", "error", "jian4 she4"),
    ("建设", "qian4 she4", "wrong-initial", "error", "jian4 she4"),
    ("项目", "xian4 mu4", "wrong-final", "error", "xiang4 mu4"),
    ("项目", "ba4 mu4", "not-a-reading", "error", "xiang4 mu4"),
    ("升级版", "sheng1 ban3", "wrong-syllable-count", "error", "sheng1 ji2 ban3"),
    ("另一方面", "ling4 yi4 fang1", "wrong-syllable-count", "error", "ling4 yi4 fang1 mian4"),
    ("升级版", "sheng1 ji2 ban3 ban3", "wrong-syllable-count", "error", "sheng1 ji2 ban3"),
    ("长春", "zhang3 chun1", "wrong-in-context", "warning", "chang2 chun1"),
    ("解决方案", "jie3 jue2 fang1 yan4", "wrong-final", "error", "jie3 jue2 fang1 an4"),
    ("另一方面", "ling4 yi4 fang1 mian4", "written-sandhi", "info", "ling4 yi1 fang1 mian4"),
    # No word begins with a neutral tone.
    ("学生", "xue5 sheng1", "wrong-tone", "error", "xue2 sheng1"),
    # Third tones as they are heard before another one; 师 has none.
    ("展览", "zhan2 lan3", "written-sandhi", "info", "zhan3 lan3"),
    ("展览馆", "zhan2 lan2 guan3", "written-sandhi", "info", "zhan3 lan3 guan3"),
    ("老师", "lao2 shi1", "wrong-tone", "error", "lao3 shi1"),
]


@pytest.mark.parametrize(("text", "written", "rule", "severity", "suggestion"), BAD)
def test_bad(text: str, written: str, rule: str, severity: str, suggestion: str) -> None:
    assert summary(findings(annotated(("在", ""), (text, written), ("里", "")))) == [(rule, severity, suggestion)]


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("项目", "xiang4 mu4"),
        ("学生", "xue2 sheng5"),
        ("学生", "xue2 sheng1"),
        ("一汽", "yi1 qi4"),
        ("的", "de5"),
        ("为", "wei4"),
        ("为", "wei2"),
        ("长春", "chang2 chun1"),
        ("玩儿", "wanr2"),
        ("女儿", "nü3 er2"),
        ("龘", "da2"),
    ],
)
def test_good(text: str, written: str) -> None:
    assert findings(annotated(("在", ""), (text, written), ("里", ""))) == []


def test_the_suggestion_is_written_the_way_the_author_writes() -> None:
    marks = annotated(("建设", "jian2 she4"))
    run = marks.runs[0]
    assert run.annotation is not None
    marks = Paragraph(0, (replace(run, annotation=replace(run.annotation, written="jiánshè")),))
    assert summary(findings(marks)) == [("wrong-tone", "error", "jiànshè")]


def test_not_a_syllable() -> None:
    paragraph = annotated(("行动", "xing2 dong4"))
    run = paragraph.runs[0]
    assert run.annotation is not None
    wrong = Paragraph(0, (replace(run, annotation=replace(run.annotation, written="xüngdòng")),))
    assert summary(findings(wrong)) == [("not-a-syllable", "error", "xíngdòng")]


WHOLE_WORDS = annotated(
    ("振兴", "zhen4 xing1"), ("行动", "xing2 dong4"), ("项目", "xiang4 mu4"), ("建设", "jian4 she4")
)


def test_a_piece_of_a_word_among_whole_words() -> None:
    assert summary(findings(WHOLE_WORDS, annotated(("在长", ""), ("春", "chun1"), ("里", "")))) == [
        ("part-of-word", "warning", "chang2 chun1")
    ]


def test_a_piece_of_a_word_where_pieces_are_the_habit() -> None:
    assert findings(annotated(("六", "lu4"), ("安", "")), annotated(("在长", ""), ("春", "chun1"), ("里", ""))) == []


def test_the_head_of_a_word_is_whole_enough() -> None:
    assert findings(WHOLE_WORDS, annotated(("压舱", "ya1 cang1"), ("石", ""))) == []


def test_a_word_inside_a_longer_one_is_whole() -> None:
    assert findings(WHOLE_WORDS, annotated(("夜幕", ""), ("降临", "jiang4 lin2"))) == []


def test_written_twice() -> None:
    paragraph = annotated(("行动", "xing2 dong4"))
    run = paragraph.runs[0]
    assert run.annotation is not None
    twice = Paragraph(0, (replace(run, annotation=replace(run.annotation, times=2)),))
    assert [f.rule for f in findings(twice)] == ["written-twice"]


def test_an_edit_over_an_annotated_word_is_told() -> None:
    paragraph = annotated(("三〇", "san1 ling2"), ("五室", ""))
    text = NormalizedText(paragraph.text, "三零五室", (Edit("digits", Span(1, 2), Span(1, 2)),))
    assert [f.rule for f in check_paragraphs([paragraph], expected(paragraph), [text])] == ["edited-away"]


def judged(paragraph: Paragraph, char: str, reading: str, sure: float) -> list[tuple[str, str | None]]:
    """The findings, with a model that reads one character so, and is so sure of it: others share the rest."""
    (row,) = expected(paragraph)
    read = pinyin.parse_syllable(reading)
    others = [r for r in lexicon.readings(char) if r != read]
    shares = {read: sure, **{other: (1 - sure) / len(others) for other in others}}
    row[paragraph.text.index(char)] = ExpectedReading(read, shares)
    results = check_paragraphs([paragraph], [row], [NormalizedText(paragraph.text, paragraph.text)])
    return [(f.rule, f.suggestion) for f in results]


@pytest.mark.parametrize(
    ("text", "written", "reading", "sure", "wanted"),
    [
        ("他的钱没还", "hai2", "huan2", 0.995, [("wrong-in-context", "huan2")]),
        ("他的钱没还", "hai2", "huan2", 0.8, [("doubtful-in-context", "huan2")]),
        ("他的钱没还", "hai2", "huan2", 0.5, []),
        ("他的钱没还", "huan2", "huan2", 0.95, []),
        ("他叫曾", "zeng1", "ceng2", 0.96, [("doubtful-in-context", "ceng2")]),  # a model does not know who is who
        ("他叫曾", "zeng1", "ceng2", 0.9995, [("wrong-in-context", "ceng2")]),
    ],
)
def test_the_model_contradicts_only_when_it_is_sure(
    text: str, written: str, reading: str, sure: float, wanted: list[tuple[str, str]]
) -> None:
    assert judged(annotated((text[:-1], ""), (text[-1], written)), text[-1], reading, sure) == wanted


def test_a_confirmed_word_of_the_dictionary_settles_it() -> None:
    assert judged(annotated(("在", ""), ("长春", "chang2 chun1")), "长", "zhang3", 0.99) == []


@pytest.mark.parametrize(
    ("runs", "sort"),
    [
        ([("校", ""), ("长", "chang2"), ("期在外，老师们很辛苦", "")], "doubtful-in-context"),  # 校 长期, or 校长 期
        ([("音", ""), ("乐", "le4"), ("园里", "")], "wrong-in-context"),  # 音乐 园, and not 音 乐园
    ],
)
def test_another_cut_counts_only_if_it_is_nearly_as_good(runs: list[tuple[str, str]], sort: str) -> None:
    paragraph = annotated(*runs)
    (row,) = expected(paragraph)
    results = check_paragraphs([paragraph], [row], [NormalizedText(paragraph.text, paragraph.text)])
    assert [finding.rule for finding in results] == [sort]


def test_annotate_this_where_the_model_is_unsure() -> None:
    paragraph = annotated(("他的钱还在", ""))
    assert judged(paragraph, "还", "hai2", 0.5) == [("annotate-this", "hái")]
    assert judged(paragraph, "还", "hai2", 0.7) == []
    assert judged(annotated(("他的钱", ""), ("还", "hai2"), ("在", "")), "还", "hai2", 0.5) == []


HEARD = [("你好", "ni2 hao3"), ("老李", "lao2 li3"), ("可以", "ke2 yi3"), ("水果", "shui2 guo3")]
NOT = [("不是", "bu2 shi4"), ("不要", "bu2 yao4"), ("不去", "bu2 qu4"), ("不会", "bu2 hui4")]


def spaced(words: list[tuple[str, str]]) -> Paragraph:
    return annotated(*(part for word in words for part in (word, ("，", ""))))


def test_a_habit_of_written_sandhi_is_told_once_for_each_kind() -> None:
    found = findings(spaced([*HEARD, *NOT, ("一样", "yi2 yang4")]))
    assert {f.rule for f in found} == {"written-sandhi"}
    assert [(f.text, f.suggestion) for f in found] == [
        ("你好", "ni3 hao3"), ("不是", "bu4 shi4"), ("一样", "yi1 yang4"),
    ]  # fmt: skip
    assert ["4 times" in f.message for f in found] == [True, True, False]


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(HEARD[:3], id="a few"),
        pytest.param([*HEARD, ("可以", "ke3 yi3"), ("老李", "lao3 li3")], id="sometimes the other way"),
    ],
)
def test_written_sandhi_that_is_no_habit_is_told_everywhere(words: list[tuple[str, str]]) -> None:
    found = [finding for finding in findings(spaced(words)) if finding.rule == "written-sandhi"]
    assert [finding.text for finding in found] == [text for text, written in words if "2 " in written]
