"""When each character is said, for engines that do not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.engines.sound import heard
from langdu.model import Mark

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from langdu.model import Syllable


def marks(
    sound: NDArray[np.int16], sample_rate: int, text: str, said: Sequence[tuple[int, Sequence[Syllable]]]
) -> list[Mark]:
    """A mark for each said character of `text`, by its share of the syllables; `said` is what `letters.spoken` gives.

    Law: marks are in order, touch or do not overlap, and lie inside the sound.
    """
    del text
    found = heard(sound, sample_rate)
    whole = sum(len(syllables) for _, syllables in said)
    out, done = [], 0
    for index, syllables in said:
        start = found.start + len(found) * done // whole
        done += len(syllables)
        out.append(Mark(index, start, found.start + len(found) * done // whole))
    return out
