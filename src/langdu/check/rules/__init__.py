"""All rules, one function each. Every rule in one of these modules takes part; nothing else has to be told of it.

The docstrings say what is bad and what is good: they are tests, and docs/rules.md is made from them.
"""

from __future__ import annotations

from langdu.check.rule import Rule
from langdu.check.rules import context, notes, readings, spelling

# Findings on one word are reported in this order, and between suggestions of equal weight the first wins.
RULES: tuple[Rule, ...] = tuple(
    member
    for module in (readings, context, spelling, notes)
    for member in vars(module).values()
    if isinstance(member, Rule)
)
