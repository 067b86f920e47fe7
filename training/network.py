"""The network in PyTorch: a convolution, three layers of attention, and the hints of dictionaries and tagger.

`Core` becomes the graph that langdu.pronounce.reader runs; langdu.pronounce.polyphones adds up the scores with numpy.
"""

from __future__ import annotations

import io
import math
import random
import sys
import warnings
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from torch import nn
from torch.nn import functional

from langdu.pronounce.hints import OTHER
from langdu.pronounce.windows import LONGEST

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpus import Example
    from numpy.typing import NDArray

    from langdu.pronounce.weights import Ints

# Sizes of a character's vector and of a state, heads and layers of attention, characters read on each side of a target.
WIDTH, STATE, HEADS, LAYERS, REACH = 96, 160, 4, 3, 40
# Characters a step, dropout, and the decay of the moving average of the weights.
CHARACTERS, DROPOUT, SLOWNESS = 4000, 0.15, 0.998
# The shares of targets whose dictionary hint and whose teacher's opinion are hidden, and the shares of characters that
# are hidden: while the network learns to guess them, and later.
NO_DICTIONARY, NO_TEACHER, GUESSED, NO_CHARACTER = 0.2, 0.1, 0.12, 0.04
_MASKED = -1e9


class Batch(NamedTuple):
    """Padded sentences and their targets. A target is at (`row`, `col`); `order` has the indices of the examples."""

    ids: torch.Tensor
    stands: torch.Tensor
    pad: torch.Tensor
    row: torch.Tensor
    col: torch.Tensor
    number: torch.Tensor
    kinds: torch.Tensor
    size: torch.Tensor
    label: torch.Tensor
    weight: torch.Tensor
    opinion: torch.Tensor
    order: tuple[int, ...]


class Encoder:
    """Turns examples into batches."""

    def __init__(self, characters: Ints, candidates: Mapping[str, Sequence[str]]) -> None:
        self.characters = characters
        self.number = {char: i for i, char in enumerate(candidates)}
        self.width = max(map(len, candidates.values()))

    def batches(self, examples: Sequence[Example], shuffle: random.Random | None = None) -> Iterator[Batch]:
        """All examples, grouped by similar length."""
        blocks = list(self._blocks(examples, shuffle))
        if shuffle:
            shuffle.shuffle(blocks)
        for block in blocks:
            yield self._batch([examples[i] for i in block], tuple(block))

    def steps(self, examples: Sequence[Example]) -> int:
        """About how many batches the examples make."""
        return sum(1 for _ in self._blocks(examples, None))

    def _blocks(self, examples: Sequence[Example], shuffle: random.Random | None) -> Iterator[list[int]]:
        order = list(range(len(examples)))
        if shuffle:
            shuffle.shuffle(order)
        sizes = [end - start for start, end in map(_crop, examples)]
        part = 4096 if shuffle else max(1, len(order))
        for first in range(0, len(order), part):
            block: list[int] = []
            for i in sorted(order[first : first + part], key=lambda i: sizes[i]):
                block.append(i)
                if sizes[i] * len(block) >= CHARACTERS:
                    yield block
                    block = []
            if block:
                yield block

    def _batch(self, examples: Sequence[Example], order: tuple[int, ...]) -> Batch:
        spans = [_crop(example) for example in examples]
        shape = len(examples), max(end - start for start, end in spans)
        ids, stands, pad = np.zeros(shape, np.int64), np.full(shape, OTHER), np.ones(shape, bool)
        columns = []
        for row, (example, (start, end)) in enumerate(zip(examples, spans, strict=True)):
            ids[row, : end - start] = self.characters[[ord(char) for char in example.text[start:end]]]
            stands[row, : end - start] = example.stands[start:end]
            pad[row, : end - start] = False
            columns += [
                (row, target.at - start, self.number[example.text[target.at]], target) for target in example.targets
            ]
        targets = [target for *_, target in columns]
        return Batch(
            torch.from_numpy(ids),
            torch.from_numpy(stands),
            torch.from_numpy(pad),
            torch.tensor([row for row, *_ in columns]),
            torch.tensor([col for _, col, *_ in columns]),
            torch.tensor([number for *_, number, _ in columns]),
            self._padded([target.kinds for target in targets]).long(),
            torch.tensor([min(target.size, 3) - 1 for target in targets]),
            torch.tensor([target.label for target in targets]),
            torch.tensor([float(target.weight) for target in targets]),
            self._padded([() if target.opinion is None else target.opinion for target in targets]),
            order,
        )

    def _padded(self, lists: Sequence[Sequence[float] | NDArray[np.float32]]) -> torch.Tensor:
        out = np.zeros((len(lists), self.width), np.float32)
        for row, values in zip(out, lists, strict=True):
            row[: len(values)] = values
        return torch.from_numpy(out)


