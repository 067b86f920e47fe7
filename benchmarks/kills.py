"""What a run that is killed loses: `langdu read` is killed (-9) at random moments, and the next run finishes.

Run: python benchmarks/kills.py [SOURCE] [--moments N] [--voice ID]   (default: the sample article, ten moments)

Every moment begins with an installed voice and nothing else kept. The run writes a line for each clip that a voice
has finished, so what is finished and what is kept when it is killed can be compared. Then the article is read again,
and its files must be those of a run that nobody disturbed, byte for byte.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from langdu import engines, voices
from langdu.cache import CLIPS, ClipCache
from langdu.pipeline.speech import find_voice
from langdu.settings import load

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
RUN = """
import os, sys
from langdu.engines import pool
say = pool._Crew.say
log = os.open(sys.argv.pop(), os.O_WRONLY | os.O_CREAT | os.O_APPEND)
def told(self, utterance):
    clip = say(self, utterance)
    os.write(log, b"x")
    return clip
pool._Crew.say = told
from langdu.cli import main
main()
"""


def command(source: str, out: Path, voice: str) -> list[str]:
    """The arguments of a run, which writes down what is finished."""
    log = out.with_name(f"{out.name}.log")
    return [sys.executable, "-c", RUN, "read", source, "-o", str(out), "--voice", voice, str(log)]


def kept(cache: Path) -> int:
    """How many clips are kept."""
    return ClipCache(cache / CLIPS, print).describe()[0]


def contents(out: Path) -> dict[str, bytes]:
    """The files of a narration."""
    return {path.name: path.read_bytes() for path in out.iterdir() if path.is_file()}


def main() -> int:
    """Print a line a moment; the exit status is 1 if a run came out differently."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--moments", type=int, default=10)
    parser.add_argument("--voice", default="baker")
    arguments = parser.parse_args()
    voice = find_voice(arguments.voice)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        environment = os.environ | {"LANGDU_CACHE_DIR": str(folder / "cache")}

        def run(out: str) -> subprocess.Popen[bytes]:
            shell = command(arguments.source, folder / out, arguments.voice)
            return subprocess.Popen(shell, stderr=subprocess.DEVNULL, env=environment)

        if voices.needs_install(voice):
            installed = voices.install(load({}).cache_dir, voice, engines.prepare(voice.engine))
            shutil.copytree(installed, folder / "cache" / "voices" / voice.id)
        start = time.monotonic()
        run("whole").wait()
        length, wanted = time.monotonic() - start, contents(folder / "whole")
        chance, failed = random.Random(1), 0  # noqa: S311 - the same moments every time
        for i in range(arguments.moments):
            shutil.rmtree(folder / "cache" / CLIPS)
            running, moment = run(f"out{i}"), chance.uniform(0.05, 1) * length
            time.sleep(moment)
            running.kill()
            running.wait()
            log = folder / f"out{i}.log"
            finished, found = log.stat().st_size if log.exists() else 0, kept(folder / "cache")
            run(f"out{i}").wait()
            spoken, same = log.stat().st_size - finished, contents(folder / f"out{i}") == wanted
            failed += not same
            shown = f"{finished} clips finished, {found} kept, {spoken} spoken by the next run"
            print(
                f"killed after {moment:.1f} of {length:.1f} s: {shown}, {'same' if same else 'OTHER'} files", flush=True
            )
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
