"""Who is called so once is called so again: surnames that a text names more than once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu.lexicon.surnames import SURNAMES
from langdu.pinyin import number
from langdu.pronounce.polyphones import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langdu.model import Syllable

# How sure the model must be of a surname in one place to help it in another, and how probable it must hold it there:
# before the same character (区场长, again 区场长), and before others. Chosen on our own sentences that are trained on.
_SURE: Final = 0.9
_SAME: Final = 0.02
_OTHER: Final = 0.25


def agree(text: str, choices: Mapping[int, Choice]) -> dict[int, Choice]:
    """What is chosen, after the places that may have one surname agree: 查先生 tells how 查太太 is read."""
    agreed = dict(choices)
    places: dict[str, list[int]] = {}
    for at, choice in choices.items():
        if _surname(text[at], choice):
            places.setdefault(text[at], []).append(at)
    for char, found in places.items():
        reading = _surname(char, choices[found[0]])
        if reading is None or len(found) == 1:
            continue
        sure = [text[at : at + 2] for at in found if choices[at].shares[reading] >= _SURE]
        for at in found:
            least = _SAME if text[at : at + 2] in sure else _OTHER
            if sure and choices[at].shares[reading] >= least:
                agreed[at] = _as_surname(choices[at], reading)
    return agreed


def _surname(char: str, choice: Choice) -> Syllable | None:
    """The reading of a character as a surname, if the model has it."""
    wanted = SURNAMES.get(char, ())
    return next((reading for reading in choice.shares if number(reading) in wanted), None)


def _as_surname(choice: Choice, reading: Syllable) -> Choice:
    """The choice with the shares of the surname and of what was chosen in each other's place."""
    shares = dict(choice.shares)
    shares[reading], shares[choice.syllable] = shares[choice.syllable], shares[reading]
    return Choice(reading, shares[reading], shares)
