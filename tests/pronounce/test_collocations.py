"""Collocations: the table is well formed, each line is read as it says, and texts are not cut into them."""

from __future__ import annotations

import pytest

from langdu import lexicon
from langdu.data import rows
from langdu.lexicon.collocations import Collocation, collocated_readings, parse_collocation
from langdu.marks import HANZI
from langdu.model import Origin, Span
from langdu.pinyin import number, parse_syllable
from langdu.pronounce import readings_in_context

TABLE = [parse_collocation(line) for (line,) in rows("readings/collocations.txt")]


def test_the_table_is_well_formed() -> None:
    assert all(HANZI.fullmatch(each.text) and len(each.text) > 2 for each in TABLE)
    assert len({each.text for each in TABLE}) == len(TABLE)
    unknown = [
        f"{each.text} {number(reading)}"
        for each in TABLE
        for at, reading in each.readings
        if reading not in lexicon.readings(each.text[at])
    ]
    assert unknown == []
    assert all(each.readings for each in TABLE)


def test_each_line_is_read_as_it_says() -> None:
    wrong = [
        each.text
        for each, citations in zip(TABLE, readings_in_context([each.text for each in TABLE]), strict=True)
        for at, reading in each.readings
        if (citation := citations[at]) is None or citation.syllable != reading
    ]
    assert wrong == []


def test_a_line_that_is_no_syllable() -> None:
    with pytest.raises(ValueError, match="xyz"):
        parse_collocation("当(xyz)亲人")


def test_the_longer_of_two_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    shorter, longer = parse_collocation("空(kòng)出来"), parse_collocation("凭空(kōng)出来")
    table: dict[str, list[Collocation]] = {"空出": [shorter], "凭空": [longer]}
    monkeypatch.setattr("langdu.lexicon.collocations._table", lambda: table)
    words = [Span(0, 2), Span(2, 4), Span(4, 5), Span(5, 6), Span(6, 8)]
    assert collocated_readings("凭空出来，空出来", words) == {1: parse_syllable("kong1"), 5: parse_syllable("kong4")}


def test_it_does_not_begin_inside_a_word() -> None:
    for text, at, reading in [("中了大奖", 0, "zhong4"), ("精力集中了大奖", 3, "zhong1")]:
        (citations,) = readings_in_context([text])
        citation = citations[at]
        assert citation is not None
        assert number(citation.syllable) == reading


def test_texts_are_not_cut_into_them() -> None:
    text = "我背书包"
    assert [word.of(text) for word in lexicon.split_words(text)] == ["我", "背", "书包"]
    (citations,) = readings_in_context([text])
    assert citations[1] is not None
    assert (number(citations[1].syllable), citations[1].origin) == ("bei1", Origin.LEXICON)


def test_the_article_s_own_reading_stands() -> None:
    taught = {"背书包": tuple(map(parse_syllable, ("bei4", "shu1", "bao1")))}
    (citations,) = readings_in_context(["我背书包"], [taught])
    assert citations[1] is not None
    assert (number(citations[1].syllable), citations[1].origin) == ("bei4", Origin.ARTICLE)
