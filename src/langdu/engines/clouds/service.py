"""What the cloud services share: their answers, and keeping keys secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from langdu.engines.running.patience import Patience


@dataclass(frozen=True, slots=True)
class CloudAnswer:
    """A service's answer to one document: the sound, and when each of the service's words begins.

    `starts` are (offset in the utterance, second); empty if the service did not report them.
    """

    sound: NDArray[np.int16]
    starts: tuple[tuple[int, float], ...] = ()


class CloudService(Protocol):
    """One vendor's service, behind its SDK. `marks`: whether its documents need a `<mark>` before each word."""

    marks: bool
    patience: Patience

    def spoken(self, document: str, text: str, voice: str) -> CloudAnswer:
        """The sound of an SSML document, which says `text`.

        Raises: EngineUnavailable, SynthesisFailed: see `Engine.synthesize`. TryAgain: a temporary failure.
        """
        ...


def safe(address: str) -> bool:
    """Whether a key may be sent to this address: it is encrypted, or on this machine.

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
