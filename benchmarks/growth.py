"""What takes time with the square of its length: every pattern of tests/growth.txt at n, 2 n and 4 n repetitions.

Run: python benchmarks/growth.py [WORDS…]   (only the patterns whose description has one of these words)

Parsing, normalising, pronouncing and checking are timed apart, from 4,000 characters on, until one takes 0.2 s or there
are 64,000. A stage that takes more than three times as long for twice the text, and does so again when tried anew, is
printed with its times; the exit status says whether there is one.
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy when it is imported

from langdu.errors import InputError
from langdu.normalize import normalize
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pipeline import text as pipeline

if TYPE_CHECKING:
    from collections.abc import Callable

    from langdu.model import Article

PATTERNS = Path(__file__).parent.parent / "tests" / "growth.txt"
SHORTEST, LONGEST = 4_000, 64_000  # characters
LONG = 0.2  # seconds, after which a stage is not tried at twice the length
GROWTH = 3.0
NOTHING = 0.03  # seconds: growth from less is not judged


class Pattern(NamedTuple):
    """A text of any length."""

    what: str
    repeated: str
    before: str
    after: str

    def times(self, count: int) -> str:
        """The text with so many repetitions."""
        return f"{self.before}{self.repeated * count}{self.after}"


def patterns() -> list[Pattern]:
    """Those of the table."""
    rows = [line.split("\t") for line in PATTERNS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Pattern(what, *(_meant(field) for field in [*fields, "", ""][:3]))  # what is not given is nothing
        for what, *fields in rows
    ]


def _meant(field: str) -> str:
    return field.encode("raw_unicode_escape").decode("unicode_escape")


def parsed(text: str) -> Article | None:
    """As a Markdown file, whose signs are looked for too; None if it is refused."""
    try:
        return parse_article(extract(text.encode(), "a.md"))
    except InputError:
        return None


def times(pattern: Pattern) -> dict[str, list[float]]:
    """The processor's seconds of each stage at n, 2 n, 4 n … repetitions, until it takes long."""
    found: dict[str, list[float]] = {}
    count = max(1, SHORTEST // len(pattern.repeated))
    while count * len(pattern.repeated) <= LONGEST and _goes_on(found.setdefault("parse", [])):
        start = time.process_time()
        article = parsed(pattern.times(count))
        found["parse"].append(time.process_time() - start)
        if article:
            for stage, work in _later_stages(article).items():
                if _goes_on(found.setdefault(stage, [])):
                    start = time.process_time()
                    work()
                    found[stage].append(time.process_time() - start)
        count *= 2
    return found


def _goes_on(found: list[float]) -> bool:
    return not found or found[-1] < LONG


def _later_stages(article: Article) -> dict[str, Callable[[], object]]:
    paragraphs = list(article.spoken_order())
    texts = [paragraph.text for paragraph in paragraphs]
    return {
        "normalize": lambda: [normalize(each) for each in texts],
        "pinyin": lambda: list(pipeline.read_characters(paragraphs, {})),
        "check": lambda: pipeline.check(article),
    }


def grows(found: list[float]) -> bool:
    """Whether a doubling takes too much, or two in a row do."""
    return any(
        (one > NOTHING and two > GROWTH * one and four > GROWTH * two) or (two > NOTHING and four > GROWTH * two)
        for one, two, four in zip(found, found[1:], found[2:], strict=False)
    )


def main() -> None:
    """A line for each pattern and stage that grows too much."""
    chosen = [p for p in patterns() if not sys.argv[1:] or any(word in p.what for word in sys.argv[1:])]
    found = 0
    parsed(chosen[0].times(1))  # loads the tables
    for pattern in chosen:
        stages = {stage: each for stage, each in times(pattern).items() if grows(each)}
        again = times(pattern) if stages else {}  # something else on the machine may have been in the way
        for stage, first in stages.items():
            if grows(best := [min(pair) for pair in zip(first, again[stage], strict=False)]):
                found += 1
                told = ", ".join(f"{each:.2f}" for each in best[-4:])
                print(f"{stage}: {pattern.what} ({pattern.repeated!r}): {told} s", flush=True)
    print(f"{found} of {len(chosen)} patterns grow too much")
    sys.exit(bool(found))


if __name__ == "__main__":
    main()
