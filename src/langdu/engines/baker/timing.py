"""How long each symbol lasts, where each character then sounds, and what is cut off at the ends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from langdu.engines.baker.symbols import Line, Said

# All in frames of 12.5 ms.
LEAD = 4  # silence before the first initial: sh, x and q sound up to 23 ms before their symbol
RING = 8  # the last syllable, and one before a pause, sounds 95–120 ms into the silence after it
TAIL = 12  # what is kept of that silence
NEUTRAL = 14  # a neutral tone is shorter than the others, and the model makes it too long (时候, 先生: 18)


@dataclass(frozen=True, slots=True)
class Plan:
    """`frames` for each symbol; `kept` is what to keep of their sum; `marks` are `[start, end)` in what is kept."""

    frames: NDArray[np.int32]
    kept: tuple[int, int]
    marks: tuple[tuple[int, int], ...]


def plan(line: Line, lengths: NDArray[np.float32], rate: float) -> Plan:
    """Whole frames for every symbol of a line.

    Args:
        line: the symbols.
        lengths: what the model predicts for each of them, in frames.
        rate: 2.0 is twice as fast.
    """
    wanted = lengths.copy()
    for place, frames in line.frames.items():
        wanted[place] = frames
    frames = np.rint(wanted / rate).astype(np.int32)
    # The silence at the ends is cut to the same length in every clip, so it must be there, whatever the rate.
    frames[0], frames[-2] = max(frames[0], LEAD), max(frames[-2], TAIL)
    for said in line.said:
        frames[said.end - 1] = max(frames[said.end - 1], 2)  # fast speech loses no vowel
    starts = np.concatenate([[0], np.cumsum(frames)])
    first, last = int(starts[1]) - LEAD, int(starts[-3]) + TAIL
    marks = tuple((int(starts[s.start]) - first, _end(line, s, starts) - first) for s in line.said)
    return Plan(frames, (first, last), marks)


def _end(line: Line, said: Said, starts: Sequence[int] | NDArray[np.int32]) -> int:
    """A syllable sounds on through its #0, and into a pause for as long as it rings."""
    start, end = int(starts[said.end]), int(starts[said.end + 1])
    return end if line.symbols[said.end] == "#0" else min(start + RING, end)
