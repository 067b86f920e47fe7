"""The file that langdu reads: a network's weights, g2pM's tagger, and what was set by measuring."""

from __future__ import annotations

import json
import zlib
from typing import TYPE_CHECKING, Any

import numpy as np
from tagger import BEGIN, END, UNKNOWN

from langdu.pronounce.weights import MAGIC

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from material import Material
    from network import Network
    from numpy.typing import NDArray
    from tagger import Tagger

    from langdu.pronounce.weights import Ints

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
    graphs = {"graph": network.graph(), "tagger_graph": tagger.graph()}
    return _write(path, about, halves | {name: np.frombuffer(graph, np.uint8) for name, graph in graphs.items()})


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
    known: Ints = np.full((len(readings), max(map(len, readings))), -1)
    for row, names in zip(known, readings, strict=True):
        row[: len(names)] = [tagger.classes.get(name, -1) for name in names]
    out["tagger_out"] = w["logit_layer.2.weight"][known] * (known >= 0)[:, :, None]
    out["tagger_bias"] = np.where(known >= 0, w["logit_layer.2.bias"][known], -1e4)
    out["tagger_knows"] = np.any(known >= 0, 1)
    return "\ue000\ue001\ue002" + "".join(own), out


def _write(path: Path, about: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> int:
    shapes = {name: [array.dtype.str, list(array.shape)] for name, array in weights.items()}
    head = json.dumps({**about, "arrays": shapes}, ensure_ascii=False).encode()
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in weights.values())
    body = zlib.compress(len(head).to_bytes(4, "little") + head + data, level=9)
    return path.write_bytes(MAGIC + zlib.crc32(body).to_bytes(4, "little") + body)
