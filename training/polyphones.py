"""Train the model of polyphones and write src/langdu/data/polyphones.bin.

Run: pip install -e .[train] && python training/polyphones.py FOLDER --encoder FOLDER --work FOLDER [--quick]
     python training/polyphones.py FOLDER --renew --work FOLDER [--quick]
The first folder has the data (docs/model_card.md), the second the encoder (training/encoder.py). Each step leaves a
file in the third, and a step whose file is there is not done again.

An encoder and two networks learn from our labels, and label sentences that nobody has labelled. The network of the
file learns from both. That takes a quarter of an hour on one large GPU, after ten minutes for the material. Without a
GPU the encoder takes days.

With --renew, the network that is in the file now labels these sentences, and a new one learns from its labels and from
ours, with what training/own/ has now. Both then label the sentences once more, for a third step. That needs neither an
encoder nor a GPU: an hour and a half on two cores with AVX-512, three times as long without.
"""

from __future__ import annotations

import argparse
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import encoder as encoders
import lessons
import material as materials
import numpy as np
import torch
from batches import WHOLE, Batches, Window
from corpus import OPEN, Corpus
from encoder import Encoder, fine_tune
from flat import PARTS, Flat
from learning import Plan, first_loss, fit, optimizer_of, probabilities, right, second_loss
from network import Network, Sizes
from packing import pack, unpack
from tagger import Tagger

from langdu.pronounce.polyphones import PATH
from langdu.pronounce.weights import character_table

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from material import Material
    from packing import Packed
    from torch import Tensor, nn

    from langdu.pronounce.weights import Ints

# The network of the file, and a larger one that only teaches it.
SHIPPED, WIDE = Sizes(192, 3), Sizes(256, 4)
# A network learns what is near a target; it is measured on a little more.
NEAR, MEASURED = Window(40, 200), Window(40, 250)
FIRST_RATE, SECOND_RATE, CHARACTERS = 1.3e-3, 9e-4, 4000
# The third step is done once with each rate, and the weights are averaged.
THIRD_RATES = (5e-4, 8e-4)
# The encoder's share in a soft label. The two networks have the rest: they read 0.967 of our held-out sentences and
# their mean 0.969, the encoder 0.942, but it knows what no label of ours says.
ENCODER_SHARE = 0.25


class Scale(NamedTuple):
    """How much is done.

    `most`: sentences of each source. `layers`: of the encoder. The second step is done once with each number of epochs,
    and the weights are averaged: two epochs are best for running text, three for rare readings, the average keeps both.
    Source: Wortsman et al., "Model soups" (2022).
    """

    most: int | None
    layers: int
    encoder: Plan
    first: float
    second: Sequence[float]
    third: float


FULL = Scale(None, encoders.LAYERS, encoders.PLAN, 3, (2, 3), 1)
QUICK = Scale(100, 2, encoders.PLAN._replace(epochs=0.5, characters=1000), 1, (1, 2), 1)


