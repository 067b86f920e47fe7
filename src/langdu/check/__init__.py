"""Article + readings → findings. It never changes the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.check.annotated import annotated_article
from langdu.check.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from langdu.check.annotated import Expected
    from langdu.check.rule import Rule
    from langdu.model import Finding, NormalizedText, Paragraph, Syllable


def check(
    paragraphs: Sequence[Paragraph],
    expected: Sequence[Sequence[Expected | None]],
    normalized: Sequence[NormalizedText],
    rules: Collection[Rule] = RULES,
    own: Mapping[str, tuple[Syllable, ...]] | None = None,
) -> list[Finding]:
    """The findings on an article, in the order of its text.

    `expected` has, for each paragraph, what langdu reads for each character of its text regardless of its
    annotations; `normalized` has each paragraph's spoken form; `own` are the user's words, which dictionaries do not
    contradict.
    """
    article = annotated_article(paragraphs, expected, normalized, own or {})
    found = [finding for rule in rules for finding in rule.find(article)]
    order = {paragraph.index: i for i, paragraph in enumerate(paragraphs)}
    return sorted(found, key=lambda f: (order[f.paragraph], f.span.start))
