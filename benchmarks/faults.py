"""Reads through a stand-in of Google's service that spoils 15 % of its answers, and says what comes of it.

    python benchmarks/faults.py [RUNS] [SHARE]

Every run has a cache of its own. Counted are: runs that end well, other exit statuses, files that are not whole, clips
that are kept though they are not the sound of their text (their syllables are not 0.2 s long, as the stand-in says
them), and the longest run.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import soundfile

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from gtts_server import BEHAVIOURS, SYLLABLE_S, StandIn
from langdu.cache import CLIPS, _read

CLAUSES = ("山路弯弯", "天上有星", "地上有灯", "一个人走了很远的路", "没有人说话", "第二天大家都来了", "他出门去")
# A service that is not there, or that says to come back tomorrow, is not asked again: those are no faults of an answer.
FAULTS = sorted(set(BEHAVIOURS) - {"good", "stereo", "404", "429 long"})
PARAGRAPHS, LONG = 10, 14
# A run of so many requests takes a few seconds; each of its requests may wait for two minutes.
BOUND_S = 600


def article(chance: random.Random) -> str:
    """About 800 characters of our own."""
    texts = ["，".join(chance.choices(CLAUSES, k=LONG)) + "。" for _ in range(PARAGRAPHS)]
    return "\n\n".join(["长路", *texts]) + "\n"


def run(number: int, share: float) -> tuple[int, float, int, int, int]:
    """One run: exit status, seconds, requests, files that are not whole, clips that are wrong."""
    chance = random.Random(number)  # noqa: S311 - the same faults every time
    plan = [chance.choice(FAULTS) if chance.random() < share else "good" for _ in range(500)]
    with tempfile.TemporaryDirectory() as name, StandIn(plan) as server:
        folder = Path(name)
        (folder / "article.txt").write_text(article(chance), encoding="utf-8")
        settings = {"LANGDU_GTTS_URL": server.url, "LANGDU_CACHE_DIR": str(folder / "cache"), "NO_PROXY": "127.0.0.1"}
        command = [str(Path(sys.executable).with_name("langdu")), "read", "article.txt", "-o", "out", "--voice", "gtts"]
        begin = time.monotonic()
        done = subprocess.run(
            command, cwd=folder, env=os.environ | settings, capture_output=True, timeout=BOUND_S, check=False
        )
        seconds = time.monotonic() - begin
        if done.returncode:
            print(f"run {number}: {done.returncode}: {done.stderr.decode().splitlines()[-1]}", flush=True)
        return done.returncode, seconds, len(server.texts), broken(folder / "out"), wrong(folder / "cache" / CLIPS)


def broken(out: Path) -> int:
    """Files that cannot be decoded or are empty."""
    found = 0
    for path in out.iterdir() if out.exists() else ():
        if path.suffix == ".mp3":
            try:
                found += not soundfile.info(path).frames
            except soundfile.SoundFileError:
                found += 1
        elif path.is_file():
            found += not path.stat().st_size
    return found


def wrong(clips: Path) -> int:
    """Clips whose syllables are not as long as the stand-in says them."""
    found = 0
    for path in clips.iterdir():
        clip = _read(path)
        if clip is None or not clip.marks:
            found += 1
            continue
        syllable = (clip.marks[-1].end - clip.marks[0].start) / clip.sample_rate / len(clip.marks)
        found += not 0.8 < syllable / SYLLABLE_S < 1.2
    return found


def main() -> None:
    """Run, and print what came of it."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    share = float(sys.argv[2]) if len(sys.argv) > 2 else 0.15
    with ThreadPoolExecutor(2) as threads:
        results = list(threads.map(lambda number: run(number, share), range(runs)))
    ends = Counter(status for status, *_ in results)
    print(f"{runs} runs with {share:.0%} faults of {len(FAULTS)} kinds: {ends[0]} whole ({ends[0] / runs:.1%})")
    print(f"other exit statuses: {dict(sorted((s, n) for s, n in ends.items() if s))}")
    print(f"requests a run: {sum(r[2] for r in results) / runs:.1f}; files not whole: {sum(r[3] for r in results)}")
    print(f"wrong clips kept: {sum(r[4] for r in results)}; longest run {max(r[1] for r in results):.0f} s")


if __name__ == "__main__":
    main()