class Training:
    """The steps of the training. Each has a file in the folder `work`."""

    def __init__(self, work: Path, material: Material, scale: Scale, device: str) -> None:
        self.work = work
        self.material = material
        self.scale = scale
        self.device = device

    def encoder_labels(self, folder: Path) -> dict[str, Tensor]:
        """What the encoder thinks of the pool: for each source [targets, candidates]."""
        return self._stored("encoder.pt", lambda: self._of_encoder(folder))

    def _of_encoder(self, folder: Path) -> dict[str, Tensor]:
        numbers = encoders.numbers_of(folder)
        torch.manual_seed(0)
        model = Encoder(folder, self.material.polyphones, self.scale.layers).to(self.device)
        fine_tune(model, self._batches(lessons.of_encoder(self.material), numbers, WHOLE), self.scale.encoder)
        self._measure("encoder", model, numbers, WHOLE)
        return self._labels([model], numbers)

    def network(self, name: str, sizes: Sizes, first: Flat, second: Flat) -> Network:
        """A network that learned in two steps."""
        network = self._fresh(sizes)
        network.load_state_dict(self._stored(f"{name}.pt", lambda: self._trained(name, sizes, first, second)))
        self._measure(name, network.to(self.device), self._numbers(), MEASURED)
        return network

    def _trained(self, name: str, sizes: Sizes, first: Flat, second: Flat) -> dict[str, Tensor]:
        network = self._fresh(sizes).to(self.device)
        print(f"{name}: first step", file=sys.stderr, flush=True)
        plan = Plan(self.scale.first, CHARACTERS, averaged=True)
        batches = self._batches(first, self._numbers(), NEAR)
        fit(network, batches, optimizer_of(network, FIRST_RATE), plan, partial(first_loss, network))
        begun = _copy(network)
        states = []
        batches = self._batches(second, self._numbers(), NEAR)
        for epochs in self.scale.second:
            print(f"{name}: second step with {epochs} epochs", file=sys.stderr, flush=True)
            network.load_state_dict(begun)
            plan = plan._replace(epochs=epochs)
            fit(network, batches, optimizer_of(network, SECOND_RATE), plan, partial(second_loss, network))
            states.append(_copy(network))
        return _mean(states)

    def pool(self, encoder: Mapping[str, Tensor], networks: Sequence[Network]) -> dict[str, Flat]:
        """The pool with soft labels: the mean of the networks, and the encoder's share."""
        labels = self._labels(networks, self._numbers())
        return self.softened(
            {name: ENCODER_SHARE * encoder[name] + (1 - ENCODER_SHARE) * theirs for name, theirs in labels.items()}
        )

    def softened(self, labels: Mapping[str, Tensor], known: Collection[str] | None = None) -> dict[str, Flat]:
        """The sources with soft labels [targets, candidates]; characters that are not `known` have none."""
        unknown = [i for i, char in enumerate(self.material.candidates) if known is not None and char not in known]
        pool = {}
        for name, each in labels.items():
            flat = self.material.sources[name]
            left_out = np.isin(flat.number, unknown) & (flat.label == OPEN)
            soft = (PARTS * each).round().to(torch.uint8).numpy()
            pool[name] = flat._replace(soft=soft, weight=np.where(left_out, np.float32(0), flat.weight))
        return pool

    def labels_of_teacher(self, packed: Packed) -> dict[str, Tensor]:
        """What a network that learned before thinks of the pool.

        Source: Furlanello et al., "Born again neural networks" (2018): a network that learns from one of its kind, and
        from the labels, often reads better than its teacher.
        """
        teacher = packed.for_candidates(self.material.candidates).network(self.material.polyphones).to(self.device)
        numbers = character_table(packed.characters)
        self._measure("teacher", teacher, numbers, MEASURED)
        return self._stored("taught.pt", lambda: self._labels([teacher], numbers))

    def labels_of(self, network: Network) -> dict[str, Tensor]:
        """What a network of this training thinks of the pool."""
        return self._stored("learned.pt", lambda: self._labels([network], self._numbers()))

    def settled(self, name: str, network: Network, third: Flat) -> Network:
        """The network after the third step."""

        def once_more() -> dict[str, Tensor]:
            begun, batches, states = _copy(network), self._batches(third, self._numbers(), NEAR), []
            plan = Plan(self.scale.third, CHARACTERS, averaged=True, seed=15)
            for rate in THIRD_RATES:
                network.load_state_dict(begun)
                fit(network, batches, optimizer_of(network, rate), plan, partial(second_loss, network))
                states.append(_copy(network))
            return _mean(states)

        network.load_state_dict(self._stored(f"{name}.pt", once_more))
        self._measure(name, network, self._numbers(), MEASURED)
        return network

    def _labels(self, models: Sequence[nn.Module], numbers: Ints) -> dict[str, Tensor]:
        """For each source of the pool, the mean of what the models think, [targets, candidates]."""
        labels = {}
        for name in self.material.names("pool"):
            batches = self._batches(self.material.sources[name], numbers, WHOLE)
            labels[name] = torch.stack([probabilities(model, batches) for model in models]).mean(0)
        return labels

    def _stored(self, name: str, make: Callable[[], dict[str, Tensor]]) -> dict[str, Tensor]:
        """What the file of a step has; it is made if it is not there."""
        path = self.work / name
        if not path.exists():
            _write(path, partial(torch.save, make()))
        stored: dict[str, Tensor] = torch.load(path)
        return stored

    def _measure(self, name: str, model: nn.Module, numbers: Ints, window: Window) -> None:
        """Print the share of right readings in what no network has seen."""
        for unseen in self.material.names("unseen"):
            flat = self.material.sources[unseen]
            shares = probabilities(model, self._batches(flat, numbers, window))
            print(f"{name}: {right(shares, flat.label):.4f} of {len(flat.label)} in {unseen}", flush=True)

    def _fresh(self, sizes: Sizes) -> Network:
        torch.manual_seed(0)
        return Network(self.material.vectors, self.material.polyphones, sizes)

    def _numbers(self) -> Ints:
        return character_table(self.material.characters)

    def _batches(self, flat: Flat, numbers: Ints, window: Window) -> Batches:
        return Batches(flat, numbers, self.device, window)


