"""A network with one hidden layer that classifies the five tones, trained with numpy alone."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

HIDDEN = 96
EPOCHS = 40
STEPS = 1_500  # at least, with however few inputs
BATCH = 200
RATE = 2e-3  # of Adam, falling to nothing over the epochs
DECAY = 5e-4
TONES = 5


def train(
    inputs: Floats, labels: NDArray[np.int64], start: Sequence[Floats] | None = None, seed: int = 0
) -> dict[str, Floats]:
    """The trained weights, under the names that `langdu.verify.ear` reads. The same seed gives the same weights.

    `start` has the weights and biases of another voice's network. All inputs are brought to one centre and scale, so it
    hears this voice too, if not well; fewer inputs then do.
    """
    rng = np.random.default_rng(seed)
    centre, scale = inputs.mean(0), inputs.std(0) + 1e-3
    inputs = (inputs - centre) / scale
    sizes = (inputs.shape[1], HIDDEN, TONES)
    weights = [rng.normal(0, np.sqrt(2 / a), (a, b)) for a, b in pairwise(sizes)]
    values = [weights[0], np.zeros(HIDDEN), weights[1], np.zeros(TONES)]
    if start:
        values = [np.array(value) for value in start]
    moments = [(np.zeros_like(v), np.zeros_like(v)) for v in values]
    batches = len(inputs) // BATCH
    epochs = max(EPOCHS, -(-STEPS // batches))
    steps = epochs * batches
    step = 0
    for _ in range(epochs):
        order = rng.permutation(len(inputs))[: batches * BATCH]
        for batch in order.reshape(-1, BATCH):
            step += 1
            pace = RATE * (1 - step / (steps + 1))
            for value, slope, moment in zip(
                values, _slopes(values, inputs[batch], labels[batch]), moments, strict=True
            ):
                _adam(value, slope + DECAY * value * (value.ndim > 1), moment, pace, step)
    names = ("hidden", "hidden_bias", "output", "output_bias")
    return {"centre": centre, "scale": scale, **dict(zip(names, values, strict=True))}


def _slopes(values: list[Floats], inputs: Floats, labels: NDArray[np.int64]) -> list[Floats]:
    """The gradient of the mean cross-entropy."""
    first, first_bias, second, second_bias = values
    inner = np.maximum(inputs @ first + first_bias, 0)
    outer = inner @ second + second_bias
    likely = np.exp(outer - np.logaddexp.reduce(outer, axis=1, keepdims=True))
    likely[np.arange(len(labels)), labels] -= 1
    off = likely / len(labels)
    back = (off @ second.T) * (inner > 0)
    return [inputs.T @ back, back.sum(0), inner.T @ off, off.sum(0)]


def _adam(value: Floats, slope: Floats, moment: tuple[Floats, Floats], pace: float, step: int) -> None:
    first, second = moment
    first += 0.1 * (slope - first)
    second += 0.001 * (slope**2 - second)
    value -= pace * (first / (1 - 0.9**step)) / (np.sqrt(second / (1 - 0.999**step)) + 1e-8)
