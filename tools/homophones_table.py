"""Write `src/langdu/data/homophones.tsv`: for each syllable, characters with practically no other reading.

Run: python tools/homophones_table.py   (with the packages of build-system in pyproject.toml installed)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from operator import itemgetter
from pathlib import Path

from build_lexicon import Word, characters, frequencies, phrases, ways

TARGET = Path(__file__).parents[1] / "src" / "langdu" / "data" / "homophones.tsv"
# At most this many for each syllable: the first may make a wrong word with its neighbours.
MOST = 8
# 一 and 不 change their tones, 儿 may join the syllable before it, 〇 and 两 affect how numbers are read.
UNFIT = frozenset("一不儿〇两")
HEAD = """\
# Characters that have no other reading than the syllable: syllable, TAB, characters, the most used first. They replace
# characters that a voice which takes only hanzi would read differently (langdu.pronounce.substitutes).
# A character is here if GB 2312 has it, if the standard dictionary and CC-CEDICT list no other full tone for it, and
# if it is seldom neutral in words. Characters of the first level of GB 2312 come first; among them, those for which the
# table of pypinyin, with its old and rare readings, has no other reading either. If there are none, the row has
# characters of the first level with this reading in 99 of 100 words (写 is xiě in all but a few).
# Source: 通用规范汉字字典 (2013) by Unihan's kTGHZ2013, and CC-CEDICT (CC BY-SA 4.0), both from pypinyin-dict 0.9.0;
# how often a character is used is from the word list of jieba 0.42.1. Made by tools/homophones_table.py.
"""
# A character that is neutral in more than this share of its words may be neutral beside any other.
SELDOM = 0.5
# A character of several readings must have this one in at least this share of its words.
NEARLY = 0.99


def table() -> dict[str, str]:
    """Syllable → characters, the best first."""
    read = usage()
    used = Counter({char: sum(ways.values()) for char, ways in read.items()})
    standard, cedict = characters("ktghz2013"), characters("cc_cedict")
    every = characters("pinyin")
    found: dict[str, list[tuple[bool, bool, int, str]]] = defaultdict(list)
    nearly: dict[str, list[tuple[int, str]]] = defaultdict(list)
    for char in filter(is_common, standard):
        readings = {s for s in (*standard[char], *cedict.get(char, ())) if s[-1] != "5"}
        if not readings or char in UNFIT:
            continue
        syllable, often = max(((s, read[char][s]) for s in sorted(readings)), key=itemgetter(1))
        if read[char].total() - read[char][""] - often > SELDOM * used[char]:
            continue
        if len(readings) == 1:
            found[syllable].append((not in_first_level(char), len(every[char]) > 1, -used[char], char))
        elif in_first_level(char) and often >= NEARLY * (used[char] - read[char][""]):
            nearly[syllable].append((-used[char], char))
    chars = {
        s: [char for *_, char in sorted(found[s])] or [char for _, char in sorted(nearly[s])] for s in nearly | found
    }
    return {s: "".join(chars[s][:MOST]) for s in sorted(chars) if chars[s]}


def usage() -> defaultdict[str, Counter[str]]:
    """How often each character occurs with each reading; "" stands for words without a known reading."""
    read: defaultdict[str, Counter[str]] = defaultdict(Counter)
    spelled = phrases("cc_cedict")
    for word, count in frequencies().items():
        way: Word = next(ways(word, spelled[word]), ()) if word in spelled else ()
        for char, syllable in zip(word, way or [""] * len(word), strict=True):
            read[char][syllable] += count
    return read


def is_common(char: str) -> bool:
    """Whether GB 2312 has the character."""
    return len(char.encode("gb2312", "ignore")) == 2


def in_first_level(char: str) -> bool:
    """Whether it is one of the 3,755 most common of GB 2312."""
    return char.encode("gb2312")[0] < 0xD8


def main() -> None:
    """Write the table."""
    rows = (f"{syllable}\t{chars}\n" for syllable, chars in table().items())
    TARGET.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
