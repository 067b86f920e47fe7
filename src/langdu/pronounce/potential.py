"""得了 after a verb is de liǎo, it can be done, or dé le, it was got: both characters must say the same.

The model reads one character at a time. 得 it mostly knows, 了 it often guesses, so both are weighed together.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.pinyin import parse_syllable
from langdu.pronounce.polyphones import Choice

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from langdu.model import Syllable

# 了解 and the like are words.
_BOTH: Final = re.compile(r"得了(?![解断结却然])")
_CAN: Final = parse_syllable("de5"), parse_syllable("liao3")
_GOT: Final = parse_syllable("de2"), parse_syllable("le5")


def agree_on_potential(text: str, choices: Mapping[int, Choice]) -> Iterator[tuple[int, Choice]]:
    """The choices for 得 and 了 wherever both are open, each with its place: they can be de liǎo or dé le only."""
    for match in _BOTH.finditer(text):
        at = match.start()
        if at in choices and at + 1 in choices:
            can, got = (choices[at].shares[one] * choices[at + 1].shares[two] for one, two in (_CAN, _GOT))
            for place, yes, no in zip((at, at + 1), _CAN, _GOT, strict=True):
                yield place, _between(yes, no, can / (can + got))


def _between(yes: Syllable, no: Syllable, share: float) -> Choice:
    """The choice between two readings, the first of which has a probability."""
    shares = {yes: share, no: 1 - share}
    best = max(shares, key=shares.__getitem__)
    return Choice(best, shares[best], shares)
