"""Compile `src/langdu/data/lexicon.bin` from published dictionaries (docs/lexicon.md describes the format).

Run: python tools/build_lexicon.py src/langdu/data/lexicon.bin
The build hook (`hatch_build.py`) runs it too, without langdu installed. The same packages give the same bytes.
"""

from __future__ import annotations

import gc
import importlib.util
import itertools
import math
import re
import sys
import unicodedata
import zlib
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAGIC = b"langdu-lexicon/3\n"
INDEX = "0123456789abcdefghijklmnopq"  # stands for the n-th reading of a character; r is erhua
ERHUA = "r"
FIRST_SCORE = 0x21
SCORES_PER_E = 20  # a score is 20 ln(frequency)
FIRST_SOURCES = 0x100  # a set of dictionaries is one character: this plus a bit for each
# The bit of each table, as in langdu.lexicon.Dictionaries; "house" is our own.
SOURCES = {"cc_cedict": 1, "pinyin": 2, "large_pinyin": 4, "zdic_cibs": 8, "zdic_cybs": 16, "di": 32, "house": 64}

Word = tuple[str, ...]  # one syllable a hanzi, as `chang2`; ERHUA for the 儿 of an erhua

HANZI = re.compile(r"[〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003ffff]+")
_TONES = {"\u0304": "1", "\u0301": "2", "\u030c": "3", "\u0300": "4"}
_LONGEST_WORD = 12


# --- the sources ----------------------------------------------------------------------------------------------------


# The tables of pypinyin-dict are modules of 45 MB in all. They are read as text, because to compile them takes longer
# than all that follows.
_PHRASE = re.compile(r" {4}'([^']+)': \[\['(.*)'\]\],")  # '长春': [['cháng'], ['chūn']],
_CHARACTER = re.compile(r" {4}0x([0-9A-F]+): '([^']*)',")  # 0x957F: 'cháng,zhǎng',
_PART = re.compile(r"from pypinyin_dict\.phrase_pinyin_data import (\w+)")  # a large table has several modules


@cache
def phrases(name: str) -> dict[str, str]:
    """A phrase table of pypinyin-dict: word → for each hanzi its readings, as `row` takes them."""
    return dict(table(package("pypinyin_dict") / "phrase_pinyin_data" / f"{name}.py", _PHRASE))


@cache
def characters(name: str) -> dict[str, list[str]]:
    """A character table of pypinyin-dict: character → its readings as `chang2`, in the table's order."""
    rows = table(package("pypinyin_dict") / "pinyin_data" / f"{name}.py", _CHARACTER)
    return {chr(int(code, 16)): list(filter(None, map(number, written.split(",")))) for code, written in rows}


def table(path: Path, form: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """The rows of a table, which all have one form."""
    for line in path.read_text(encoding="utf-8").splitlines():
        if line.startswith(("    '", "    0")):
            match = form.fullmatch(line)
            if match is None:
                sys.exit(f"{path} has a row of another form: {line}")
            yield match[1], match[2]
        elif part := _PART.fullmatch(line):
            yield from table(path.with_name(f"{part[1]}.py"), form)


def row(written: str) -> list[list[str]]:
    """For each hanzi its readings: `cháng'], ['chūn', 'chun` → [[cháng], [chūn, chun]]."""
    return [readings.split("', '") for readings in written.split("'], ['")]


# Variants in older and traditional texts that OpenCC does not map.
_WRITTEN_FOR = {"茍": "苟"}


def simplified(readings: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str]]:
    """Each character that only traditional text has, with its simplified form."""
    standard = characters("kmandarin_8105")
    rows = package("opencc") / "dictionary" / "TSCharacters.txt"
    own = ["\t".join(pair) for pair in _WRITTEN_FOR.items()]
    for row in sorted([*rows.read_text(encoding="utf-8").splitlines(), *own]):
        traditional, _, forms = row.partition("\t")
        form = forms.split(" ")[0]
        if traditional not in standard and traditional in readings and form in readings:
            yield traditional, form


def package(name: str) -> Path:
    """The folder of a package from which the lexicon is compiled."""
    spec = importlib.util.find_spec(name)
    if spec is None or not spec.submodule_search_locations:
        sys.exit(f"the lexicon needs the package {name}: install what build-system in pyproject.toml lists")
    return Path(spec.submodule_search_locations[0])


