"""Count where writers put commas and write src/langdu/data/breaks.tsv: how well a reader can breathe beside each word.

Run: python training/breaks.py FOLDER [--out FILE]
FOLDER/unlabelled has sentences with punctuation (docs/prosody.md). Nine sentences of ten are counted. From the tenth
the commas are removed; the script prints what share of them is found again, and what share a cut in the middle finds.
"""

from __future__ import annotations

import argparse
import math
import zlib
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.marks import HANZI
from langdu.prosody import PATH, affinity

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FILES = ("common_voice.txt", "tatoeba.txt", "laws.txt")
MARKS = frozenset("，；：")
# A word is left out if it occurs less often than this, or if its weight is smaller.
LEAST_OCCURRENCES, LEAST_WEIGHT = 30, 0.4
# Added occurrences of each word, with the average share of commas.
SMOOTHING = 20.0
HEAD = """\
# How much likelier than on average a comma is after a word, and before it: differences of natural log odds.
# Counted by training/breaks.py in Common Voice zh-CN (CC0), Tatoeba (CC BY 2.0 FR), Chinese statutes (public domain).
"""


def sentences(folder: Path) -> Iterator[list[str]]:
    """The words and marks of each sentence."""
    for name in FILES:
        for line in (folder / "unlabelled" / name).read_text(encoding="utf-8").splitlines():
            yield [span.of(line) for span in lexicon.split_words(line)]


def junctures(words: Sequence[str]) -> Iterator[tuple[str, str, bool]]:
    """Each pair of neighbouring words, and whether a comma stands between them."""
    for i, (left, right) in enumerate(pairwise(words)):
        if HANZI.match(left):
            if HANZI.match(right):
                yield left, right, False
            elif right in MARKS and i + 2 < len(words) and HANZI.match(words[i + 2]):
                yield left, words[i + 2], True


def weights(pairs: Iterable[tuple[str, str, bool]]) -> dict[str, tuple[float, float]]:
    """For each word, how much likelier than on average a comma is after it, and before it."""
    met, marked = (Counter[str](), Counter[str]()), (Counter[str](), Counter[str]())
    total = commas = 0
    for left, right, comma in pairs:
        total, commas = total + 1, commas + comma
        for side, word in enumerate((left, right)):
            met[side][word] += 1
            marked[side][word] += comma
    usual = commas / total

    def weight(word: str, side: int) -> float:
        if met[side][word] < LEAST_OCCURRENCES:
            return 0.0
        share = (marked[side][word] + SMOOTHING * usual) / (met[side][word] + SMOOTHING)
        return math.log(share / (1 - share)) - math.log(usual / (1 - usual))

    known = {word: (weight(word, 0), weight(word, 1)) for word in met[0] | met[1]}
    return {word: pair for word, pair in known.items() if max(map(abs, pair)) >= LEAST_WEIGHT}


def found_again(words: Sequence[str], table: dict[str, tuple[float, float]]) -> tuple[bool, bool] | None:
    """Whether the only comma of a sentence is where the table would put it, and whether it is nearest the middle."""
    places = list(junctures(words))
    if sum(comma for _, _, comma in places) != 1 or len(places) < 4:
        return None
    sizes = [len(left) for left, _, _ in places]
    total, before, middle, chosen = sum(sizes) + len(places[-1][1]), 0, [], []
    for size, (left, right, _) in zip(sizes, places, strict=True):
        before += size
        lopsided = abs(2 * before - total) / total
        middle.append(-lopsided)
        chosen.append(affinity(left, right, table) - 2 * lopsided)
    comma = next(i for i, (_, _, there) in enumerate(places) if there)
    return chosen.index(max(chosen)) == comma, middle.index(max(middle)) == comma


def main() -> None:
    """Count, measure and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path, default=PATH)
    args = parser.parse_args()
    every = list(sentences(args.folder))
    held_out = [zlib.crc32("".join(words).encode()) % 10 == 0 for words in every]
    kept = (pair for words, out in zip(every, held_out, strict=True) if not out for pair in junctures(words))
    table = weights(kept)
    tried = [found_again(words, table) for words, out in zip(every, held_out, strict=True) if out]
    known = [pair for pair in tried if pair]
    right, middle = (sum(column) / len(known) for column in zip(*known, strict=True))
    print(f"one comma found again in {right:.3f} of {len(known):,} sentences, by a cut in the middle in {middle:.3f}")
    rows = "".join(f"{word}\t{after:.1f}\t{before:.1f}\n" for word, (after, before) in sorted(table.items()))
    args.out.write_text(HEAD + rows, encoding="utf-8")
    print(f"{len(table):,} words in {args.out}")


if __name__ == "__main__":
    main()
