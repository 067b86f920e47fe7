"""Train the model of polyphones and write src/langdu/data/polyphones.bin.

Run: pip install -e .[train] && python training/polyphones.py FOLDER [--leave-out 0] [--quick]
FOLDER has the data (docs/model_card.md). About an hour on one core.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import zlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from corpus import FOLDS, Corpus, Example, rows, texts_of
from network import GUESSED, WIDTH, Encoder, Network, predict, train
from teacher import BEGIN, END, UNKNOWN, Teacher
from torch.nn import functional

from langdu.pronounce.polyphones import PATH
from langdu.pronounce.weights import MAGIC, character_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

# How often the examples of CPP and our own are shown in an epoch, and the share of unlabelled sentences among them.
REPEAT_CPP = 3
REPEAT_OWN = 4
MIXED_IN = {"common_voice.txt": 0.18, "aishell3.txt": 0.08, "g2pl": 0.15, "cpp": 0.25}
# The second step is done once with each number of epochs, and the weights are averaged: two epochs are best for running
# text, three for rare readings, and the average keeps both.
# Source: Wortsman et al., "Model soups" (2022).
FIRST_EPOCHS, FIRST_RATE = 3, 1.5e-3
SECOND_EPOCHS, SECOND_RATE = (2, 3), 1e-3
SHARPNESS = 0.6  # measured: it has the lowest cross-entropy on held-out folds
OVERRULE = 0.5  # the probability needed to overrule the dictionaries for g2pL's characters, which are frequent
# The network knows its training labels by heart and so learns to trust the tagger too little. This is added to its
# trust, as measured on held-out folds: for g2pL's characters and for others.
TRUST_MORE = (0.1, 0.25)


def vectors(texts: Sequence[str]) -> tuple[str, NDArray[np.float32]]:
    """The characters that occur at least four times, and a vector of each: positional co-occurrence, reduced."""
    plain = [re.sub("[A-Za-zＡ-Ｚａ-ｚ]", "a", re.sub("[0-9０-９]", "0", text)) for text in texts]
    met = Counter("".join(plain))
    characters = "\0\1" + "".join(sorted(char for char, times in met.items() if times >= 4))
    number = {char: i for i, char in enumerate(characters)}
    ids = np.concatenate([[0, 0, 0, *(number.get(char, 1) for char in text)] for text in plain]).astype(np.int64)
    size = len(characters)
    beside = np.zeros((size, 4 * size), np.float32)
    for column, offset in enumerate((-2, -1, 1, 2)):
        pairs, times = np.unique(ids[3:-3] * size + ids[3 + offset : len(ids) - 3 + offset], return_counts=True)
        beside[pairs // size, column * size + pairs % size] = times
    beside[0] = 0
    row, column_ = beside.sum(1, keepdims=True) + 1, (beside.sum(0, keepdims=True) + 1) ** 0.75
    with np.errstate(divide="ignore"):
        information = np.maximum(np.log(beside * column_.sum() / (row * column_)), 0).astype(np.float32)
    torch.manual_seed(0)
    left, weight, _ = torch.svd_lowrank(torch.from_numpy(information), q=WIDTH + 14, niter=2)
    table = left[:, :WIDTH] * weight[:WIDTH].sqrt()
    table = (table / table.norm(dim=1, keepdim=True).clamp(min=1e-6) * 1.5).numpy()
    table[:2] = 0
    return characters, table


class Trainer:
    """The examples of every source, and the steps of the training."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.corpus = corpus = Corpus(folder, Teacher())
        self.first_epochs, self.second_epochs = (1, (1,)) if quick else (FIRST_EPOCHS, SECOND_EPOCHS)
        most = 500 if quick else None
        self.cpp = corpus.labelled("cpp_dev.tsv")
        self.people = corpus.labelled("g2pl_train.tsv")[:most] + corpus.running("aishell3_running.tsv")[:most]
        self.own = corpus.own()
        spoken = corpus.sentences("common_voice.txt", most) + corpus.sentences("aishell3.txt", most)
        self.names = corpus.names(spoken)
        cpp, g2pl = rows(folder / "cpp_dev.tsv"), rows(folder / "g2pl_train.tsv")
        asked = frozenset((sentence, int(at)) for sentence, at, _ in cpp)
        files = {"common_voice.txt": most, "tatoeba.txt": most, "aishell3.txt": most, "laws.txt": most or 4000}
        heard = {sentence for sentence, _ in rows(folder / "aishell3_running.tsv")}
        self.machine = {
            name: corpus.unlabelled(text for text in corpus.sentences(name, size) if text not in heard)
            for name, size in files.items()
        }
        self.machine["g2pl"] = corpus.unlabelled(sentence for sentence, _, _ in g2pl[:most])
        self.machine["cpp"] = corpus.unlabelled((sentence for sentence, _, _ in cpp[:most]), asked)
        self.characters, self.table = vectors(texts_of(self.people, self.cpp, *self.machine.values()))
        self.begun: dict[str, Any] = {}

    def encoder(self) -> Encoder:
        """What turns examples into numbers."""
        return Encoder(character_table(self.characters), self.corpus.candidates)

    def network(self) -> Network:
        """A fresh network."""
        attested, candidates = self.corpus.attested, self.corpus.candidates
        torch.manual_seed(0)
        counts = [[attested[char][reading] for reading in candidates[char]] for char in candidates]
        return Network(self.table, counts, [char in self.corpus.taught for char in candidates])

    def begin(self) -> None:
        """The first step: everything but the labels of CPP, and hidden characters to guess. All folds share it."""
        network = self.network()
        examples = self.people + [example for each in self.machine.values() for example in each]
        train(network, self.encoder(), examples, self.first_epochs, FIRST_RATE, GUESSED)
        self.begun = network.state_dict()

    def finish(self, cpp: Sequence[Example]) -> Network:
        """The second step: the labels of people, and some of the rest."""
        choose = random.Random(5)  # noqa: S311 - nothing secret
        mixed = [
            e for n, part in MIXED_IN.items() for e in choose.sample(self.machine[n], int(part * len(self.machine[n])))
        ]
        people = [*cpp] * REPEAT_CPP + self.own * REPEAT_OWN + self.names + self.people
        states = []
        for epochs in self.second_epochs:
            network = self.network()
            network.load_state_dict(self.begun)
            train(network, self.encoder(), people + mixed, epochs, SECOND_RATE, 0)
            states.append(network.state_dict())
        average = self.network()
        average.load_state_dict({name: sum(state[name] for state in states) / len(states) for name in states[0]})
        return average

    def validate(self, network: Network, fold: int) -> None:
        """Print the share of right targets in an unseen fold of CPP, and the sharpness that suits them best."""
        held_out = [example for example in self.cpp if example.fold == fold]
        scores, labels = predict(network, self.encoder(), held_out)
        right = (scores.argmax(1) == labels).float().mean().item()
        sharp = min(np.arange(0.3, 1.05, 0.05), key=lambda s: functional.cross_entropy(scores * s, labels).item())
        print(f"fold {fold} of {FOLDS}: {right:.4f} of {len(labels)}, best sharpness {sharp:.2f}", flush=True)


