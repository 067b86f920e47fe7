"""Measure how far subtitles are from the sound over a long programme: the start of each cue against the onset of sound.

Run: python benchmarks/drift.py [SOURCE] [--minutes N] [--cues LEVEL] [--voice ID] [--at-most MS]

SOURCE (default: the sample article) is repeated, each time with other numbers in it, until the programme has this
length (default: 30 minutes). The MP3 is decoded as by a player, and pysubs2 reads the SRT. The onset is where the
energy of 5 ms rises above the noise and stays there, near the cue's start and after the end of the sound before. It can
be measured only after a pause; other cues are counted but left out. The script prints the median, the 99th percentile
and the maximum of the absolute differences for each tenth of the programme, and the slope of the signed differences in
milliseconds an hour. The last line is the maximum.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pysubs2
import soundfile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
FRAME_S = 0.005
# The shortest pause that counts.
PAUSE_S = 0.08
# The onset is searched this far around the start of a cue.
AROUND_S = 0.25
# Sound this far below the level of speech is noise of the codec, or a breath.
BELOW_DB = 38
# Sound that stays above the noise this long is speech.
STAYS_S = 0.02


def long_article(source: str, minutes: float) -> str:
    """The source repeated, each time with other numbers; a minute has about 270 characters."""
    parsed = subprocess.run(
        [*langdu(), "parse", source, "--json"], capture_output=True, check=True, encoding="utf-8"
    ).stdout
    paragraphs = [p["text"] for p in json.loads(parsed)["paragraphs"]]
    once = sum(map(len, paragraphs))
    if not once:
        sys.exit(f"{source} has no paragraphs")
    rounds = int(minutes * 270 / once) + 1
    return "\n\n".join(["漂移", *(_changed(p, i) for i in range(rounds) for p in paragraphs)]) + "\n"


def _changed(text: str, turn: int) -> str:
    changed = re.sub(r"\d+", lambda m: str(int(m[0]) + turn), text)
    return f"第{turn + 1}遍，{changed}"


def langdu() -> list[str]:
    """The command langdu of this environment."""
    return [str(Path(sys.executable).with_name("langdu"))]


def read(article: str, folder: Path, level: str, voice: str) -> dict[str, Any]:
    """Narrate an article and return its manifest."""
    source = folder / "article.txt"
    source.write_text(article, encoding="utf-8")
    subprocess.run(
        [*langdu(), "read", str(source), "-o", str(folder / "out"), "--voice", voice, "--cues", level, "--keep-all"],
        check=True,
        stderr=subprocess.DEVNULL,
    )
    manifest: dict[str, Any] = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    return manifest


def levels(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """The level of each frame in dB."""
    size = round(FRAME_S * rate)
    frames = samples[: len(samples) // size * size].reshape(-1, size).astype(np.float64)
    level: NDArray[np.float64] = 10 * np.log10(np.mean(frames**2, axis=1) + 1e-12)
    return level


def onset(level: NDArray[np.float64], loud: float, begin: float, end: float) -> float | None:
    """The time between `begin` and `end` when speech begins; None if there is no silence before it."""
    first, last = round(begin / FRAME_S), round(end / FRAME_S)
    stays = round(STAYS_S / FRAME_S)
    speech = level[first : last + stays] > loud
    for i in range(len(speech) - stays):
        if speech[i : i + stays].all():
            return (first + i) * FRAME_S if i else None
    return None


def differences(folder: Path, manifest: dict[str, Any]) -> tuple[list[tuple[float, float]], int, int]:
    """Each cue's start and the delay of its sound, in seconds; the number of cues, and of those after a pause."""
    samples, rate = soundfile.read(folder / "out" / manifest["files"]["audio"], dtype="float32")
    level = levels(samples, rate)
    loud = float(np.percentile(level[level > -60], 90)) - BELOW_DB
    ends = sorted(token["end"] for p in manifest["paragraphs"] for token in p["tokens"])
    shown = pysubs2.load(str(folder / "out" / manifest["files"]["subtitles"]))
    delays: list[tuple[float, float]] = []
    after_pause = 0
    for event in shown:
        start = event.start / 1000
        before = ends[max(0, int(np.searchsorted(ends, start + 0.001)) - 1)] if start > ends[0] else 0.0
        if start - before < PAUSE_S:
            continue
        after_pause += 1
        heard = onset(level, loud, max(before + 0.03, start - AROUND_S), start + AROUND_S)
        if heard is not None:
            delays.append((start, heard - start))
    return delays, len(shown), after_pause


def table(delays: list[tuple[float, float]], seconds: float) -> Iterator[str]:
    """A line for each tenth of the programme."""
    for part in range(10):
        inside = [abs(d) * 1000 for at, d in delays if part <= 10 * at / seconds < part + 1]
        if inside:
            half, most = np.percentile(inside, [50, 99])
            yield (
                f"{seconds * part / 600:5.1f} min: {len(inside):5} cues,"
                f" median {half:5.1f} ms, 99 % {most:5.1f} ms, most {max(inside):5.1f} ms"
            )


def main() -> int:
    """Print the table, the slope and the maximum; the exit status is 1 if that is above --at-most."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", nargs="?", default=str(SAMPLE))
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--cues", default="sentence")
    parser.add_argument("--voice", default="baker")
    parser.add_argument("--at-most", type=float)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        manifest = read(long_article(arguments.source, arguments.minutes), folder, arguments.cues, arguments.voice)
        delays, cues, after_pause = differences(folder, manifest)
    seconds = manifest["paragraphs"][-1]["end"]
    print(*table(delays, seconds), sep="\n")
    times, signed = np.array(delays).T
    slope = np.polyfit(times, signed * 1000, 1)[0] * 3600
    print(f"{seconds / 60:.1f} minutes, {cues} cues, {after_pause} of them after a pause, {len(delays)} onsets found")
    print(f"mean {1000 * signed.mean():+.1f} ms; drift {slope:+.2f} ms an hour")
    for at, late in itertools.islice(sorted(delays, key=lambda delay: -abs(delay[1])), 5):
        print(f"furthest: {1000 * late:+.1f} ms at {at:.3f} s")
    most = 1000 * float(np.abs(signed).max())
    print(f"most {most:.1f} ms")
    return int(arguments.at_most is not None and most > arguments.at_most)


if __name__ == "__main__":
    sys.exit(main())
