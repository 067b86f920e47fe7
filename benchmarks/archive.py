"""Measure `langdu batch`: memory and time of archives, deaths, a Dask cluster, what a scheduler can bear. Linux only.

Run: python benchmarks/archive.py make FOLDER N       an archive of N articles, the same each time
     python benchmarks/archive.py local N …           memory and time of each, and of the same again
     python benchmarks/archive.py kills [N]           a run that is killed (-9) five times, against an undisturbed one
     python benchmarks/archive.py scheduler [N]       the same on a cluster whose worker and scheduler are killed
     python benchmarks/archive.py workers [N] [VOICE] one Dask worker against two
     python benchmarks/archive.py bear [N]            what a scheduler costs for N articles

Articles have 300 to 3,000 characters; the voice is silence, and the format srt. docs/archive.md has the results.
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from installed import cache_with
from langdu.pinyin import parse_syllable, spell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from contextlib import AbstractContextManager

OWN = Path(__file__).parent.parent / "training" / "own"
LANGDU = Path(sys.executable).with_name("langdu")
BATCH: list[str | Path] = [LANGDU, "batch", "--voice", "silence", "--format", "srt", "-q"]
SHORTEST, LONGEST = 300, 3_000
# One character in five of those with several readings is annotated.
ANNOTATED = 0.2
PORT = 18_787
ADDRESS = f"tcp://127.0.0.1:{PORT}"
KILLS = 5


def make(folder: Path, count: int) -> None:
    """Write articles of texts that were written for langdu's training, in random order and of random length."""
    chance = random.Random(1)  # noqa: S311 - it is to be the same every time
    lines = [line for name in ("news", "passages") for line in _lines(OWN / f"{name}.txt")]
    for number in range(1, count + 1):
        wanted = chance.randint(SHORTEST, LONGEST)
        paragraphs, size = [f"第{number}篇"], 0
        while size < wanted:
            paragraphs.append(_annotated(chance.choice(lines), chance))
            size += len(re.sub(r"[^\u4e00-\u9fff]", "", paragraphs[-1]))
        path = folder / f"{number // 100:03}" / f"{number:05}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def _lines(path: Path) -> list[str]:
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line and not line.startswith("#")]


def _annotated(line: str, chance: random.Random) -> str:
    """A line of {字|zi4}, some with the pinyin in brackets and the others without."""

    def write(word: re.Match[str]) -> str:
        annotated = chance.random() < ANNOTATED and word[2] != "r5"  # 儿 as an ending has no syllable of its own
        return f"{word[1]}({spell(parse_syllable(word[2]))})" if annotated else word[1]

    return re.sub(r"\{(.)\|(.+?)\}", write, line)


# --- this machine ---------------------------------------------------------------------------------------------------


class Peak:
    """The highest memory of a process and of its children, in MiB."""

    def __init__(self) -> None:
        self.first = self.child = self.all = 0.0

    def look(self, process: psutil.Process) -> None:
        """Look once."""
        try:
            own = process.memory_info().rss / 2**20
            children = [child.memory_info().rss / 2**20 for child in process.children()]
        except psutil.NoSuchProcess:
            return
        self.first, self.child = max(self.first, own), max([self.child, *children])
        self.all = max(self.all, own + sum(children))


def run(
    source: Path, out: Path, *arguments: str, cache: Path, status: int = 0
) -> tuple[float, Peak, list[dict[str, Any]]]:
    """Run a batch; its seconds, its memory, and its rows."""
    peak, started = Peak(), time.monotonic()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as printed:
        command = [*BATCH, source, "-o", out, *arguments]
        process = psutil.Popen(command, stdout=printed, env={**os.environ, "LANGDU_CACHE_DIR": str(cache)})
        while process.poll() is None:
            peak.look(process)
            time.sleep(0.2)
        seconds = time.monotonic() - started
        if process.returncode != status:
            sys.exit(f"{command} ended with status {process.returncode}")
        printed.seek(0)
        return seconds, peak, [json.loads(line) for line in printed]


