"""Article + readings → findings. It never changes the text."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu.check.annotated import annotated_article
from langdu.check.rules import RULES
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from langdu.check.annotated import ExpectedReading
    from langdu.check.rule import Rule
    from langdu.model import Finding, NormalizedText, Paragraph, Span, Syllable


def check_paragraphs(
    paragraphs: Sequence[Paragraph],
    expected: Sequence[Sequence[ExpectedReading | None]],
    normalized: Sequence[NormalizedText],
    rules: Collection[Rule] = RULES,
    own: Mapping[str, tuple[Syllable, ...]] | None = None,
) -> list[Finding]:
    """The findings on an article, in the order of its text.

    `expected` has, for each paragraph, what langdu reads for each character of its text regardless of its
    annotations. `normalized` has each paragraph's spoken form. `own` are the user's words; they overrule the
    dictionaries.
    """
    article = annotated_article(paragraphs, expected, normalized, own or {})
    findings = _with_one_suggestion([finding for rule in rules for finding in rule.find(article)])
    order = {paragraph.index: i for i, paragraph in enumerate(paragraphs)}
    return sorted(findings, key=lambda f: (order[f.paragraph], f.span.start))


_GRAVITY: Final = (Severity.ERROR, Severity.WARNING, Severity.INFO)
_CORRECTS: Final = {rule.name: rule.corrects for rule in RULES}


def _with_one_suggestion(findings: Sequence[Finding]) -> list[Finding]:
    """The findings, with the same suggestion for all that concern one annotation.

    Of two suggestions each would keep the mistake that the other one corrects. The suggestion of the gravest finding
    wins; among equally grave ones, a corrected reading wins, because its spelling is corrected too.
    """
    suggested: dict[tuple[int, Span, str], Finding] = {}
    for finding in findings:
        key = finding.paragraph, finding.span, finding.written
        if finding.suggestion and (key not in suggested or _weight(finding) < _weight(suggested[key])):
            suggested[key] = finding
    return [_with_suggestion_of(finding, suggested) for finding in findings]


def _with_suggestion_of(finding: Finding, suggested: Mapping[tuple[int, Span, str], Finding]) -> Finding:
    best = suggested.get((finding.paragraph, finding.span, finding.written))
    if best is None or finding.suggestion in (None, best.suggestion):
        return finding
    return replace(finding, suggestion=best.suggestion, certain=best.certain and finding.certain)


def _weight(finding: Finding) -> tuple[int, int]:
    return _GRAVITY.index(finding.severity), _CORRECTS[finding.rule]
