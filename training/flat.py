"""Sentences and their targets as flat arrays: quick to choose from, to repeat and to store."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpus import Example
    from numpy.typing import NDArray

    from langdu.pronounce.weights import Bools, Floats, Ints

# A soft label is a probability in so many parts.
PARTS = 255


class Flat(NamedTuple):
    """Sentences, one after the other.

    Of each character: `text` is its code point, `stands` where it stands in its word (`hints.positions`).
    Of each sentence: `length` counts its characters, `asked` its targets; `fold` is that of CPP, -1 for others.
    Of each target: `at`, its place in the sentence; `number`, that of its character among the polyphones; `label`,
    `weight` and `size` as in `corpus.Target`; and, with a column for each candidate: `kinds`, what the dictionaries
    say, `opinion`, the tagger's, and `soft`, the label that teachers gave, in `PARTS`.
    """

    text: Ints
    stands: Ints
    length: Ints
    asked: Ints
    fold: Ints
    at: Ints
    number: Ints
    label: Ints
    weight: Floats
    size: Ints
    kinds: Ints
    opinion: NDArray[np.floating[Any]]
    soft: Ints


OF_CHARACTERS = ("text", "stands")
OF_SENTENCES = ("length", "asked", "fold")


def flatten(examples: Sequence[Example], candidates: Mapping[str, Sequence[str]]) -> Flat:
    """The examples as arrays."""
    numbers = {char: i for i, char in enumerate(candidates)}
    asked = [(example.text[target.at], target) for example in examples for target in example.targets]
    shape = len(asked), max(map(len, candidates.values()))
    kinds, opinion = np.zeros(shape, np.uint8), np.zeros(shape, np.float16)
    for i, (_, target) in enumerate(asked):
        kinds[i, : len(target.kinds)] = target.kinds
        if target.opinion is not None:
            opinion[i, : len(target.opinion)] = target.opinion
    return Flat(
        text=np.array([ord(char) for example in examples for char in example.text], np.int32),
        stands=np.array([stand for example in examples for stand in example.stands], np.uint8),
        length=np.array([len(example.text) for example in examples], np.int64),
        asked=np.array([len(example.targets) for example in examples], np.int64),
        fold=np.array([example.fold for example in examples], np.int8),
        at=np.array([target.at for _, target in asked], np.int64),
        number=np.array([numbers[char] for char, _ in asked], np.int64),
        label=np.array([target.label for _, target in asked], np.int64),
        weight=np.array([target.weight for _, target in asked], np.float32),
        size=np.array([min(target.size, 3) - 1 for _, target in asked], np.int64),
        kinds=kinds,
        opinion=opinion,
        soft=np.zeros(shape, np.uint8),
    )


def chosen(flat: Flat, keep: Bools) -> Flat:
    """The sentences for which `keep` is true."""
    of_character, of_target = np.repeat(keep, flat.length), np.repeat(keep, flat.asked)
    masks = dict.fromkeys(OF_CHARACTERS, of_character) | dict.fromkeys(OF_SENTENCES, keep)
    return Flat(*(array[masks.get(name, of_target)] for name, array in flat._asdict().items()))


def share(flat: Flat, part: float, seed: int) -> Flat:
    """A part of the sentences, drawn by chance: always the same for the same seed."""
    return chosen(flat, np.random.default_rng(seed).random(len(flat.length)) < part)


def joined(parts: Sequence[Flat]) -> Flat:
    """All the sentences of the parts. A part that is there twice is learned from twice as often."""
    return Flat(*(np.concatenate(arrays) for arrays in zip(*parts, strict=True)))


def starts(sizes: Ints) -> Ints:
    """Where each of the things of these sizes begins, if they stand one after the other."""
    out: Ints = np.cumsum(sizes) - sizes
    return out
