"""The reader and the checker never contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import annotated
from langdu import lexicon, parse
from langdu.model import Article, Finding, Paragraph, Run, Severity, Source
from langdu.normalize import normalize
from langdu.pinyin import number
from langdu.pipeline import text as stages
from langdu.pronounce import pronounce
from langdu.pronounce.polyphones import model

if TYPE_CHECKING:
    from pathlib import Path

# Polyphones and what stands beside them, words that are read in two ways, surnames, particles, numbers.
PIECES = [
    "一",
    "不",
    "了",
    "得",
    "地",
    "着",
    "为",
    "儿",
    "的",
    "第",
    "行",
    "长",
    "重",
    "还",
    "都",
    "好",
    "买",
    "走",
    "2",
    "，",
    "。",
    "一行",
    "朝阳",
    "便宜",
    "头发",
    "东西",
    "大夫",
    "孩子",
    "学生",
    "一会儿",
    "花儿",
    "高兴",
    "不了",
    "银行",
    "单",
    "任",
    "解",
    "华",
    "查",
    "先生",
    "记者",
    "小",
    "老",
    "王",
    "仔细",
    "看看",
    "長",
    "銀行",
    "重庆",
    "说",
    "教授",
    "单于",
    "吁吁",
    "3:1",
]
sentences = st.lists(
    st.sampled_from(PIECES) | st.sampled_from(sorted(model().candidates)), min_size=1, max_size=20
).map("".join)


def read_and_annotated(text: str) -> Paragraph:
    """A text with the pinyin of every word that langdu reads, as langdu reads it."""
    paragraph = Paragraph(0, (Run(text, 0),))
    normalized = normalize(text)
    numbered: list[str | None] = [None] * len(text)
    readings = pronounce(paragraph, normalized, {})
    for span, char, reading in zip(normalized.written_spans(), normalized.spoken, readings, strict=True):
        if reading and len(span) == 1 and text[span.start] == char:
            numbered[span.start] = number(reading.citation)
    runs = []
    for word in lexicon.split_words(text):
        syllables = numbered[word.start : word.end]
        erhua = word.end - word.start > 1 and word.of(text)[-1] in "儿兒" and syllables[-1] is None
        whole = all(syllables[:-1] if erhua else syllables)
        runs.append((word.of(text), " ".join(s for s in syllables if s) if whole else ""))
    return annotated(*runs)


def loud(*paragraphs: Paragraph) -> list[Finding]:
    article = Article(source=Source("", "".join(p.text for p in paragraphs)), title=None, paragraphs=paragraphs)
    return [finding for finding in stages.check(article) if finding.severity is not Severity.INFO]


@given(sentences)
def test_what_langdu_reads_is_neither_an_error_nor_a_warning(text: str) -> None:
    assert loud(read_and_annotated(text)) == []


@pytest.mark.parametrize(
    "name",
    ["audio/sample.txt", *(f"tests/golden/brief/{name}" for name in ("1-library.txt", "2-bridge.md", "4-snow.txt"))],
)
def test_nor_is_it_in_a_whole_article(project: Path, name: str) -> None:
    article = parse(str(project / name))
    assert [f for p in article.paragraphs for f in loud(read_and_annotated(p.text))] == []