def frequencies() -> dict[str, int]:
    """How often each word occurs in jieba's corpus."""
    rows = (package("jieba") / "dict.txt").read_text(encoding="utf-8").splitlines()
    return {word: int(count) for word, count, _ in (row.split(" ") for row in rows)}


def house(name: str) -> Iterator[str]:
    """The lines of one of our own tables beside this file, without comments."""
    for line in Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line


def neutral_words() -> frozenset[str]:
    """The words that must have a neutral tone."""
    return frozenset(word for line in house("neutral_tone.txt") for word in line.split())


# Our own tables whose readings replace all others.
_CORRECTED = ("slips.tsv", "words.tsv")


def add_house_readings(words: dict[str, Listed], readings: dict[str, list[str]]) -> None:
    """Put our own readings first, and correct slips. Of a slip the other tables only tell that they say otherwise."""
    for written, spelled in own_readings("house_readings.tsv"):
        if len(written) == 1:
            (usual, *rare), known = [way[0] for way in spelled], readings[written]
            readings[written] = [usual, *(s for s in known if s != usual), *(s for s in rare if s not in known)]
        else:
            ways = words[written].ways if written in words else []
            words[written] = Listed([*spelled, *(way for way in ways if way not in spelled)], {"house": spelled})
    for written, spelled in itertools.chain.from_iterable(map(own_readings, _CORRECTED)):
        others = words[written].tables if written in words else {}
        words[written] = Listed(spelled, {**others, "house": spelled})
        for char, syllable in itertools.chain.from_iterable(zip(written, way, strict=True) for way in spelled):
            if syllable != ERHUA and syllable not in readings[char]:
                readings[char].append(syllable)  # what no table knows cannot be written: dáo of 倒腾


def own_readings(name: str) -> Iterator[tuple[str, list[Word]]]:
    """The rows of one of our own tables; several readings of a word are separated by bars."""
    for line in house(name):
        written, spelled, _ = line.split("\t")
        ways = (way.split(" ") for way in spelled.split(" | "))
        yield written, [tuple(ERHUA if s == ERHUA else number(s) for s in way) for way in ways]


@cache
def number(written: str) -> str:
    """`cháng` → `chang2`; "" for what is not a syllable of Standard Chinese."""
    tone, base = "5", ""
    for char in unicodedata.normalize("NFD", written):
        if char in _TONES:
            tone = _TONES[char]
        else:
            base += char
    base = unicodedata.normalize("NFC", base)
    return base + tone if base in bases() else ""


@cache
def bases() -> frozenset[str]:
    """Every toneless syllable that langdu knows."""
    table = Path(__file__).parents[1] / "src" / "langdu" / "data" / "syllables.txt"
    lines = table.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


# --- words ----------------------------------------------------------------------------------------------------------

# CC-CEDICT is the most careful; it lists several readings alphabetically, so the others decide which is usual. The
# curated table of pypinyin comes next, then the large ones, which derived many readings from single characters.
_WEIGHTS = {"cc_cedict": 3.0, "pinyin": 1.0, "large_pinyin": 0.5, "zdic_cibs": 0.7, "zdic_cybs": 0.3}
_NOT_STANDARD = 4.0  # more than all of them together
# Suffixes and particles, which are neutral wherever CC-CEDICT says so.
_LIGHT = frozenset("子们么头着了的得儿吗呢吧啊")
# Of the words that must have a neutral tone, those that are also another word with full tones (买卖双方).
_TWO_WORDS = frozenset(("买卖", "兄弟", "实在"))
# Words for people, which keep their neutral tone at the end of longer ones: 老先生. Others may lose it: 好人家, 士大夫.
_PEOPLE = frozenset(("先生", "姑娘", "师傅", "朋友", "太太", "媳妇", "老婆", "老爷", "少爷", "伙计", "秀才"))


class Standard(NamedTuple):
    """What decides between dictionaries: 通用规范汉字字典 (2013), and words with a neutral tone."""

    characters: dict[str, list[str]]
    neutral: frozenset[str]

    def faults(self, word: str, way: Word) -> int:
        """How many syllables are not in the standard dictionary for their characters."""
        return sum(
            syllable[-1] not in "5r" and char in self.characters and syllable not in self.characters[char]
            for char, syllable in zip(word, way, strict=True)
        )

    def is_light(self, word: str, at: int) -> bool:
        """Whether the last syllable of the word is neutral even if no table says so."""
        if at != len(word) - 1:
            return False
        return (word in self.neutral and word not in _TWO_WORDS) or (len(word) > 2 and word[-2:] in _PEOPLE)

    def neutral_in(self, word: str, at: int) -> bool:
        """Whether a part of the word that ends here must have a neutral tone."""
        return any(word[start : at + 1] in self.neutral for start in range(at))


