"""Article + readings → findings. It never changes the text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu.check.annotated import annotated_article
from langdu.check.rules import RULES, SPELLING, VARIANTS
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from langdu.check.annotated import Expected
    from langdu.check.rule import Rule
    from langdu.model import Finding, NormalizedText, Paragraph, Span, Syllable


def check_paragraphs(
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
    found = _agreed([finding for rule in rules for finding in rule.find(article)])
    order = {paragraph.index: i for i, paragraph in enumerate(paragraphs)}
    return sorted(found, key=lambda f: (order[f.paragraph], f.span.start))


_GRAVITY: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)


def _agreed(found: Sequence[Finding]) -> list[Finding]:
    """The findings, with one suggestion an annotation: two that differ would each leave in place what the other mends.

    What stands is the suggestion of the gravest finding that mends a syllable and not only its spelling; the rules of
    readings and of the spelling write it by the rules of pinyin.
    """
    suggested: dict[tuple[int, Span, str], Finding] = {}
    for finding in found:
        key = finding.paragraph, finding.span, finding.written
        if finding.suggestion and (key not in suggested or _weight(finding) < _weight(suggested[key])):
            suggested[key] = finding
    return [_with_suggestion_of(finding, suggested) for finding in found]


def _with_suggestion_of(finding: Finding, suggested: Mapping[tuple[int, Span, str], Finding]) -> Finding:
    best = suggested.get((finding.paragraph, finding.span, finding.written))
    if best is None or finding.suggestion in (None, best.suggestion):
        return finding
    return replace(finding, suggestion=best.suggestion, certain=best.certain and finding.certain)


def _weight(finding: Finding) -> tuple[int, int]:
    kind = 2 if finding.rule in SPELLING else 1 if finding.rule in VARIANTS else 0
    return _GRAVITY.index(finding.severity), kind