def arrays(network: Network, corpus: Corpus) -> tuple[str, dict[str, NDArray[Any]]]:
    """The tagger's characters, and all weights in the form that langdu reads."""
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    out = {name: state[name] for name in ("out", "bias", "kinds", "trust", "tagger_trust")}
    out |= {"characters": state["characters.weight"], "positions": state["positions.weight"]}
    taught = np.array([char in corpus.taught for char in corpus.candidates])
    out["tagger_trust"] = out["tagger_trust"] + np.where(taught, *TRUST_MORE)[:, None]
    out["sharpness"] = np.array([SHARPNESS])
    out["overrule"] = OVERRULE * taught
    characters, tagger = _tagger(corpus)
    halves = {name: array.astype(np.float16) for name, array in (out | tagger).items()}
    graphs = {"graph": network.graph(), "tagger_graph": corpus.teacher.graph()}
    return characters, halves | {name: np.frombuffer(graph, np.uint8) for name, graph in graphs.items()}


def _tagger(corpus: Corpus) -> tuple[str, dict[str, NDArray[Any]]]:
    """g2pM's characters and weights, reduced to our candidates."""
    teacher = corpus.teacher
    w = {name: value.numpy() for name, value in teacher.weights.items()}
    own = sorted(char for char in teacher.ids if len(char) == 1 and char not in (BEGIN, END))
    order = [teacher.ids[char] for char in (UNKNOWN, BEGIN, END, *own)]
    out = {"tagger_characters": w["embedding.weight"][order]}
    out |= {"tagger_hidden": w["logit_layer.0.weight"].T, "tagger_hidden_bias": w["logit_layer.0.bias"]}
    readings = corpus.candidates.values()
    known = np.full((len(readings), max(map(len, readings))), -1)
    for row, names in zip(known, readings, strict=True):
        row[: len(names)] = [teacher.classes.get(name, -1) for name in names]
    out["tagger_out"] = w["logit_layer.2.weight"][known] * (known >= 0)[:, :, None]
    out["tagger_bias"] = np.where(known >= 0, w["logit_layer.2.bias"][known], -1e4)
    out["tagger_knows"] = (known >= 0).any(1)
    return "\ue000\ue001\ue002" + "".join(own), out


def write_weights(path: Path, about: Mapping[str, Any], weights: Mapping[str, NDArray[Any]]) -> int:
    """Write the file that langdu.pronounce.weights reads. Returns its size in bytes."""
    shapes = {name: [array.dtype.str, list(array.shape)] for name, array in weights.items()}
    head = json.dumps({**about, "arrays": shapes}, ensure_ascii=False).encode()
    data = b"".join(np.ascontiguousarray(array).tobytes() for array in weights.values())
    body = zlib.compress(len(head).to_bytes(4, "little") + head + data, level=9)
    return path.write_bytes(MAGIC + zlib.crc32(body).to_bytes(4, "little") + body)


def main() -> None:
    """Train, cross-validate and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--leave-out", type=int, metavar="FOLD", help="a fold of CPP, 0 to 4, to leave out and measure on"
    )
    parser.add_argument("--begun", type=Path, help="file for the weights of the first step; read if it exists")
    parser.add_argument("--quick", action="store_true", help="a few sentences and one epoch, to see that it runs")
    parser.add_argument("--out", type=Path, default=PATH)
    args = parser.parse_args()
    torch.set_num_threads(2)  # a fixed number, so that runs can be repeated exactly
    trainer = Trainer(args.folder, quick=args.quick)
    if args.begun and args.begun.exists():
        trainer.begun = torch.load(args.begun)
    else:
        trainer.begin()
        if args.begun:
            torch.save(trainer.begun, args.begun)
    network = trainer.finish([example for example in trainer.cpp if example.fold != args.leave_out])
    if args.leave_out is not None:
        trainer.validate(network, args.leave_out)
    tagger_characters, weights = arrays(network, trainer.corpus)
    about = {
        "candidates": trainer.corpus.candidates,
        "characters": trainer.characters,
        "tagger_characters": tagger_characters,
    }
    print(f"{write_weights(args.out, about, weights):,} bytes written to {args.out}")


if __name__ == "__main__":
    main()
