"""Every rule is in the registry, and only once where it is tried."""

from __future__ import annotations

from langdu.normalize import codes, compare, dates, quantity, registry, spelled, symbols
from langdu.normalize.rule import SpokenFormRule

TRIED = {
    "AT_DIGIT": registry.AT_DIGIT,
    "AT_LETTER": registry.AT_LETTER,
    "AT_SIGN": registry.AT_SIGN,
    "AT_DASH": registry.AT_DASH,
}


def test_every_rule_is_tried_somewhere() -> None:
    tried = {id(rule) for rules in TRIED.values() for rule in rules}
    never = [
        f"{module.__name__}.{name}"
        for module in (codes, compare, dates, quantity, spelled, symbols)
        for name, rule in vars(module).items()
        if isinstance(rule, SpokenFormRule) and id(rule) not in tried
    ]
    assert never == [], "give each a line in langdu/normalize/registry.py"


def test_no_rule_is_tried_twice_at_a_place() -> None:
    assert [name for name, rules in TRIED.items() if len({id(rule) for rule in rules}) < len(rules)] == []
