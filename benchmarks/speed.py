"""Measure how fast a voice narrates: `langdu read` with an empty cache, start-up included.

Run: python benchmarks/speed.py [SOURCE] [--voice ID,…] [--turns N] [--at-least RATIO]
(default: the sample article, baker; 3 turns)

The voices take turns, so that other work on the machine affects all of them; the best time of each counts. The ratio is
seconds of sound to seconds of waiting; `speed` in data/voices.toml is that, rounded. The last line also says how long
`langdu say` takes until a short sentence is in its file.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from installed import cache_with

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
LANGDU = Path(sys.executable).with_name("langdu")
SHORT = "你好,今天天气很好。"


def timed(arguments: list[str | Path], folder: Path) -> float:
    """Seconds of one command, with the cache in a folder."""
    start = time.perf_counter()
    environment = os.environ | {"LANGDU_CACHE_DIR": str(folder / "cache")}
    subprocess.run([LANGDU, *arguments], check=True, capture_output=True, env=environment)
    return time.perf_counter() - start


def turn(source: str, voice: str) -> tuple[float, float, float]:
    """Seconds of waiting for an article, seconds of its sound, and seconds of waiting for a sentence."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cache_with(voice, folder)
        read: list[str | Path] = ["read", source, "-o", folder / "out", "--format", "mp3,json"]
        waited = timed([*read, "--voice", voice], folder)
        manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
        said = timed(["say", SHORT, "-o", folder / "short.wav", "--voice", voice], folder)
        return waited, float(manifest["paragraphs"][-1]["end"]), said


def main() -> None:
    """Print a line for each voice."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--voice", default="baker")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--at-least", type=float, default=0.0)
    arguments = parser.parse_args()
    voices = arguments.voice.split(",")
    turns = {voice: list[tuple[float, float, float]]() for voice in voices}
    for _ in range(arguments.turns):
        for voice in voices:
            turns[voice].append(turn(arguments.source, voice))
    slow = False
    for voice, figures in turns.items():
        waited, sound, said = (min(column) for column in zip(*figures, strict=True))
        slow |= sound / waited < arguments.at_least
        print(f"{voice}: {sound:.0f} s of sound in {waited:.1f} s, {sound / waited:.1f} ×; a sentence in {said:.2f} s")
    sys.exit(slow)


if __name__ == "__main__":
    main()
