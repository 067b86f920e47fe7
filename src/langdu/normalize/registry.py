"""The rules in order, and where they look."""

from __future__ import annotations

import re
from heapq import merge
from typing import TYPE_CHECKING

from langdu.normalize import codes, compare, dates, quantity, spelled, symbols
from langdu.normalize.fold import fold
from langdu.normalize.places import PLACE
from langdu.normalize.rule import Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.normalize.rule import Rule

# The first rule that does not decline has the place: what is sure of itself comes first, the counts last.
DIGITS: tuple[Rule, ...] = (
    *symbols.START_RULES,
    quantity.ordinal,
    *codes.DIGIT_RULES,
    *compare.PAIR_RULES,
    *dates.RULES,
    *quantity.DIGIT_RULES,
    *compare.DIGIT_RULES,
    *codes.CONTEXT_RULES,
    *codes.LETTER_RULES,
    *quantity.LAST_DIGIT_RULES,
)
LATIN: tuple[Rule, ...] = (*codes.LATIN_RULES, *spelled.RULES, codes.name, *quantity.LATIN_RULES, *symbols.LATIN_RULES)
SIGNS: tuple[Rule, ...] = (codes.telephone, *spelled.RULES, *quantity.SIGN_RULES, *symbols.SIGN_RULES)
DASHES: tuple[Rule, ...] = (quantity.negative_percent, *compare.DASH_RULES, symbols.sign)


# Symbols that stand for punctuation; a voice may know neither their name nor their pause.
_LOOKALIKE = re.compile(r"[⁄−∕∙∶⋅─꞉]")


def find(text: str) -> Iterator[tuple[str, Piece]]:
    """What changes in the text, in order, with the name of the rule that says so."""
    plain = fold(text)
    done = 0
    for place in merge(PLACE.finditer(plain), _LOOKALIKE.finditer(text), key=re.Match.start):
        start = place.start()
        if start < done:
            continue
        for rule in _rules_for(plain, start):
            claim = rule.at(plain, start)
            if claim is not None:
                done, pieces = claim
                yield from ((rule.name, piece) for piece in pieces)
                break
        else:
            # Letters that no rule claims stand, in their narrow form.
            yield "letters", Piece(*place.span(), place[0])


def _rules_for(plain: str, start: int) -> tuple[Rule, ...]:
    char = plain[start]
    if "0" <= char <= "9":
        return DIGITS
    if char.isascii() and char.isalpha():
        return LATIN
    return DASHES if char in "-~—" else SIGNS