def counted(rows: Sequence[dict[str, Any]]) -> str:
    """How many rows have which status, and how much sound there is."""
    statuses = sorted({row["status"] for row in rows})
    counts = ", ".join(f"{sum(row['status'] == status for row in rows)} {status}" for status in statuses)
    return f"{counts}, {sum(row['seconds'] for row in rows) / 3600:.1f} h of sound"


def local(work: Path, counts: Sequence[int]) -> None:
    """Memory and time of archives of several sizes."""
    for count in counts:
        make(work / f"in-{count}", count)
        for again in ("first", "again"):
            before = os.getloadavg()[0]
            seconds, peak, rows = run(work / f"in-{count}", work / f"out-{count}", cache=work / "cache")
            print(
                f"{count:6} {again}: {seconds:7.1f} s; MiB: run {peak.first:.0f}, process {peak.child:.0f}, "
                f"all {peak.all:.0f}; {counted(rows)}; load before {before:.1f}",
                flush=True,
            )


def files(folder: Path) -> dict[str, bytes]:
    """The files of an output except langdu's own and the index, by name."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".langdu" not in path.parts]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths if path.name != "index.html"}


def kills(work: Path, count: int) -> None:
    """Kill a run at random moments, five times, run it to its end, and compare."""
    chance = random.Random(2)  # noqa: S311 - the same every time
    make(work / "in", count)
    undisturbed, _, _ = run(work / "in", work / "whole", cache=work / "cache")
    environment = {**os.environ, "LANGDU_CACHE_DIR": str(work / "cache2")}
    made: dict[str, int] = {}
    for number in range(KILLS + 1):
        command = [*BATCH, work / "in", "-o", work / "out"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, encoding="utf-8")
        if number < KILLS:
            time.sleep(undisturbed * chance.uniform(0.15, 0.3))
            process.kill()
        printed, _ = process.communicate()
        for line in printed.splitlines():
            row = json.loads(line)
            made[row["source"]] = made.get(row["source"], 0) + (row["status"] == "made")
    twice = sum(times > 1 for times in made.values())
    untold = sum(times == 0 for times in made.values())  # the run was killed before it could tell
    same = files(work / "whole") == files(work / "out")
    print(f"{count} articles, {KILLS} kills: {twice} made twice, {untold} made untold; same bytes: {same}")


# --- Dask -----------------------------------------------------------------------------------------------------------


@contextmanager
def dask(*arguments: str, environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """A process of Dask's; it and its children are killed at the end."""
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    quiet = subprocess.DEVNULL
    process = subprocess.Popen(command, env=environment, stdout=quiet, stderr=quiet)
    try:
        yield process
    finally:
        kill(process)


def family(process: subprocess.Popen[bytes]) -> list[psutil.Process]:
    """A process and all its descendants; none if it has ended."""
    if process.poll() is not None:
        return []
    own = psutil.Process(process.pid)
    return [own, *own.children(recursive=True)]


def kill(process: subprocess.Popen[bytes]) -> None:
    """Kill a process and all its descendants."""
    for each in family(process):
        with suppress(psutil.NoSuchProcess):
            each.kill()
    process.wait()


