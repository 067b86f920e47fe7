"""The file that langdu reads: a network's weights, g2pM's tagger, and what was set by measuring."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import onnx
import torch
from network import NONE, Network, Sizes
from onnx import numpy_helper
from tagger import BEGIN, END, UNKNOWN

from langdu.pronounce.weights import MAGIC, read_weights

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from material import Material
    from network import Polyphones
    from numpy.typing import NDArray
    from tagger import Tagger
    from torch import Tensor

    from langdu.pronounce.weights import Floats, Ints

# Has the lowest cross entropy on our own held-out sentences and on THCHS-30; g2pL wants 0.8, CPP 0.6.
SHARPNESS = 0.7
# The probability needed to overrule the dictionaries for g2pL's characters, which are frequent.
OVERRULE = 0.5
# The network knows its training labels by heart and so learns to trust the tagger too little. This is added to its
# trust: for g2pL's characters and for others. (0.1, 0.25) reads 0.3 points more of CPP and 0.6 fewer of our own
# sentences; (0, 0) reads 0.3 fewer of CPP and 0.1 more of our own.
TRUST_MORE = (0.0, 0.1)


def pack(path: Path, network: Network, material: Material, tagger: Tagger) -> int:
    """Write the file. Returns its size in bytes."""
    characters, of_tagger = _tagger(tagger, material.candidates)
    about = {
        "candidates": material.candidates,
        "characters": material.characters,
        "tagger_characters": characters,
    }
    halves = {name: array.astype(np.float16) for name, array in (_network(network, material) | of_tagger).items()}
    _round(network)
    graphs = {"graph": network.graph(), "tagger_graph": tagger.graph()}
    return _write(path, about, halves | {name: np.frombuffer(graph, np.uint8) for name, graph in graphs.items()})


@torch.no_grad()
def _round(network: Network) -> None:
    """Round the weights to half precision, which the graph does not have: so it can be deflated to two thirds."""
    for weight in network.core.parameters():
        weight.copy_(weight.half().float())


def _network(network: Network, material: Material) -> dict[str, NDArray[Any]]:
    scores = {name: value.numpy() for name, value in network.scores.state_dict().items()}
    taught = material.polyphones.taught
    return {
        **scores,
        "tagger_trust": scores["tagger_trust"] + np.where(taught, *TRUST_MORE)[:, None],
        "characters": network.characters.weight.detach().numpy(),
        "positions": network.positions.weight.detach().numpy(),
        "sharpness": np.array([SHARPNESS]),
        "overrule": OVERRULE * taught,
    }


def _tagger(tagger: Tagger, candidates: Mapping[str, list[str]]) -> tuple[str, dict[str, NDArray[Any]]]:
    """g2pM's characters and weights, reduced to our candidates."""
    w = {name: value.numpy() for name, value in tagger.weights.items()}
    own = sorted(char for char in tagger.ids if len(char) == 1 and char not in (BEGIN, END))
    order = [tagger.ids[char] for char in (UNKNOWN, BEGIN, END, *own)]
    out = {"tagger_characters": w["embedding.weight"][order]}
    out |= {"tagger_hidden": w["logit_layer.0.weight"].T, "tagger_hidden_bias": w["logit_layer.0.bias"]}
    readings = candidates.values()
    known: Ints = np.full((len(readings), _most(candidates)), -1)
    for row, names in zip(known, readings, strict=True):
        row[: len(names)] = [tagger.classes.get(name, -1) for name in names]
    out["tagger_out"] = w["logit_layer.2.weight"][known] * (known >= 0)[:, :, None]
    out["tagger_bias"] = np.where(known >= 0, w["logit_layer.2.bias"][known], -1e4)
    out["tagger_knows"] = np.any(known >= 0, 1)
    return "\ue000\ue001\ue002" + "".join(own), out


def _most(candidates: Mapping[str, list[str]]) -> int:
    return max(map(len, candidates.values()))


def _write(path: Path, about: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> int:
    shapes = {name: [array.dtype.str, list(array.shape)] for name, array in weights.items()}
    head = json.dumps({**about, "arrays": shapes}, ensure_ascii=False).encode()
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in weights.values())
    body = zlib.compress(len(head).to_bytes(4, "little") + head + data, level=9)
    return path.write_bytes(MAGIC + zlib.crc32(body).to_bytes(4, "little") + body)


