"""All rules, one function each. The docstrings say what is bad and what is good; docs/rules.md is made from them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.check.rules import context, notes, readings, spelling

if TYPE_CHECKING:
    from langdu.check.rule import Rule

RULES: tuple[Rule, ...] = (
    spelling.not_a_syllable,
    notes.not_understood,
    readings.wrong_syllable_count,
    readings.wrong_tone,
    readings.wrong_initial,
    readings.wrong_final,
    readings.not_a_reading,
    context.wrong_in_context,
    context.doubtful_in_context,
    context.disagreement,
    context.part_of_word,
    context.lone_sandhi,
    notes.no_homophone,
    notes.edited_away,
    spelling.misplaced_mark,
    spelling.missing_apostrophe,
    spelling.look_alike_letters,
    spelling.needless_dots,
    spelling.no_tones,
    notes.other_character,
    notes.written_twice,
    notes.homophone,
    notes.written_sandhi,
    notes.neutral_tone_variant,
    notes.rare_reading,
    notes.other_norm,
    notes.annotate_this,
)
# Rules that mend no reading: those of spelling, and those of the ways to write one reading.
SPELLING = frozenset(
    rule.name
    for rule in (
        spelling.misplaced_mark,
        spelling.missing_apostrophe,
        spelling.look_alike_letters,
        spelling.needless_dots,
    )
)
VARIANTS = frozenset(rule.name for rule in (notes.neutral_tone_variant, notes.written_sandhi, context.lone_sandhi))