def scheduler(environment: dict[str, str]) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A scheduler on loopback."""
    return dask("scheduler", "--host", "127.0.0.1", "--port", str(PORT), environment=environment)


def worker(environment: dict[str, str]) -> AbstractContextManager[subprocess.Popen[bytes]]:
    """A worker of one thread; its nanny starts it again when it dies."""
    return dask("worker", ADDRESS, "--nworkers", "1", "--nthreads", "1", environment=environment)


def wait_for_workers(count: int = 1) -> None:
    """Wait until the scheduler has so many workers."""
    from distributed import Client  # noqa: PLC0415 - an extra

    with Client(ADDRESS, set_as_default=False, timeout=60) as client:
        client.wait_for_workers(count)


def scheduler_killed(work: Path, count: int) -> None:
    """Kill the worker in mid-article, then the scheduler; start both again, as a supervisor does; and compare."""
    make(work / "in", count)
    undisturbed, _, _ = run(work / "in", work / "whole", "--jobs", "1", cache=work / "cache")
    environment = {**os.environ, "LANGDU_CACHE_DIR": str(work / "cache2")}
    with ExitStack() as stack:
        first = stack.enter_context(scheduler(environment))
        nanny = stack.enter_context(worker(environment))
        wait_for_workers()
        command = [*BATCH, work / "in", "-o", work / "out", "--dask", ADDRESS]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, env=environment, encoding="utf-8")
        killed = 0
        while killed < KILLS and process.poll() is None:
            time.sleep(max(3, undisturbed * 0.1))
            narrating = [each for each in family(nanny)[1:] if "spawn_main" in " ".join(each.cmdline())]
            for each in narrating:
                each.kill()
            killed += bool(narrating)
        kill(first)
        kill(nanny)
        stack.enter_context(scheduler(environment))
        stack.enter_context(worker(environment))
        printed, _ = process.communicate()
    rows = [json.loads(line) for line in printed.splitlines()]
    same = files(work / "whole") == files(work / "out")
    print(f"{count} articles, {killed} workers and the scheduler killed: {counted(rows)}; same bytes: {same}")


def workers(work: Path, count: int, voice: str) -> None:
    """One worker against two, each with all clips to speak."""
    make(work / "in", count)
    for number in (1, 2):
        environment = {**os.environ, "LANGDU_CACHE_DIR": str(cache_with(voice, work / str(number)))}
        out = work / f"out-{number}"
        command = [LANGDU, "batch", work / "in", "-o", out, "--voice", voice, "-q", "--dask", ADDRESS]
        with ExitStack() as stack:
            stack.enter_context(scheduler(environment))
            for _ in range(number):
                stack.enter_context(worker(environment))
            wait_for_workers(number)
            started, load = time.monotonic(), os.getloadavg()[0]
            done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, encoding="utf-8", check=True)
            seconds = time.monotonic() - started
        rows = [json.loads(line) for line in done.stdout.splitlines()]
        print(f"{number} workers, {voice}: {seconds:.1f} s, {counted(rows)}; load before {load:.1f}", flush=True)


def bear(work: Path, count: int) -> None:
    """What a scheduler costs: articles of one sentence, a tenth of `count`; then `count` that do not exist."""
    few = count // 10
    articles = [work / "in" / f"{number:06}.txt" for number in range(few)]
    articles[0].parent.mkdir()
    for number, path in enumerate(articles):
        path.write_text(f"第{number}天，山上有树。\n", encoding="utf-8")
    (work / "missing.jsonl").write_text("".join(f'{{"source": "{number}.txt"}}\n' for number in range(count)))
    environment = {**os.environ, "LANGDU_CACHE_DIR": str(work / "cache")}
    with scheduler(environment) as process, worker(environment):
        wait_for_workers()
        own = psutil.Process(process.pid)
        for what, source, size in (
            ("made", work / "in", few),
            ("unchanged", work / "in", few),
            ("missing", work / "missing.jsonl", count),
        ):
            before = own.cpu_times()
            seconds, peak, rows = run(
                source, work / "out", "--dask", ADDRESS, cache=work / "cache", status=what == "missing"
            )
            after, memory = own.cpu_times(), own.memory_info().rss / 2**20
            spent = 1000 * (after.user + after.system - before.user - before.system) / size
            print(
                f"{size} articles, {what}: {seconds:.0f} s, {counted(rows)}; scheduler {spent:.1f} ms an article, "
                f"{memory:.0f} MiB; run {peak.first:.0f} MiB; load {os.getloadavg()[0]:.1f}",
                flush=True,
            )


def main() -> None:
    """Measure what the arguments say."""
    what, *rest = sys.argv[1:] or ["local", "20"]
    if what == "make":
        make(Path(rest[0]), int(rest[1]))
        return
    with tempfile.TemporaryDirectory(prefix="langdu-archive-") as name:
        work = Path(name)
        if what == "local":
            local(work, [int(count) for count in rest or ["200", "2000"]])
        elif what == "kills":
            kills(work, int((rest or ["40"])[0]))
        elif what == "scheduler":
            scheduler_killed(work, int((rest or ["40"])[0]))
        elif what == "workers":
            workers(work, int((rest or ["8"])[0]), (rest[1:] or ["baker"])[0])
        elif what == "bear":
            bear(work, int((rest or ["10000"])[0]))


if __name__ == "__main__":
    main()
