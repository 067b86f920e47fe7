"""The compiled lexicon: readings of characters and words, and the words of a text. Tables, no policy.

`data/lexicon.bin` is compiled from published dictionaries when langdu is built (docs/lexicon.md) and mapped into
memory here; what stands under a character is decoded when the character is first asked for.
"""

from __future__ import annotations

import mmap
import re
import zlib
from bisect import bisect_left
from functools import cache, lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.errors import ConfigError
from langdu.model import Span, Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

HANZI: Final = re.compile(r"[〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U000323af]+")
_MAGIC = b"langdu-lexicon/1\n"
_INDEX = {char: i for i, char in enumerate("0123456789abcdefghijklmnopq")}
_ERHUA = "r"
_FIRST_SCORE = 0x21
# Costs are 20 × −ln(probability): the corpus of the word list has e^17.9 words, and a word's score is 20 ln(frequency).
_CORPUS = 358
_UNSEEN = _CORPUS + 20
# An extra word costs this much less than the cheapest way to say it in other words, and no more than a common word.
_MARGIN = 20
_COMMON = _CORPUS - 140


class _Row(NamedTuple):
    """What stands under one character: its cost as a word, its readings, and for each second hanzi the words."""

    cost: int
    readings: tuple[Syllable, ...]
    words: dict[str, str]


class _Words(NamedTuple):
    """The words that begin with two given hanzi: what follows the two → cost, its possible lengths, → codes."""

    lengths: tuple[int, ...]
    costs: dict[str, int]
    codes: dict[str, str]


# --- the file -------------------------------------------------------------------------------------------------------


