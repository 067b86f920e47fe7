"""Measure how well langdu reads our own sentences that it was not trained on, by kind.

Run: python training/held_out.py [FILE…] [--wrong]
Without files it measures on the held-out tenth of training/own. A file of your own has one sentence a line, with labels
as in training/own; all of it is used. --wrong prints every wrong reading.
"""

from __future__ import annotations

import argparse
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from own import LabelledSentence, parse_labels, sentences

from langdu.pinyin import number
from langdu.pronounce import readings_in_context

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.pronounce import Citation


# The lower bounds of the rows of the table of confidence.
_BINS = (0.0, 0.4, 0.6, 0.8, 0.9, 0.95, 0.98, 0.99, 0.999)


def agrees(citation: Citation | None, label: str) -> bool:
    """Whether a reading is right. The label of an erhua has no r; the label of its 儿 is r5, and it has no reading."""
    if label == "r5":
        return citation is None
    return citation is not None and number(replace(citation.syllable, erhua=False)) == label


def of_files(files: Sequence[Path]) -> Iterator[LabelledSentence]:
    """The sentences of some files."""
    for file in files:
        yield from (parse_labels(line, file.stem) for line in file.read_text(encoding="utf-8").splitlines() if line)


def main() -> None:
    """Read, compare, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--wrong", action="store_true", help="print every wrong reading")
    args = parser.parse_args()
    measured = list(of_files(args.files)) if args.files else [s for s in sentences() if s.held_out]
    right, seen = Counter[str](), Counter[str]()
    sure: dict[float, Counter[bool]] = {low: Counter() for low in _BINS}
    for sentence, citations in zip(measured, readings_in_context([s.text for s in measured]), strict=True):
        for at, label in sentence.labels:
            good = agrees(citations[at], label)
            for kind in (sentence.kind, "all"):
                seen[kind] += 1
                right[kind] += good
            got = citations[at]
            if got and got.shares:
                share = got.shares[got.syllable]
                sure[max(low for low in _BINS if low <= share)][good] += 1
            if args.wrong and not good:
                text = f"{sentence.text[:at]}[{sentence.text[at]}]{sentence.text[at + 1 :]}"
                print(f"{label} and not {number(got.syllable) if got else '-'}: {text}")
    for kind in sorted(seen):
        print(f"{kind}: {right[kind] / seen[kind]:.4f} of {seen[kind]}")
    for low, count in sure.items():
        if count:
            print(f"confidence from {low}: {count[True] / count.total():.4f} right of {count.total()}")


if __name__ == "__main__":
    main()