def ways(word: str, row: Sequence[Sequence[str]]) -> Iterator[Word]:
    """Every reading in a row of a phrase table, in citation tones, with erhua marked."""
    if len(word) != len(row) or not 1 < len(word) <= _LONGEST_WORD or not HANZI.fullmatch(word):
        return
    choices = [[*map(number, written)] for written in row]
    if "一" in word or "不" in word:
        choices = [[citation(char, each) for each in said] for char, said in zip(word, choices, strict=True)]
    for way in itertools.product(*choices):
        if not all(way):
            continue
        if "儿" not in word:  # nearly all; there are half a million
            yield way
        else:
            yield tuple(
                ERHUA if char == "儿" and syllable == "er5" and i else syllable
                for i, (char, syllable) in enumerate(zip(word, way, strict=True))
            )


def corrected(word: str, way: Word, known: Mapping[str, Sequence[str]]) -> list[Word]:
    """A reading, preceded by a corrected one if it has a syllable that no dictionary lists: 师兄弟 shī xīng dì."""
    for char, syllable in zip(word, way, strict=True):
        if syllable[-1] not in "5r" and char in known and syllable not in known[char]:
            break
    else:
        return [way]
    better = tuple(
        syllable if syllable[-1] in "5r" or syllable in known.get(char, (syllable,)) else known[char][0]
        for char, syllable in zip(word, way, strict=True)
    )
    return [better, way]


def citation(char: str, syllable: str) -> str:
    """The citation tone of 一 and 不, for which some tables write the sandhi: yí gè, bú shì."""
    if char == "一" and syllable in ("yi2", "yi4"):
        return "yi1"
    if char == "不" and syllable == "bu2":
        return "bu4"
    return syllable


class Listed(NamedTuple):
    """A word's readings, best first, and the readings in each table."""

    ways: list[Word]
    tables: Mapping[str, Sequence[Word]]

    def sources(self, way: Word) -> int:
        """The bits of the tables that have a reading, apart from neutral tones and erhua."""
        bits = 0
        for name, table in self.tables.items():
            if way in table or any(alike(way, other) for other in table):
                bits |= SOURCES[name]
        return bits

    def others(self) -> int:
        """The bits of the tables that have a reading outside the list."""
        bits = 0
        for name, table in self.tables.items():
            for other in table:
                if other not in self.ways and not any(alike(way, other) for way in self.ways):
                    bits |= SOURCES[name]
        return bits


def alike(way: Word, other: Word) -> bool:
    """Whether two readings differ only in neutral tones and erhua: dōngxi and dōngxī, wánr and wán ér."""
    return way == other or all(
        a == b or ERHUA in (a, b) or (a[:-1] == b[:-1] and "5" in (a[-1], b[-1]))
        for a, b in zip(way, other, strict=True)
    )


def rank(word: str, listed: Mapping[str, Sequence[Word]], standard: Standard) -> list[Word]:
    """The readings of one word, best first: by the tables that have them, the standard, and the neutral tone."""
    candidates = list(dict.fromkeys(way for table in listed.values() for way in table))
    if standard.is_light(word, len(word) - 1):
        candidates = list(
            dict.fromkeys(way for full in candidates for way in (full, (*full[:-1], full[-1][:-1] + "5")))
        )
    if len(candidates) == 1:  # most words
        return candidates
    careful = listed.get("cc_cedict", ())
    light = lightness(word, listed, standard)

    def quality(way: Word) -> tuple[float, int]:
        votes = -_NOT_STANDARD * standard.faults(word, way)
        for name, table in listed.items():
            said = table if name == "cc_cedict" else table[:1]
            votes += _WEIGHTS[name] * any(alike(way, other) for other in said)
        fit = sum((syllable[-1] in "5r") == wanted for syllable, wanted in zip(way, light, strict=True))
        return votes, fit

    ranked = sorted(candidates, key=quality, reverse=True)
    if careful:
        ranked = [way for i, way in enumerate(ranked) if i == 0 or any(alike(way, other) for other in careful)]
    return ranked


