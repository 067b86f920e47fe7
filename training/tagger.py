"""The tagger of g2pM: the model weighs its opinion."""

from __future__ import annotations

import pickle
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from langdu.pronounce.weights import Floats

BEGIN, END, UNKNOWN = "시", "끝", "<UNK>"
LEAST = -8.0


def _load(name: str) -> Any:  # noqa: ANN401 - whatever the package pickled
    return pickle.loads((files("g2pM") / name).read_bytes())  # noqa: S301 - its own data, from PyPI


def _gates(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Reorder the gates from torch (input, forget, cell, output) to ONNX (input, output, forget, cell)."""
    let_in, keep, new, give = np.split(rows, 4)
    return np.concatenate([let_in, give, keep, new])


class Tagger:
    """g2pM's network with its trained weights."""

    def __init__(self) -> None:
        self.ids: dict[str, int] = _load("char2idx.pkl")
        self.classes = {name.replace("u:", "ü").replace("v", "ü"): i for name, i in _load("class2idx.pkl").items()}
        loaded = _load("np_ckpt.pkl").items()
        self.weights = {name: torch.tensor(np.asarray(w), dtype=torch.float32) for name, w in loaded}
        self.table = self.weights["embedding.weight"]
        width = self.weights["lstm.weight_hh_l0"].shape[1]
        self.lstm = nn.LSTM(self.table.shape[1], width, batch_first=True, bidirectional=True)
        self.lstm.load_state_dict({n[5:]: w for n, w in self.weights.items() if n.startswith("lstm.")})

    def graph(self) -> bytes:
        """The recurrent layers as ONNX.

        `x`, (length, sentences, 64), and `sizes`, (sentences,), give `states`, (length, 2, sentences, 32).
        """
        w = {name[5:]: value.numpy() for name, value in self.weights.items() if name.startswith("lstm.")}
        ways = ("l0", "l0_reverse")
        gates = {
            "inputs": [_gates(w[f"weight_ih_{way}"]) for way in ways],
            "loop": [_gates(w[f"weight_hh_{way}"]) for way in ways],
            "bias": [np.concatenate([_gates(w[f"bias_{kind}_{way}"]) for kind in ("ih", "hh")]) for way in ways],
        }
        width, size = self.lstm.hidden_size, self.lstm.input_size
        layer = helper.make_node(
            "LSTM", ["x", *gates, "sizes"], ["states"], hidden_size=width, direction="bidirectional"
        )
        made = helper.make_graph(
            [layer],
            "tagger",
            [
                helper.make_tensor_value_info("x", TensorProto.FLOAT, ["length", "sentences", size]),
                helper.make_tensor_value_info("sizes", TensorProto.INT32, ["sentences"]),
            ],
            [helper.make_tensor_value_info("states", TensorProto.FLOAT, ["length", 2, "sentences", width])],
            [numpy_helper.from_array(np.stack(rows).astype(np.float32), name) for name, rows in gates.items()],
        )
        model = helper.make_model(made, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        done: bytes = model.SerializeToString()
        return done

    @torch.no_grad()
    def opinions(self, texts: Sequence[str], candidates: Mapping[str, Sequence[str]]) -> list[dict[int, Floats]]:
        """For each text and each of its polyphones, the log probability of each candidate."""
        out: list[dict[int, Floats]] = [{} for _ in texts]
        order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
        for first in range(0, len(order), 256):
            block = order[first : first + 256]
            ids = [[self.ids.get(c, self.ids[UNKNOWN]) for c in texts[i]] for i in block]
            framed = [self.table[torch.tensor([self.ids[BEGIN], *row, self.ids[END]])] for row in ids]
            packed, _ = self.lstm(nn.utils.rnn.pack_sequence(framed, enforce_sorted=False))
            hidden, _ = nn.utils.rnn.pad_packed_sequence(packed, batch_first=True)
            for i, h in zip(block, hidden, strict=True):
                self._opinion(texts[i], h, candidates, out[i])
        return out

    def _opinion(
        self, text: str, hidden: torch.Tensor, candidates: Mapping[str, Sequence[str]], out: dict[int, Floats]
    ) -> None:
        w = self.weights
        at = [i for i, char in enumerate(text) if char in candidates]
        if not at:
            return
        g = torch.relu(hidden[[i + 1 for i in at]] @ w["logit_layer.0.weight"].T + w["logit_layer.0.bias"])
        scores = (g @ w["logit_layer.2.weight"].T + w["logit_layer.2.bias"]).numpy()
        for i, score in zip(at, scores, strict=True):
            known = [self.classes.get(reading, -1) for reading in candidates[text[i]]]
            if max(known) < 0:
                continue
            own = np.where(np.array(known) >= 0, score[known], -1e9)
            own = own - own.max()
            out[i] = np.clip(own - np.log(np.exp(own).sum()), LEAST, 0).astype(np.float32)
