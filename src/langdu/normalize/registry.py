"""All rules in order. A new rule takes part once it has a line here.

The first character of a place decides which rules are tried there. The first rule that does not decline wins, so rules
that need more context, or a longer pattern, come before those that say any number.
"""

from __future__ import annotations

import re
from heapq import merge
from typing import TYPE_CHECKING, Final

from langdu.normalize import codes, compare, dates, quantity, spelled, symbols
from langdu.normalize.fold import fold
from langdu.normalize.places import PLACE
from langdu.normalize.rule import Replacement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.normalize.rule import SpokenFormRule

AT_DIGIT: Final[tuple[SpokenFormRule, ...]] = (
    symbols.list_number,
    quantity.ordinal,
    codes.email,
    codes.url,
    codes.ip_address,
    codes.telephone,
    codes.train,
    codes.hotline,
    codes.standard,
    codes.number_name,
    compare.flat,
    compare.score,
    compare.ratio,
    dates.full_date,
    dates.american_date,
    dates.lived,
    dates.season,
    dates.short_season,
    dates.years,
    dates.year_and_month,
    dates.month_and_year,
    dates.month_and_day,
    dates.lap,
    dates.time,
    dates.twelve_hours,
    dates.short_year,
    dates.year,
    dates.decade,
    dates.generation,
    dates.short_year_by_context,
    dates.bare_year,
    dates.month_or_day,
    dates.hour_or_minute,
    quantity.percent_range,
    quantity.percent,
    quantity.fraction,
    quantity.priced,
    compare.chain,
    compare.span,
    codes.event,
    codes.version,
    codes.letter_to_letter,
    codes.pattern_year,
    codes.code_by_context,
    codes.protection,
    codes.model,
    codes.before_letters,
    quantity.decimal,
    quantity.leading_zero,
    quantity.spaced,
    quantity.cardinal,
)
AT_LETTER: Final[tuple[SpokenFormRule, ...]] = (
    codes.email,
    codes.url,
    spelled.word,
    spelled.with_digits,
    spelled.in_brackets,
    spelled.in_zhuyin,
    codes.number_name,
    quantity.money,
    quantity.numero,
    quantity.ten_thousand,
    quantity.unit,
    quantity.unit_alone,
    symbols.roman,
    symbols.times,
)
AT_SIGN: Final[tuple[SpokenFormRule, ...]] = (
    symbols.spacing,
    codes.telephone,
    spelled.word,
    spelled.with_digits,
    spelled.in_brackets,
    spelled.in_zhuyin,
    quantity.money,
    quantity.numero,
    quantity.negative_percent,
    quantity.plus,
    quantity.no_whole,
    quantity.market,
    quantity.unit,
    quantity.unit_alone,
    quantity.per,
    symbols.circled_note,
    symbols.note_in_brackets,
    symbols.footnote,
    symbols.gloss,
    symbols.bracket,
    symbols.power,
    symbols.subscript,
    symbols.comparison,
    symbols.times,
    symbols.special_treatment,
    symbols.product,
    symbols.masked,
    symbols.character_reference,
    symbols.dividing_line,
    symbols.hashtag,
    symbols.emoji,
    symbols.sign,
)
AT_DASH: Final[tuple[SpokenFormRule, ...]] = (
    quantity.negative_percent,
    compare.difference,
    compare.joined,
    compare.model_after_hyphen,
    compare.minus,
    symbols.sign,
)

# Symbols that stand for punctuation; a voice may know neither their name nor their pause.
_LOOKALIKE: Final = re.compile(r"[⁄−∕∙∶⋅─꞉]")


def replacements(text: str) -> Iterator[tuple[str, Replacement]]:
    """What changes in the text, in order, each with the name of the rule that says so."""
    plain = fold(text)
    done = 0
    for place in merge(PLACE.finditer(plain), _LOOKALIKE.finditer(text), key=re.Match.start):
        start = place.start()
        if start < done:
            continue
        for rule in _rules_for(plain, start):
            claim = rule.at(plain, start)
            if claim is not None:
                done, replaced = claim
                yield from ((rule.name, replacement) for replacement in replaced)
                break
        else:
            # Letters that no rule claims stay, in their narrow form.
            yield "letters", Replacement(*place.span(), place[0])


def _rules_for(plain: str, start: int) -> tuple[SpokenFormRule, ...]:
    char = plain[start]
    if "0" <= char <= "9":
        return AT_DIGIT
    if char.isascii() and char.isalpha():
        return AT_LETTER
    return AT_DASH if char in "-~—" else AT_SIGN
