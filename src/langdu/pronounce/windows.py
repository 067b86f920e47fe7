"""The windows in which a network reads joined texts. Texts are joined with `GAP`s; no window contains one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.marks import FULL_STOPS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.pronounce.weights import Ints

# Separates two texts.
GAP: Final = "\0"
# A text longer than this is cut into sentences. The tagger reads them one by one, the reader as many as fit.
_LONG: Final = 128
LONGEST: Final = 128
_TEXT: Final = re.compile(r"[^\0]+")
_SENTENCE: Final = re.compile(rf"[^{FULL_STOPS}；\n]{{0,250}}(?:[{FULL_STOPS}；\n]+|.)", re.DOTALL)


def sentences(joined: str, at: Ints) -> tuple[Ints, Ints]:
    """The starts and ends of the sentences with targets `at`, in order. A short text is one sentence."""
    start, end = np.array(list(_cut(joined, _LONG))).T
    with_target = np.unique(np.searchsorted(start, at, side="right") - 1)
    return start[with_target], end[with_target]


def windows(joined: str, at: Ints) -> tuple[Ints, Ints, Ints]:
    """The starts and ends of the windows with targets, and for each target the index of its window.

    A window is a whole text or as many of its sentences as fit. A sentence longer than `LONGEST` has windows that
    overlap by half; a target belongs to the window that has it in its middle half.
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
    """The ends of windows that share nothing with the next window, so that a long text may be cut there."""
    return (end for _, end in _packed(text))


def _cut(joined: str, longest: int) -> Iterator[tuple[int, int]]:
    for text in _TEXT.finditer(joined):
        begin, end = text.span()
        if end - begin <= longest:
            yield begin, end
        else:
            yield from (sentence.span() for sentence in _SENTENCE.finditer(joined, begin, end))


def _packed(joined: str) -> Iterator[tuple[int, int]]:
    """Neighbouring sentences of a text, as many as fit into `LONGEST`."""
    begin, end = 0, 0
    for start, stop in _cut(joined, LONGEST):
        if start != end or stop - begin > LONGEST:
            if begin < end:
                yield begin, end
            begin = start
        end = stop
    yield begin, end
