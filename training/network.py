"""The network in PyTorch: a convolution, layers of attention, and the hints of dictionaries and tagger.

`Core` becomes the graph that langdu.pronounce.reader runs; langdu.pronounce.polyphones adds up the scores with numpy.
"""

from __future__ import annotations

import io
import math
import warnings
from typing import TYPE_CHECKING, NamedTuple

import torch
from torch import nn
from torch.nn import functional

from langdu.pronounce.windows import LONGEST

if TYPE_CHECKING:
    from batches import Batch
    from torch import Tensor

    from langdu.pronounce.weights import Bools, Floats, Ints

# Heads of attention, and dropout.
HEADS, DROPOUT = 4, 0.15
# The number of a hidden character: that of one which the network does not know (`langdu.pronounce.weights.UNKNOWN`).
HIDDEN = 1
_MASKED = -1e9
# The bias of a candidate that does not exist.
NONE = -1e4


class Polyphones(NamedTuple):
    """What a network must know of the polyphones.

    `counts` [polyphones, candidates]: how often each candidate occurs, -1 where there is none. `taught` [polyphones]:
    whether the character is one of g2pL's, whose labels are better than the tagger.
    """

    counts: Ints
    taught: Bools


class Sizes(NamedTuple):
    """The width of a state, and the layers of attention."""

    state: int
    layers: int


class Scores(nn.Module):
    """From the state at each target to the score of each candidate: the last step of networks and of the encoder."""

    def __init__(self, state: int, polyphones: Polyphones) -> None:
        super().__init__()
        counts = torch.tensor(polyphones.counts, dtype=torch.float32)
        self.out = nn.Parameter(torch.randn(*counts.shape, state) * 0.02)
        seen = counts.clamp(min=0)
        bias = 0.7 * torch.log((seen + 0.3) / (seen.sum(1, keepdim=True) + 1))
        self.bias = nn.Parameter(torch.where(counts < 0, NONE, bias))
        self.kinds = nn.Parameter(torch.tensor([0, 1, 3, 2, 0.5, 3, 2, 0.5, 3, 2, 0.5]))
        self.trust = nn.Parameter(torch.zeros(len(counts), 3))
        trust = [[0.25, 0.1, 0.1] if better else [0.8, 0.5, 0.5] for better in polyphones.taught]
        self.tagger_trust = nn.Parameter(torch.tensor(trust))

    def forward(self, state: Tensor, gate: Tensor, batch: Batch) -> Tensor:
        """The scores [targets, candidates] from the states [targets, state] and what the gate adds [targets, 1]."""
        score = (self.out[batch.number] * state[:, None]).sum(2) + self.bias[batch.number]
        first = (batch.kinds == 1) | ((batch.kinds > 1) & ((batch.kinds - 2) % 3 < 2))
        size = batch.size[:, None]
        score = score + self.kinds[batch.kinds] * (batch.kinds > 0) + first * self.trust[batch.number].gather(1, size)
        out: Tensor = score + batch.opinion * (self.tagger_trust[batch.number].gather(1, size) + gate)
        return out


