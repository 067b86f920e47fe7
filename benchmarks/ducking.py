"""Measure how far the music of a brief is below the voice, and whether its level jumps.

Run: python benchmarks/ducking.py [--music FILE] [--under opening|all] [--voice ID] [SOURCE …]
(default: baker, a steady chord under the opening, the tests' five articles)

The voice narrates the brief, with a chime. During speech, the music is the difference between the mix and the
voice alone in the paragraphs' MP3s; their coding noise, some 40 dB below the voice, counts as music. While the voice is
silent, the mix is the music itself, and the level of each 10 ms is compared with the next. That works only for steady
music, since other music has jumps of its own. The beginnings of chimes are left out for the same reason.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import soundfile

if TYPE_CHECKING:
    from numpy.typing import NDArray

ARTICLES = sorted((Path(__file__).parent.parent / "tests" / "golden" / "brief").iterdir())
LANGDU = Path(sys.executable).with_name("langdu")
RATE = 44_100
# Below this level in dBFS a frame is only the rounding to 16 bits.
AUDIBLE = -75.0


def chord(path: Path, seconds: float) -> Path:
    """Write music with a constant level."""
    at = np.arange(round(seconds * RATE)) / RATE
    soundfile.write(path, 0.1 * np.sin(2 * np.pi * 200 * at) + 0.1 * np.sin(2 * np.pi * 500 * at), RATE)
    return path


def level(sound: NDArray[np.float64]) -> float:
    """RMS in dBFS."""
    return float(20 * np.log10(np.sqrt(np.mean(sound**2)) + 1e-9))


def stems(folder: Path, manifest: dict[str, Any]) -> tuple[NDArray[np.float64], NDArray[np.float64], int]:
    """The mix, the voice alone and their samples a second."""
    mix, rate = soundfile.read(next(folder.glob("*.wav")))
    voice = np.zeros(len(mix))
    for paragraph in manifest["paragraphs"]:
        start, end = round(paragraph["start"] * rate), round(paragraph["end"] * rate)
        sound, _ = soundfile.read(folder / paragraph["file"])
        voice[start:end] = np.pad(sound, (0, end - start))[: end - start]
    return mix, voice, rate


def measure(folder: Path) -> None:
    """Print the measurements of one brief."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    mix, voice, rate = stems(folder, manifest)
    said = np.zeros(len(mix), bool)
    for token in (token for paragraph in manifest["paragraphs"] for token in paragraph["tokens"]):
        said[round(token["start"] * rate) : round(token["end"] * rate)] = True
    speaks = level(voice[said])
    window, step = round(0.4 * rate), round(0.1 * rate)
    starts = [at for at in range(0, len(mix) - window, step) if said[at : at + window].all()]
    under = [level(mix[at : at + window] - voice[at : at + window]) - speaks for at in starts]
    print(f"voice {speaks:.1f} dBFS; peak {np.abs(mix).max():.3f} of full scale")
    print(
        f"music under it in {len(under)} windows of 400 ms: at most {max(under):.1f} dB, median {np.median(under):.1f}"
    )
    size = rate // 100
    frames = np.array([level(mix[at : at + size]) for at in range(0, len(mix) - size, size)])
    silent = np.array([level(voice[at : at + size]) for at in range(0, len(mix) - size, size)]) < AUDIBLE
    for begin in (chapter["start"] for chapter in manifest["chapters"][1:-1]):
        silent[int(begin * 100) : int(begin * 100) + 45] = False
    both = silent[:-1] & silent[1:] & (np.minimum(frames[:-1], frames[1:]) > AUDIBLE)
    jumps = np.abs(np.diff(frames))[both]
    print(f"between two of {len(jumps)} frames of 10 ms without voice: at most {jumps.max():.2f} dB")


def main() -> None:
    """Narrate and measure."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("sources", nargs="*", default=ARTICLES)
    parser.add_argument("--music", type=Path)
    parser.add_argument("--under", default="opening")
    parser.add_argument("--voice", default="baker")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        chime = folder / "chime.wav"
        at = np.arange(RATE) / RATE
        soundfile.write(chime, np.exp(-3 * at) * np.sin(2 * np.pi * 880 * at), RATE)
        music = arguments.music or chord(folder / "chord.wav", 7.0)
        command = [LANGDU, "brief", *arguments.sources, "-o", folder / "out", "--format", "mp3,wav"]
        command += ["--music", music, "--chime", chime, "--under", arguments.under, "--voice", arguments.voice]
        subprocess.run(command, check=True, capture_output=True)
        measure(folder / "out")


if __name__ == "__main__":
    main()
