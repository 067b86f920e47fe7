"""A fuzzer over all files that langdu reads: `python tests/fuzz.py 100000` reads so many spoilt ones (Linux only).

Whatever is in a file, langdu makes something of it or raises its own error, of one line, within two seconds of the
processor's (a long file has more: see `allowed`) and 500 MB of memory more than it had. `python tests/fuzz.py --only
1/4711` makes file 4711 of seed 1 once more and reads it; what is found is told with such a number.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import sys
import tempfile
import time
import zipfile
from contextlib import suppress
from datetime import date
from io import BytesIO
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # read by numpy when it is imported

from fuzz_documents import made
from langdu.errors import ConfigError, InputError
from langdu.lexicon import user
from langdu.normalize import normalize
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pipeline import text as pipeline
from langdu.pipeline.brief import order
from langdu.settings import load

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SECONDS = 2.0
# Bytes that may take so long, if a file has more than these: 15,000 characters of UTF-16 are pronounced.
READ, PRONOUNCED = 200_000, 30_000
MEMORY = 500  # MB
HANGS = 60.0  # seconds of the processor's, after which a worker is taken to hang
# Pronouncing takes the longest; one file in so many is pronounced and checked too.
CHECKED = 10


class Outcome(NamedTuple):
    """What came of a file: "" if all is well, else what is wrong; the seconds and the MB that it took."""

    fault: str
    seconds: float
    memory: float


def document(seed: int, number: int) -> tuple[str, bytes]:
    """One of the files."""
    return made(random.Random(f"{seed}/{number}"))  # noqa: S311  # no secret


def allowed(data: bytes, *, checked: bool) -> float:
    """The seconds that a file may take.

    Time grows with length: where every other character belongs to an annotation, to read a megabyte takes five to
    eight seconds, and to pronounce and check it two to four times as long. A limit that is the same for each would
    find such files again and again. What takes the square of its length is far above this one.
    """
    size = len(data)
    with suppress(Exception), zipfile.ZipFile(BytesIO(data)) as file:  # spoilt: as long as it is
        size = sum(info.file_size for info in file.infolist())
    return SECONDS * max(1.0, size / (PRONOUNCED if checked else READ))


def use(name: str, data: bytes, *, checked: bool) -> None:
    """Read a file as langdu does, and all that follows but the voice.

    Raises: InputError, ConfigError: it is told what is wrong with it.
    """
    if name == "brief.toml":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            _, named = order.read_order([str(path)], {}, {}, date(2024, 1, 5))
            load({}, environment={}, file=Path(folder, "langdu.toml"), named=named)
    elif name == "lexicon.tsv":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, name)
            path.write_bytes(data)
            entries = user.read_table(path)
            user.parse_table("\n".join(user.table_lines(entries)), name)
    else:
        article = parse_article(extract(data, name))
        for paragraph in article.spoken_order():
            normalize(paragraph.text)
        if checked:
            pipeline.check(article)
            list(pipeline.read_characters(list(article.spoken_order()), {}))


def fault(name: str, data: bytes, *, checked: bool) -> str:
    """What is wrong with what langdu makes of a file, "" if nothing is."""
    try:
        use(name, data, checked=checked)
    except (InputError, ConfigError) as error:
        message = str(error)
        return f"a message of several lines: {message!r}" if "\n" in message or not message.strip() else ""
    except MemoryError:
        return f"more than {MEMORY} MB"
    except Exception as error:  # noqa: BLE001  # every other exception is what is looked for
        return f"{type(error).__name__}: {error}"
    return ""


def _serve(pipe: Connection, seed: int) -> None:
    """Read the files whose numbers come through the pipe, each with its own limits."""
    fault("a.txt", "江上长(cháng)".encode(), checked=True)  # loads the tables and the model
    fault("a.html", b"<html><p>\xe6\xb1\x9f", checked=True)
    while (number := pipe.recv()) is not None:
        resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
        name, data = document(seed, number)
        # From what it has now: what the libraries keep for themselves after many files is no fault of the next one.
        resource.setrlimit(resource.RLIMIT_AS, (_now("VmSize") + MEMORY * 1_000_000, resource.RLIM_INFINITY))
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the highest mark of memory begins anew
        before, start = _now("VmRSS"), time.process_time()
        wrong = fault(name, data, checked=number % CHECKED == 0)
        seconds, memory = time.process_time() - start, (_now("VmHWM") - before) / 1_000_000
        if seconds > (limit := allowed(data, checked=number % CHECKED == 0)):
            wrong = f"{wrong} {seconds:.1f} s, not {limit:.1f}".strip()
        pipe.send(Outcome(wrong, seconds, memory))


def _now(what: str) -> int:
    """A measure of this process's memory, in bytes."""
    lines = Path("/proc/self/status").read_text(encoding="ascii", errors="replace").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(f"{what}:")) * 1024


