"""A voice for langdu that hums: each syllable is a tone with the contour of its pinyin tone.

Learners can hear the tones of a text alone. It is also an example of an engine in a package of its own.
"""

from __future__ import annotations

import math
from array import array
from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys
from langdu.engines.kit.letters import spoken
from langdu.model import Clip, Mark, Tone, Voice

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Syllable, Utterance

SAMPLE_RATE = 16_000
LENGTH = 0.25  # seconds
EDGE = 0.02  # seconds that each syllable fades in and out
LOUD = 8_000  # of 32,767
# Chao's tone letters at the beginning, in the middle and at the end: 1 is the lowest pitch, 5 the highest.
CONTOURS = {
    Tone.HIGH: (5, 5, 5),
    Tone.RISING: (3, 4, 5),
    Tone.LOW: (2, 1, 4),
    Tone.FALLING: (5, 3, 1),
    Tone.NEUTRAL: (3, 3, 2),
}


class Hum:
    """Hums; needs no files and has no state."""

    name = "hum"
    capabilities = Capabilities(
        max_syllables=40,
        sample_rate=SAMPLE_RATE,
        needs_network=False,
        obeys_pinyin=Obeys.EXACTLY,
        speaks_english=False,
        exact_marks=True,
    )

    def voices(self) -> Sequence[Voice]:
        """The one voice."""
        return [
            Voice(
                id="hum",
                engine=self.name,
                language="zh-CN",
                name="hums the tones",
                licence="MIT",
                origin="computed",
            )
        ]

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:  # noqa: ARG002 - one voice only
        """Hum the surface tones; punctuation makes no sound."""
        sound = array("h", bytes(2 * int(EDGE * SAMPLE_RATE)))
        marks = []
        for index, syllables in spoken(utterance):
            start = len(sound)
            for syllable in syllables:
                sound.extend(hummed(syllable, LENGTH / rate))
            marks.append(Mark(index, start, len(sound)))
        return Clip(sound.tobytes(), SAMPLE_RATE, tuple(marks))


def hummed(syllable: Syllable, seconds: float) -> Iterator[int]:
    """The samples of one syllable."""
    low, middle, high = CONTOURS[syllable.tone]
    count = int(seconds * (0.7 if syllable.tone is Tone.NEUTRAL else 1) * SAMPLE_RATE)
    phase = 0.0
    for i in range(count):
        at = 2 * i / count
        level = low + (middle - low) * at if at < 1 else middle + (high - middle) * (at - 1)
        phase += math.tau * 110 * 2 ** (level / 5) / SAMPLE_RATE  # an octave above 110 Hz
        edge = min(i, count - 1 - i) / (EDGE * SAMPLE_RATE)
        yield round(LOUD * min(1, edge) * math.sin(phase))
