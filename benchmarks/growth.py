"""Find what takes time with the square of its length: every pattern of tests/growth.txt at n, 2 n and 4 n repetitions.

Run: python benchmarks/growth.py [WORDS…]   (only the patterns whose description has one of these words)

Parsing, normalising, pronouncing and checking are timed separately: at three lengths from 4,000 characters on, then
until a stage takes 0.2 s or the text has 64,000. A stage that once takes more than three times as long for twice the
text is timed twice more, up to 2 s or 256,000 characters, because a cache that overflows makes a single step. The
script prints the stages whose last two steps are such; the exit status is 1 if there are any.
"""

from __future__ import annotations

import itertools
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
LONG_S = 0.2  # a stage that takes longer is not tried at twice the length, if there are three to compare
LENGTHS = 3
FARTHER = 4  # times as many characters, and ten times as many seconds, for what may grow too much
ATTEMPTS = 2
GROWTH = 3.0
NOTHING_S = 0.03  # growth from less does not count


class Pattern(NamedTuple):
    """A text of any length."""

    what: str
    repeated: str
    before: str
    after: str

    def times(self, count: int) -> str:
        """The text with `count` repetitions."""
        return f"{self.before}{self.repeated * count}{self.after}"


def patterns() -> list[Pattern]:
    """The patterns of the table."""
    rows = [line.split("\t") for line in PATTERNS.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return [
        Pattern(what, *(_unescaped(field) for field in [*fields, "", ""][:3]))  # missing fields are empty
        for what, *fields in rows
    ]


def _unescaped(field: str) -> str:
    return field.encode("raw_unicode_escape").decode("unicode_escape")


def parsed(text: str) -> Article | None:
    """The article, parsed as Markdown so that its signs are looked for too; None if it is refused."""
    try:
        return parse_article(extract(text.encode(), "a.md"))
    except InputError:
        return None


def times(pattern: Pattern, longest: int = LONGEST, long_s: float = LONG_S) -> dict[str, list[float]]:
    """The CPU seconds of each stage at n, 2 n, 4 n … repetitions, until it takes long."""
    seconds: dict[str, list[float]] = {}
    count = max(1, SHORTEST // len(pattern.repeated))
    while count * len(pattern.repeated) <= longest and _goes_on(seconds.setdefault("parse", []), long_s):
        start = time.process_time()
        article = parsed(pattern.times(count))
        seconds["parse"].append(time.process_time() - start)
        if article:
            for stage, work in _later_stages(article).items():
                if _goes_on(seconds.setdefault(stage, []), long_s):
                    start = time.process_time()
                    work()
                    seconds[stage].append(time.process_time() - start)
        count *= 2
    return seconds


def _goes_on(seconds: list[float], long_s: float) -> bool:
    return len(seconds) < LENGTHS or seconds[-1] < long_s


def _later_stages(article: Article) -> dict[str, Callable[[], object]]:
    paragraphs = list(article.spoken_order())
    texts = [paragraph.text for paragraph in paragraphs]
    return {
        "normalize": lambda: [normalize(text) for text in texts],
        "pinyin": lambda: list(pipeline.read_characters(paragraphs, {})),
        "check": lambda: pipeline.check(article),
    }


def steps(seconds: list[float]) -> list[bool]:
    """For each doubling of the text, whether it takes more than `GROWTH` times as long."""
    return [one > NOTHING_S and two > GROWTH * one for one, two in itertools.pairwise(seconds)]


def growing(pattern: Pattern) -> dict[str, list[float]]:
    """The stages that grow too much, with their seconds: the shortest of several attempts, as others work here too."""
    suspects = {stage for stage, seconds in times(pattern).items() if any(steps(seconds))}
    again = [times(pattern, FARTHER * LONGEST, 10 * LONG_S) for _ in range(ATTEMPTS if suspects else 0)]
    best = {
        stage: [min(each) for each in zip(*(attempt[stage] for attempt in again), strict=False)] for stage in suspects
    }
    return {stage: seconds for stage, seconds in best.items() if all(steps(seconds)[-2:])}


def main() -> None:
    """A line for each pattern and stage that grows too much."""
    chosen = [p for p in patterns() if not sys.argv[1:] or any(word in p.what for word in sys.argv[1:])]
    if not chosen:
        sys.exit(f"no pattern of {PATTERNS} has one of these words: {' '.join(sys.argv[1:])}")
    count = 0
    parsed(chosen[0].times(1))  # loads the tables
    for pattern in chosen:
        for stage, seconds in growing(pattern).items():
            count += 1
            listed = ", ".join(f"{each:.2f}" for each in seconds[-4:])
            print(f"{stage}: {pattern.what} ({pattern.repeated!r}): {listed} s", flush=True)
    print(f"{count} of {len(chosen)} patterns grow too much")
    sys.exit(bool(count))


if __name__ == "__main__":
    main()
