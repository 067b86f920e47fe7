"""The compiled lexicon: readings of characters and words, and the words of a text. Tables, no policy.

`data/lexicon.bin` is compiled from published dictionaries when langdu is built (docs/lexicon.md). It is mapped into
memory, and the row of a character is decoded when the character is first met.
"""

from __future__ import annotations

import mmap
import sys
import zlib
from bisect import bisect_left
from enum import IntFlag
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.errors import ConfigError
from langdu.marks import HANZI
from langdu.model import Span, Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

_PATH: Final = Path(__file__).parents[1] / "data" / "lexicon.bin"
_MAGIC: Final = b"langdu-lexicon/3\n"
_PLACES: Final = {char: i for i, char in enumerate("0123456789abcdefghijklmnopq")}
_ERHUA: Final = "r"
# A common character begins words with at least this many different second characters.
_BEGINS_MANY: Final = 25
_FIRST_SCORE: Final = 0x21
_FIRST_SOURCES: Final = 0x100
# A cost is −20 ln(probability). A score is 20 ln(frequency), and the corpus of the word list has e^17.9 words.
_CORPUS: Final = 358
_UNSEEN: Final = _CORPUS + 20
# An extra word costs a little less than its parts, and no more than a common word.
_MARGIN: Final = 20
_COMMON: Final = _CORPUS - 140
# 清清楚楚: the length of a word that repeats both of its hanzi.
_DOUBLED: Final = 4
# The longest word that is looked for around a character.
_AROUND: Final = 4


# --- the file -------------------------------------------------------------------------------------------------------


class _File:
    """The mapped file: a header with a checksum, and four parts, each after its length in four bytes (little-endian).

    The parts are: the characters in order (UTF-32); the offsets of their rows, and the end of the last one (four bytes
    each); traditional characters, each followed by its simplified form (UTF-8); the rows (UTF-8).
    """

    def __init__(self, path: Path) -> None:
        try:
            with path.open("rb") as file:
                whole = memoryview(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))
        except (OSError, ValueError) as error:
            raise ConfigError(f"there is no lexicon at {path}; to compile it, run: pip install -e .") from error
        head, body = whole[: len(_MAGIC)], whole[len(_MAGIC) + 4 :]
        if bytes(head) != _MAGIC or zlib.crc32(body) != _uint(whole, len(_MAGIC)):
            raise ConfigError(
                f"the lexicon {path} is damaged or of another version; to compile it, run: pip install -e ."
            )
        parts = []
        while body:
            end = 4 + _uint(body, 0)
            parts.append(body[4:end])
            body = body[end:]
        self._chars, self._starts, pairs, self._rows = parts
        flat = str(pairs, "utf-8")
        self.simplified = str.maketrans(flat[::2], flat[1::2])
        self.traditional = frozenset(flat[::2])

    def row(self, char: str) -> str:
        """The row of a character, "" if the lexicon does not have it."""
        size, wanted = len(self._chars) // 4, ord(char)
        at = bisect_left(range(size), wanted, key=lambda i: _uint(self._chars, 4 * i))
        if at == size or _uint(self._chars, 4 * at) != wanted:
            return ""
        return str(self._rows[_uint(self._starts, 4 * at) : _uint(self._starts, 4 * at + 4)], "utf-8")


def _uint(data: memoryview, at: int) -> int:
    return int.from_bytes(data[at : at + 4], "little")


@cache
def _file() -> _File:
    return _File(_PATH)


# --- rows -----------------------------------------------------------------------------------------------------------


class _Words(NamedTuple):
    """The words that begin with the same two hanzi: their lengths, their costs by the rest of the word, and their line.

    The line has an entry for each word, with tabs between them: its score, the codes of its readings, a colon, and the
    rest of the word. A code has a character for each hanzi: the place of the reading among those of the hanzi, or `r`
    for the 儿 of an erhua. One more character is the set of dictionaries that give the reading; a code of that
    character alone stands for readings that are left out.
    """

    lengths: tuple[int, ...]
    costs: dict[str, int]
    line: str


class _Row(NamedTuple):
    """The row of a character: its cost as a word, its readings, and its words by their second hanzi.

    Words are a line of the file until they are first used.
    """

    cost: int
    readings: tuple[Syllable, ...]
    words: dict[str, str | _Words]

    def beginning(self, second: str) -> _Words | None:
        """The words with a second hanzi, None if there are none."""
        words = self.words.get(second)
        if isinstance(words, str):
            words = self.words[second] = _parse(words)
        return words


@cache
def _row(char: str) -> _Row:
    head, *lines = _file().row(char).split("\n")
    if not head:
        return _Row(_UNSEEN, (), {})
    words: dict[str, str | _Words] = {sys.intern(line[0]): line[1:] for line in lines}
    return _Row(_cost(head[0]), tuple(map(_syllable, head[1:].split(" "))), words)


@cache
def _syllable(written: str) -> Syllable:
    return Syllable(written[:-1], Tone(int(written[-1])))


