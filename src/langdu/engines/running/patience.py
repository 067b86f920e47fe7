"""Retries requests to a service after temporary failures."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

import tenacity

if TYPE_CHECKING:
    from collections.abc import Callable

    from langdu.errors import EngineError

Given = TypeVar("Given")


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait, in seconds, and how often to ask; the wait doubles each time.

    `connections` is the number of attempts if the service cannot be reached: without a network, the user wants to know
    soon. A service that asks us to wait longer than `longest_wait` is not asked again.
    """

    connect: float = 10
    answer: float = 60
    attempts: int = 4
    connections: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60
    altogether: float = 120


class TryAgain(Exception):  # noqa: N818 - its name says what to do
    """A failure that may be temporary; `error` is raised once there are no attempts left.

    `after` is how many seconds the service asks us to wait; `answered` is whether it could be reached at all.
    """

    def __init__(self, error: EngineError, after: float = 0, *, answered: bool = True) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after
        self.answered = answered


def until_given(ask: Callable[[], Given], patience: Patience) -> Given:
    """The result of `ask`, called again while it raises TryAgain; raises its error when no attempts are left."""

    def worth_it(state: tenacity.RetryCallState) -> bool:
        passing = _passing(state)
        if passing is None or passing.after > patience.longest_wait:
            return False
        return state.attempt_number < (patience.attempts if passing.answered else patience.connections)

    def wait(state: tenacity.RetryCallState) -> float:
        passing = _passing(state)
        backoff: float = patience.first_wait * 2 ** (state.attempt_number - 1)
        # Random, so that several processes do not ask in step.
        return max(backoff * random.uniform(0.75, 1.25), passing.after if passing else 0)  # noqa: S311 - no secret

    stop = tenacity.stop_before_delay(patience.altogether)
    try:
        return tenacity.Retrying(retry=worth_it, wait=wait, stop=stop, reraise=True)(ask)
    except TryAgain as last:
        raise last.error from last


def _passing(state: tenacity.RetryCallState) -> TryAgain | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, TryAgain) else None
