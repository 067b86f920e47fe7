"""Writes `src/langdu/data/homophones.tsv`: for each syllable the characters that can only be read so.

By hand, with the packages of build-system in pyproject.toml: `python tools/homophones_table.py`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from pathlib import Path

from build_lexicon import Word, characters, frequencies, phrases, ways

TARGET = Path(__file__).parents[1] / "src" / "langdu" / "data" / "homophones.tsv"
# So many for each syllable: the best one may make a word with what stands beside it.
MOST = 8
# 一 and 不 change their tones, 儿 may join the syllable before it, 〇 and 两 have a say in how numbers are read.
UNFIT = frozenset("一不儿〇两")
HEAD = """\
# Syllables, and the characters that have no other reading than this, the most used first. They stand in for
# characters that a voice which takes hanzi only would read otherwise (langdu.homophones).
# A character is here if GB 2312 has it, the standard dictionary and CC-CEDICT list no other full tone for it, and it is
# seldom neutral in words. Characters of the first level of GB 2312 come first.
# Source: 通用规范汉字字典 (2013) by Unihan's kTGHZ2013, and CC-CEDICT (CC BY-SA 4.0), both from pypinyin-dict 0.9.0;
# how often a character is used is from the word list of jieba 0.42.1. Made by tools/homophones_table.py.
"""
# A character that is neutral in words more often than this may be read so next to any other.
SELDOM = 0.5


def table() -> dict[str, str]:
    """Syllable → characters, the best first."""
    used, neutral = usage()
    standard, cedict = characters("ktghz2013"), characters("cc_cedict")
    found: dict[str, list[tuple[bool, int, str]]] = defaultdict(list)
    for char in filter(is_common, standard):
        readings = {s for s in (*standard[char], *cedict.get(char, ())) if s[-1] != "5"}
        if len(readings) == 1 and char not in UNFIT and neutral[char] <= SELDOM * used[char]:
            (syllable,) = readings
            found[syllable].append((not in_first_level(char), -used[char], char))
    return {s: "".join(char for *_, char in sorted(found[s])[:MOST]) for s in sorted(found)}


def usage() -> tuple[Counter[str], Counter[str]]:
    """How often each character is used, and how often of that in a neutral tone."""
    used: Counter[str] = Counter()
    neutral: Counter[str] = Counter()
    spelled = phrases("cc_cedict")
    for word, count in frequencies().items():
        way: Word = next(ways(word, spelled[word]), ()) if word in spelled else ()
        for char, syllable in zip(word, way or [""] * len(word), strict=True):
            used[char] += count
            neutral[char] += count * syllable.endswith("5")
    return used, neutral


def is_common(char: str) -> bool:
    """Whether GB 2312 has the character."""
    return len(char.encode("gb2312", "ignore")) == 2


def in_first_level(char: str) -> bool:
    """Whether it is one of the 3,755 most common of GB 2312."""
    return char.encode("gb2312")[0] < 0xD8


def main() -> None:
    """Write the table anew."""
    rows = (f"{syllable}\t{chars}\n" for syllable, chars in table().items())
    TARGET.write_text(HEAD + "".join(rows), encoding="utf-8")


if __name__ == "__main__":
    main()