def lightness(word: str, listed: Mapping[str, Sequence[Word]], standard: Standard) -> list[bool]:
    """For each syllable, whether it should be neutral: the rules allow it, and a table has it."""
    trusted = [listed["cc_cedict"]] if "cc_cedict" in listed else listed.values()
    best = []
    for at, char in enumerate(word):
        repeated = at > 0 and char == word[at - 1]
        infix = char in "不一" and 0 < at < len(word) - 1
        must = standard.neutral_in(word, at)
        tables = listed.values() if must else trusted if char in _LIGHT or repeated or infix else ()
        best.append(standard.is_light(word, at) or any(way[at][-1] in "5r" for table in tables for way in table))
    return best


def merge(standard: Standard) -> dict[str, Listed]:
    """All readings of each word, best first. The table `di` adds no readings; it only confirms them."""
    known: dict[str, list[str]] = defaultdict(list)
    for name in ("ktghz2013", "pinyin", "zdic", "kxhc1983", "khanyupinyin"):
        for char, syllables in characters(name).items():
            known[char] += syllables

    @cache  # most tables agree about most words
    def understood(word: str, written: str) -> list[Word]:
        return [better for way in ways(word, row(written)) for better in corrected(word, way, known)]

    listed: dict[str, dict[str, list[Word]]] = defaultdict(dict)
    for name in _WEIGHTS:
        for word, written in phrases(name).items():
            if table := understood(word, written):
                listed[word][name] = table
    ranked = {word: Listed(rank(word, tables, standard), tables) for word, tables in listed.items()}
    for word, written in phrases("di").items():
        if word in listed and (table := list(ways(word, row(written)))):
            listed[word]["di"] = table
    return {word: entry for word, entry in ranked.items() if not guessed_adverb(word, entry.ways[0], listed[word])}


def guessed_adverb(word: str, way: Word, listed: Mapping[str, Sequence[Word]]) -> bool:
    """Whether a large table takes 地, a place, for the particle: 举办地 de. It is left out; the context decides."""
    return len(word) > 2 and word[-1] == "地" and way[-1] == "de5" and "cc_cedict" not in listed


# --- characters -----------------------------------------------------------------------------------------------------

# A character that stands alone more often than this in the word list's corpus has a usual reading of its own. A rarer
# one mostly occurs in words and names that no dictionary has, and is read there as in the words that they have.
_OFTEN_ALONE = 3000


def listed_readings(words: Mapping[str, Listed]) -> dict[str, list[str]]:
    """Every reading of a character in a character dictionary or CC-CEDICT, the neutral tone last."""
    merged: dict[str, dict[str, None]] = defaultdict(dict)  # in order, each once
    for name in ("kmandarin_8105", "khanyupinlu", "pinyin", "cc_cedict", "ktghz2013", "kxhc1983"):
        for char, syllables in characters(name).items():
            merged[char] |= dict.fromkeys(s for s in syllables if s[-1] != "5" or name == "kmandarin_8105")
    for word in filter(words.__contains__, phrases("cc_cedict")):
        for way in words[word].ways:
            for char, syllable in zip(word, way, strict=True):
                if syllable != ERHUA:
                    merged[char][syllable] = None
    for name in ("khanyupinlu", "pinyin"):
        for char, syllables in characters(name).items():
            merged[char] |= dict.fromkeys(syllables)
    return {char: list(syllables) for char, syllables in merged.items() if HANZI.fullmatch(char)}


def merge_characters(words: Mapping[str, Listed], counts: Mapping[str, int]) -> dict[str, list[str]]:
    """Every reading of a character, the most usual first."""
    readings = listed_readings(words)
    standard = characters("ktghz2013")
    in_words: dict[str, Counter[str]] = defaultdict(Counter)
    for word, found in words.items():
        for char, syllable in zip(word, found.ways[0], strict=True):
            in_words[char][syllable] += 1
    for char, syllables in readings.items():
        usual = [s for s in syllables if s in standard.get(char, syllables) and s[-1] != "5" and in_words[char][s]]
        if usual and counts.get(char, 0) < _OFTEN_ALONE:
            first = max(usual, key=in_words[char].__getitem__)
            syllables.remove(first)
            syllables.insert(0, first)
        del syllables[len(INDEX) :]
    return readings