# The weights that are not in the file: they follow from the sizes, or only guess hidden characters.
_NOT_IN_FILE = {"core.distance", "guess.weight", "guess.bias"}
# The bias of a candidate that a network does not know: a thousandth of the probability of one that it does.
_UNKNOWN = -7.0


class Packed(NamedTuple):
    """What a file has of our network; the weights have the names that they have in `Network`."""

    candidates: dict[str, list[str]]
    characters: str
    vectors: Floats
    weights: dict[str, Tensor]

    def for_candidates(self, candidates: dict[str, list[str]]) -> Packed:
        """The same for other candidates. One that it does not know is improbable, unless it is a character's first."""
        known = {
            (char, reading): (row, column)
            for row, (char, readings) in enumerate(self.candidates.items())
            for column, reading in enumerate(readings)
        }
        rows = {char: row for row, char in enumerate(self.candidates)}
        size = len(candidates)
        weights = dict(self.weights)
        weights["scores.out"] = out = torch.zeros(size, _most(candidates), self.weights["scores.out"].shape[2])
        weights["scores.bias"] = bias = torch.full(out.shape[:2], NONE)
        weights["scores.trust"], weights["scores.tagger_trust"] = torch.zeros(size, 3), torch.zeros(size, 3)
        for row, (char, readings) in enumerate(candidates.items()):
            for name in ("scores.trust", "scores.tagger_trust"):
                weights[name][row] = self.weights[name][rows[char]] if char in rows else 0
            for column, reading in enumerate(readings):
                bias[row, column] = _UNKNOWN if column else 0
                if place := known.get((char, reading)):
                    out[row, column] = self.weights["scores.out"][place]
                    bias[row, column] = self.weights["scores.bias"][place]
        return self._replace(candidates=candidates, weights=weights)

    def network(self, polyphones: Polyphones) -> Network:
        """The network.

        Raises: ValueError: a weight is missing.
        """
        layers = len({name.split(".")[2] for name in self.weights if name.startswith("core.layers.")})
        network = Network(self.vectors, polyphones, Sizes(self.weights["scores.out"].shape[2], layers))
        left_out, _ = network.load_state_dict(self.weights, strict=False)
        if set(left_out) != _NOT_IN_FILE:
            raise ValueError(f"not in the file: {', '.join(left_out)}")
        return network


def unpack(path: Path) -> Packed:
    """Take our network out of a file that `pack` wrote. Vectors and scores are as exact as half precision."""
    about, arrays = read_weights(path)
    w = {name: torch.tensor(value.astype(np.float32)) for name, value in arrays.items() if value.dtype == np.float16}
    more = np.where(w["overrule"].numpy() > 0, *TRUST_MORE)[:, None]
    weights = {f"core.{name}": value for name, value in _of_graph(arrays["graph"].tobytes()).items()}
    weights |= {f"scores.{name}": w[name] for name in ("out", "bias", "kinds", "trust")}
    weights["scores.tagger_trust"] = w["tagger_trust"] - torch.tensor(more, dtype=torch.float32)
    weights |= {f"{name}.weight": w[name] for name in ("characters", "positions")}
    return Packed(about["candidates"], about["characters"], w["characters"].numpy(), weights)


def _of_graph(graph: bytes) -> dict[str, Tensor]:
    """The weights of `network.Core` in its graph.

    The exporter keeps their names, but for matrices that it transposes: these are known by the bias added to them.
    """
    parsed = onnx.load_from_string(graph).graph
    stored = {each.name: torch.tensor(numpy_helper.to_array(each)) for each in parsed.initializer}
    product = {node.output[0]: node.input[1] for node in parsed.node if node.op_type == "MatMul"}
    for node in parsed.node:
        if node.op_type == "Add" and node.input[0].endswith(".bias") and node.input[1] in product:
            stored[node.input[0].removesuffix("bias") + "weight"] = stored[product[node.input[1]]].T
    return {name: value.contiguous() for name, value in stored.items() if "::" not in name}