def _parse(line: str) -> _Words:
    costs = {entry[entry.index(":", 1) + 1 :]: _cost(entry[0]) for entry in line.split("\t")}
    return _Words(_lengths(frozenset(map(len, costs))), costs, line)


def _cost(score: str) -> int:
    return _CORPUS + _FIRST_SCORE - ord(score)


@cache
def _lengths(rests: frozenset[int]) -> tuple[int, ...]:
    return tuple(sorted(2 + rest for rest in rests))


def is_traditional(text: str) -> bool:
    """Whether a text has characters that no simplified text has.

    >>> is_traditional("漢字"), is_traditional("汉字")
    (True, False)
    """
    return not _file().traditional.isdisjoint(text)


def simplified(text: str) -> str:
    """The text in simplified characters, one for one.

    >>> simplified("責任編輯")
    '责任编辑'
    """
    return text.translate(_file().simplified) if is_traditional(text) else text


# --- readings -------------------------------------------------------------------------------------------------------


def readings(char: str) -> tuple[Syllable, ...]:
    """Every reading of a character in dictionaries, the most usual first; () if they do not have it.

    >>> from langdu.pinyin import join_numbers
    >>> join_numbers(readings("长")), readings("a")
    ('chang2 zhang3', ())
    """
    return _row(char).readings


@cache
def bases(char: str) -> frozenset[str]:
    """The readings of a character without tones.

    >>> sorted(bases("长"))
    ['chang', 'zhang']
    """
    return frozenset(reading.base for reading in readings(char))


def default_reading(char: str) -> Syllable | None:
    """The most usual reading of a character; None if dictionaries do not have it."""
    listed = _row(char).readings
    return listed[0] if listed else None


def is_common(char: str) -> bool:
    """Whether many words begin with a character, so that readers know how to pronounce it.

    >>> is_common("春"), is_common("墩")
    (True, False)
    """
    return len(_row(simplified(char)).words) >= _BEGINS_MANY


def by_use(chars: Iterable[str]) -> list[str]:
    """Characters by how often they are used as words, the most used first."""
    return sorted(chars, key=lambda char: _row(char).cost)


class Dictionaries(IntFlag):
    """A set of the dictionaries that words come from (docs/lexicon.md). `HOUSE` is langdu's table of corrections."""

    CC_CEDICT = 1
    PYPINYIN = 2
    LARGE = 4
    CIBS = 8
    CYBS = 16
    DI = 32
    HOUSE = 64


class WordEntry(NamedTuple):
    """What dictionaries say of a word.

    `ways` are its readings, the best first: one syllable for each hanzi in citation tones (一个 is yī gè), but one for
    the two hanzi of an erhua. `sources` are the dictionaries that give each of them, `others` those that give a reading
    not among them.
    """

    ways: tuple[tuple[Syllable, ...], ...] = ()
    sources: tuple[Dictionaries, ...] = ()
    others: Dictionaries = Dictionaries(0)


_NO_WORD: Final = WordEntry()


def word_readings(word: str) -> tuple[tuple[Syllable, ...], ...]:
    """The readings of a word of two hanzi or more in dictionaries, the best first; () if it is not a word.

    >>> from langdu.pinyin import join_numbers
    >>> [join_numbers(way) for way in word_readings("好玩儿")]
    ['hao3 wanr2', 'hao3 wan2 er2']
    """
    return word_entry(word).ways


@lru_cache(maxsize=32768)
def word_entry(word: str) -> WordEntry:
    """What dictionaries say of a word of two hanzi or more; an empty entry if it is not a word.

    >>> Dictionaries.CC_CEDICT in word_entry("银行").sources[0]
    True
    """
    if len(word) < 2:
        return _NO_WORD
    word = simplified(word)
    words = _row(word[0]).beginning(word[1])
    if words is None or word[2:] not in words.costs:
        return _doubled(word) if _cost_of_doubled(word) is not None else _NO_WORD
    codes = (entry[1:].partition(":") for entry in words.line.split("\t"))
    return next((_entry(word, ways.split(",")) for ways, _, rest in codes if rest == word[2:]), _NO_WORD)


def _doubled(word: str) -> WordEntry:
    """What dictionaries say of 清楚, for 清清楚楚; no syllable of that is neutral."""
    entry = word_entry(word[1:3])
    pairs = [(way, by) for way, by in zip(entry.ways, entry.sources, strict=True) if _is_full(way)]
    ways = tuple((first, first, second, second) for (first, second), _ in pairs)
    return WordEntry(ways, tuple(by for _, by in pairs), entry.others)


def _is_full(way: Sequence[Syllable]) -> bool:
    return len(way) > 1 and all(syllable.tone is not Tone.NEUTRAL for syllable in way)


