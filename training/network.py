"""The network, as PyTorch trains it; langdu.pronounce.polyphones computes the same with numpy."""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from langdu.pronounce.polyphones import AROUND, FURTHER, GAP, NEAR, Ints, groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus import Example
    from numpy.typing import NDArray

WIDTH, HIDDEN, OTHER, CROP = 96, 128, 4, 12
# How many characters a step sees, what is forgotten of the activations, and how slowly the average of weights moves.
CHARACTERS, DROPOUT, SLOWNESS = 6000, 0.25, 0.998
# Out of how many targets the dictionaries, the teacher, and single characters are hidden.
NO_DICTIONARY, NO_TEACHER, NO_CHARACTER, NO_GROUP = 0.2, 0.1, 0.04, 0.3


class Batch(NamedTuple):
    """Sentences joined with gaps, and their targets."""

    ids: torch.Tensor
    stands: torch.Tensor
    at: torch.Tensor
    number: torch.Tensor
    kinds: torch.Tensor
    size: torch.Tensor
    label: torch.Tensor
    weight: torch.Tensor
    opinion: torch.Tensor
    groups: torch.Tensor


class Encoder:
    """Turns examples into batches. `keys` are the groups of neighbours that have weights, in order."""

    def __init__(self, characters: Ints, candidates: Mapping[str, Sequence[str]]) -> None:
        self.characters = characters
        self.number = {char: i for i, char in enumerate(candidates)}
        self.width = max(map(len, candidates.values()))
        self.keys: NDArray[np.uint32] = np.zeros(0, np.uint32)

    def batches(self, examples: Sequence[Example], size: int) -> Iterator[Batch]:
        """The examples in order, about so many characters at once."""
        block: list[Example] = []
        characters = 0
        for example in examples:
            block.append(example)
            characters += min(len(example.text), 40) + GAP
            if characters >= size:
                yield self._batch(block)
                block, characters = [], 0
        if block:
            yield self._batch(block)

    def learn_groups(self, examples: Sequence[Example]) -> None:
        """Give weights to the groups that are met twice."""
        met = [groups(batch.ids.numpy(), batch.at.numpy()) for batch in self.batches(examples, 200_000)]
        keys, times = np.unique(np.concatenate(met), return_counts=True)
        self.keys = keys[times > 1]

    def _batch(self, examples: Sequence[Example]) -> Batch:
        ids: list[Any] = [np.zeros(GAP, np.int64)]
        stands = [OTHER] * GAP
        at, columns = [], []
        for example in examples:
            places = [target.at for target in example.targets]
            start, end = max(0, min(places) - CROP), min(len(example.text), max(places) + CROP + 1)
            text = example.text[start:end]
            for target in example.targets:
                at.append(len(stands) + target.at - start)
                columns.append((self.number[example.text[target.at]], target))
            ids += [self.characters[[ord(char) for char in text]], np.zeros(GAP, np.int64)]
            stands += example.stands[start:end] + [OTHER] * GAP
        joined, places_ = np.concatenate(ids).astype(np.int64), np.array(at)
        return Batch(
            torch.from_numpy(joined),
            torch.tensor(stands),
            torch.from_numpy(places_),
            torch.tensor([number for number, _ in columns]),
            self._padded([target.kinds for _, target in columns]).long(),
            torch.tensor([min(target.size, 3) - 1 for _, target in columns]),
            torch.tensor([target.label for _, target in columns]),
            torch.tensor([target.weight for _, target in columns]),
            self._padded([() if target.opinion is None else target.opinion for _, target in columns]),
            torch.from_numpy(self._rows(groups(joined, places_))),
        )

    def _padded(self, lists: Sequence[Any]) -> torch.Tensor:
        out = np.zeros((len(lists), self.width), np.float32)
        for row, values in zip(out, lists, strict=True):
            row[: len(values)] = values
        return torch.from_numpy(out)

    def _rows(self, found: NDArray[np.uint32]) -> Ints:
        if not len(self.keys):
            return np.zeros_like(found, dtype=np.int64)
        at = np.searchsorted(self.keys, found).clip(max=len(self.keys) - 1)
        return np.where(self.keys[at] == found, at + 1, 0)


