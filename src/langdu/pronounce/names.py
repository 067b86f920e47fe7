"""Surnames: all places that may be the same name get the same reading, and a rare reading needs good evidence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu.lexicon.surnames import SURNAMES
from langdu.pinyin import number
from langdu.pronounce.polyphones import Choice

if TYPE_CHECKING:
    from collections.abc import Mapping

    from langdu.model import Syllable

# The probability that a surname must have in one place to count in another.
_SURE: Final = 0.9
# The probability that it must have in the other place: before the same character (区场长, again 区场长), and before
# another one. All three were chosen on our own training sentences.
_SAME: Final = 0.02
_OTHER: Final = 0.25
# Our sentences are full of names, other texts are not: a reading of these characters that only a surname has must be
# this probable. In 23,500 sentences that nobody chose for their names, 58 of 159 such readings fall, nearly all of them
# wrong (作者曾著有); of 320 surnames in our held-out sentences 11 are lost.
_PROBABLE: Final = 0.7
_ONLY_AS_SURNAMES: Final = frozenset("任单解查华区仇曾盖朴缪那员召种秘祭繁洗过句")


def agree_on_surnames(text: str, choices: Mapping[int, Choice]) -> dict[int, Choice]:
    """The choices, with one reading for all places that may have the same surname: 查先生 decides 查太太."""
    agreed = {at: _unless_doubtful(text[at], choice) for at, choice in choices.items()}
    places: dict[str, list[int]] = {}
    for at, choice in choices.items():
        if _surname(text[at], choice):
            places.setdefault(text[at], []).append(at)
    for char, its_places in places.items():
        reading = _surname(char, choices[its_places[0]])
        if reading is None or len(its_places) == 1:
            continue
        sure = [text[at : at + 2] for at in its_places if choices[at].shares[reading] >= _SURE]
        for at in its_places:
            least = _SAME if text[at : at + 2] in sure else _OTHER
            if sure and choices[at].shares[reading] >= least:
                agreed[at] = _instead(choices[at], reading)
    return agreed


def _surname(char: str, choice: Choice) -> Syllable | None:
    """The reading of a character as a surname, if the model knows it."""
    wanted = SURNAMES.get(char, ())
    return next((reading for reading in choice.shares if number(reading) in wanted), None)


def _unless_doubtful(char: str, choice: Choice) -> Choice:
    """The choice; if it is a surname that is not probable enough, the best of the other readings."""
    is_rare = char in _ONLY_AS_SURNAMES and choice.syllable == _surname(char, choice)
    if not is_rare or choice.confidence >= _PROBABLE:
        return choice
    others = {reading: share for reading, share in choice.shares.items() if reading != choice.syllable}
    return _instead(choice, max(others, key=others.__getitem__))


def _instead(choice: Choice, reading: Syllable) -> Choice:
    """The choice with another reading: the probabilities of both are swapped."""
    shares = dict(choice.shares)
    shares[reading], shares[choice.syllable] = shares[choice.syllable], shares[reading]
    return Choice(reading, shares[reading], shares)
