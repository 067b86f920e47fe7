"""Measure how much time the formats add to a narration, and how loud their sound is.

Run: python benchmarks/formats.py [SOURCE] [--format NAME,…] [--turns N] [--voice ID]
(default: the sample article, every format, baker)

Each turn narrates the article twice, once with subtitles only and once with the formats. The best time of each counts;
the runs alternate, so that other work on the machine affects both. Then ffmpeg measures the loudness of the files (EBU
R 128). The last line is the gain, from which `loudness` in data/voices.toml follows.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import imageio_ffmpeg

from installed import cache_with
from langdu.export import FORMATS

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
LANGDU = Path(sys.executable).with_name("langdu")


def timed(source: Path, folder: Path, formats: str, voice: str) -> float:
    """Seconds of one run, start-up included, with an installed voice and an otherwise empty cache."""
    shutil.rmtree(folder, ignore_errors=True)
    cache = cache_with(voice, folder)
    command: list[str | Path] = [LANGDU, "read", source, "-o", folder / "out", "--format", formats, "--voice", voice]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"LANGDU_CACHE_DIR": cache})
    return time.perf_counter() - start


def measured(path: Path) -> tuple[float, float] | None:
    """LUFS and dBTP of a file; None if it has no sound."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-i", path, "-map", "0:a"]
    measure = ["-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    output = subprocess.run([*command, *measure], check=False, capture_output=True).stderr.decode("utf-8", "replace")
    loudness, peak = re.findall(r" I: +(\S+) LUFS", output), re.findall(r" Peak: +(\S+) dBFS", output)
    return (float(loudness[-1]), float(peak[-1])) if loudness else None


def main() -> None:
    """Print the times and their ratio, and each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--format", default=",".join(FORMATS))
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--voice", default="baker")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        alone, together = Path(name, "alone"), Path(name, "all")
        source = Path(arguments.source)
        times = [
            (timed(source, alone, "srt", arguments.voice), timed(source, together, arguments.format, arguments.voice))
            for _ in range(arguments.turns)
        ]
        narration, with_formats = (min(seconds) for seconds in zip(*times, strict=True))
        print(f"narration {narration:6.2f} s")
        print(f"formats   {with_formats:6.2f} s  {with_formats / narration - 1:+.0%}  ({arguments.format})")
        for path in sorted((together / "out").iterdir()):
            loudness = None if path.stem.isdecimal() or path.is_dir() else measured(path)
            if loudness:
                lufs, peak = loudness
                print(f"{path.suffix:6} {lufs:6.1f} LUFS {peak:6.1f} dBTP {path.stat().st_size:10,} bytes")
        record = (together / "out" / ".langdu" / "record.jsonl").read_text(encoding="utf-8")
        (gain,) = json.loads(record.splitlines()[0])["about"]["gains"].values()
        print(f"gain {gain:+.1f} dB")


if __name__ == "__main__":
    main()
