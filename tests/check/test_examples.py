"""The docstrings of the rules: what they call bad is found, what they call good is not."""

from __future__ import annotations

import pytest

from langdu.check.rules import RULES
from langdu.model import Article, Finding, Severity, Source
from langdu.parse.parser import parse_line
from langdu.pipeline import text as stages

EXAMPLES = [(rule.name, kind, text) for rule in RULES for kind in ("Bad", "Good") for text in rule.examples(kind)]


def findings_of(text: str) -> list[Finding]:
    return stages.check(Article(source=Source("", text), title=None, paragraphs=(parse_line(text),)))


@pytest.mark.parametrize(("rule", "kind", "text"), EXAMPLES)
def test_example(rule: str, kind: str, text: str) -> None:
    findings = findings_of(text)
    faults = [f.rule for f in findings if f.severity is not Severity.INFO]
    if kind == "Good":
        assert faults == []
        assert rule not in [f.rule for f in findings]
    else:
        assert [f.rule for f in findings].count(rule) == 1
        assert faults in ([rule], [])  # one mistake, one finding


def test_every_rule_has_examples_and_a_name_of_its_own() -> None:
    # What the model is unsure of depends on the model: tests/check/test_rules.py has cases.
    assert [r.name for r in RULES if not r.examples("Bad")] == ["doubtful-in-context", "annotate-this"]
    assert [r.name for r in RULES if not r.examples("Good")] == []
    assert len({r.name for r in RULES}) == len(RULES)
    assert [r.name for r in RULES if not r.summary.endswith(".")] == []