class Layer(nn.Module):
    """One layer of attention; `far` is each head's penalty for distance."""

    def __init__(self, state: int) -> None:
        super().__init__()
        self.state = state
        self.before, self.between = nn.LayerNorm(state), nn.LayerNorm(state)
        self.asked, self.answer = nn.Linear(state, 3 * state), nn.Linear(state, state)
        self.wide, self.narrow = nn.Linear(state, 2 * state), nn.Linear(2 * state, state)
        self.forget = nn.Dropout(DROPOUT)

    def forward(self, x: Tensor, far: Tensor) -> Tensor:
        """The states [sentences, length, state] after this layer."""
        return self.after(x, self.looked(x, far))

    def looked(self, x: Tensor, far: Tensor) -> Tensor:
        """What each character sees of the others, [sentences, length, state]."""
        rows, length, _ = x.shape
        state = self.state  # a constant: read from the shape, it would make the graph larger
        shares = self.asked(self.before(x)).view(rows, length, 3, HEADS, state // HEADS).permute(2, 0, 3, 1, 4)
        looked = functional.scaled_dot_product_attention(shares[0], shares[1], shares[2], attn_mask=far)
        return looked.transpose(1, 2).reshape(rows, length, state)

    def after(self, x: Tensor, looked: Tensor) -> Tensor:
        """The states [..., state] after this layer, from those before and what they see."""
        x = x + self.forget(self.answer(looked))
        out: Tensor = x + self.forget(self.narrow(functional.gelu(self.wide(self.between(x)))))
        return out


class Core(nn.Module):
    """From embedded characters to the state at each target, and how much to trust the tagger there."""

    place: Tensor
    distance: Tensor

    def __init__(self, width: int, sizes: Sizes) -> None:
        super().__init__()
        state = sizes.state
        self.into = nn.Conv1d(width, state, 5, padding=2)
        self.slopes = nn.Parameter(torch.tensor([0.0, -0.1, -0.4, -1.0]))
        self.layers = nn.ModuleList(Layer(state) for _ in range(sizes.layers))
        self.norm = nn.LayerNorm(state)
        self.target = nn.Linear(state + width, state)
        self.forget = nn.Dropout(DROPOUT)
        self.gate = nn.Linear(state, 1)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        place = torch.arange(2 * LONGEST)[:, None]
        step = torch.exp(torch.arange(0, state, 2) * -(math.log(1000) / state))
        waves = 0.3 * torch.stack([torch.sin(place * step), torch.cos(place * step)], 2).flatten(1)
        self.register_buffer("place", waves)
        self.register_buffer("distance", (place - place.T).abs().float())

    def states(self, x: Tensor, pad: Tensor) -> Tensor:
        """The state at each character. `x` [sentences, length, width] is 0 where `pad` [sentences, length] is not."""
        h, far = self._begun(x, pad)
        for layer in self.layers:
            h = layer(h, far)
        out: Tensor = self.norm(h)
        return out

    def _begun(self, x: Tensor, pad: Tensor) -> tuple[Tensor, Tensor]:
        """The states before the first layer, and each head's penalty for distance."""
        length = x.shape[1]
        h = functional.gelu(self.into(x.transpose(1, 2)).transpose(1, 2)) + self.place[:length]
        far = -0.2 * functional.softplus(self.slopes)[None, :, None, None] * self.distance[None, None, :length, :length]
        return h, far + pad[:, None, None, :]

    def forward(self, x: Tensor, pad: Tensor, row: Tensor, col: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """At the targets (`row`, `col`) with the vectors `own`: the state, and what the gate adds.

        This becomes the graph. Nobody asks for the last layer's other states, so their widest part is left out.
        """
        h, far = self._begun(x, pad)
        for layer in self.layers[:-1]:
            h = layer(h, far)
        last: Layer = self.layers[-1]  # type: ignore[assignment]
        return self._read(self.norm(last.after(h[row, col], last.looked(h, far)[row, col])), own)

    def at(self, h: Tensor, row: Tensor, col: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        """The same, from states that are already computed."""
        return self._read(h[row, col], own)

    def _read(self, h: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
        g = self.forget(functional.gelu(self.target(torch.cat([h, own], 1))))
        return g, self.gate(g)


class Network(nn.Module):
    """The core, the vectors of characters, and the scores of candidates."""

    def __init__(self, vectors: Floats, polyphones: Polyphones, sizes: Sizes) -> None:
        super().__init__()
        width = vectors.shape[1]
        self.characters = nn.Embedding.from_pretrained(torch.tensor(vectors), freeze=False)  # type: ignore[no-untyped-call]
        nn.init.normal_(self.characters.weight.data[HIDDEN], 0, 0.05)
        self.positions = nn.Embedding(5, width)
        nn.init.normal_(self.positions.weight, 0, 0.1)
        self.core = Core(width, sizes)
        self.guess = nn.Linear(sizes.state, width)
        self.scores = Scores(sizes.state, polyphones)

    def forward(self, batch: Batch) -> Tensor:
        """The score of each candidate of each target."""
        return self.scored(batch, self.states(batch))

    def states(self, batch: Batch) -> Tensor:
        """The states of all characters."""
        x = (self.characters(batch.ids) + self.positions(batch.stands)) * ~batch.pad[..., None]
        return self.core.states(self.core.forget(x), batch.pad * _MASKED)

    def scored(self, batch: Batch, states: Tensor) -> Tensor:
        """The scores, from states that are already computed."""
        own = self.characters(batch.ids[batch.row, batch.col])
        state, gate = self.core.at(states, batch.row, batch.col, own)
        out: Tensor = self.scores(state, gate, batch)
        return out

    def guesses(self, states: Tensor) -> Tensor:
        """The score of each character at these states."""
        out: Tensor = self.guess(states) @ self.characters.weight.T
        return out

    def graph(self) -> bytes:
        """The core as ONNX."""
        width = self.characters.embedding_dim
        row, col = torch.tensor([0, 1]), torch.tensor([3, 6])
        few = (torch.randn(2, 7, width), torch.zeros(2, 7), row, col, torch.randn(2, width))
        names = ["x", "pad", "row", "col", "own"]
        free = {"x": ["sentences", "length"], "pad": ["sentences", "length"]} | {n: ["targets"] for n in names[2:]}
        file = io.BytesIO()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # the legacy exporter warns about itself and about negative indices
            torch.onnx.export(
                self.core.eval(), few, file,  # type: ignore[arg-type] # this exporter writes to files that are open
                input_names=names, output_names=["state", "trust"],
                dynamic_axes={n: dict(enumerate(axes)) for n, axes in free.items()}, opset_version=17, dynamo=False,
            )  # fmt: skip
        return file.getvalue()
