"""The vectors of characters with which a network begins: positional co-occurrence, reduced."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import torch

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.pronounce.weights import Floats

# The size of a vector, and how often a character must occur to have one.
WIDTH, OFTEN = 96, 4


def vectors(texts: Sequence[str]) -> tuple[str, Floats]:
    """The characters that occur often enough, and a vector of each, [characters, WIDTH].

    The first is padding, the second stands for every other character; "0" stands for any digit, "a" for any letter.
    """
    plain = [re.sub("[A-Za-zＡ-Ｚａ-ｚ]", "a", re.sub("[0-9０-９]", "0", text)) for text in texts]
    met = Counter("".join(plain))
    characters = "\0\1" + "".join(sorted(char for char, times in met.items() if times >= OFTEN))
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
