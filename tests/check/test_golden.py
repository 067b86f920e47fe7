"""What the check says aloud of small texts, and what it keeps to itself."""

from __future__ import annotations

import pytest

from langdu.model import Article, Severity, Source
from langdu.parse.parser import parse_line
from langdu.pipeline import text as stages
from tables import golden


@pytest.mark.parametrize(("text", "wanted"), golden("check.txt"))
def test_errors_and_warnings(text: str, wanted: str) -> None:
    findings = stages.check(Article(source=Source("", text), title=None, paragraphs=(parse_line(text),)))
    loud = sorted({finding.rule for finding in findings if finding.severity is not Severity.INFO})
    assert " ".join(loud) == ("" if wanted == "-" else wanted)


@pytest.mark.parametrize(("text", "wanted"), golden("suggestions.txt"))
def test_one_annotation_has_one_suggestion(text: str, wanted: str) -> None:
    certain = wanted.startswith("certain ")
    rule, _, suggestion = wanted.removeprefix("certain ").partition(" ")
    findings = stages.check(Article(source=Source("", text), title=None, paragraphs=(parse_line(text),)))
    assert (rule, certain) in {(finding.rule, finding.certain) for finding in findings}
    assert {finding.suggestion for finding in findings} - {None} == {suggestion}


@pytest.mark.parametrize("text", ["长读zhǎng。", "个这个字读gè。", "了字读liǎo，不读le。", "的的确确的的读dí。"])
def test_a_sentence_that_tells_a_reading_is_no_place_to_judge_it(text: str) -> None:
    paragraph = parse_line(text)
    assert len(list(paragraph.annotated())) == 1
    assert stages.check(Article(source=Source("", text), title=None, paragraphs=(paragraph,))) == []