def _crop(example: Example) -> tuple[int, int]:
    places = [target.at for target in example.targets]
    return max(0, min(places) - REACH), min(len(example.text), max(places) + REACH + 1)


class Layer(nn.Module):
    """One layer of attention; `far` is each head's penalty for distance."""

    def __init__(self) -> None:
        super().__init__()
        self.before, self.between = nn.LayerNorm(STATE), nn.LayerNorm(STATE)
        self.asked, self.answer = nn.Linear(STATE, 3 * STATE), nn.Linear(STATE, STATE)
        self.wide, self.narrow = nn.Linear(STATE, 2 * STATE), nn.Linear(2 * STATE, STATE)
        self.forget = nn.Dropout(DROPOUT)

    def forward(self, x: torch.Tensor, far: torch.Tensor) -> torch.Tensor:
        """The states [sentences, length, STATE] after this layer."""
        rows, length, _ = x.shape
        shares = self.asked(self.before(x)).view(rows, length, 3, HEADS, STATE // HEADS).permute(2, 0, 3, 1, 4)
        looked = functional.scaled_dot_product_attention(shares[0], shares[1], shares[2], attn_mask=far)
        x = x + self.forget(self.answer(looked.transpose(1, 2).reshape(rows, length, STATE)))
        out: torch.Tensor = x + self.forget(self.narrow(functional.gelu(self.wide(self.between(x)))))
        return out


class Core(nn.Module):
    """From embedded characters to the state at each target, and how much to trust the tagger there."""

    def __init__(self) -> None:
        super().__init__()
        self.into = nn.Conv1d(WIDTH, STATE, 5, padding=2)
        self.slopes = nn.Parameter(torch.tensor([0.0, -0.1, -0.4, -1.0]))
        self.layers = nn.ModuleList(Layer() for _ in range(LAYERS))
        self.norm = nn.LayerNorm(STATE)
        self.target = nn.Linear(STATE + WIDTH, STATE)
        self.forget = nn.Dropout(DROPOUT)
        self.gate = nn.Linear(STATE, 1)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        place, step = (
            torch.arange(2 * LONGEST)[:, None],
            torch.exp(torch.arange(0, STATE, 2) * -(math.log(1000) / STATE)),
        )
        self.register_buffer(
            "place", 0.3 * torch.stack([torch.sin(place * step), torch.cos(place * step)], 2).flatten(1)
        )
        self.register_buffer("distance", (place - place.T).abs().float())

    def states(self, x: torch.Tensor, pad: torch.Tensor) -> torch.Tensor:
        """The state at each character. `x` [sentences, length, WIDTH] is 0 where `pad` [sentences, length] is not."""
        length = x.shape[1]
        h = functional.gelu(self.into(x.transpose(1, 2)).transpose(1, 2)) + self.place[:length]
        far = -0.2 * functional.softplus(self.slopes)[None, :, None, None] * self.distance[None, None, :length, :length]
        far = far + pad[:, None, None, :]
        for layer in self.layers:
            h = layer(h, far)
        out: torch.Tensor = self.norm(h)
        return out

    def forward(
        self, x: torch.Tensor, pad: torch.Tensor, row: torch.Tensor, col: torch.Tensor, own: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """At the targets (`row`, `col`) with the vectors `own`: the state, and what the gate adds."""
        return self.at(self.states(x, pad), row, col, own)

    def at(
        self, h: torch.Tensor, row: torch.Tensor, col: torch.Tensor, own: torch.Tensor
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """The same, from states that are already computed."""
        g = self.forget(functional.gelu(self.target(torch.cat([h[row, col], own], 1))))
        return g, self.gate(g)


class Network(nn.Module):
    """The core, the vectors of characters, and the scores of candidates."""

    def __init__(self, vectors: NDArray[np.float32], counts: Sequence[Sequence[int]], taught: Sequence[bool]) -> None:
        super().__init__()
        width = max(map(len, counts))
        self.characters = nn.Embedding.from_pretrained(torch.tensor(vectors), freeze=False)
        nn.init.normal_(self.characters.weight.data[1], 0, 0.05)
        self.positions = nn.Embedding(5, WIDTH)
        nn.init.normal_(self.positions.weight, 0, 0.1)
        self.core = Core()
        self.guess = nn.Linear(STATE, WIDTH)
        self.out = nn.Parameter(torch.randn(len(counts), width, STATE) * 0.02)
        bias = torch.full((len(counts), width), -1e4)
        for row, times in zip(bias, counts, strict=True):
            seen = torch.tensor(times, dtype=torch.float32)
            row[: len(times)] = 0.7 * torch.log((seen + 0.3) / (seen.sum() + 1))
        self.bias = nn.Parameter(bias)
        self.kinds = nn.Parameter(torch.tensor([0, 1, 3, 2, 0.5, 3, 2, 0.5, 3, 2, 0.5]))
        self.trust = nn.Parameter(torch.zeros(len(counts), 3))
        # For g2pL's characters the labels are better than the teacher.
        trust = [[0.25, 0.1, 0.1] if better else [0.8, 0.5, 0.5] for better in taught]
        self.tagger_trust = nn.Parameter(torch.tensor(trust))

    def forward(self, batch: Batch) -> tuple[torch.Tensor, torch.Tensor]:
        """The score of each candidate of each target, and the states of all characters."""
        x = (self.characters(batch.ids) + self.positions(batch.stands)) * ~batch.pad[..., None]
        h = self.core.states(self.core.forget(x), batch.pad * _MASKED)
        g, gate = self.core.at(h, batch.row, batch.col, self.characters(batch.ids[batch.row, batch.col]))
        score = (self.out[batch.number] * g[:, None]).sum(2) + self.bias[batch.number]
        first = (batch.kinds == 1) | ((batch.kinds > 1) & ((batch.kinds - 2) % 3 < 2))
        size = batch.size[:, None]
        score = score + self.kinds[batch.kinds] * (batch.kinds > 0) + first * self.trust[batch.number].gather(1, size)
        return score + batch.opinion * (self.tagger_trust[batch.number].gather(1, size) + gate), h

    def guesses(self, states: torch.Tensor) -> torch.Tensor:
        """The score of each character at these states."""
        out: torch.Tensor = self.guess(states) @ self.characters.weight.T
        return out

    def graph(self) -> bytes:
        """The core as ONNX."""
        few = (
            torch.randn(2, 7, WIDTH),
            torch.zeros(2, 7),
            torch.tensor([0, 1]),
            torch.tensor([3, 6]),
            torch.randn(2, WIDTH),
        )
        names = ["x", "pad", "row", "col", "own"]
        free = {"x": ["sentences", "length"], "pad": ["sentences", "length"]} | {n: ["targets"] for n in names[2:]}
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the legacy exporter warns about itself and about negative indices
            torch.onnx.export(
                self.core.eval(), few, file, input_names=names, output_names=["state", "trust"],
                dynamic_axes={n: dict(enumerate(axes)) for n, axes in free.items()}, opset_version=17, dynamo=False,
            )  # fmt: skip
        return file.getvalue()


def train(  # noqa: PLR0913, PLR0917 - all of them are needed
    network: Network, encoder: Encoder, examples: Sequence[Example], epochs: int, rate: float, guessed: float
) -> None:
    """Train in place. In the end the network has the moving average of the weights.

    `guessed` is the share of characters that are hidden and must be guessed. With 0, a few are hidden, none guessed.
    """
    shuffle = random.Random(11)  # noqa: S311 - nothing secret
    torch.manual_seed(11)
    named = dict(network.named_parameters())
    average = {name: p.detach().clone() for name, p in named.items()}
    optimizer = _optimizer(named)
    steps, step = epochs * encoder.steps(examples), 0
    network.train()
    for _ in range(epochs):
        for batch in encoder.batches(examples, shuffle):
            learning_rate = (
                rate * min(1, (step + 1) / 300) * max(0.02, (1 + math.cos(math.pi * min(1, step / steps))) / 2)
            )
            for group in optimizer.param_groups:
                group["lr"] = learning_rate * group["faster"]
            optimizer.zero_grad()
            _loss(network, batch, guessed).backward()
            nn.utils.clip_grad_norm_(named.values(), 1.0)
            optimizer.step()
            step += 1
            if step % 500 == 0:
                print(f"step {step} of {steps}", file=sys.stderr, flush=True)
            with torch.no_grad():
                for name, parameter in named.items():
                    average[name].lerp_(parameter, 1 - SLOWNESS)
    network.load_state_dict(average, strict=False)
    network.eval()


def _loss(network: Network, batch: Batch, guessed: float) -> torch.Tensor:
    """The loss of the readings and, if characters are guessed, of the guesses."""
    hidden = (torch.rand(batch.ids.shape) < (guessed or NO_CHARACTER)) & (batch.ids > 1)
    asked = torch.zeros_like(hidden)
    asked[batch.row, batch.col] = True
    hidden &= ~asked | (torch.rand(batch.ids.shape) < 0.3)  # a target that is hidden cannot be read
    size = len(batch.label)
    scores, states = network(
        batch._replace(
            ids=torch.where(hidden, torch.ones_like(batch.ids), batch.ids),
            kinds=batch.kinds * (torch.rand(size, 1) >= NO_DICTIONARY),
            opinion=batch.opinion * (torch.rand(size, 1) >= NO_TEACHER),
        )
    )
    loss = (functional.cross_entropy(scores, batch.label, reduction="none") * batch.weight).mean()
    if guessed:
        loss = 4 * loss + functional.cross_entropy(network.guesses(states[hidden]), batch.ids[hidden])
    return loss


def _optimizer(named: Mapping[str, nn.Parameter]) -> torch.optim.AdamW:
    # A rare reading occurs in few steps, and each step moves its weights by at most the learning rate.
    own = ("tagger_trust", "trust", "out", "bias")
    groups = [
        {"params": [named[name] for name in own], "weight_decay": 0, "faster": 4},
        {"params": [p for name, p in named.items() if name not in own], "weight_decay": 1e-3, "faster": 1},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


@torch.no_grad()
def predict(network: Network, encoder: Encoder, examples: Sequence[Example]) -> tuple[torch.Tensor, torch.Tensor]:
    """The scores of the candidates of every target, in the order of the examples, and the labels."""
    network.eval()
    of_example: dict[int, tuple[torch.Tensor, torch.Tensor]] = {}
    for batch in encoder.batches(examples):
        sizes = [len(examples[i].targets) for i in batch.order]
        scores, labels = network(batch)[0].split(sizes), batch.label.split(sizes)
        of_example |= dict(zip(batch.order, zip(scores, labels, strict=True), strict=True))
    every = [of_example[i] for i in range(len(examples))]
    return torch.cat([scores for scores, _ in every]), torch.cat([labels for _, labels in every])
