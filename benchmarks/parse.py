"""Measure how fast articles are parsed, how memory and time grow, and how well joined pinyin is split.

Run: python benchmarks/parse.py [PAIRS.tsv]

PAIRS.tsv has a word and its pinyin on each line (`长春<tab>cháng chūn`); without it splitting is not measured. Times
are CPU times, so that other work on the machine does not count. Each size runs in its own process.
"""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from pathlib import Path

from langdu import lexicon
from langdu.parse.annotations.alignment.exact import exact
from langdu.parse.annotations.alignment.written import plain_letters
from langdu.parse.parser import parse_line
from langdu.pinyin import number, parse_syllable, spell_word

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
SIZES = (250_000, 1_000_000, 4_000_000)
NESTS = {
    "brackets": "（长(",
    "tags": "<ruby><rt>",
    "readings": "长cháng ",
    "cues": "应读lù，",
    "quotes": "> ",
    "braces": "{{长|",
}
MEASURE = """
import json, resource, sys, time
from langdu.model import Source
from langdu.parse.parser import parse_article
text = sys.stdin.read()
parse_article(Source("-", text[:2000]))
start = time.process_time()
article = parse_article(Source("-", text))
took = time.process_time() - start
found = sum(1 for paragraph in article.paragraphs for _ in paragraph.annotated())
print(json.dumps([len(text) / took, found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""


def annotated(size: int) -> str:
    """A text with an annotated word about every 40 characters; no two paragraphs are the same."""
    rng = random.Random(1)  # noqa: S311  # no secret
    lines = SAMPLE.read_text(encoding="utf-8").splitlines()
    sentences = [text for line in lines if len(text := parse_line(line).text) > 30]
    words = [
        (word, known[0])
        for line in sentences
        for span in lexicon.split_words(line)
        if (known := lexicon.word_readings(word := span.of(line)))
    ]
    out: list[str] = []
    while size > 0:
        parts = []
        for _ in range(8):
            line = rng.choice(sentences)
            at = rng.randrange(len(line) - 10)
            word, syllables = rng.choice(words)
            parts.append(f"{line[at : at + 30]}，{word}({spell_word(syllables)})")
        out.append("".join(parts) + "。")
        size -= len(out[-1]) + 1
    return "\n".join(out)


def measured(text: str) -> tuple[float, int, float]:
    """Characters a second, the number of annotations, and the highest memory in MiB."""
    done = subprocess.run([sys.executable, "-c", MEASURE], input=text, capture_output=True, text=True, check=True)
    speed, annotations, memory = json.loads(done.stdout)
    return speed, annotations, memory


def split(pairs: Path) -> None:
    """Split joined pinyin without apostrophes by its hanzi, and print how much is right and how fast it is."""
    rows = [line.split("\t") for line in pairs.read_text(encoding="utf-8").splitlines()]
    joined = [(word, written.replace(" ", "").replace("'", "")) for word, written in rows]
    start = time.process_time()
    for word, written in joined:
        exact(word, len(word), 0, plain_letters(written))
    took = time.process_time() - start
    splits = [exact(word, len(word), 0, plain_letters(written)) for word, written in joined]
    right = sum(
        [number(syllable) for pair in pairs_of_word or () for syllable in pair.syllables] == wanted(written)
        for pairs_of_word, (_, written) in zip(splits, rows, strict=True)
    )
    letters, hanzi = sum(len(written) for _, written in joined), sum(len(word) for word, _ in joined)
    print(f"split: {right:,} of {len(rows):,} right ({right / len(rows):.4%}), "
          f"{letters / took:,.0f} letters/s, {hanzi / took:,.0f} hanzi/s, the lexicon's loading included")  # fmt: skip


def wanted(row: str) -> list[str]:
    """The syllables of a row; an r that stands alone is the erhua of the syllable before it."""
    out: list[str] = []
    for written in row.split():
        if written == "r" and out:
            out[-1] = f"{out[-1][:-1]}r{out[-1][-1]}"
        else:
            out.append(number(parse_syllable(written)))
    return out


def main() -> None:
    """Print a line for each measurement."""
    for size in SIZES:
        text = annotated(size)
        speed, annotations, memory = measured(text)
        print(f"{len(text):,} characters: {speed:,.0f} characters/s, {annotations:,} annotations, {memory:.0f} MiB")
    for name, piece in NESTS.items():
        small, large = (measured(piece * (size // len(piece)))[0] for size in (25_000, 100_000))
        print(f"nest of {name}: {small:,.0f} characters/s at 25,000 characters, {large:,.0f} at 100,000")
    if len(sys.argv) > 1:
        split(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