class _File:
    """The mapped file: after the header, the characters in order (UTF-32), where the row of each begins, the rows."""

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                self._map = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        except (OSError, ValueError) as error:
            raise ConfigError(f"the lexicon {path} is missing; run: pip install -e . (it compiles it)") from error
        body = self._check(path)
        self._chars, body = self._part(body)
        self._offsets, self._rows = self._part(body)

    def _check(self, path: Path) -> memoryview:
        view = memoryview(self._map)
        at = len(_MAGIC)
        checksum, length = (int.from_bytes(view[i : i + 4], "little") for i in (at, at + 4))
        body = view[at + 8 :]
        if view[:at] != _MAGIC or len(body) != length or zlib.crc32(body) != checksum:
            raise ConfigError(f"the lexicon {path} is damaged or of another version; run: pip install -e .")
        return body

    @staticmethod
    def _part(body: memoryview) -> tuple[memoryview, memoryview]:
        length = int.from_bytes(body[:4], "little")
        return body[4 : 4 + length], body[4 + length :]

    def row(self, char: str) -> str:
        """The row of one character, "" if the lexicon does not have it."""
        wanted = ord(char)
        at = bisect_left(range(len(self._chars) // 4), wanted, key=self._code_point)
        if at == len(self._chars) // 4 or self._code_point(at) != wanted:
            return ""
        start, end = (int.from_bytes(self._offsets[i : i + 4], "little") for i in (4 * at, 4 * at + 4))
        return str(self._rows[start:end], "utf-8")

    def _code_point(self, at: int) -> int:
        return int.from_bytes(self._chars[4 * at : 4 * at + 4], "little")


@cache
def _file() -> _File:
    with resources.as_file(resources.files("langdu.data") / "lexicon.bin") as path:
        return _File(path)


@cache
def _syllable(written: str) -> Syllable:
    return Syllable(written[:-1], Tone(int(written[-1])))


@lru_cache(maxsize=8192)
def _row(char: str) -> _Row:
    head, *lines = _file().row(char).split("\n")
    if not head:
        return _Row(_UNSEEN, (), {})
    return _Row(_cost(head[0]), tuple(map(_syllable, head[1:].split(" "))), {line[0]: line[1:] for line in lines})


def _cost(score: str) -> int:
    return _CORPUS + _FIRST_SCORE - ord(score)


@lru_cache(maxsize=65536)
def _words(pair: str) -> _Words | None:
    """The words that begin with these two characters; None if there are none."""
    if len(pair) < 2 or (line := _row(pair[0]).words.get(pair[1])) is None:
        return None
    costs, codes = {}, {}
    for entry in line.split("\t"):
        readings, _, rest = entry[1:].partition(":")
        costs[rest] = _cost(entry[0])
        codes[rest] = readings
    return _Words(tuple(sorted({2 + len(rest) for rest in costs})), costs, codes)


# --- readings -------------------------------------------------------------------------------------------------------


def readings(char: str) -> tuple[Syllable, ...]:
    """Every reading of one character that dictionaries list, the most usual first; () if it is none they know.

    >>> from langdu.pinyin import spell
    >>> [spell(s) for s in readings("长")], readings("a")
    (['zhǎng', 'cháng'], ())
    """
    return _row(char).readings


def default_reading(char: str) -> Syllable | None:
    """The usual reading out of context; None if dictionaries do not have the character."""
    known = _row(char).readings
    return known[0] if known else None


@lru_cache(maxsize=65536)
def word_readings(word: str) -> tuple[tuple[Syllable, ...], ...]:
    """The readings that dictionaries give for a word of two hanzi or more, the best first; () if it is no word.

    One syllable a hanzi in citation tones (一个 is yī gè), but one for the two hanzi of an erhua.

    >>> from langdu.pinyin import join_numbers
    >>> [join_numbers(way) for way in word_readings("好玩儿")]
    ['hao3 wanr2', 'hao3 wan2 er2']
    """
    words = _words(word[:2])
    codes = words.codes.get(word[2:]) if words else None
    return tuple(_decode(word, code) for code in codes.split(",")) if codes else ()


def _decode(word: str, code: str) -> tuple[Syllable, ...]:
    out: list[Syllable] = []
    for char, place in zip(word, code, strict=True):
        if place == _ERHUA:
            out[-1] = Syllable(out[-1].base, out[-1].tone, erhua=True)
        else:
            out.append(_row(char).readings[_INDEX[place]])
    return tuple(out)


# --- words ----------------------------------------------------------------------------------------------------------


def segment(text: str, extra: Collection[str] = ()) -> list[Span]:
    """The words of a text, in order, touching, from its beginning to its end.

    The most probable words by their frequencies (Viterbi), not the longest. A stretch without hanzi is one span.
    `extra` are words of the article or the user, two hanzi or more: each is found wherever both its ends can be ends
    of words; only words that cross one of its ends can win over it.

    >>> [span.of("研究生命的起源，OK") for span in segment("研究生命的起源，OK")]
    ['研究', '生命', '的', '起源', '，OK']
    """
    own = _own(frozenset(extra)) if extra else {}
    spans: list[Span] = []
    at = 0
    for found in HANZI.finditer(text):
        start, end = found.span()
        if at < start:
            spans.append(Span(at, start))
        for length in _lengths(found.group(), own):
            spans.append(Span(start, start + length))
            start += length
        at = end
    if at < len(text):
        spans.append(Span(at, len(text)))
    return spans


def _lengths(run: str, own: dict[str, _Words]) -> list[int]:
    """The lengths of the words of a run of hanzi."""
    size = len(run)
    best = [0] * (size + 1)
    step = [1] * size
    for i in range(size - 1, -1, -1):
        cost, length = _row(run[i]).cost + best[i + 1], 1
        pair = run[i : i + 2]
        words = own.get(pair) or _words(pair)
        if words is not None:
            for end in words.lengths:
                word = words.costs.get(run[i + 2 : i + end])
                if word is not None and i + end <= size and word + best[i + end] < cost:
                    cost, length = word + best[i + end], end
        best[i], step[i] = cost, length
    lengths, at = [], 0
    while at < size:
        lengths.append(step[at])
        at += step[at]
    return lengths


@lru_cache(maxsize=16)
def _own(extra: frozenset[str]) -> dict[str, _Words]:
    """The lexicon's words and the extra ones, for each pair of hanzi that an extra word begins with."""
    own: dict[str, _Words] = {}
    for word in sorted(extra):
        if len(word) < 2 or not HANZI.fullmatch(word):
            continue
        known = own.get(word[:2]) or _words(word[:2]) or _Words((), {}, {})
        costs = {**known.costs, word[2:]: min(_COMMON, _cheapest(word) - _MARGIN)}
        own[word[:2]] = _Words(tuple(sorted({2 + len(rest) for rest in costs})), costs, known.codes)
    return own


def _cheapest(word: str) -> int:
    """The cost of the best way to say a word in words of the lexicon."""
    cost, at = 0, 0
    for length in _lengths(word, {}):
        words = _words(word[at : at + 2]) if length > 1 else None
        cost += words.costs[word[at + 2 : at + length]] if words else _row(word[at]).cost
        at += length
    return cost
