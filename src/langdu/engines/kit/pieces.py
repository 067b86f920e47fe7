"""Joins pieces of sound into one clip without clicks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.model import Clip, Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

_MARGIN: Final = 0.0375  # seconds of silence before the first sound of a clip and after the last
FADE: Final = 0.003  # seconds that each piece fades in and out


@dataclass(frozen=True, slots=True)
class ClipPiece:
    """A sound that follows `silence` seconds of silence; its marks count from the start of the sound."""

    sound: NDArray[np.int16]
    marks: tuple[Mark, ...]
    silence: float = 0.0


def joined(pieces: Sequence[ClipPiece], sample_rate: int) -> Clip:
    """Join the pieces into one clip with a short silence around it; the silence before the first piece is left out."""
    margin = np.zeros(round(_MARGIN * sample_rate), np.int16)
    sounds, marks, at = [margin], [], len(margin)
    for i, piece in enumerate(pieces):
        silence = np.zeros(round(piece.silence * sample_rate) if i else 0, np.int16)
        at += len(silence)
        marks += [replace(mark, start=at + mark.start, end=at + mark.end) for mark in piece.marks]
        sounds += [silence, _faded(piece.sound, sample_rate)]
        at += len(piece.sound)
    return Clip(np.concatenate([*sounds, margin]).astype("<i2").tobytes(), sample_rate, tuple(marks))


def _faded(sound: NDArray[np.int16], sample_rate: int) -> NDArray[np.int16]:
    length = min(round(FADE * sample_rate), len(sound) // 2)
    faded = sound.astype(np.float32)
    ramp = np.linspace(0, 1, length, dtype=np.float32)
    faded[:length] *= ramp
    faded[len(faded) - length :] *= ramp[::-1]
    return np.rint(faded).astype(np.int16)
