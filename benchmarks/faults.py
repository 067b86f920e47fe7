"""Narrate with a stand-in for Google's service that spoils a share of its answers, and count the consequences.

Run: python benchmarks/faults.py [RUNS] [SHARE]   (default: 200 runs, 0.15)

Every run has its own cache. The script counts runs that end well, other exit statuses, incomplete files, and clips in
the cache that are not the sound of their text: the stand-in's syllables are 0.2 s long. It also prints the longest run.
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
# Without those after which langdu does not ask again: the service is not there, or says to come back tomorrow.
FAULTS = sorted(set(BEHAVIOURS) - {"good", "stereo", "404", "429 long"})
PARAGRAPHS, LONG = 10, 14
# A run takes a few seconds, but each of its requests may wait up to two minutes.
BOUND_S = 600


def article(chance: random.Random) -> str:
    """An article of about 800 characters."""
    texts = ["，".join(chance.choices(CLAUSES, k=LONG)) + "。" for _ in range(PARAGRAPHS)]
    return "\n\n".join(["长路", *texts]) + "\n"


def run(number: int, share: float) -> tuple[int, float, int, int, int]:
    """One run: exit status, seconds, number of requests, of incomplete files, of wrong clips."""
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
    """The number of files that are empty or cannot be decoded."""
    count = 0
    for path in out.iterdir() if out.exists() else ():
        if path.suffix == ".mp3":
            try:
                count += not soundfile.info(path).frames
            except soundfile.SoundFileError:
                count += 1
        elif path.is_file():
            count += not path.stat().st_size
    return count


def wrong(clips: Path) -> int:
    """The number of clips whose syllables do not have the length of the stand-in's."""
    count = 0
    for path in clips.iterdir():
        clip = _read(path)
        if clip is None or not clip.marks:
            count += 1
            continue
        syllable = (clip.marks[-1].end - clip.marks[0].start) / clip.sample_rate / len(clip.marks)
        count += not 0.8 < syllable / SYLLABLE_S < 1.2
    return count


def main() -> None:
    """Run, and print the counts."""
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