def _entry(word: str, codes: Sequence[str]) -> WordEntry:
    listed = [code for code in codes if len(code) > 1]
    sources = (Dictionaries(ord(code[-1]) - _FIRST_SOURCES) for code in listed)
    others = Dictionaries(ord(codes[-1]) - _FIRST_SOURCES) if len(codes[-1]) == 1 else Dictionaries(0)
    return WordEntry(tuple(_decode(word, code[:-1]) for code in listed), tuple(sources), others)


def _decode(word: str, code: str) -> tuple[Syllable, ...]:
    out: list[Syllable] = []
    for char, place in zip(word, code, strict=True):
        if place == _ERHUA:
            out[-1] = Syllable(out[-1].base, out[-1].tone, erhua=True)
        else:
            out.append(_row(char).readings[_PLACES[place]])
    return tuple(out)


# --- words ----------------------------------------------------------------------------------------------------------


def split_words(text: str, extra: Collection[str] = ()) -> list[Span]:
    """The words of a text, in order, from its beginning to its end without gaps.

    These are the most probable words by their frequencies (Viterbi), not the longest. A stretch without hanzi is one
    span. `extra` are words of the article or the user, of two hanzi or more. They are preferred, unless a much more
    probable word overlaps with them.

    >>> [span.of("研究生命的起源，OK") for span in split_words("研究生命的起源，OK")]
    ['研究', '生命', '的', '起源', '，OK']
    >>> [span.of("他清清楚楚地说") for span in split_words("他清清楚楚地说")]
    ['他', '清清楚楚', '地', '说']
    """
    own = _own(frozenset(extra)) if extra else {}
    spans: list[Span] = []
    at = 0
    for run in HANZI.finditer(text):
        start, end = run.span()
        if at < start:
            spans.append(Span(at, start))
        for length in _cut(simplified(run.group()), own)[1]:
            spans.append(Span(start, start + length))
            start += length
        at = end
    if at < len(text):
        spans.append(Span(at, len(text)))
    return spans


def _cut(run: str, own: Mapping[str, _Row]) -> tuple[int, list[int]]:
    """The cheapest way to cut a run of hanzi into words: its cost, and the lengths of the words."""
    size = len(run)
    costs = [0] * (size + 1)
    steps = [1] * size
    after = ""
    for i in range(size - 1, -1, -1):
        row = own.get(run[i]) or _row(run[i])
        best, step = row.cost + costs[i + 1], 1
        words = row.beginning(after)
        if words is not None:
            for length in words.lengths:
                cost = words.costs.get(run[i + 2 : i + length])
                if cost is not None and i + length <= size and cost + costs[i + length] < best:
                    best, step = cost + costs[i + length], length
        if run[i] == after and (cost := _cost_of_doubled(run[i : i + _DOUBLED])) is not None:
            best, step = min((best, step), (cost + costs[i + _DOUBLED], _DOUBLED))
        costs[i], steps[i], after = best, step, run[i]
    lengths, at = [], 0
    while at < size:
        lengths.append(steps[at])
        at += steps[at]
    return costs[0], lengths


def words_over(text: str, at: int) -> Iterator[Span]:
    """The words of at most four hanzi that cover the character at a place, however the text is cut.

    >>> [span.of("长途区号") for span in words_over("长途区号", 2)]
    ['区号']
    """
    first = max(0, at + 1 - _AROUND)
    near = simplified(text[first : at + _AROUND])
    for begin in range(at + 1 - first):
        words = _row(near[begin]).beginning(near[begin + 1 : begin + 2])
        if words is None:
            continue
        for length in words.lengths:
            end = begin + length
            is_over = at < first + end and length <= _AROUND and end <= len(near)
            if is_over and near[begin + 2 : end] in words.costs:
                yield Span(first + begin, first + end)


def _cost_of_doubled(word: str) -> int | None:
    """The cost of 清清楚楚, which is that of 清楚; None for what is no such word, as 爸爸妈妈, which is two."""
    if len(word) != _DOUBLED or not word[0] == word[1] != word[2] == word[3]:
        return None
    once, *halves = map(_cost_of_pair, (word[1:3], word[:2], word[2:]))
    return once if once < min(halves) and any(map(_is_full, word_entry(word[1:3]).ways)) else None


def _cost_of_pair(word: str) -> int:
    words = _row(word[0]).beginning(word[1])
    return words.costs.get("", _UNSEEN) if words else _UNSEEN


@lru_cache(maxsize=8)
def _own(extra: frozenset[str]) -> dict[str, _Row]:
    """The rows of the characters that extra words begin with, with these words added."""
    own: dict[str, _Row] = {}
    for word in sorted(map(simplified, extra)):
        if len(word) > 1 and HANZI.fullmatch(word):
            row = own.setdefault(word[0], _row(word[0])._replace(words=dict(_row(word[0]).words)))
            known = row.beginning(word[1]) or _Words((), {}, "")
            costs = {**known.costs, word[2:]: min(_COMMON, _cut(word, {})[0] - _MARGIN)}
            row.words[word[1]] = _Words(_lengths(frozenset(map(len, costs))), costs, known.line)
    return own
