"""Measure whether a voice says the tone it was asked for on the last syllable before a pause, judged from the sound.

Run: python benchmarks/last_tones.py [--voice ID] [--bases N]   (two minutes for `kokoro`)

Each of N syllables is said with each tone in 我说〇。 and its pitch is taken inside its mark. Two judges:
- its shape, in semitones over 说, which has the first tone: the first tone stays level, the second rises, the third is
  low and stays so, the fourth falls, the neutral tone is low, and does not rise;
- a linear discriminant of contour and length, learned from the other syllables of the same voice (ten folds). It takes
  for a tone what the voice always says for it, whatever its shape, so it only finds tones that are alike.
The contours printed are medians at five places, in semitones over 说. The last line has the shares of both judges.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter
from itertools import product
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from langdu import pinyin
from langdu.model import Origin, Reading, Syllable, Tone, Utterance
from langdu.pipeline.cast import cast
from langdu.settings import load
from langdu.sound import pcm
from langdu.verify.measure import measures
from langdu.verify.sound import hear

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.model import Clip

    Floats = NDArray[np.float64]

SEED, FOLDS = 3, 10
# These have no vowel, or hardly occur.
LEFT_OUT = frozenset({"m", "n", "ng", "hm", "hng", "ê"})
# Semitones. Level: how far the first tone's contour may reach. Sunk: how far below 说 it may be, since speech sinks
# towards the end of a sentence. The others are how much a tone rises or falls at least, or is below 说.
LEVEL, SUNK, RISE, LOW, FALL, NEUTRAL = 2.5, 4.5, 1.5, 4.5, 3.0, 1.5
# What counts as no rise.
STILL = 1.5
# Lengths in seconds are multiplied by this, to weigh about as much as semitones.
PER_SECOND = 20


class Heard(NamedTuple):
    """A last syllable: what was asked for, its contour in semitones over 说, and its voiced length in seconds."""

    base: str
    tone: Tone
    contour: Floats
    voiced: float


def asked(base: str, tone: Tone) -> Utterance:
    """我说 and one syllable."""
    said = (Syllable("wo", Tone.LOW), Syllable("shuo", Tone.HIGH), Syllable(base, tone))
    readings = tuple(Reading(syllable, syllable, Origin.ANNOTATION) for syllable in said)
    return Utterance("我说〇。", (*readings, None))


def heard(clip: Clip, utterance: Utterance) -> Heard | None:
    """The last syllable of a clip, None if it has no pitch."""
    sound = pcm.integers(clip.pcm).astype(np.float32) / 32_768
    before, last = measures(hear(sound, clip.sample_rate), clip.marks, clip.sample_rate)[1:]
    reading = utterance.readings[2]
    if before.contour is None or last.contour is None or reading is None:
        return None
    over = np.array(last.contour) - np.median(before.contour)
    return Heard(reading.surface.base, reading.surface.tone, over, last.voiced)


def has_its_shape(tone: Tone, contour: Floats) -> bool:
    """Whether a contour over a first tone is as its tone asks; its first place may be the way from the tone before."""
    turn = int(contour.argmin())
    match tone:
        case Tone.HIGH:
            return bool(np.ptp(contour[1:]) <= LEVEL and np.median(contour) >= -SUNK)
        case Tone.RISING:
            return bool(contour[-1] - contour[:-1].min() >= RISE)
        case Tone.LOW:
            return bool(np.median(contour) <= -LOW and contour[-1] <= contour[0] + STILL)
        case Tone.FALLING:
            return bool(contour[:3].max() - contour[-1] >= FALL and turn >= 3)
        case Tone.NEUTRAL:
            return bool(np.median(contour) <= -NEUTRAL and contour[-1] <= contour[0] + STILL)


def taken_for(syllables: Sequence[Heard]) -> list[Tone]:
    """What a discriminant takes each syllable for; no base is judged by itself."""
    features = np.array([[*each.contour, each.voiced * PER_SECOND] for each in syllables])
    tones = np.array([each.tone for each in syllables])
    bases = sorted({each.base for each in syllables})
    random.Random(SEED).shuffle(bases)  # noqa: S311 - not a secret
    taken = np.zeros(len(syllables), int)
    for fold in range(FOLDS):
        judged = np.isin([each.base for each in syllables], bases[fold::FOLDS])
        if not judged.any():
            continue
        groups = {tone: features[~judged & (tones == tone)] for tone in Tone}
        within = sum(np.cov(group.T) * len(group) for group in groups.values()) / (~judged).sum()
        inverse = np.linalg.inv(within + 1e-3 * np.eye(features.shape[1]))
        off = [features[judged] - group.mean(0) for group in groups.values()]
        distances = np.array([((rows @ inverse) * rows).sum(1) for rows in off])
        taken[judged] = np.array(list(groups))[distances.argmin(0)]
    return [Tone(int(tone)) for tone in taken]


def main() -> None:
    """Print what is heard of each tone, and the two shares."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--voice", default="baker")
    parser.add_argument("--bases", type=int, default=20)
    given = parser.parse_args()
    bases = random.Random(SEED).sample(sorted(set(pinyin.bases()) - LEFT_OUT), given.bases)  # noqa: S311
    utterances = [asked(base, tone) for base, tone in product(bases, Tone)]
    speaking = cast(load({"voice": given.voice}), print)
    clips = [clip for clip, _ in speaking.clips(utterances)]
    all_heard = [heard(clip, utterance) for clip, utterance in zip(clips, utterances, strict=True)]
    syllables = [each for each in all_heard if each]
    shaped = [has_its_shape(each.tone, each.contour) for each in syllables]
    taken = taken_for(syllables)
    for tone in Tone:
        own = [i for i, each in enumerate(syllables) if each.tone is tone]
        others = Counter(f"T{taken[i]:d}" for i in own if taken[i] is not tone)
        print(
            f"T{tone:d}: shape {sum(shaped[i] for i in own)} of {len(bases)}, taken for it "
            f"{sum(taken[i] is tone for i in own)}, for others {dict(others)}; contour",
            " ".join(f"{semitones:+.1f}" for semitones in np.median([syllables[i].contour for i in own], axis=0)),
        )
    right = sum(tone is each.tone for tone, each in zip(taken, syllables, strict=True))
    print(f"without a pitch: {len(utterances) - len(syllables)}")
    print(f"{given.voice}: shape {sum(shaped) / len(utterances):.3f}, taken for it {right / len(utterances):.3f}")


if __name__ == "__main__":
    main()
