"""Utterance → clip: sends the text in one or more requests and joins their sounds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np
from gtts import gTTS

from langdu.engines.gtts.service import SAMPLE_RATE, GoogleTranslate
from langdu.engines.kit import estimated
from langdu.engines.kit.letters import spoken
from langdu.engines.kit.tempo import in_tempo
from langdu.marks import CLOSING, COLONS, COMMAS, DASH, ELLIPSIS, ENUMERATION, FULL_STOPS, SEMICOLONS
from langdu.model import Clip, Mark, Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Utterance, Voice

# The share of a syllable that a letter of an English word takes.
_OF_A_LETTER: Final = 0.3
# Put before every clip, so that a clip of punctuation alone is not empty.
_NOTHING: Final = np.zeros(SAMPLE_RATE // 100, np.int16)
_MARKS: Final = re.compile(rf"[{FULL_STOPS}{ELLIPSIS}{SEMICOLONS}{COMMAS}{COLONS}{ENUMERATION}{DASH}\s][{CLOSING}]*")


class GttsSynthesizer:
    """Says utterances through the service."""

    def __init__(self, service: GoogleTranslate) -> None:
        self._service = service

    def say(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance; see `Gtts.synthesize`."""
        said, readings = spoken(utterance), utterance.readings
        sounds = [_NOTHING]
        marks: list[Mark] = []
        at = len(_NOTHING)
        for span in _pieces(utterance.text):
            inside = [(i - span.start, syllables) for i, syllables in said if span.start <= i < span.end]
            if not inside:  # only punctuation: Google would say nothing, or read out its names
                continue
            text = span.of(utterance.written or utterance.text)
            count = sum(1 if readings[span.start + i] else _OF_A_LETTER for i, _ in inside)
            sound = in_tempo(self._service.sound(text, voice.language, count), SAMPLE_RATE, rate)
            estimates = estimated.marks(sound, SAMPLE_RATE, text, inside)
            marks += [Mark(span.start + mark.index, at + mark.start, at + mark.end) for mark in estimates]
            sounds.append(sound)
            at += len(sound)
        return Clip(np.concatenate(sounds).astype("<i2").tobytes(), SAMPLE_RATE, tuple(marks))


def _pieces(text: str) -> Iterator[Span]:
    """Cut a text into pieces of at most 100 characters, which is what one request takes, after marks where it can.

    >>> [len(span) for span in _pieces("天亮了，" * 30)]
    [100, 20]
    """
    start, limit = 0, gTTS.GOOGLE_TTS_MAX_CHARS
    while len(text) - start > limit:
        ends = [m.end() for m in _MARKS.finditer(text, start, start + limit)]
        end = ends[-1] if ends else start + limit
        yield Span(start, end)
        start = end
    yield Span(start, len(text))
