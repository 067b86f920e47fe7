"""The stretches of joined texts that a network reads at once. Texts are joined with `GAP`s, which no stretch enters."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.marks import FULL_STOPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.pronounce.weights import Ints

# What stands between two texts.
GAP: Final = "\0"
# A longer text is cut into sentences: for the tagger one by one, for the reader as many as fit.
_LONG: Final = 128
LONGEST: Final = 128
_TEXT: Final = re.compile(r"[^\0]+")
_SENTENCE: Final = re.compile(rf"[^{FULL_STOPS}；\n]{{0,250}}(?:[{FULL_STOPS}；\n]+|.)", re.DOTALL)


def sentences(joined: str, at: Ints) -> tuple[Ints, Ints]:
    """Where the sentences with targets begin and end; a short text is one. `at` are the targets, in order."""
    start, end = np.array(list(_cut(joined, _LONG))).T
    asked = np.unique(np.searchsorted(start, at, side="right") - 1)
    return start[asked], end[asked]


def windows(joined: str, at: Ints) -> tuple[Ints, Ints, Ints]:
    """Where the windows with targets begin and end, and in which of them each target is.

    A window is a text, or as many of its sentences as fit. A sentence of over `LONGEST` has windows that overlap by
    half, and a target is in the one in whose middle half it stands.
    """
    spans = np.array(list(_packed(joined)))
    inside = spans[np.searchsorted(spans[:, 0], at, side="right") - 1]
    start, size = inside[:, 0], inside[:, 1] - inside[:, 0]
    half = LONGEST // 2
    steps = np.maximum(0, -(-(size - LONGEST) // half))
    step = np.clip((at - start - half // 2) // half, 0, steps)
    start = start + step * half
    windows_, which = np.unique(
        np.stack([start, np.minimum(start + LONGEST, inside[:, 1])]), axis=1, return_inverse=True
    )
    return windows_[0], windows_[1], which.ravel()


def ends(text: str) -> Iterator[int]:
    """Where a window of a text ends, and nothing in it is seen by another: there a long text may be cut in two."""
    return (end for _, end in _packed(text))


def _cut(joined: str, longest: int) -> Iterator[tuple[int, int]]:
    for text in _TEXT.finditer(joined):
        begin, end = text.span()
        if end - begin <= longest:
            yield begin, end
        else:
            yield from (found.span() for found in _SENTENCE.finditer(joined, begin, end))


def _packed(joined: str) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences of a text, as many together as fit into `LONGEST`."""
    begin, end = 0, 0
    for start, stop in _cut(joined, LONGEST):
        if start != end or stop - begin > LONGEST:
            if begin < end:
                yield begin, end
            begin = start
        end = stop
    yield begin, end
