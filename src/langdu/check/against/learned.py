"""A learner's text → the syllables in it, with or without tones, in pinyin or zhuyin."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.check.against import LearnerSyllable
from langdu.marks import ZHUYIN
from langdu.model import Span, Tone
from langdu.pinyin import Letters, locate, normal, zhuyin

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from langdu.model import Syllable

_LETTERS: Final = "A-Za-zÀ-ÖØ-öø-ɏɑɡḿ\u0300-\u036f"
# Syllables joined to a word, with digits for tones; an apostrophe or a hyphen stands between two of them.
# A colon may make the ü of lu:4, but not at the end of a word.
_WORD: Final = re.compile(
    rf"[{_LETTERS}](?:[{_LETTERS}0-5⁰¹²³⁴⁵]|(?<=[uU]):(?=[{_LETTERS}1-5])|['’‘ʼ`´-](?=[{_LETTERS}]))*"
)
_ZHUYIN: Final = re.compile(f"[{ZHUYIN}]")
# An erhua as dictionaries write it, after the tone: yuan4r, yuan4 r5, yuàn r5.
_VOWEL: Final = "aeiouüvāáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_ERHUA: Final = re.compile(rf"(?<=[{_LETTERS}])(?P<tone>[1-5]?)(?: ?r5|(?<=[1-5])r)(?![{_VOWEL}0-9])", re.IGNORECASE)
# How many ways to divide a word into syllables are looked at.
_WAYS: Final = 16
# A line of fewer syllables without tones may consist of neutral tones.
_SHORT: Final = 3
_VOWELS: Final = frozenset("aeiouüê")
# What it costs to take letters for no syllable: all of them, and each.
_STRANGE: Final = 3.0


class LearnerWord(NamedTuple):
    """One written word, and each way to divide it into syllables, the most orthodox first."""

    written: str
    ways: list[list[LearnerSyllable]]


def learner_words(text: str, copied: Collection[str]) -> list[LearnerWord]:
    """The words of a learner's text. Hanzi, digits and `copied` words (GDP) are skipped."""
    lines = [list(_words_of(line, copied)) for line in text.split("\n")]
    any_toned = any(_is_toned(way) for line in lines for _, way in line)
    out: list[LearnerWord] = []
    at = 0
    for number, (line, found) in enumerate(zip(text.split("\n"), lines, strict=True), 1):
        toned = any(_is_toned(ways) for _, ways in found)
        toned |= any_toned and sum(len(ways[0]) for _, ways in found) < _SHORT
        for place, ways in found:
            made = [
                [_syllable(piece, line, place, number, at, toned=toned, word=len(out)) for piece in way] for way in ways
            ]
            if place == found[0][0]:
                made = [[replace(way[0], begins=True), *way[1:]] for way in made]
            out.append(LearnerWord(line[place : place + _length(ways[0])], made))
        at += len(line) + 1
    return out


class _Piece(NamedTuple):
    """A syllable at `start:end` of its word; None for letters that spell none."""

    syllable: Syllable | None
    start: int
    end: int


def _words_of(line: str, copied: Collection[str]) -> Iterator[tuple[int, list[list[_Piece]]]]:
    """Each word of a line: where it begins, and the ways to divide it."""
    if _ZHUYIN.search(line):
        for syllable, start, end in zhuyin.syllables_in(line):
            yield start, [[_Piece(syllable, 0, end - start)]]
        return
    for match in _WORD.finditer(_ERHUA.sub(_with_er, line)):
        if match[0] not in copied and (ways := _ways(match[0])):
            yield match.start(), ways


def _with_er(match: re.Match[str]) -> str:
    """An erhua with its tone behind it, as long as it was: yuan4 r5 is yuanr444."""
    return "r" + (match["tone"] or "5") * (len(match[0]) - 1)


def _ways(word: str) -> list[list[_Piece]]:
    letters = Letters.read(word)
    if letters is None:
        return [[_Piece(None, 0, len(word))]]
    if splits := letters.splits(_WAYS):
        return [[_Piece(s, *place) for s, place in zip(way, locate(word, way), strict=True)] for way in splits]
    return [_with_strange(word, letters)]


def _with_strange(word: str, letters: Letters) -> list[_Piece]:
    """A word with misspelled syllables, divided so that few letters are in these: chonng2|qing4."""
    lattice, size = letters.lattice(), len(letters.text)
    best: list[tuple[float, int, Syllable | None]] = [(0.0, 0, None)]
    for end in range(1, size + 1):
        syllables = [(best[start][0] + 1, start, syllable) for start, syllable in lattice[end]]
        strange = [
            (best[start][0] + _STRANGE + end - start, start, None)
            for start in range(max(0, end - 9), end)
            if letters.breaks.isdisjoint(range(start + 1, end))
        ]
        best.append(min([*syllables, *strange], key=lambda way: way[0]))
    pieces: list[tuple[Syllable | None, int, int]] = []
    end = size
    while end:
        _, start, syllable = best[end]
        pieces.insert(0, (syllable, start, end))
        end = start
    for at in range(len(pieces) - 1, 0, -1):
        (before, start, middle), (after, _, end) = pieces[at - 1 : at + 1]
        if middle not in letters.breaks and any(
            piece is None and _VOWELS.isdisjoint(letters.text[a:b])
            for piece, a, b in ((before, start, middle), (after, middle, end))
        ):
            pieces[at - 1 : at + 1] = [(None, start, end)]  # a consonant too many: chángg
    return _located(word, pieces)


def _located(word: str, pieces: Sequence[tuple[Syllable | None, int, int]]) -> list[_Piece]:
    """Pieces that count letters, with their places in the word, marks and digits included."""
    places = [i for i, char in enumerate(word) for c in normal("NFKD", char) if c.isalpha()]
    starts = [*(places[start] for _, start, _ in pieces[1:]), len(word)]
    bounds = pairwise([places[pieces[0][1]], *starts])
    return [_Piece(syllable, *bound) for (syllable, _, _), bound in zip(pieces, bounds, strict=True)]


def _is_toned(ways: list[list[_Piece]]) -> bool:
    return any(piece.syllable is not None and piece.syllable.tone is not Tone.NEUTRAL for piece in ways[0])


def _length(way: list[_Piece]) -> int:
    return way[-1].end


def _syllable(piece: _Piece, line: str, place: int, number: int, at: int, *, toned: bool, word: int) -> LearnerSyllable:  # noqa: PLR0913
    start, end = place + piece.start, place + piece.end
    return LearnerSyllable(
        written=line[start:end].rstrip("'’‘ʼ`´-"),
        syllable=piece.syllable,
        toned=toned,
        span=Span(at + start, at + end),
        line=number,
        column=start + 1,
        word=word,
    )
