"""A small document of every style."""

from pathlib import Path

import pytest

from langdu.model import Article, Source
from langdu.parse.parser import parse_article
from langdu.pinyin import join_numbers

GOLDEN = Path(__file__).parent.parent / "golden" / "parse"


def documents() -> list[tuple[str, str, str]]:
    annotations = []
    for block in (GOLDEN / "documents.txt").read_text(encoding="utf-8").split("\n=== ")[1:]:
        name, _, rest = block.partition("\n")
        text, _, wanted = rest.partition("\n---\n")
        annotations.append((name, text, wanted.strip()))
    return annotations


def summary(article: Article) -> str:
    annotations = [
        f"{span.of(p.text)}/{join_numbers(a.syllables)}" for p in article.spoken_order() for span, a in p.annotated()
    ]
    return " ".join(annotations) or "-"


@pytest.mark.parametrize(
    ("text", "wanted"), [pytest.param(text, wanted, id=name) for name, text, wanted in documents()]
)
def test_document(text: str, wanted: str) -> None:
    assert summary(parse_article(Source("-", text))) == wanted
