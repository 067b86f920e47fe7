"""The tagger of g2pM, whose opinion the model weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.pronounce.weights import Floats, Ints, code_points, log_shares
from langdu.pronounce.windows import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

# The tagger's numbers for the beginning and the end of a sentence, and what its opinion never goes below.
_BEGIN: Final = 1
_END: Final = 2
_LEAST: Final = -8


class Tagger:
    """The network of g2pM: a recurrent layer in each direction over the sentence, and two layers at the target.

    Source: Park and Lee, "g2pM: A Neural Grapheme-to-Phoneme Conversion Package for Mandarin Chinese" (2020);
    its trained weights (Apache-2.0), those of its readings that are our candidates.
    """

    def __init__(self, characters: str, weights: Mapping[str, Floats]) -> None:
        self._weights = {name[7:]: array for name, array in weights.items() if name.startswith("tagger_")}
        w = self._weights
        # What each character adds to the gates of the two layers is the same wherever it stands.
        self._onward = w["characters"] @ w["onward"] + w["onward_bias"]
        self._back = w["characters"] @ w["back"] + w["back_bias"]
        self._ids = np.zeros(0x110000, np.int16)
        self._ids[[ord(char) for char in characters]] = np.arange(len(characters))

    def opinions(self, joined: str, at: Ints, number: Ints) -> Floats:
        """What it gives each candidate of each target: logarithms of probabilities, 0 for all if it knows none."""
        w = self._weights
        start, end = sentences(joined, at)
        # Before and after a sentence, in the gap or in place of a neighbour, stand its own signs for beginning and end.
        size = end - start + 2
        first = np.cumsum(size) - size
        order = np.argsort(-size, kind="stable")
        ids = np.empty(int(size.sum()), np.int64)
        known = self._ids[code_points(joined)]
        for begin, s, e in zip(first.tolist(), start.tolist(), end.tolist(), strict=True):
            ids[begin], ids[begin + 1 : begin + 1 + e - s], ids[begin + 1 + e - s] = _BEGIN, known[s:e], _END
        lengths = size[order]
        onward = _recurrent(self._onward[ids], w["onward_loop"], first[order], 1, lengths)
        back = _recurrent(self._back[ids], w["back_loop"], (first + size - 1)[order], -1, lengths)
        inside = np.searchsorted(start, at, side="right") - 1
        place = first[inside] + 1 + at - start[inside]
        g = np.maximum(np.concatenate([onward[place], back[place]], axis=1) @ w["hidden"] + w["hidden_bias"], 0)
        score = np.einsum("nkh,nh->nk", w["out"][number], g) + w["bias"][number]
        return np.maximum(log_shares(score), _LEAST) * w["knows"][number][:, None]


def _recurrent(inputs: Floats, loop: Floats, first: Ints, step: int, lengths: Ints) -> Floats:
    """A long short-term memory over many sentences, the longest first.

    `inputs` has, for every character, what it adds to the four gates; a sentence goes from `first` by `step`.
    """
    width = len(loop)
    out = np.zeros((len(inputs), width), np.float32)
    h: Floats = np.zeros((len(first), width), np.float32)
    c: Floats = h
    for t in range(int(lengths[0])):
        n = int(np.searchsorted(-lengths, -t))  # how many sentences are longer than t
        at = first[:n] + step * t
        gates = inputs[at] + h[:n] @ loop
        opened = np.reciprocal(1 + np.exp(-gates[:, : 3 * width]))
        let_in, keep, give = (opened[:, i * width : (i + 1) * width] for i in range(3))
        c = keep * c[:n] + let_in * np.tanh(gates[:, 3 * width :])
        h = give * np.tanh(c)
        out[at] = h
    return out
