"""Measure how long `langdu read` takes when it is repeated: after no change, and after one paragraph has changed.

Run: python benchmarks/reruns.py [SOURCE] [--turns N] [--voice ID]   (default: the sample article, baker)

Each turn begins with an installed voice and an otherwise empty cache. The runs of a turn follow each other, so that
other work on the machine affects all of them; the best time of each kind counts.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from installed import cache_with

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
LANGDU = Path(sys.executable).with_name("langdu")
CHANGE = "这一句是新写的。"
KINDS = ("first", "nothing changed", "one paragraph changed", "one file deleted")


def timed(source: Path, folder: Path, voice: str) -> float:
    """Seconds of one run, start-up included."""
    start = time.perf_counter()
    environment = os.environ | {"LANGDU_CACHE_DIR": str(folder / "cache")}
    command: list[str | Path] = [LANGDU, "read", source, "-o", folder / "out", "--voice", voice]
    subprocess.run(command, check=True, stderr=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def turn(text: str, voice: str) -> list[float]:
    """Seconds of each kind of run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache_with(voice, folder)
        source = folder / "article.txt"
        source.write_text(text, encoding="utf-8")
        seconds = [timed(source, folder, voice), timed(source, folder, voice)]
        lines = text.rstrip().split("\n")
        middle = max(range(len(lines)), key=lambda i: len(lines[i]))
        source.write_text("\n".join([*lines[:middle], CHANGE + lines[middle], *lines[middle + 1 :]]), encoding="utf-8")
        seconds.append(timed(source, folder, voice))
        (folder / "out" / "002.mp3").unlink()
        return [*seconds, timed(source, folder, voice)]


def main() -> None:
    """Print the best time of each kind, and its ratio to the first run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--voice", default="baker")
    arguments = parser.parse_args()
    text = Path(arguments.source).read_text(encoding="utf-8")
    turns = [turn(text, arguments.voice) for _ in range(arguments.turns)]
    best = [min(times) for times in zip(*turns, strict=True)]
    for kind, seconds, times in zip(KINDS, best, zip(*turns, strict=True), strict=True):
        runs = " ".join(f"{time_of_run:.2f}" for time_of_run in times)
        print(f"{kind}: {seconds:.2f} s (of {runs}), {seconds / best[0]:.3f} × the first run")


if __name__ == "__main__":
    main()
