"""Measure how long `langdu read` takes when it is repeated: after no change, and after one paragraph has changed.

Run: python benchmarks/reruns.py [SOURCE] [--turns N]   (default: the sample article)

Each turn begins with an installed voice and an otherwise empty cache. The runs of a turn follow each other, so that
other work on the machine affects all of them; the best time of each kind counts.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from langdu import engines, voices
from langdu.pipeline.cast import find_voice
from langdu.settings import load

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
LANGDU = Path(sys.executable).with_name("langdu")
CHANGE = "这一句是新写的。"
KINDS = ("first", "nothing changed", "one paragraph changed", "one file deleted")


def timed(source: Path, folder: Path) -> float:
    """Seconds of one run, start-up included."""
    start = time.perf_counter()
    environment = os.environ | {"LANGDU_CACHE_DIR": str(folder / "cache")}
    subprocess.run(
        [LANGDU, "read", source, "-o", folder / "out"], check=True, stderr=subprocess.DEVNULL, env=environment
    )
    return time.perf_counter() - start


def turn(text: str, voice: Path) -> list[float]:
    """Seconds of each kind of run."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        shutil.copytree(voice, folder / "cache" / "voices" / voice.name)
        source = folder / "article.txt"
        source.write_text(text, encoding="utf-8")
        seconds = [timed(source, folder), timed(source, folder)]
        lines = text.rstrip().split("\n")
        middle = max(range(len(lines)), key=lambda i: len(lines[i]))
        source.write_text("\n".join([*lines[:middle], CHANGE + lines[middle], *lines[middle + 1 :]]), encoding="utf-8")
        seconds.append(timed(source, folder))
        (folder / "out" / "002.mp3").unlink()
        return [*seconds, timed(source, folder)]


def main() -> None:
    """Print the best time of each kind, and its ratio to the first run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    voice = find_voice("baker")
    folder = voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine))
    text = Path(arguments.source).read_text(encoding="utf-8")
    turns = [turn(text, folder) for _ in range(arguments.turns)]
    best = [min(times) for times in zip(*turns, strict=True)]
    for kind, seconds, times in zip(KINDS, best, zip(*turns, strict=True), strict=True):
        runs = " ".join(f"{time_of_run:.2f}" for time_of_run in times)
        print(f"{kind}: {seconds:.2f} s (of {runs}), {seconds / best[0]:.3f} × the first run")


if __name__ == "__main__":
    main()
