"""What the check says aloud of small texts, and what it keeps to itself."""

from __future__ import annotations

import pytest

from langdu.model import Article, Severity, Source
from langdu.parse.parser import parse_line
from langdu.pipeline import text as stages
from tables import golden


@pytest.mark.parametrize(("text", "wanted"), golden("check.txt"))
def test_errors_and_warnings(text: str, wanted: str) -> None:
    found = stages.check(Article(source=Source("", text), title=None, paragraphs=(parse_line(text),)))
    loud = sorted({finding.rule for finding in found if finding.severity is not Severity.INFO})
    assert " ".join(loud) == ("" if wanted == "-" else wanted)


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("西安(xīan)很大。", "xī'ān"),
        ("花儿(huāer)开了。", "huār"),
        ("他是学生(xúeshēng)。", "xuéshēng"),
        ("便宜(biànyi)得很。", "piányi"),
    ],
)
def test_one_annotation_has_one_suggestion(text: str, suggestion: str) -> None:
    found = stages.check(Article(source=Source("", text), title=None, paragraphs=(parse_line(text),)))
    assert {finding.suggestion for finding in found} - {None} == {suggestion}