class _Worker:
    """A process that reads files; one that hangs or dies is a fault of its file, and another takes its place."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._start()

    def _start(self) -> None:
        context = get_context("spawn")
        self._pipe, other = context.Pipe()
        self._process = context.Process(target=_serve, args=(other, self._seed), daemon=True)
        self._process.start()
        other.close()

    def _seconds(self) -> float:
        """What the process has had of the processor. Of a clock on a busy machine nothing follows."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def _answers(self) -> bool:
        start = self._seconds()
        while not self._pipe.poll(1):
            if self._seconds() - start > HANGS:
                return False
        return True

    def read(self, number: int) -> Outcome:
        """What comes of one file."""
        wrong = "the process died"
        with suppress(EOFError, OSError):
            self._pipe.send(number)
            if self._answers():
                outcome: Outcome = self._pipe.recv()
                return outcome
            wrong = f"hangs for {HANGS:.0f} s"
        self._process.kill()
        self._process.join()
        self._start()
        return Outcome(wrong, HANGS, 0)

    def end(self) -> None:
        """Let the process end by itself."""
        with suppress(OSError):
            self._pipe.send(None)
        self._process.join(5)


def fuzz(total: int, seed: int, first: int = 0) -> int:
    """Read so many files, and print each that goes wrong; how many do. Ctrl-C ends it early."""
    worker = _Worker(seed)
    slowest, largest, faults, read = (0.0, -1), (0.0, -1), 0, 0
    with suppress(KeyboardInterrupt):
        for number in range(first, first + total):
            outcome = worker.read(number)
            slowest, largest = max(slowest, (outcome.seconds, number)), max(largest, (outcome.memory, number))
            wrong = [outcome.fault] if outcome.fault else []
            wrong += [f"{outcome.memory:.0f} MB"] if outcome.memory > MEMORY else []
            if wrong:
                faults += 1
                print(f"{seed}/{number} {document(seed, number)[0]}: {', '.join(wrong)}", flush=True)  # noqa: T201
            read += 1
    worker.end()
    print(  # noqa: T201
        f"{read:,} files of seed {seed}: {faults} wrong; the slowest took {slowest[0]:.2f} s (file {slowest[1]}), "
        f"the largest {largest[0]:.0f} MB (file {largest[1]})"
    )
    return faults


def main() -> int:
    """The exit status: 1 if something was found."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("count", type=int, nargs="?", default=1000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--first", type=int, default=0)
    arguments.add_argument("--only", metavar="SEED/NUMBER", help="read this one, and show what it raises")
    given = arguments.parse_args()
    if given.only:
        seed, number = map(int, given.only.split("/"))
        name, data = document(seed, number)
        print(f"{name}, {len(data)} bytes: {data!r:.3000}")  # noqa: T201
        start = time.process_time()
        use(name, data, checked=number % CHECKED == 0)
        print(f"{time.process_time() - start:.2f} s")  # noqa: T201
        return 0
    return bool(fuzz(given.count, given.seed, given.first))


if __name__ == "__main__":
    sys.exit(main())
