"""How long all formats take on top of the narration, and how loud what they hold is.

Run: python benchmarks/formats.py [SOURCE] [--format NAME,…] [--turns N]   (default: the sample article, every format)

Each turn speaks the article anew, once for a manifest and subtitles only and once for the formats; the runs follow each
other, so that other work on the machine disturbs both alike, and of each the best time counts. Then ffmpeg measures the
files (EBU R 128), and the sound before any gain: that is `loudness` in data/voices.toml.
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

from langdu import engines, voices
from langdu.export import FORMATS
from langdu.pipeline.speech import find_voice
from langdu.settings import load

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
LANGDU = Path(sys.executable).with_name("langdu")


def timed(source: Path, folder: Path, formats: str, voice: Path) -> float:
    """Seconds of one run with nothing kept but the voice, start of the program included."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(voice, folder / "cache" / "voices" / voice.name)
    command = [LANGDU, "read", source, "-o", folder / "out", "--format", formats]
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | {"LANGDU_CACHE_DIR": folder / "cache"})
    return time.perf_counter() - start


def measured(path: Path) -> tuple[float, float] | None:
    """LUFS and dBTP of a file; None if it has no sound."""
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-hide_banner", "-i", path, "-map", "0:a"]
    measure = ["-af", "ebur128=peak=true:framelog=quiet", "-f", "null", "-"]
    said = subprocess.run([*command, *measure], check=False, capture_output=True).stderr.decode("utf-8", "replace")
    found, peak = re.findall(r" I: +(\S+) LUFS", said), re.findall(r" Peak: +(\S+) dBFS", said)
    return (float(found[-1]), float(peak[-1])) if found else None


def main() -> None:
    """Print the times and their ratio, and each file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--format", default=",".join(FORMATS))
    parser.add_argument("--turns", type=int, default=3)
    arguments = parser.parse_args()
    baker = find_voice("baker")
    voice = voices.install(load({}).cache_dir, baker, engines.preparer(baker.engine))
    with tempfile.TemporaryDirectory() as name:
        alone, together = Path(name, "alone"), Path(name, "all")
        source = Path(arguments.source)
        times = [
            (timed(source, alone, "srt", voice), timed(source, together, arguments.format, voice))
            for _ in range(arguments.turns)
        ]
        spoken, made = (min(each) for each in zip(*times, strict=True))
        print(f"narration {spoken:6.2f} s")
        print(f"formats   {made:6.2f} s  {made / spoken - 1:+.0%}  ({arguments.format})")
        for path in sorted((together / "out").iterdir()):
            found = None if path.stem.isdecimal() or path.is_dir() else measured(path)
            if found:
                print(f"{path.suffix:6} {found[0]:6.1f} LUFS {found[1]:6.1f} dBTP {path.stat().st_size:10,} bytes")
        record = (together / "out" / ".langdu" / "record.jsonl").read_text(encoding="utf-8")
        gain = json.loads(record.splitlines()[0])["about"]["gain"]
        print(f"gain {gain:+.1f} dB")


if __name__ == "__main__":
    main()
