"""Compiles `src/langdu/data/lexicon.bin` from published dictionaries (docs/lexicon.md has the format).

It runs from the build hook (`hatch_build.py`), where langdu itself is not installed, and by hand:
`python tools/build_lexicon.py src/langdu/data/lexicon.bin`. The same packages give the same bytes.
"""

from __future__ import annotations

import importlib
import importlib.util
import itertools
import math
import re
import sys
import unicodedata
import zlib
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

MAGIC = b"langdu-lexicon/1\n"
INDEX = "0123456789abcdefghijklmnopq"  # the n-th reading of a character; r is erhua
ERHUA = "r"
FIRST_SCORE = 0x21
SCORES_PER_E = 20  # a score is 20 ln(frequency)

Word = tuple[str, ...]  # one syllable a hanzi, as `chang2`; ERHUA for the 儿 of an erhua

HANZI = re.compile(r"[〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U000323af]+")
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_LONGEST_WORD = 12


# --- the sources ----------------------------------------------------------------------------------------------------


def phrases(name: str) -> dict[str, list[list[str]]]:
    """A phrase table of pypinyin-dict: word → for each hanzi its readings."""
    module = importlib.import_module(f"pypinyin_dict.phrase_pinyin_data.{name}")
    table: dict[str, list[list[str]]] = module.phrases_dict
    return table


def characters(name: str) -> dict[str, list[str]]:
    """A character table of pypinyin-dict: character → its readings as `chang2`, in the table's order."""
    table = importlib.import_module(f"pypinyin_dict.pinyin_data.{name}").pinyin_dict
    return {chr(code): list(filter(None, map(number, row.split(",")))) for code, row in table.items()}


def frequencies() -> dict[str, int]:
    """How often jieba's corpus has a word. The file is read, the package is not run."""
    spec = importlib.util.find_spec("jieba")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("the lexicon needs jieba's word list: pip install jieba==0.42.1")
    rows = Path(spec.submodule_search_locations[0], "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, _ in (row.split(" ") for row in rows)}


def number(written: str) -> str:
    """`cháng` → `chang2`; "" for what is no syllable of Standard Chinese (ň, hńg are kept: m2, hng2)."""
    tone, base = "5", ""
    for char in unicodedata.normalize("NFD", written):
        if char in _TONES:
            tone = _TONES[char]
        else:
            base += char
    base = unicodedata.normalize("NFC", base)
    return base + tone if base and base.isalpha() and base.islower() else ""


# --- words ----------------------------------------------------------------------------------------------------------


def word_readings(word: str, row: Sequence[Sequence[str]]) -> Iterator[Word]:
    """Every reading that a row of a phrase table gives, in citation tones, erhua marked."""
    if len(word) != len(row) or not 1 < len(word) <= _LONGEST_WORD or not HANZI.fullmatch(word):
        return
    for way in itertools.product(*row):
        syllables = [citation(char, number(written)) for char, written in zip(word, way, strict=True)]
        if all(syllables):
            yield tuple(
                ERHUA if char == "儿" and syllable == "er5" and i else syllable
                for i, (char, syllable) in enumerate(zip(word, syllables, strict=True))
            )


def citation(char: str, syllable: str) -> str:
    """Some tables write the sandhi of 一 and 不 (yí gè, bú shì); the lexicon keeps what a dictionary's entry has."""
    if char == "一" and syllable in ("yi2", "yi4"):
        return "yi1"
    if char == "不" and syllable == "bu2":
        return "bu4"
    return syllable


def merge(tables: Iterable[Mapping[str, Sequence[Sequence[str]]]]) -> dict[str, list[Word]]:
    """All readings of each word, those of the first tables first."""
    words: dict[str, list[Word]] = defaultdict(list)
    for table in tables:
        for word, row in table.items():
            for reading in word_readings(word, row):
                if reading not in words[word]:
                    words[word].append(reading)
    return {word: readings for word, readings in words.items() if readings}


# --- characters -----------------------------------------------------------------------------------------------------


def merge_characters(words: Mapping[str, Sequence[Word]]) -> dict[str, list[str]]:
    """Every reading of a character, the most usual first."""
    order = [characters(name) for name in ("khanyupinlu", "pinyin", "cc_cedict", "ktghz2013", "kxhc1983")]
    merged: dict[str, list[str]] = defaultdict(list)
    for table in order:
        for char, syllables in table.items():
            merged[char] += [s for s in syllables if s not in merged[char]]
    seen: Counter[tuple[str, str]] = Counter()
    for word, readings in words.items():
        seen.update(pair for pair in zip(word, readings[0], strict=True) if pair[1] != ERHUA)
    for (char, syllable), _ in sorted(seen.items(), key=lambda item: (-item[1], item[0])):
        if syllable not in merged[char]:
            merged[char].append(syllable)
    return {char: syllables[: len(INDEX)] for char, syllables in merged.items() if HANZI.fullmatch(char)}


# --- the file -------------------------------------------------------------------------------------------------------


def score(frequency: int) -> str:
    """A frequency as one character."""
    return chr(FIRST_SCORE + round(SCORES_PER_E * math.log(max(1, frequency))))


def code(word: str, reading: Word, readings: Mapping[str, Sequence[str]]) -> str:
    """A word's reading by the place of each syllable in its character's list; "" if one is not in it."""
    places = []
    for char, syllable in zip(word, reading, strict=True):
        if syllable != ERHUA and syllable not in readings.get(char, ()):
            return ""
        places.append(ERHUA if syllable == ERHUA else INDEX[readings[char].index(syllable)])
    return "".join(places)


def entries(
    words: Mapping[str, Sequence[Word]], readings: Mapping[str, Sequence[str]], counts: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Each word with its entry: score, codes of its readings, ":", what follows its second hanzi."""
    for word in sorted(words):
        codes = [c for reading in words[word] if (c := code(word, reading, readings))]
        if codes:
            yield word, f"{score(counts.get(word, 1))}{','.join(codes)}:{word[2:]}"


def compile_lexicon() -> bytes:
    """The whole file."""
    counts = frequencies()
    words = merge(phrases(name) for name in ("cc_cedict", "pinyin", "large_pinyin"))
    readings = merge_characters(words)
    lines: dict[str, list[str]] = defaultdict(list)
    for word, entry in entries(words, readings, counts):
        lines[word[:2]].append(entry)
    buckets: dict[str, list[str]] = defaultdict(list)
    for pair in sorted(lines):
        buckets[pair[0]].append("\t".join([pair[1] + lines[pair][0], *lines[pair][1:]]))
    blobs = []
    for char in sorted(readings):
        head = score(counts.get(char, 1)) + " ".join(readings[char])
        blobs.append("\n".join([head, *buckets[char]]).encode())
    chars = "".join(sorted(readings))
    offsets = itertools.accumulate(map(len, blobs), initial=0)
    index = b"".join(offset.to_bytes(4, "little") for offset in offsets)
    parts = [chars.encode("utf-32-le"), index]
    body = b"".join([*(len(part).to_bytes(4, "little") + part for part in parts), *blobs])
    return MAGIC + zlib.crc32(body).to_bytes(4, "little") + len(body).to_bytes(4, "little") + body


def build(target: Path) -> int:
    """Write the lexicon, whole or not at all. Returns its size in bytes."""
    data = compile_lexicon()
    part = target.with_suffix(".part")
    part.write_bytes(data)
    part.replace(target)
    return len(data)


if __name__ == "__main__":
    print(f"{build(Path(sys.argv[1])):,} bytes")