class Network(nn.Module):
    """Two layers of convolution, one at the target, and what dictionaries, teacher and groups of neighbours add."""

    def __init__(self, vectors: NDArray[np.float32], counts: Sequence[Sequence[int]], taught: Sequence[bool]) -> None:
        super().__init__()
        width = max(map(len, counts))
        self.characters = nn.Embedding.from_pretrained(torch.tensor(vectors), freeze=False)
        nn.init.normal_(self.characters.weight.data[1], 0, 0.05)
        self.positions = nn.Embedding(5, WIDTH)
        nn.init.normal_(self.positions.weight, 0, 0.1)
        self.near = nn.Linear(WIDTH * len(NEAR), HIDDEN)
        self.further = nn.Linear(HIDDEN * len(FURTHER), HIDDEN)
        self.around = nn.Linear(HIDDEN * len(AROUND), HIDDEN)
        self.out = nn.Parameter(torch.randn(len(counts), width, HIDDEN) * 0.02)
        bias = torch.full((len(counts), width), -1e4)
        for row, times in zip(bias, counts, strict=True):
            seen = torch.tensor(times, dtype=torch.float32)
            row[: len(times)] = 0.7 * torch.log((seen + 0.3) / (seen.sum() + 1))
        self.bias = nn.Parameter(bias)
        self.kinds = nn.Parameter(torch.tensor([0, 1, 3, 2, 0.5, 3, 2, 0.5, 3, 2, 0.5]))
        self.trust = nn.Parameter(torch.zeros(len(counts), 3))
        # g2pL's characters have better labels than the teacher's.
        trust = [[0.25, 0.1, 0.1] if better else [0.8, 0.5, 0.5] for better in taught]
        self.tagger_trust = nn.Parameter(torch.tensor(trust))
        self.tagger_gate = nn.Linear(HIDDEN, 1)
        nn.init.zeros_(self.tagger_gate.weight)
        nn.init.zeros_(self.tagger_gate.bias)
        self.groups: nn.Embedding | None = None

    def look_up_groups(self, size: int) -> None:
        """Add a weight for each candidate of each of so many groups of neighbours."""
        self.groups = nn.Embedding(size + 1, self.bias.shape[1], padding_idx=0, sparse=True)
        nn.init.zeros_(self.groups.weight)

    def forward(self, batch: Batch, dropout: float = 0.0) -> torch.Tensor:
        """The score of each candidate of each target."""
        x = functional.dropout(self.characters(batch.ids) + self.positions(batch.stands), dropout)
        h = torch.relu(self.near(_columns(x, NEAR)))
        h = h + torch.relu(self.further(_columns(functional.dropout(h, dropout), FURTHER)))
        around = torch.cat([h[batch.at + offset] for offset in AROUND], 1)
        g = functional.dropout(torch.relu(self.around(functional.dropout(around, dropout))), dropout)
        score = (self.out[batch.number] * g[:, None]).sum(2) + self.bias[batch.number]
        first = (batch.kinds == 1) | ((batch.kinds > 1) & ((batch.kinds - 2) % 3 < 2))
        size = batch.size[:, None]
        score = score + self.kinds[batch.kinds] * (batch.kinds > 0) + first * self.trust[batch.number].gather(1, size)
        score = score + batch.opinion * (self.tagger_trust[batch.number].gather(1, size) + self.tagger_gate(g))
        if self.groups is not None:
            weights = self.groups(batch.groups)
            if dropout:
                weights = weights * (torch.rand(batch.groups.shape) > NO_GROUP)[:, :, None] / (1 - NO_GROUP)
            score = score + weights.sum(1)
        return score


def _columns(x: torch.Tensor, offsets: Sequence[int]) -> torch.Tensor:
    reach, size = max(offsets), len(x)
    padded = functional.pad(x, (0, 0, reach, reach))
    return torch.cat([padded[reach + offset : reach + offset + size] for offset in offsets], 1)


def train(network: Network, encoder: Encoder, examples: Sequence[Example], epochs: int, seed: int) -> None:
    """Train in place; with groups of neighbours, what is left at the end is the moving average of the weights."""
    shuffle = random.Random(seed)  # noqa: S311 - nothing secret
    torch.manual_seed(seed)
    sparse = torch.optim.SparseAdam([network.groups.weight], lr=5e-3) if network.groups else None
    named = {name: p for name, p in network.named_parameters() if name != "groups.weight"}
    optimizer = _optimizer(named)
    average = {name: p.detach().clone() for name, p in named.items()}
    steps = epochs * sum(min(len(e.text), 40) + GAP for e in examples) / CHARACTERS
    step = 0
    for _ in range(epochs):
        mixed = shuffle.sample(examples, len(examples))
        for batch in encoder.batches(mixed, CHARACTERS):
            rate = 2e-3 * min(1, (step + 1) / 100) * max(0.02, (1 + math.cos(math.pi * min(1, step / steps))) / 2)
            for group in optimizer.param_groups:
                group["lr"] = rate * group["faster"]
            scores = network(_forgetful(batch), DROPOUT)
            loss = (functional.cross_entropy(scores, batch.label, reduction="none") * batch.weight).mean()
            for each in filter(None, (optimizer, sparse)):
                each.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(named.values(), 1.0)
            for each in filter(None, (optimizer, sparse)):
                each.step()
            step += 1
            with torch.no_grad():
                for name, parameter in named.items():
                    average[name].lerp_(parameter, 1 - SLOWNESS)
    if sparse:
        network.load_state_dict(average, strict=False)


def _optimizer(named: Mapping[str, nn.Parameter]) -> torch.optim.AdamW:
    large, own = ("out", "characters.weight"), ("tagger_trust", "trust")
    rest = [p for name, p in named.items() if name not in (*large, *own)]
    return torch.optim.AdamW(
        [
            {"params": [named[name] for name in large], "weight_decay": 1e-4, "faster": 1},
            {"params": [named[name] for name in own], "weight_decay": 0, "faster": 4},
            {"params": rest, "weight_decay": 1e-5, "faster": 1},
        ],
        betas=(0.9, 0.99),
    )


def _forgetful(batch: Batch) -> Batch:
    """The batch with some characters unknown, and without some of what the dictionaries and the teacher say."""
    forgotten = (torch.rand(batch.ids.shape) < NO_CHARACTER) & (batch.ids > 0)
    size = len(batch.label)
    return batch._replace(
        ids=torch.where(forgotten, torch.ones_like(batch.ids), batch.ids),
        kinds=batch.kinds * (torch.rand(size, 1) >= NO_DICTIONARY),
        opinion=batch.opinion * (torch.rand(size, 1) >= NO_TEACHER),
    )


@torch.no_grad()
def predict(network: Network, encoder: Encoder, examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """The scores of the candidates of every target, and the labels."""
    found = [(network(batch), batch.label) for batch in encoder.batches(examples, 20_000)]
    return torch.cat([scores for scores, _ in found]), torch.cat([labels for _, labels in found])
