"""Asking a service again when what it says is only for the moment."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

import tenacity

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from langdu.errors import EngineError


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for one answer, in seconds, and how often to ask; the first wait doubles each time."""

    connect: float = 10
    answer: float = 60
    attempts: int = 4
    first_wait: float = 0.5


class TryAgain(Exception):  # noqa: N818 - what it says is what to do
    """What went wrong may go right the next time; `error` is raised when it does not."""

    def __init__(self, error: EngineError) -> None:
        super().__init__(str(error))
        self.error = error


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a service gave for one document: its sound, and when it says the service's words.

    `starts` are (offset in the utterance, second), where the service told; else it is empty.
    """

    sound: NDArray[np.int16]
    starts: tuple[tuple[int, float], ...] = ()


class Service(Protocol):
    """One vendor's service, behind its SDK. `marks`: whether its documents need a `<mark>` before each word."""

    marks: bool
    patience: Patience

    def spoken(self, document: str, text: str, voice: str) -> Spoken:
        """The sound of an SSML document, which says `text`.

        Raises: EngineUnavailable, SynthesisFailed: see `Engine.synthesize`. TryAgain: only for the moment.
        """
        ...


def until_given(ask: Callable[[], Spoken], patience: Patience) -> Spoken:
    """What `ask` gives, asked for again while it raises TryAgain; its error when there is no patience left."""

    def wait(state: tenacity.RetryCallState) -> float:
        backoff: float = patience.first_wait * 2 ** (state.attempt_number - 1)
        return backoff * random.uniform(0.75, 1.25)  # noqa: S311 - no secret; several processes ask out of step

    again = tenacity.Retrying(
        retry=tenacity.retry_if_exception_type(TryAgain),
        wait=wait,
        stop=tenacity.stop_after_attempt(patience.attempts),
        reraise=True,
    )
    try:
        return again(ask)
    except TryAgain as last:
        raise last.error from last


def safe(address: str) -> bool:
    """Whether a key may be sent there: encrypted, or not out of this machine.

    >>> safe("wss://x.org/"), safe("ws://127.0.0.1:80/"), safe("http://x.org"), safe("x.org")
    (True, True, False, False)
    """
    parts = urlsplit(address)
    loopback = parts.scheme in {"http", "ws"} and parts.hostname in {"127.0.0.1", "localhost", "::1"}
    return loopback or (parts.scheme in {"https", "wss"} and bool(parts.hostname))


def hidden(message: object, *secrets: str | None) -> str:
    """A service's own words, on one line, without the keys."""
    words = " ".join(str(message).split())
    for secret in filter(None, secrets):
        words = words.replace(secret, "…")
    return words[:300]
