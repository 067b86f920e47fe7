"""How long each symbol lasts, where each character then sounds, and where the sound begins and ends."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from langdu.engines.baker.models import FRAME
from langdu.model import Mark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from langdu.engines.baker.symbols import Line

_QUIET = 10 ** (-55 / 20)  # a frame's level (RMS, full scale 1); the voice's silence is digital zero


def whole_frames(line: Line, lengths: NDArray[np.float32], rate: float) -> NDArray[np.int32]:
    """Frames for each symbol, from those that the model predicts and those that the line asks for."""
    wanted = lengths.copy()
    for place, asked in line.frames.items():
        wanted[place] = asked
    frames: NDArray[np.int32] = np.rint(wanted / rate).astype(np.int32)
    for said in line.said:  # however fast, no vowel is lost
        frames[said.end - 1] = max(frames[said.end - 1], 1)
    return frames


@dataclass(frozen=True, slots=True)
class Sound:
    """Where a line sounds, in samples: `start` and `end` of all that is heard, and a mark for each character."""

    start: int
    end: int
    marks: tuple[Mark, ...]


def locate(line: Line, frames: NDArray[np.int32], samples: NDArray[np.float32]) -> Sound:
    """Find each character in the sound.

    Inside a phrase a syllable lasts from its initial to the end of the `#0` after it: that is where the model says the
    rest of the vowel. At a silence the symbols tell less: the model often begins a syllable with up to 0.1 s of
    silence, and lets the last one ring into the pause for up to 0.2 s. There the sound itself says where it is.
    """
    loud = np.sqrt(np.mean(samples.reshape(-1, FRAME) ** 2, axis=1)) > _QUIET
    heard = np.flatnonzero(loud)
    starts = np.concatenate([[0], np.cumsum(frames)])
    begins = [int(starts[said.start]) for said in line.said]
    ends = [*begins[1:], len(loud)]
    for i, (before, after) in enumerate(pairwise(line.said)):
        if line.symbols[before.end] != "#0":
            silence = _longest_silence(loud, int(starts[before.end]), int(starts[after.start + 1]))
            ends[i], begins[i + 1] = silence or (begins[i + 1], begins[i + 1])
    begins[0], ends[-1] = int(heard[0]), int(heard[-1]) + 1
    marks = (Mark(s.index, b * FRAME, e * FRAME) for s, b, e in zip(line.said, begins, ends, strict=True))
    return Sound(begins[0] * FRAME, ends[-1] * FRAME, tuple(marks))


def _longest_silence(loud: NDArray[np.bool_], start: int, end: int) -> tuple[int, int] | None:
    """The longest stretch of quiet frames that begins in [start, end)."""
    quiet = [i for i in range(start, end) if not loud[i]]
    runs: list[list[int]] = []
    for i in quiet:
        if runs and runs[-1][-1] == i - 1:
            runs[-1].append(i)
        else:
            runs.append([i])
    longest = max(runs, key=len, default=None)
    return (longest[0], longest[-1] + 1) if longest else None
