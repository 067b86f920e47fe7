"""Inputs as people have them: tables of small files, each case with what it is for and what must hold.

`second_reader.jsonl` was written by a reader who had not seen the code; a case of it that `fails` says why.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from langdu.normalize import normalize
from langdu.pinyin import number
from langdu.pipeline import text

if TYPE_CHECKING:
    from langdu.model import Article

TABLES = Path(__file__).parent.parent / "golden" / "wild"
CHECKED = {"what", "file", "source", "fails"}


def _cases(table: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (TABLES / table).read_text(encoding="utf-8").splitlines()]


CASES = [*_cases("cases.jsonl"), *_cases("second_reader.jsonl")]


def readings(article: Article) -> list[list[str]]:
    return [
        [span.of(paragraph.text), " ".join(map(number, annotation.syllables))]
        for paragraph in article.paragraphs
        for span, annotation in paragraph.annotated()
    ]


def read(article: Article, word: str) -> set[str]:
    """The readings of every occurrence of a word."""
    lines = list(article.spoken_order())
    return {
        " ".join(number(r.citation) if r else "-" for r in spoken[at : at + len(word)])
        for line, spoken in zip(lines, text.read_characters(lines, {}), strict=True)
        for at in range(len(line.text))
        if line.text.startswith(word, at)
    }


def loud(article: Article) -> list[str]:
    """The text and pinyin of every error and warning."""
    findings = text.check(article)
    return [f.text + f.written for f in findings if f.severity.value in ("error", "warning")]


def test_the_table_has_as_many_cases_as_we_say() -> None:
    assert len(_cases("cases.jsonl")) >= 150
    assert len(_cases("second_reader.jsonl")) == 225
    assert all(case.keys() - CHECKED for case in CASES), "a case that says nothing"


def _param(number: int, case: dict[str, Any]) -> Any:  # noqa: ANN401  # pytest does not export the type
    marks = [pytest.mark.xfail(strict=True, reason=case["fails"])] if "fails" in case else []
    return pytest.param(case, id=f"{number} {case['what']}", marks=marks)


@pytest.mark.parametrize("case", [_param(i, case) for i, case in enumerate(CASES)])
def test_case(case: dict[str, Any], tmp_path: Path) -> None:
    path = tmp_path / case["file"]
    path.write_text(case["source"], encoding="utf-8")
    article = text.parse(str(path))
    written = "\n".join(paragraph.text for paragraph in article.paragraphs)
    spoken = "\n".join(normalize(paragraph.text).spoken for paragraph in article.spoken_order())
    assert case.get("annotations", readings(article)) == readings(article)
    assert [word for word in case.get("annotations_have", []) if word not in readings(article)] == []
    assert case.get("title", "") in ("", article.title and article.title.text)
    assert [part for part in case.get("text_has", []) if part not in written] == []
    assert [part for part in case.get("text_lacks", []) if part in written] == []
    assert [part for part in case.get("spoken_has", []) if part not in spoken] == []
    assert [part for part in case.get("spoken_lacks", []) if part in spoken] == []
    assert {word: read(article, word) for word in case.get("read", {})} == {
        word: {reading} for word, reading in case.get("read", {}).items()
    }
    if case.get("quiet"):
        assert loud(article) == []
    assert [word for word in case.get("flagged", []) if not any(word in name for name in loud(article))] == []
