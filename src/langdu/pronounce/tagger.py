"""The tagger of g2pM, whose opinion the model weighs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from langdu.inference import session
from langdu.pronounce.weights import Floats, Ints, code_points, log_shares
from langdu.pronounce.windows import sentences

if TYPE_CHECKING:
    from collections.abc import Mapping

# The tagger's numbers for the beginning and the end of a sentence.
_BEGIN: Final = 1
_END: Final = 2
# The lower limit of its opinions.
_LEAST: Final = -8
# Sentences a batch: enough for large matrix products, few enough to be of similar length.
_BATCH: Final = 64


class Tagger:
    """The network of g2pM: a recurrent layer in each direction over the sentence, and two layers at the target.

    `graph` has the recurrent layers. The weights are g2pM's own (Apache-2.0), reduced to the readings that are our
    candidates.

    Source: Park and Lee, "g2pM: A Neural Grapheme-to-Phoneme Conversion Package for Mandarin Chinese" (2020).
    """

    def __init__(self, characters: str, graph: bytes, weights: Mapping[str, Floats]) -> None:
        self._weights = {name[7:]: array for name, array in weights.items() if name.startswith("tagger_")}
        self._session = session(graph)
        self._ids = np.zeros(0x110000, np.int16)
        self._ids[[ord(char) for char in characters]] = np.arange(len(characters))

    def opinions(self, joined: str, at: Ints, number: Ints) -> Floats:
        """The log probability of each candidate; all 0 for a target that the tagger does not know."""
        w = self._weights
        start, end = sentences(joined, at)
        # A sign for the beginning and one for the end surround each sentence.
        size = end - start + 2
        first = np.cumsum(size) - size
        ids = np.empty(int(size.sum()), np.int64)
        known = self._ids[code_points(joined)]
        for begin, s, e in zip(first.tolist(), start.tolist(), end.tolist(), strict=True):
            ids[begin], ids[begin + 1 : begin + 1 + e - s], ids[begin + 1 + e - s] = _BEGIN, known[s:e], _END
        inside = np.searchsorted(start, at, side="right") - 1
        seen = self._look(ids, first, size)[first[inside] + 1 + at - start[inside]]
        g = np.maximum(seen @ w["hidden"] + w["hidden_bias"], 0)
        score = np.einsum("nkh,nh->nk", w["out"][number], g) + w["bias"][number]
        return np.maximum(log_shares(score), _LEAST) * w["knows"][number][:, None]

    def _look(self, ids: Ints, first: Ints, size: Ints) -> Floats:
        """The states of every character in both layers; a sentence has `size` characters from `first` on."""
        characters = self._weights["characters"]
        order = np.argsort(size, kind="stable")
        out = np.empty((len(ids), len(self._weights["hidden"])), np.float32)
        for begin in range(0, len(order), _BATCH):
            batch = order[begin : begin + _BATCH]
            step = np.arange(size[batch].max())[:, None]
            inside = step < size[batch]
            place = np.where(inside, first[batch] + step, 0)
            (states,) = self._session.run(None, {"x": characters[ids[place]], "sizes": size[batch].astype(np.int32)})
            out[place[inside]] = states.transpose(0, 2, 1, 3).reshape(*inside.shape, -1)[inside]
        return out
