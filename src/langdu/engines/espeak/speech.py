"""Utterance → clip: phrase by phrase, with the pauses between them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from langdu.engines.espeak.phonemes import spelled
from langdu.engines.kit import english, espeakng
from langdu.engines.kit.espeakng import ENGLISH, MANDARIN, SAMPLE_RATE, Manner
from langdu.engines.kit.letters import spoken
from langdu.engines.kit.pauses import SECONDS, Pause, between
from langdu.engines.kit.pieces import ClipPiece, joined
from langdu.model import Break, Mark
from langdu.sound.pcm import integers

if TYPE_CHECKING:
    from langdu.model import Clip, Span, Syllable, Utterance

# Most syllables in one call: espeak-ng takes 800 letters of phonemes, and a syllable has up to 12.
_MOST: Final = 60
# Silence between Chinese and English, in seconds at its own pace.
_CHANGE: Final = 0.03


@dataclass(frozen=True, slots=True)
class Phrase:
    """What is said without a pause: characters and their syllables, or English. `silence` before it is in seconds."""

    silence: float
    said: tuple[tuple[int, tuple[Syllable, ...]], ...]
    english: Span | None = None


def say(utterance: Utterance, rate: float) -> Clip:
    """Speak one utterance; see `Espeak.synthesize`."""
    return joined([_piece(utterance, phrase, rate) for phrase in cut_into_phrases(utterance)], SAMPLE_RATE)


def _piece(utterance: Utterance, phrase: Phrase, rate: float) -> ClipPiece:
    silence = phrase.silence / rate
    if phrase.english:
        words = english.said(utterance, phrase.english, Manner(voice=ENGLISH, rate=rate), SAMPLE_RATE)
        return replace(words, silence=silence)
    notation = spelled([syllable for _, syllables in phrase.said for syllable in syllables])
    sound = espeakng.library().phonemes(notation, Manner(voice=MANDARIN, rate=rate))
    starts = [*(start for _, start in sound.words), len(sound)]
    marks, at = [], 0
    for index, syllables in phrase.said:
        marks.append(Mark(index, starts[at], starts[at + len(syllables)]))
        at += len(syllables)
    return ClipPiece(integers(sound.pcm), tuple(marks), silence)


def cut_into_phrases(utterance: Utterance) -> list[Phrase]:
    """Cut an utterance into phrases: at pauses, and where it changes between Chinese and English."""
    words = english.phrases(utterance)
    breaks = dict(utterance.breaks)
    phrases: list[Phrase] = []
    for index, syllables in spoken(utterance):
        language = next((span for span in words if span.start <= index < span.end), None)
        if phrases:
            last = phrases[-1]
            pause = between(utterance, last.said[-1][0] + 1, index)
            if not pause and breaks.get(index) is Break.PHRASE:
                pause = Pause.MINOR
            changes = language != last.english
            if not changes and (language or (not pause and _syllables(last) + len(syllables) <= _MOST)):
                phrases[-1] = replace(last, said=(*last.said, (index, syllables)))
                continue
            silence = max(SECONDS[pause], _CHANGE if changes else 0.0)
        else:
            silence = 0.0
        phrases.append(Phrase(silence, ((index, syllables),), language))
    return phrases


def _syllables(phrase: Phrase) -> int:
    return sum(len(syllables) for _, syllables in phrase.said)
