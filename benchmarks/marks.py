"""Measure how close the marks of a voice are to the beginnings of the syllables in its sound.

Run: python benchmarks/marks.py [FILE] [--voice ID]   (lines of text; default: the sample article, baker)

The beginning of a syllable is judged from the sound alone: it is the nearest strong peak of spectral flux, the growth
of 27 bands from 140 Hz to 12 kHz in 8 ms. For the noise of f, h, j, q, s, sh and x only the bands above 2 kHz count,
since the vowel after it makes a second peak. Syllables without an initial count too, though they often begin without
any change. The last line is the median and the 95th percentile of the distance.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from langdu import pinyin
from langdu.model import Pauses
from langdu.pipeline.cast import cast
from langdu.pipeline.text import Taught, script_of_line
from langdu.settings import load
from langdu.sound import pcm
from langdu.sound.resampling import at_rate

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from langdu.model import Clip, Utterance

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
RATE, HOP, WINDOW, GROWTH = 24_000, 48, 480, 4  # samples, and hops
BANDS = np.unique(np.round(np.geomspace(3, 256, 28)).astype(int))
HIGH = 20  # the first band above 2 kHz
NOISE = ("f", "h", "j", "q", "s", "sh", "x")
NEAR_S = 0.07
NO_INITIAL = "^"


def peaks(samples: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """The peaks of spectral flux, in seconds, and their heights: of all bands, and of the high ones."""
    places = HOP * np.arange((len(samples) - WINDOW) // HOP)
    spectra = np.abs(np.fft.rfft(samples[places[:, None] + np.arange(WINDOW)] * np.hanning(WINDOW), 512))
    bands = np.log(np.stack([spectra[:, a:b].mean(1) for a, b in pairwise(BANDS)], 1) + 1e-3)
    growth = np.maximum(bands[GROWTH:] - bands[:-GROWTH], 0)
    times = ((np.arange(len(growth)) + GROWTH / 2) * HOP + WINDOW / 2) / RATE
    of_bands = []
    for flux in (growth.sum(1), growth[:, HIGH:].sum(1)):
        smooth = np.convolve(flux, np.hanning(7) / np.hanning(7).sum(), "same")
        higher = (
            (smooth[1:-1] > smooth[:-2]) & (smooth[1:-1] >= smooth[2:]) & (smooth[1:-1] > np.percentile(smooth, 60))
        )
        at = np.flatnonzero(higher) + 1
        of_bands.append((times[at], smooth[at]))
    return of_bands


def distances(utterance: Utterance, clip: Clip) -> Iterator[tuple[str, float]]:
    """For each syllable its initial, and by how many seconds its sound begins after its mark."""
    sound = at_rate(pcm.integers(clip.pcm), clip.sample_rate, RATE)
    heard = peaks(sound.astype(np.float64) / 32_768)
    for mark in clip.marks:
        reading = utterance.readings[mark.index]
        if reading is None:
            continue
        initial = pinyin.initial(reading.surface) or NO_INITIAL
        times, heights = heard[initial in NOISE]
        away = times - mark.start / clip.sample_rate
        weight = heights * np.exp(-np.abs(away) / 0.05) * (np.abs(away) < NEAR_S)
        if weight.any():
            yield initial, float(away[weight.argmax()])


def main() -> None:
    """Print the distances for each initial, and for all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLE)
    parser.add_argument("--voice", default="baker")
    arguments = parser.parse_args()
    lines = filter(str.strip, arguments.file.read_text(encoding="utf-8").splitlines())
    by_initial: dict[str, list[float]] = defaultdict(list)
    speaking = cast(load({"voice": arguments.voice}), print)
    can = speaking.first.capabilities
    scripts = [script_of_line(line, Taught({}, {}), Pauses(), can, literal=False) for line in lines]
    utterances = [utterance for script in scripts for utterance in script.utterances]
    for utterance, (clip, _) in zip(utterances, speaking.clips(utterances), strict=True):
        for initial, away in distances(utterance, clip):
            by_initial[initial].append(1000 * away)
    for initial, its_distances in sorted(by_initial.items()):
        print(f"{initial:2} {len(its_distances):5} syllables, median {np.median(its_distances):+5.1f} ms")
    every = np.abs(np.concatenate(list(by_initial.values())))
    print(f"{len(every)} syllables: median {np.median(every):.1f} ms, 95 % within {np.percentile(every, 95):.1f} ms")


if __name__ == "__main__":
    main()