def _copy(network: Network) -> dict[str, Tensor]:
    return {key: value.clone().cpu() for key, value in network.state_dict().items()}


def _mean(states: Sequence[Mapping[str, Tensor]]) -> dict[str, Tensor]:
    return {key: torch.stack([state[key] for state in states]).mean(0) for key in states[0]}


def _write(path: Path, save: Callable[[Path], None]) -> None:
    """Save to a file that is whole or not there."""
    unfinished = path.with_suffix(".part")
    save(unfinished)
    unfinished.replace(path)


def prepared(path: Path, prepare: Callable[[], Material]) -> Material:
    """The material in a file; it is made if it is not there."""
    if not path.exists():
        _write(path, partial(materials.save, prepare()))
    material = materials.load(path)
    for name, flat in material.sources.items():
        counts = f"{len(flat.length):,} sentences, {len(flat.at):,} polyphones, {(flat.label >= 0).sum():,} with labels"
        print(f"{name}: {counts}", flush=True)
    return material


def learned(folder: Path, encoder: Path, work: Path, scale: Scale) -> tuple[Network, Material]:
    """A network that learned everything from the beginning."""
    material = prepared(work / "material.npz", lambda: materials.prepare(Corpus(folder, Tagger(), scale.most)))
    training = Training(work, material, scale, _device())
    of_encoder = training.encoder_labels(encoder)
    hard = lessons.first(material), lessons.second(material)
    teachers = [training.network("alike", SHIPPED, *hard), training.network("wide", WIDE, *hard)]
    pool = training.pool(of_encoder, teachers)
    soft = lessons.first_soft(material, pool), lessons.second_soft(material, pool)
    return training.network("shipped", SHIPPED, *soft), material


def renewed(folder: Path, work: Path, scale: Scale) -> tuple[Network, Material]:
    """A new network that learned from the one in the file."""
    material = prepared(work / "material.npz", lambda: materials.prepare(Corpus(folder, Tagger(), scale.most)))
    training = Training(work, material, scale, _device())
    packed = unpack(PATH)
    taught = training.labels_of_teacher(packed)
    pool = training.softened(taught, packed.candidates)
    soft = lessons.first_soft(material, pool), lessons.second_soft(material, pool)
    network = training.network("begun", SHIPPED, *soft)
    mean = {name: (taught[name] + theirs) / 2 for name, theirs in training.labels_of(network).items()}
    third = lessons.third(material, training.softened(mean, packed.candidates))
    return training.settled("shipped", network, third), material


def _device() -> str:
    return "cuda" if torch.cuda.is_available() else "cpu"


def main() -> None:
    """Do all steps."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="folder of the data")
    way = parser.add_mutually_exclusive_group(required=True)
    way.add_argument("--encoder", type=Path, help="folder of the encoder's weights")
    way.add_argument("--renew", action="store_true", help="let the network of the file teach a new one")
    parser.add_argument("--work", type=Path, required=True, help="folder for the files of the steps")
    parser.add_argument("--quick", action="store_true", help="a few sentences and a part of the encoder, to see it run")
    parser.add_argument("--out", type=Path, default=PATH)
    args = parser.parse_args()
    work = args.work / ("quick" if args.quick else "full")
    work.mkdir(parents=True, exist_ok=True)
    scale = QUICK if args.quick else FULL
    torch.set_float32_matmul_precision("high")
    done = renewed(args.folder, work, scale) if args.renew else learned(args.folder, args.encoder, work, scale)
    network, material = done
    print(f"{pack(args.out, network.cpu(), material, Tagger()):,} bytes written to {args.out}")


if __name__ == "__main__":
    main()
