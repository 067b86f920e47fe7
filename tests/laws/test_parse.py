"""Laws of parsing and of writing back."""

from __future__ import annotations

import re
from itertools import accumulate

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from langdu.controls import hide_controls
from langdu.model import AnnotationStyle, Article, Paragraph, Source
from langdu.parse.parser import parse_article, parse_everything, parse_line
from langdu.parse.sources.formats import extract
from langdu.parse.writers import annotate
from langdu.pinyin import join_numbers
from laws.strategies import THOROUGH, articles, plain_texts, wild_texts


def content(article: Article) -> list[tuple[str, list[tuple[int, int, str]]]]:
    """The texts of an article with their annotations."""
    return [
        (p.text, [(span.start, span.end, join_numbers(a.syllables)) for span, a in p.annotated()])
        for p in article.spoken_order()
    ]


@pytest.mark.parametrize(
    "style", [AnnotationStyle.BRACKETS, AnnotationStyle.NUMBERS, AnnotationStyle.RUBY, AnnotationStyle.ZHUYIN]
)
@given(article=articles())
def test_what_is_written_is_read_again(style: AnnotationStyle, article: Article) -> None:
    assert content(parse_everything(extract(annotate(article, style).encode(), "-"))) == content(article)


@given(article=articles())
def test_a_sheet_without_tones_is_read_again_but_for_the_tones(article: Article) -> None:
    # 玩(wanr), an erhua whose 儿 is not written, is too unlike its hanzi without a tone.
    assume(not any(run.text == "玩" for paragraph in article.paragraphs for run in paragraph.runs))
    read = content(parse_everything(Source("-", annotate(article, AnnotationStyle.TONELESS))))
    bare = [
        (text, [(start, end, re.sub("[1-5]", "5", reading)) for start, end, reading in annotations])
        for text, annotations in content(article)
    ]
    assert read == bare


@given(article=articles())
def test_the_plain_style_has_the_texts_and_no_annotation(article: Article) -> None:
    assert content(parse_everything(Source("-", annotate(article, AnnotationStyle.PLAIN)))) == [
        (text, []) for text, _ in content(article)
    ]


def points_at_its_text(source: str, paragraph: Paragraph) -> None:
    at = 0
    for run in paragraph.runs:
        assert source[run.offset : run.offset + len(run.text)] == run.text
        assert run.offset >= at
        at = run.offset + len(run.text)
        if run.annotation is not None:
            assert run.text
            assert run.annotation.syllables
            assert run.annotation.span.of(source) == run.annotation.written
            assert run.annotation.times >= 1


@THOROUGH
@given(text=wild_texts)
@example("<ruby>长<rt>cháng</ruby>(chūn)")
def test_offsets_point_at_the_text_they_name(text: str) -> None:
    seen = hide_controls(text)
    points_at_its_text(seen, parse_line(text))
    for article in (
        parse_article(Source("a.md", text)),
        parse_article(Source("-", text)),
        parse_everything(Source("-", text)),
    ):
        for paragraph in article.spoken_order():
            points_at_its_text(seen, paragraph)
        assert [p.index for p in article.paragraphs] == list(range(len(article.paragraphs)))
        assert all(1 <= dropped.line <= text.count("\n") + 1 for dropped in article.dropped)


@THOROUGH
@given(
    text=st.lists(
        st.one_of(
            st.sampled_from(
                ["长", "春", "万", "物", "，", "(cháng)", "（chūn）", "(wànwù)", "[wu4]", "(", ")", "chūn", "x", "(2)"]
            ),
        ),
        max_size=30,
    ).map("".join)
)
@example("(，(cháng))")
@example("长(chūn，chūn)，(，chūn)")
@example("chūn，chūn春春")
@example("春(chūnx")
@example("春(chūn春)")
@example("春(chūn春，)")
@example("春(长chūn春)")
@example("长春(xchūn")
@example("chūn，，chūn春春")
def test_deleting_brackets_loses_no_other_character(text: str) -> None:
    """Only pinyin, brackets, commas inside readings and repeated words are gone; all else is there, in order."""
    kept = set("长春万物，x")
    left = [c for c in parse_line(text).text if c in kept]
    depths = list(accumulate(text, lambda depth, c: max(0, depth + (c in "(（[") - (c in ")）]")), initial=0))[1:]
    assert _is_within(left, [c for c in text if c in kept])
    read = [i for i, c in enumerate(text) if (c == "，" and (depths[i] or _joins_pinyin(text, i))) or _is_slip(text, i)]
    for bracket in _WITH_PINYIN.finditer(text):
        read += [i for i in range(*bracket.span("inside")) if text[i] in bracket["word"]]
    assert _is_within([c for i, c in enumerate(text) if c in kept and i not in read], left)


# Beside pinyin, hanzi that sound like those before the bracket only give the sound again: 春(chūn，春).
_WITH_PINYIN = re.compile(r"(?P<word>[长春万物]+)，*[(\[](?=[^()\[\]]*[a-zāàū])(?P<inside>[^()\[\]]*)")


def _joins_pinyin(text: str, at: int) -> bool:
    """Whether a comma stands between syllables, and belongs to the reading that they make: chūn，chūn春春."""
    return text[:at].rstrip("，").endswith("n") and text[at + 1 :].lstrip("，").startswith("c")


def _is_slip(text: str, at: int) -> bool:
    """Whether a letter makes a reading in a bracket a misspelt one, which is not read: 春(chūnx), 长春(xchūn)."""
    return text[at] == "x" and (text[:at].endswith("(chūn") or text[at - 1 : at + 5] == "(xchūn")


def _is_within(some: list[str], all_: list[str]) -> bool:
    """Whether all of some stands among the others, in this order."""
    rest = iter(all_)
    return all(each in rest for each in some)


@given(texts=st.lists(plain_texts.filter(str.strip), min_size=1, max_size=5))
def test_nothing_disappears_in_silence(texts: list[str]) -> None:
    """Every character is in a paragraph, in the title, or dropped with a reason."""
    article = parse_article(Source("-", "\n".join(texts)))
    lines = [p.text for p in article.spoken_order()] + [dropped.text for dropped in article.dropped]
    assert sorted("".join(lines).replace(" ", "")) == sorted("".join(texts).replace(" ", ""))
    assert all(dropped.reason for dropped in article.dropped)