# --- the file -------------------------------------------------------------------------------------------------------


def score(frequency: int) -> str:
    """A frequency as one character."""
    return chr(FIRST_SCORE + round(SCORES_PER_E * math.log(max(1, frequency))))


def code(word: str, reading: Word, indices: Mapping[str, Mapping[str, str]]) -> str:
    """A word's reading, coded by the index of each syllable in its character's list; "" if one is not listed."""
    places = []
    for char, syllable in zip(word, reading, strict=True):
        if syllable == ERHUA:
            places.append(ERHUA)
        elif char in indices and syllable in indices[char]:
            places.append(indices[char][syllable])
        else:
            return ""
    return "".join(places)


def entries(
    words: Mapping[str, Listed], readings: Mapping[str, Sequence[str]], counts: Mapping[str, int]
) -> Iterator[tuple[str, str]]:
    """Each word with its entry: score, codes of its readings with their sources, ":", what follows its second hanzi."""
    indices = {char: dict(zip(known, INDEX, strict=False)) for char, known in readings.items()}
    for word in sorted(words):
        found = words[word]
        codes = [
            places + chr(FIRST_SOURCES + found.sources(way))
            for way in found.ways
            if (places := code(word, way, indices))
        ]
        if codes:
            if others := found.others():
                codes.append(chr(FIRST_SOURCES + others))
            yield word, f"{score(counts.get(word, 1))}{','.join(codes)}:{word[2:]}"


# The least frequency of words in careful dictionaries; the corpus is old and lacks some of them.
_AT_LEAST = {"cc_cedict": 30, "pinyin": 10}


# A word of our own tables is at least so much more frequent than its characters are side by side by chance.
_HOUSE_MARGIN = math.e
# A word that begins or ends with one of these is often none: 跑得|很快 does not contain 得很.
_PARTICLES = frozenset("的地得了着")


def house_frequencies(counts: Mapping[str, int]) -> dict[str, int]:
    """The frequencies of words in our own tables that have one reading: high enough that texts are cut into them."""
    corpus = sum(counts.values())
    raised = {}
    for word, ways in itertools.chain.from_iterable(map(own_readings, ("house_readings.tsv", *_CORRECTED))):
        if len(word) > 1 and len(ways) == 1 and _PARTICLES.isdisjoint((word[0], word[-1])):
            by_chance = corpus * math.prod(counts.get(char, 1) / corpus for char in word)
            raised[word] = max(counts.get(word, 1), round(_HOUSE_MARGIN * by_chance))
    return raised


def compile_lexicon() -> bytes:
    """The whole file, from the dictionaries."""
    package("pypinyin_dict")
    counts = frequencies()
    words = merge(Standard(characters("ktghz2013"), neutral_words()))
    readings = merge_characters(words, counts)
    add_house_readings(words, readings)
    for name, least in _AT_LEAST.items():
        counts = dict.fromkeys(phrases(name), least) | counts
    counts |= house_frequencies(counts)
    pairs = dict(simplified(readings))
    for traditional, form in pairs.items():
        readings[traditional].sort(key=lambda s: readings[form].index(s) if s in readings[form] else len(INDEX))
    return pack(words, readings, counts, pairs)


def pack(
    words: Mapping[str, Listed],
    readings: Mapping[str, Sequence[str]],
    counts: Mapping[str, int],
    pairs: Mapping[str, str],
) -> bytes:
    """The whole file, from readings of words and characters, frequencies, and simplified forms."""
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
    flat = "".join(traditional + form for traditional, form in sorted(pairs.items()))
    parts = [chars.encode("utf-32-le"), index, flat.encode(), b"".join(blobs)]
    body = b"".join(len(part).to_bytes(4, "little") + part for part in parts)
    return MAGIC + zlib.crc32(body).to_bytes(4, "little") + body


def build(target: Path) -> int:
    """Write the lexicon, whole or not at all. Returns its size in bytes."""
    gc.disable()  # half a million small values that refer to nothing of each other would be looked through many times
    try:
        data = compile_lexicon()
    finally:
        gc.enable()
    part = target.with_suffix(".part")
    part.write_bytes(data)
    part.replace(target)
    return len(data)


if __name__ == "__main__":
    print(f"{build(Path(sys.argv[1])):,} bytes")
