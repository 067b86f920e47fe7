"""Annotations that a person understands and langdu does not yet. When a case passes, it moves to the golden table."""

import pytest

from langdu.parse.parser import parse_line
from langdu.pinyin import join_numbers
from tables import golden


@pytest.mark.xfail(strict=True, reason="not understood yet")
@pytest.mark.parametrize(("line", "wanted"), golden("parse/known_failures.txt"))
def test_known_failure(line: str, wanted: str) -> None:
    paragraph = parse_line(line)
    annotations = [f"{span.of(paragraph.text)}/{join_numbers(a.syllables)}" for span, a in paragraph.annotated()]
    assert " ".join(annotations) == wanted
