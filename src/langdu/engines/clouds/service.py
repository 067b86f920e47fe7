"""What the services of the clouds have in common: what they give, and what must not be given to others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from langdu.engines.running.patience import Patience


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
