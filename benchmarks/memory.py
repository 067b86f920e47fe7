"""Measure the memory of `langdu read` with all its processes, for articles of several lengths. Linux only.

Run: python benchmarks/memory.py [--voice ID] [LENGTH …]   (default: silence, 10,000 and 100,000 characters)

The script looks every 20 ms and prints the highest sums over all processes. In Rss, a page that two processes share
counts twice; in Pss, once.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from installed import cache_with

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
LANGDU = Path(sys.executable).with_name("langdu")


def article(length: int) -> str:
    """A title and paragraphs of at least `length` characters, made of the sample's clauses in random order."""
    clauses = re.findall(r"[^，。！？；：\s]{3,}[，。；]", SAMPLE.read_text(encoding="utf-8"))
    chance = random.Random(1)  # noqa: S311 - it is to be the same every time
    paragraphs, size = ["很长的文章"], 0
    while size < length:
        paragraph = "".join(chance.choices(clauses, k=15))
        paragraphs.append(paragraph[:-1] + "。")
        size += len(paragraph)
    return "\n\n".join(paragraphs) + "\n"


def family(process: int) -> list[int]:
    """A process and all its descendants."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text(encoding="utf-8").rpartition(")")[2].split()[1])
        except OSError:  # it has ended
            continue
        parents.setdefault(parent, []).append(int(status.parent.name))
    processes = [process]
    for parent in processes:
        processes += parents.get(parent, [])
    return processes


def kilobytes(process: int, kind: str) -> int:
    """A figure from /proc/…/smaps_rollup, 0 if the process has ended."""
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text(encoding="utf-8")
    except OSError:
        return 0
    figure = re.search(rf"^{kind}:\s+(\d+)", text, re.MULTILINE)
    return int(figure[1]) if figure else 0


def measure(source: Path, folder: Path, voice: str) -> str:
    """Describe one run: the highest sums, the highest figures of the main process and of another one, and seconds."""
    start = time.perf_counter()
    environment = os.environ | {"LANGDU_CACHE_DIR": str(folder / "cache")}
    resident = shared = alone = other = 0
    command: list[str | Path] = [LANGDU, "read", source, "-o", folder / "out", "--voice", voice]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL, env=environment) as running:
        while running.poll() is None:
            processes = family(running.pid)
            rss = [kilobytes(process, "Rss") for process in processes]
            resident, alone = max(resident, sum(rss)), max(alone, rss[0])
            other = max(other, *rss[1:], 0)
            shared = max(shared, sum(kilobytes(process, "Pss") for process in processes))
            time.sleep(0.02)
    took = time.perf_counter() - start
    figures = {"Rss": resident, "Pss": shared, "main": alone, "worker": other}
    megabytes = " ".join(f"{name} {k / 1000:.0f} MB," for name, k in figures.items())
    return (
        f"{megabytes} {took:.0f} s, exit status {running.returncode}, {len(list((folder / 'out').glob('*.mp3')))} files"
    )


def main() -> None:
    """Print a line for the first run of each article, and one for a second run."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("lengths", nargs="*", type=int, default=[10_000, 100_000])
    parser.add_argument("--voice", default="silence")
    arguments = parser.parse_args()
    voice = arguments.voice
    for length in arguments.lengths:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            cache_with(voice, folder)
            source = folder / "article.txt"
            source.write_text(article(length), encoding="utf-8")
            print(f"{length} characters, {voice}: {measure(source, folder, voice)}", flush=True)
            (folder / "out" / "manifest.json").unlink(missing_ok=True)
            print(f"  again, all clips kept: {measure(source, folder, voice)}", flush=True)


if __name__ == "__main__":
    main()
