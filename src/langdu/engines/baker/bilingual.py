"""English words inside Chinese: espeak-ng says them at the pitch and loudness of the voice that says the Chinese."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.engines.baker.models import SAMPLE_RATE
from langdu.engines.kit import english
from langdu.engines.kit.espeakng import ENGLISH_WOMAN, Manner
from langdu.engines.kit.pauses import SECONDS, between
from langdu.engines.kit.pieces import FADE, ClipPiece, joined
from langdu.sound.levels import hundredths, loud, rms
from langdu.sound.pcm import integers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.engines.baker.speech import BakerSynthesizer
    from langdu.model import Clip, Mark, Utterance

# At this pitch of espeak-ng its median F0 is the voice's own: 255 and 252 Hz.
_PITCH: Final = 75
# The voice's level (as `_level` measures it) in an utterance without Chinese.
_USUAL: Final = 2_700.0
_LOUDEST: Final = 32_000.0
# Silence between the two languages, in seconds at the voice's own pace.
_CHANGE: Final = 0.05


def say(speech: BakerSynthesizer, utterance: Utterance, rate: float) -> Clip:
    """Speak one utterance; see `Baker.synthesize`.

    The model says all the Chinese as one utterance, with a short pause for each piece of English, to keep its melody.
    """
    words = english.phrases(utterance)
    if not words:
        return speech.say(utterance, rate)
    clip = speech.say(english.without(utterance, words), rate)
    chinese = integers(clip.pcm)
    level = _level(chinese) or _USUAL
    manner = Manner(voice=ENGLISH_WOMAN, pitch=_PITCH, rate=rate)
    pieces = [_levelled(english.said(utterance, span, manner, SAMPLE_RATE), level) for span in words]
    starts = [0, *(span.start for span in words), len(utterance.text)]
    for start, end in pairwise(starts):
        marks = [mark for mark in clip.marks if start <= mark.index < end]
        if marks:
            pieces.append(_cut(chinese, clip.marks, marks))
    pieces.sort(key=lambda piece: piece.marks[0].index)
    return joined(_paused(pieces, utterance, rate), SAMPLE_RATE)


def _paused(pieces: Sequence[ClipPiece], utterance: Utterance, rate: float) -> list[ClipPiece]:
    """The pieces, each with the silence that the punctuation before it asks for."""
    ends = [0, *(piece.marks[-1].index + 1 for piece in pieces)]
    silences = [
        max(SECONDS[between(utterance, end, piece.marks[0].index)], _CHANGE) / rate if end else 0.0
        for end, piece in zip(ends, pieces, strict=False)
    ]
    return [replace(piece, silence=silence) for piece, silence in zip(pieces, silences, strict=True)]


def _cut(sound: NDArray[np.int16], all_marks: Sequence[Mark], marks: Sequence[Mark]) -> ClipPiece:
    """The part of a sound that some of its marks cover, with just enough of the pauses around it to fade in and out."""
    fade = round(FADE * SAMPLE_RATE)
    before = max((mark.end for mark in all_marks if mark.index < marks[0].index), default=0)
    after = min((mark.start for mark in all_marks if mark.index > marks[-1].index), default=len(sound))
    start, end = max(before, marks[0].start - fade), min(after, marks[-1].end + fade)
    moved = (replace(mark, start=mark.start - start, end=mark.end - start) for mark in marks)
    return ClipPiece(sound[start:end], tuple(moved))


def _levelled(piece: ClipPiece, level: float) -> ClipPiece:
    """The piece made as loud as `level`, without clipping."""
    peak = float(np.abs(piece.sound.astype(np.float32)).max(initial=1))
    gain = min(level / max(_level(piece.sound), 1.0), _LOUDEST / peak)
    return replace(piece, sound=np.rint(piece.sound * np.float32(gain)).astype(np.int16))


def _level(sound: NDArray[np.int16]) -> float:
    """The RMS of everything louder than silence, full scale 32,768; 0 if all is silence."""
    levels = hundredths(sound, SAMPLE_RATE)
    heard = levels[loud(levels)]
    return float(rms(heard)) if len(heard) else 0.0
