"""Our own network: a convolution and three layers of attention over the sentence (docs/model_card.md).

onnxruntime runs the graph from embedded characters to targets; training/polyphones.py makes it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from langdu.inference import session
from langdu.pronounce.windows import windows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.pronounce.weights import Floats, Ints

# Characters a batch: enough for large matrix products, few enough to stay in the processor's cache.
_BATCH: Final = 2048
_MASKED: Final = np.float32(-1e9)


class TargetStates(NamedTuple):
    """The network's output for the targets: their states, and its trust in the tagger, (targets, 1)."""

    state: Floats
    trust: Floats


class Reader:
    """The network. `characters` and `positions` are vectors, (characters, 96) and (5, 96)."""

    def __init__(self, graph: bytes, characters: Floats, positions: Floats) -> None:
        self._session = session(graph)
        self._characters = characters
        self._positions = positions

    def look(self, joined: str, ids: Ints, stands: Ints, at: Ints) -> TargetStates:
        """The states of the targets `at`, in order.

        `ids` are the numbers of the characters; `stands` says where each stands in its word (`hints.positions`).
        """
        start, end, which = windows(joined, at)
        state = np.empty((len(at), self._session.get_outputs()[0].shape[1]), np.float32)
        trust = np.empty((len(at), 1), np.float32)
        for batch in _batches(end - start):
            row_of = np.full(len(start), -1)
            row_of[batch] = np.arange(len(batch))
            mine = np.flatnonzero(row_of[which] >= 0)
            place = start[batch][:, None] + np.arange((end - start)[batch].max())
            inside = place < end[batch][:, None]
            place = np.where(inside, place, 0)
            x = (self._characters[ids[place]] + self._positions[stands[place]]) * inside[..., None]
            row = row_of[which[mine]]
            feed = {
                "x": x,
                "pad": np.where(inside, np.float32(0), _MASKED),
                "row": row,
                "col": at[mine] - start[batch][row],
                "own": self._characters[ids[at[mine]]],
            }
            state[mine], trust[mine] = self._session.run(None, feed)
        return TargetStates(state, trust)


def _batches(sizes: Ints) -> Iterator[Ints]:
    """Batches of windows of similar length, about `_BATCH` characters each."""
    order = np.argsort(sizes, kind="stable")
    first = 0
    for last in range(1, len(order) + 1):
        if last == len(order) or (last + 1 - first) * sizes[order[last]] > _BATCH:
            yield order[first:last]
            first = last
