"""How networks and encoder learn: the losses, the steps, and what they say when they have learned."""

from __future__ import annotations

import math
import sys
from itertools import chain, count, islice
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import torch
from network import HIDDEN
from torch import nn
from torch.nn import functional
from torch.optim.lr_scheduler import LambdaLR
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

if TYPE_CHECKING:
    from collections.abc import Callable

    from batches import Batch, Batches
    from network import Network
    from torch import Tensor

    from langdu.pronounce.weights import Ints

# The rate rises over so many steps, and then sinks to so little, along a cosine.
RISING, LEAST = 300, 0.02
# The decay of the moving average of a network's weights.
SLOWNESS = 0.998
# The shares of targets whose dictionary hint and whose tagger's opinion are hidden, and the shares of characters that
# are hidden: while the network learns to guess them, and later.
NO_DICTIONARY, NO_TAGGER, GUESSED, NO_CHARACTER = 0.2, 0.1, 0.12, 0.04
# Of the hidden characters that are targets, so many stay hidden: a target that is hidden can hardly be read.
_HIDDEN_TARGETS = 0.3
# The loss of readings counts so many times that of guessed characters.
_READING = 4
# The rates of a network's scores to those of its other weights. A rare reading occurs in few steps, and each step moves
# its weights by at most the rate.
_FASTER = 4


class Plan(NamedTuple):
    """How often all examples are seen, how many characters a batch has, whether the weights' average is kept.

    `seed`: what the order of the examples and everything hidden by chance are drawn from.
    """

    epochs: float
    characters: int
    averaged: bool
    seed: int = 11


def fit(
    model: nn.Module, batches: Batches, optimizer: torch.optim.Optimizer, plan: Plan, loss: Callable[[Batch], Tensor]
) -> None:
    """Train in place."""
    torch.manual_seed(plan.seed)
    chance = np.random.default_rng(plan.seed)
    steps = int(plan.epochs * len(batches.shuffled(plan.characters, np.random.default_rng(0))))
    rate = LambdaLR(optimizer, lambda step: min(1, (step + 1) / RISING) * _cosine(step / max(1, steps)))
    moving = get_ema_multi_avg_fn(SLOWNESS)  # type: ignore[no-untyped-call]
    average = AveragedModel(model, multi_avg_fn=moving) if plan.averaged else None
    endless = chain.from_iterable(batches.shuffled(plan.characters, chance) for _ in count())
    model.train()
    for step, block in enumerate(islice(endless, steps), 1):
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(batches.device, torch.bfloat16):
            error = loss(batches.batch(block))
        error.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rate.step()
        if average:
            average.update_parameters(model)
        if step % 200 == 0:
            print(f"step {step} of {steps}, loss {error.item():.3f}", file=sys.stderr, flush=True)
    if average:
        model.load_state_dict(average.module.state_dict())
    model.eval()


def _cosine(done: float) -> float:
    return max(LEAST, (1 + math.cos(math.pi * min(1.0, done))) / 2)


def optimizer_of(network: Network, rate: float) -> torch.optim.Optimizer:
    """What moves a network's weights."""
    scores = [p for name, p in network.scores.named_parameters() if name != "kinds"]
    theirs = set(map(id, scores))
    others = [p for p in network.parameters() if id(p) not in theirs]
    groups = [
        {"params": scores, "lr": _FASTER * rate, "weight_decay": 0},
        {"params": others, "lr": rate, "weight_decay": 1e-3},
    ]
    return torch.optim.AdamW(groups, betas=(0.9, 0.98))


def disguised(batch: Batch, share: float, mask: int = HIDDEN, lowest: int = HIDDEN) -> tuple[Batch, Tensor]:
    """The batch without some of its characters, hints and opinions, and which characters [sentences, length] hide.

    A hidden character is replaced by `mask`; those up to `lowest` are not hidden, since they are no characters.
    """
    chance = torch.rand(2, *batch.ids.shape, device=batch.ids.device)
    hidden = (chance[0] < share) & (batch.ids > lowest)
    asked = torch.zeros_like(hidden)
    asked[batch.row, batch.col] = True
    hidden &= ~asked | (chance[1] < _HIDDEN_TARGETS)
    drawn = torch.rand(2, len(batch.label), 1, device=batch.ids.device)
    without = batch._replace(
        ids=torch.where(hidden, mask, batch.ids),
        kinds=batch.kinds * (drawn[0] >= NO_DICTIONARY),
        opinion=batch.opinion * (drawn[1] >= NO_TAGGER),
    )
    return without, hidden


def reading_loss(scores: Tensor, batch: Batch) -> Tensor:
    """The cross entropy of the scores [targets, candidates] and the labels, or the soft labels where there are none."""
    log = torch.log_softmax(scores, 1)
    hard = -log.gather(1, batch.label.clamp(min=0)[:, None])[:, 0]
    given = batch.soft / batch.soft.sum(1, keepdim=True).clamp(min=1e-3)
    soft = -(given * log.clamp(min=-30)).sum(1)  # a candidate that does not exist has the log probability -10,000
    return (torch.where(batch.label >= 0, hard, soft) * batch.weight).mean()


def first_loss(network: Network, batch: Batch) -> Tensor:
    """The loss of the readings and of guessed characters."""
    batch_, hidden = disguised(batch, GUESSED)
    states = network.states(batch_)
    guessed = functional.cross_entropy(network.guesses(states[hidden]), batch.ids[hidden])
    return _READING * reading_loss(network.scored(batch_, states), batch_) + guessed


def second_loss(network: Network, batch: Batch) -> Tensor:
    """The loss of the readings alone."""
    batch, _ = disguised(batch, NO_CHARACTER)
    return reading_loss(network(batch), batch)


@torch.no_grad()
def probabilities(model: nn.Module, batches: Batches, characters: int = 16_000) -> Tensor:
    """What the model thinks of each candidate of each target: [targets, candidates]."""
    model.eval()
    found = [(batch.which, torch.softmax(model(batch).float(), 1)) for batch in batches.every(characters)]
    order = torch.cat([which for which, _ in found]).argsort()
    out: Tensor = torch.cat([shares for _, shares in found])[order].cpu()
    return out


def right(shares: Tensor, labels: Ints) -> float:
    """The share of targets whose label is the likeliest."""
    return float(np.mean(shares.numpy().argmax(1) == labels))
