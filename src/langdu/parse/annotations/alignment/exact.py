"""Which hanzi a correctly written reading belongs to, by the readings that dictionaries list.

`exact` goes backward from the annotation, hanzi by hanzi, and takes the letters of one of its readings off the end of
the written reading. This settles nearly every annotation; nearest.py is for those with mistakes.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from langdu import lexicon
from langdu.model import Syllable, Tone
from langdu.pinyin import number, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# In a view of the text: hanzi that have their annotation already. No other annotation reaches across them.
WALL = "\0"
# In a view of the text: what is not read, such as markup and the annotations found so far.
HIDDEN = "\u200b"
ERHUA = frozenset("儿兒")
# 崖 ㄧㄞˊ stands in old textbooks of Taiwan; the dictionaries here do not list it.
_YA, _YAI = Syllable("ya", Tone.RISING), Syllable("yai", Tone.RISING)
STOPS = frozenset("\n" + WALL)


# No reading has more letters.
LONGEST = 2000


class Pair(NamedTuple):
    """A hanzi (with its 儿) at `start:end`, and its syllables: one, unless the author made a mistake."""

    start: int
    end: int
    syllables: tuple[Syllable, ...]


class _Spellings(NamedTuple):
    """The ways to write the readings of one character, and the lengths of these, longest first."""

    lengths: tuple[int, ...]
    syllables: Mapping[str, Syllable]


_NONE = _Spellings((), {})


@cache
def spellings(char: str, *, erhua: bool = False) -> _Spellings:
    """The ways to write the readings of a character: with a tone mark, a digit or neither, before or after sandhi."""
    readings = list(lexicon.readings(char))
    if erhua:
        readings = [Syllable(r.base, r.tone, erhua=True) for r in readings]
    if _YA in readings:
        readings.append(_YAI)
    sandhi = char if char in "一不" else ""
    forms = [form for r in readings for form in _forms(r)]
    forms += [form for r in readings for form in _as_spoken(r, sandhi)]
    syllables = dict(reversed(forms))  # if two are written alike, the first wins
    return _Spellings(tuple(sorted(set(map(len, syllables)), reverse=True)), syllables) if syllables else _NONE


@cache
def _forms(syllable: Syllable) -> tuple[tuple[str, Syllable], ...]:
    """The ways to write a syllable, in the letters of `written.plain`: nüè4 is also typed nue4."""
    digits = number(syllable)
    forms = [spell(syllable).replace("ê", "ě"), digits.replace("ê", "ě")]
    if syllable.tone is Tone.NEUTRAL:
        forms.append(digits[:-1] + "0")
    if syllable.base in ("lüe", "nüe"):
        forms += [form.replace("ü", "u") for form in forms]
    return tuple((form, syllable) for form in forms)


@cache
def _as_spoken(reading: Syllable, sandhi: str) -> tuple[tuple[str, Syllable], ...]:
    """The ways to write a syllable in tones other than the dictionary's: neutral, or after sandhi (yíqì, bú shì)."""
    tones = [Tone.NEUTRAL]
    if reading.tone is Tone.LOW or sandhi:
        tones.append(Tone.RISING)
    if sandhi == "一":
        tones.append(Tone.FALLING)
    return tuple(form for tone in tones for form in _forms(Syllable(reading.base, tone, reading.erhua)))


# --- exact ----------------------------------------------------------------------------------------------------------


def exact(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """The last hanzi of `view[floor:end]` whose readings spell all of `letters` (as `written.plain` gives them).

    Whatever has no reading (punctuation, quotes, blanks, hidden text) is passed over.
    """
    rest, at = len(letters), end
    pairs: list[Pair] = []
    while rest and at > floor:
        at -= 1
        char = view[at]
        lengths, syllables = spellings(char)
        if not lengths:
            if _blocks(char):
                return None
            continue
        fitting = [n for n in lengths if n <= rest and letters[rest - n : rest] in syllables]
        if not fitting and char not in ERHUA:
            return None
        if len(fitting) != 1 or char in ERHUA:
            before = _branching(view, at + 1, floor, letters[:rest])
            return before + tuple(reversed(pairs)) if before else None
        pairs.append(Pair(at, at + 1, (syllables[letters[rest - fitting[0] : rest]],)))
        rest -= fitting[0]
    return None if rest or not pairs else tuple(reversed(pairs))


def _branching(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """Like `exact`, where more than one reading fits or an r may belong to the hanzi before 儿.

    Only one of the partial alignments that leave the same letters is kept, so their number stays small.
    """
    steps: dict[tuple[int, int], _Chain | None] = {(len(letters), 0): None}
    at = end
    while steps and at > floor:
        at -= 1
        char = view[at]
        if not has_reading(char):
            if _blocks(char):
                return None
            continue
        new: dict[tuple[int, int], _Chain | None] = {}
        for (rest, erhua_at), chain in steps.items():
            for key, pair in _taken_off(rest, erhua_at, char, at, letters):
                new.setdefault(key, _Chain(pair, chain) if pair else chain)
        steps = new
        if (0, 0) in steps:
            return tuple(_pairs(steps[0, 0]))
    return None


class _Chain(NamedTuple):
    """A pair and those behind it, as a linked list: only an alignment that succeeds is written out."""

    pair: Pair
    behind: _Chain | None


def _pairs(chain: _Chain | None) -> Iterator[Pair]:
    while chain is not None:
        yield chain.pair
        chain = chain.behind


def _blocks(char: str) -> bool:
    """Whether no annotation reaches across a character: a line end, a letter, a digit or a wall."""
    return char in STOPS or char.isalnum()


def _taken_off(
    rest: int, erhua_at: int, char: str, at: int, letters: str
) -> Iterator[tuple[tuple[int, int], Pair | None]]:
    """What one hanzi may take off the letters: (letters left, place of a 儿 whose r is taken or 0), and its pair."""
    if erhua_at and erhua_at != at + 1:
        return
    lengths, syllables = spellings(char, erhua=erhua_at > 0)
    for length in lengths:
        if length <= rest and (syllable := syllables.get(letters[rest - length : rest])) is not None:
            yield (rest - length, 0), Pair(at, (erhua_at or at) + 1, (syllable,))
    if char in ERHUA and not erhua_at and letters[max(0, rest - 3) : rest].rstrip("012345").endswith("r"):
        yield (rest, at), None


def exact_prefix(view: str, start: int, ceiling: int, letters: str) -> tuple[Pair, ...] | None:
    """The hanzi from `start` on whose readings spell all of `letters`; the first of them stands at `start`.

    Takes time with the square of the letters, so it gives up on more than anybody writes.
    """
    if len(letters) > LONGEST:
        return None
    at, count = start, 0
    while at < ceiling and count * 6 <= len(letters) + 6 and count <= len(letters):
        if not spellings(view[at]).lengths:
            if _blocks(view[at]):
                return None
        else:
            count += 1
            if (pairs := exact(view, at + 1, start, letters)) and pairs[0].start == start:
                return pairs
        at += 1
    return None


def has_reading(char: str) -> bool:
    """Whether a character is a hanzi that dictionaries know."""
    return bool(spellings(char).lengths)
