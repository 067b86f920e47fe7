"""Which hanzi a written reading belongs to: one alignment of syllables with the readings of the hanzi.

`exact` follows the readings of the hanzi backward through the letters and settles nearly every annotation;
`nearest` allows mistakes, each at a cost, so that a misspelled annotation still finds its hanzi. Both are linear in
the hanzi they pass.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from langdu import lexicon
from langdu.model import Syllable, Tone
from langdu.pinyin import number, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Stands in a view of the text for hanzi that have their annotation: no other reaches across them.
WALL = "\0"
# Stands in a view of the text for what is not read: markup, and annotations found before.
HIDDEN = "\u200b"
_ERHUA = frozenset("儿兒")
# 崖 ㄧㄞˊ, as Taiwan had it: the dictionaries here do not list it, old textbooks write it.
_YA, _YAI = Syllable("ya", Tone.RISING), Syllable("yai", Tone.RISING)
STOPS = frozenset("\n" + WALL)


# Nobody writes a reading of more letters without a break; mistakes in a longer one are not looked for.
LONGEST = 2000


class Pair(NamedTuple):
    """A hanzi, `start:end` in the text, and its syllables: one, but for a mistake; an erhua's hanzi is two long."""

    start: int
    end: int
    syllables: tuple[Syllable, ...]


class _Spellings(NamedTuple):
    """How the readings of one character may be written, and the lengths of those spellings, longest first."""

    lengths: tuple[int, ...]
    syllables: Mapping[str, Syllable]


_NONE = _Spellings((), {})


@cache
def spellings(char: str, *, erhua: bool = False) -> _Spellings:
    """With a mark, with a digit, without either (neutral), and with the tone it has after sandhi."""
    readings = [r for r in lexicon.readings(char) if r.base != "r"]
    if erhua:
        readings = [Syllable(r.base, r.tone, erhua=True) for r in readings]
    if _YA in readings:
        readings.append(_YAI)
    sandhi = char if char in "一不" else ""
    forms = [form for r in readings for form in _forms(r)]
    forms += [form for r in readings for form in _as_spoken(r, sandhi)]
    found = dict(reversed(forms))  # of two syllables that are written alike the first counts
    return _Spellings(tuple(sorted(set(map(len, found)), reverse=True)), found) if found else _NONE


@cache
def _forms(syllable: Syllable) -> tuple[tuple[str, Syllable], ...]:
    """The ways to write a syllable, in the letters of `written.plain`: nüè4 is typed nue4 too."""
    digits = number(syllable)
    forms = [spell(syllable).replace("ê", "ě"), digits.replace("ê", "ě")]
    if syllable.tone is Tone.NEUTRAL:
        forms.append(digits[:-1] + "0")
    if syllable.base in ("lüe", "nüe"):
        forms += [form.replace("ü", "u") for form in forms]
    return tuple((form, syllable) for form in forms)


@cache
def _as_spoken(reading: Syllable, sandhi: str) -> tuple[tuple[str, Syllable], ...]:
    """The same with tones that are as right as the dictionary's: neutral, and written sandhi (yíqì, bú shì, Ní yǒu)."""
    tones = [Tone.NEUTRAL]
    if reading.tone is Tone.LOW or sandhi:
        tones.append(Tone.RISING)
    if sandhi == "一":
        tones.append(Tone.FALLING)
    return tuple(form for tone in tones for form in _forms(Syllable(reading.base, tone, reading.erhua)))


# --- exact ----------------------------------------------------------------------------------------------------------


def exact(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """The last hanzi of `view[floor:end]` whose readings spell all of `letters` (as `written.plain` gives them).

    What has no reading (punctuation, quotes, blanks, what is hidden) is passed over.
    """
    rest, at = len(letters), end
    found: list[Pair] = []
    while rest and at > floor:
        at -= 1
        char = view[at]
        lengths, syllables = spellings(char)
        if not lengths:
            if _blocks(char):
                return None
            continue
        fitting = [n for n in lengths if n <= rest and letters[rest - n : rest] in syllables]
        if not fitting and char not in _ERHUA:
            return None
        if len(fitting) != 1 or char in _ERHUA:
            rest_of_it = _branching(view, at + 1, floor, letters[:rest])
            return rest_of_it + tuple(reversed(found)) if rest_of_it else None
        found.append(Pair(at, at + 1, (syllables[letters[rest - fitting[0] : rest]],)))
        rest -= fitting[0]
    return None if rest or not found else tuple(reversed(found))


def _branching(view: str, end: int, floor: int, letters: str) -> tuple[Pair, ...] | None:
    """As `exact`, from where more than one reading fits, or an r may belong to the hanzi before 儿.

    Of the partial readings that leave the same letters one is kept, so their number stays small.
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
            for key, pair in _read(rest, erhua_at, char, at, letters):
                new.setdefault(key, _Chain(pair, chain) if pair else chain)
        steps = new
        if (0, 0) in steps:
            return tuple(_pairs(steps[0, 0]))
    return None


class _Chain(NamedTuple):
    """A pair, and those behind it: no way is written out before it is known to be whole."""

    pair: Pair
    behind: _Chain | None


def _pairs(chain: _Chain | None) -> Iterator[Pair]:
    while chain is not None:
        yield chain.pair
        chain = chain.behind


def _blocks(char: str) -> bool:
    """A line's end, a letter, a digit or a wall: no annotation reaches across."""
    return char in STOPS or char.isalnum()


def _read(rest: int, erhua_at: int, char: str, at: int, letters: str) -> Iterator[tuple[tuple[int, int], Pair | None]]:
    """What one hanzi may take: ((letters left, where the 儿 stands whose r is taken or 0), its pair)."""
    if erhua_at and erhua_at != at + 1:
        return
    lengths, syllables = spellings(char, erhua=erhua_at > 0)
    for length in lengths:
        if length <= rest and (syllable := syllables.get(letters[rest - length : rest])) is not None:
            yield (rest - length, 0), Pair(at, (erhua_at or at) + 1, (syllable,))
    if char in _ERHUA and not erhua_at and letters[max(0, rest - 3) : rest].rstrip("012345").endswith("r"):
        yield (rest, at), None


def exact_prefix(view: str, start: int, ceiling: int, letters: str) -> tuple[Pair, ...] | None:
    """The first hanzi from `start` on whose readings spell all of `letters`; the first of them stands at `start`.

    Its time grows with the square of the letters; of more than anybody writes it reads none.
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
    """Whether it is a hanzi that dictionaries know."""
    return bool(spellings(char).lengths)
