"""Batches of padded sentences, made on the device where they are used."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from flat import PARTS, starts

from langdu.pronounce.hints import OTHER

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flat import Flat
    from numpy.random import Generator
    from numpy.typing import NDArray
    from torch import Tensor

    from langdu.pronounce.weights import Ints

# The sentences of a batch have similar lengths: they are sorted among so many.
_SORTED = 8192


class Window(NamedTuple):
    """What is read of a sentence: `reach` characters to each side of its targets, at most `longest` characters."""

    reach: int
    longest: int


WHOLE = Window(10**6, 250)


class Batch(NamedTuple):
    """Padded sentences, [sentences, length], and their targets, [targets] or [targets, candidates].

    Target i is at `ids[row[i], col[i]]`; `which[i]` is its index among all targets. The others are as in `flat.Flat`.
    """

    ids: Tensor
    stands: Tensor
    pad: Tensor
    row: Tensor
    col: Tensor
    which: Tensor
    number: Tensor
    label: Tensor
    weight: Tensor
    size: Tensor
    kinds: Tensor
    opinion: Tensor
    soft: Tensor


class Batches:
    """Sentences on a device, which it puts together into batches.

    `numbers` gives for each code point the number of its character in the network that reads the batches. A target
    outside the window of its sentence gets the weight 0.
    """

    def __init__(self, flat: Flat, numbers: Ints, device: str, window: Window) -> None:
        first = starts(flat.asked)
        start = np.maximum(0, np.minimum.reduceat(flat.at, first) - window.reach)
        end = np.minimum(flat.length, np.maximum.reduceat(flat.at, first) + window.reach + 1)
        self._lengths = np.minimum(end - start, window.longest)
        at = flat.at - np.repeat(start, flat.asked)
        inside = at < np.repeat(self._lengths, flat.asked)

        def there(array: NDArray[Any]) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(device)

        self.device = device
        self._ids, self._stands = there(numbers[flat.text].astype(np.int64)), there(flat.stands.astype(np.int64))
        self._start, self._length = there(starts(flat.length) + start), there(self._lengths)
        self._first, self._asked = there(first), there(flat.asked)
        self._at = there(np.where(inside, at, 0))
        self._weight = there(np.where(inside, flat.weight, np.float32(0)))
        self._number, self._label, self._size = there(flat.number), there(flat.label), there(flat.size)
        self._kinds, self._opinion, self._soft = there(flat.kinds), there(flat.opinion), there(flat.soft)
        self.targets = len(flat.at)

    def shuffled(self, characters: int, chance: Generator) -> list[Ints]:
        """The sentences of each batch, all in random order; a batch has about so many `characters`."""
        order = chance.permutation(len(self._lengths))
        parts = [order[first : first + _SORTED] for first in range(0, len(order), _SORTED)]
        blocks = [block for part in parts for block in self._blocks(part, characters)]
        chance.shuffle(blocks)
        return blocks

    def every(self, characters: int) -> Iterator[Batch]:
        """Batches of all sentences, the short ones first."""
        for block in self._blocks(np.arange(len(self._lengths)), characters):
            yield self.batch(block)

    def _blocks(self, order: Ints, characters: int) -> Iterator[Ints]:
        block: list[int] = []
        for i in order[np.argsort(self._lengths[order], kind="stable")]:
            block.append(i)
            if self._lengths[i] * len(block) >= characters:
                yield np.array(block)
                block = []
        if block:
            yield np.array(block)

    def batch(self, sentences: Sequence[int] | Ints) -> Batch:
        """The batch of these sentences."""
        chosen = torch.as_tensor(sentences, device=self.device)
        column = torch.arange(int(self._lengths[sentences].max()), device=self.device)[None]
        pad = column >= self._length[chosen][:, None]
        place = self._start[chosen][:, None] + torch.where(pad, 0, column)
        asked = self._asked[chosen]
        row = torch.repeat_interleave(torch.arange(len(chosen), device=self.device), asked)
        of_row = torch.arange(len(row), device=self.device) - (asked.cumsum(0) - asked)[row]
        which = self._first[chosen][row] + of_row
        return Batch(
            ids=torch.where(pad, 0, self._ids[place]),
            stands=torch.where(pad, OTHER, self._stands[place]),
            pad=pad,
            row=row,
            col=self._at[which],
            which=which,
            number=self._number[which],
            label=self._label[which],
            weight=self._weight[which],
            size=self._size[which],
            kinds=self._kinds[which].long(),
            opinion=self._opinion[which].float(),
            soft=self._soft[which].float() / PARTS,
        )
