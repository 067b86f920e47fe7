"""How near the marks of the voice baker are to where the sound of each syllable begins.

Run: python benchmarks/marks.py [FILE]   (lines of text; default: the sample article)

Where a syllable begins is judged from the sound alone: the nearest strong peak of spectral flux, which is how much 27
bands from 140 Hz to 12 kHz grow in 8 ms; for the noise of f, h, j, q, s, sh and x only the bands above 2 kHz, since the
vowel after it begins once more. A syllable without an initial often begins without any change: it is counted too, but
its peak says less. The last line is the median and the 95th percentile of the distance.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from langdu import engines, pinyin, voices
from langdu.engines.baker.speech import BakerSynthesizer
from langdu.model import Pauses
from langdu.pipeline.speech import find_voice
from langdu.pipeline.text import Taught, script_of_line
from langdu.settings import load

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from langdu.model import Clip, Utterance

SAMPLE = Path(__file__).parent.parent / "audio" / "sample.txt"
RATE, HOP, WINDOW, GROWTH = 24_000, 48, 480, 4  # samples, and hops
BANDS = np.unique(np.round(np.geomspace(3, 256, 28)).astype(int))
HIGH = 20  # the first band above 2 kHz
NOISE = ("f", "h", "j", "q", "s", "sh", "x")
NEAR = 0.07  # seconds
NO_INITIAL = "^"


def peaks(samples: NDArray[np.float64]) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """When spectral flux peaks, in seconds, and how high: of all bands, and of the high ones."""
    places = HOP * np.arange((len(samples) - WINDOW) // HOP)
    spectra = np.abs(np.fft.rfft(samples[places[:, None] + np.arange(WINDOW)] * np.hanning(WINDOW), 512))
    bands = np.log(np.stack([spectra[:, a:b].mean(1) for a, b in pairwise(BANDS)], 1) + 1e-3)
    growth = np.maximum(bands[GROWTH:] - bands[:-GROWTH], 0)
    times = ((np.arange(len(growth)) + GROWTH / 2) * HOP + WINDOW / 2) / RATE
    found = []
    for flux in (growth.sum(1), growth[:, HIGH:].sum(1)):
        smooth = np.convolve(flux, np.hanning(7) / np.hanning(7).sum(), "same")
        higher = (
            (smooth[1:-1] > smooth[:-2]) & (smooth[1:-1] >= smooth[2:]) & (smooth[1:-1] > np.percentile(smooth, 60))
        )
        at = np.flatnonzero(higher) + 1
        found.append((times[at], smooth[at]))
    return found


def distances(utterance: Utterance, clip: Clip) -> Iterator[tuple[str, float]]:
    """For each syllable its initial, and by how many seconds its sound begins after its mark."""
    heard = peaks(np.frombuffer(clip.pcm, "<i2") / 32_768)
    for mark in clip.marks:
        reading = utterance.readings[mark.index]
        if reading is None:
            continue
        initial = pinyin.initial(reading.surface) or NO_INITIAL
        times, heights = heard[initial in NOISE]
        away = times - mark.start / RATE
        weight = heights * np.exp(-np.abs(away) / 0.05) * (np.abs(away) < NEAR)
        if weight.any():
            yield initial, float(away[weight.argmax()])


def main() -> None:
    """Print the distances for each initial, and of all."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="?", type=Path, default=SAMPLE)
    lines = filter(str.strip, parser.parse_args().file.read_text(encoding="utf-8").splitlines())
    voice, can = find_voice("baker"), engines.create("baker", None).capabilities
    speech = BakerSynthesizer(voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine)))
    found: dict[str, list[float]] = defaultdict(list)
    for line in lines:
        for utterance in script_of_line(line, Taught({}, {}), Pauses(), can, literal=False).utterances:
            for initial, away in distances(utterance, speech.say(utterance, 1.0)):
                found[initial].append(1000 * away)
    for initial, each in sorted(found.items()):
        print(f"{initial:2} {len(each):5} syllables, median {np.median(each):+5.1f} ms")
    every = np.abs(np.concatenate(list(found.values())))
    print(f"{len(every)} syllables: median {np.median(every):.1f} ms, 95 % within {np.percentile(every, 95):.1f} ms")


if __name__ == "__main__":
    main()
