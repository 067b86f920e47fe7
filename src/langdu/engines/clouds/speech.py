"""Utterance → clip: one document, its sound without the silence at its ends, and marks from the service's words."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Final

from langdu.engines.clouds.ssml import request
from langdu.engines.kit import estimated
from langdu.engines.kit.letters import spoken
from langdu.engines.running.patience import until_given
from langdu.errors import SynthesisFailed
from langdu.model import Clip, Mark
from langdu.sound.levels import sounding

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.engines.clouds.service import CloudAnswer, CloudService
    from langdu.engines.clouds.vendors import CloudVendor
    from langdu.model import Syllable, Utterance, Voice

SAMPLE_RATE: Final = 24_000
# Faster than this, sound is missing: nobody says ten syllables a second.
_SHORTEST_SYLLABLE_S: Final = 0.1
# How much silence is kept at the ends, for a breath too soft to detect.
_EDGE: Final = SAMPLE_RATE // 20

SpokenCharacter = tuple[int, "Sequence[Syllable]"]


class CloudSynthesizer:
    """Says utterances through one service."""

    def __init__(self, service: CloudService, vendor: CloudVendor) -> None:
        self._service = service
        self._vendor = vendor

    def say(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance; see `_Cloud.synthesize`."""
        said = spoken(utterance)
        if not said:  # services refuse a text of punctuation alone, or read out its names
            return Clip(bytes(2 * (SAMPLE_RATE // 100)), SAMPLE_RATE, ())
        name = voice.id.partition(":")[2] or self._vendor.voice
        document = request(utterance, self._vendor, name, rate, marks=self._service.marks)
        answer = until_given(lambda: self._service.spoken(document, utterance.text, name), self._service.patience)
        part = sounding(answer.sound, SAMPLE_RATE)
        self._check(len(part) / SAMPLE_RATE, utterance, rate)
        start, end = max(0, part.start - _EDGE), part.stop + _EDGE
        marks = _marks(answer, part, utterance.text, said)
        sound = answer.sound[start:end].astype("<i2")
        return Clip(sound.tobytes(), SAMPLE_RATE, tuple(Mark(m.index, m.start - start, m.end - start) for m in marks))

    def _check(self, seconds: float, utterance: Utterance, rate: float) -> None:
        """Only hanzi count, because letters may be words, with fewer syllables than their names."""
        least = _SHORTEST_SYLLABLE_S / rate * max(1, sum(reading is not None for reading in utterance.readings))
        if seconds < least:
            raise SynthesisFailed(
                f"{self._vendor.name} gave only {seconds:.1f} s of sound for {utterance.text[:20]!r}, where "
                f"{least:.1f} s would be very fast; run it again, or choose another voice of the service"
            )


def _marks(answer: CloudAnswer, heard_at: range, text: str, said: Sequence[SpokenCharacter]) -> list[Mark]:
    """A mark for each said character: by the service's times if they make sense, else estimated from the sound."""
    times = [round(second * SAMPLE_RATE) for _, second in answer.starts]
    edges = [min(max(time, heard_at.start), heard_at.stop) for time in times] + [heard_at.stop]
    starts = [offset for offset, _ in answer.starts]
    ascending = all(before <= after for before, after in (*pairwise(edges), *pairwise(starts)))
    sensible = ascending and starts[:1] == [said[0][0]]
    out: list[Mark] = []
    for i, start in enumerate(starts if sensible else []):
        end = starts[i + 1] if i + 1 < len(starts) else len(text)
        inside = [(at - start, syllables) for at, syllables in said if start <= at < end]
        if not inside:  # punctuation, which Azure reports too
            continue
        part = answer.sound[edges[i] : edges[i + 1]]
        if not sounding(part, SAMPLE_RATE):  # the time cannot be that of the word
            break
        inner = estimated.marks(part, SAMPLE_RATE, text[start:end], inside)
        out += [Mark(start + mark.index, edges[i] + mark.start, edges[i] + mark.end) for mark in inner]
    if len(out) == len(said) and all(mark.start < mark.end for mark in out):
        return out
    return estimated.marks(answer.sound, SAMPLE_RATE, text, said)
