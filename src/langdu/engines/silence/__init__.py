"""A test double: 0.2 s of a quiet tone for each syllable, instantly and always the same."""

from __future__ import annotations

import math
from array import array
from functools import cache
from typing import TYPE_CHECKING

from langdu.engines import Capabilities, Obeys, built_in_voices
from langdu.engines.kit.letters import spoken
from langdu.model import Clip, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Utterance, Voice

SAMPLE_RATE = 24_000
SYLLABLE = SAMPLE_RATE // 5
EDGE = SAMPLE_RATE // 50  # silence before the first syllable and after the last


@cache
def _tone(length: int) -> bytes:
    return array("h", (round(328 * math.sin(math.tau * i / 100)) for i in range(length))).tobytes()


class Silence:
    """Gives a tone of 240 Hz at −40 dBFS instead of speech, so that tests can find the marks in the sound."""

    name = "silence"
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
        return built_in_voices(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:  # noqa: ARG002 - one voice only
        """A tone of 0.2 s / `rate` for each syllable, between 20 ms of silence."""
        length = round(SYLLABLE / rate)
        marks, at = [], EDGE
        for index, syllables in spoken(utterance):
            marks.append(Mark(index, at, at + length * len(syllables)))
            at = marks[-1].end
        edge = bytes(2 * EDGE)
        return Clip(edge + _tone(length) * ((at - EDGE) // length) + edge, SAMPLE_RATE, tuple(marks))
