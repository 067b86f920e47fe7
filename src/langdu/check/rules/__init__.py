"""All rules, one function each. Every rule in these modules takes part; there is no list to extend.

The docstrings give bad and good examples: the tests run them, and docs/rules.md is made from them.
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
