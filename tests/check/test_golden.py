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
