"""Google Translate's speech: one piece of text → its sound, checked, and requested again until it is good.

gTTS builds the requests and we send them, because gTTS sends without verifying TLS, without a time limit, without
retrying, and accepts whatever comes back.
"""

from __future__ import annotations

import base64
import binascii
import json
import re
import socket
import statistics
import threading
import time
from collections import deque
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any, Final

import requests
from gtts import gTTS
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError

from langdu.controls import as_line
from langdu.engines.running import patience
from langdu.engines.running.patience import TryAgain, until_given
from langdu.errors import EngineUnavailable, SynthesisFailed
from langdu.net import cut_after
from langdu.sound.decoding import decoded_speech
from langdu.sound.levels import sounding

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray

SAMPLE_RATE: Final = 24_000
_PATH: Final = "/_/TranslateWebserverUi/data/batchexecute"
# An answer of 100 characters is about 100 kB.
_LARGEST: Final = 5_000_000
# Google also says 403 when it wants fewer requests, or redirects to a page that asks whether somebody is human.
_TEMPORARY: Final = frozenset({302, 303, 307, 403, 408, 425, 429})
# Google takes 0.2 to 0.25 s for a syllable. An answer that is much shorter, or much shorter than others were, was cut
# off; one that is much longer is the sound of another text.
_SHORTEST: Final = 0.12
_LONGEST: Final = 0.8
_MUCH: Final = 0.62
_FEW: Final = 3
_MANY: Final = 8  # shorter texts vary too much in pace
# Seconds that a request may last beyond its syllables: pauses, and words in other languages.
_PAUSES: Final = 3.0
# How much of a server's reason fits into a message, in characters.
_REASON_LENGTH: Final = 80
_TOO_SLOW: Final = "the answer comes too slowly"
_SOUND: Final = re.compile(r'"jQ1olc"\s*,\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True, kw_only=True)
class GttsPatience(patience.Patience):
    """Time limits for one piece of text, in seconds; Google answers in two."""

    between_bytes: float = 10
    answer: float = 30
    attempts: int = 6


class GoogleTranslate:
    """The service at one address; `host` is its name in messages."""

    def __init__(self, address: str, host: str, patience: GttsPatience) -> None:
        self._patience = patience
        self._host = host
        self._url = address.rstrip("/") + _PATH
        self._session = requests.Session()
        self._adapter = _Adapter()
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, self._adapter)
        self._paces: deque[float] = deque(maxlen=20)

    def sound(self, text: str, language: str, syllables: float) -> NDArray[np.int16]:
        """The checked sound of one piece of text, of at most 100 characters; `syllables` is about how many it has.

        Raises: EngineUnavailable: there is no network. SynthesisFailed: the service refused, or gave no usable sound.
        """
        (body,) = gTTS(text.strip(), lang=language, lang_check=False, pre_processor_funcs=[]).get_bodies()

        def ask() -> NDArray[np.int16]:
            try:
                return self._checked(_audio_in(self._post(body)), syllables)
            except ValueError as error:
                raise TryAgain(
                    SynthesisFailed(
                        f"{self._host} gave no usable sound for {text!r}: {error}; try again later, "
                        "or read with --voice baker"
                    )
                ) from error

        return until_given(ask, self._patience)

    def _checked(self, mp3: bytes, syllables: float) -> NDArray[np.int16]:
        """An answer's sound, mono at our rate. Each is decoded separately: a decoder may stop where two MP3s join.

        Raises: ValueError: it cannot be decoded, is silent, or cannot be the sound of that many syllables.
        """
        sound = decoded_speech(mp3, SAMPLE_RATE)
        seconds = len(sounding(sound, SAMPLE_RATE)) / SAMPLE_RATE
        usual = statistics.median(self._paces) if len(self._paces) >= _FEW else 0
        shortest = syllables * max(_SHORTEST, _MUCH * usual if syllables >= _MANY else 0)
        longest = syllables * _LONGEST + _PAUSES
        if not shortest <= seconds <= longest:
            raise ValueError(f"{seconds:.1f} s of sound, where {shortest:.1f} to {longest:.1f} s were expected")
        if syllables >= _MANY:
            self._paces.append(seconds / syllables)
        return sound

    def _post(self, body: str) -> bytes:
        """The answer to one request.

        Raises: TryAgain: no connection, or a temporary refusal. SynthesisFailed: a permanent refusal.
        """
        late = threading.Event()
        try:
            with (
                cut_after(self._patience.answer, lambda: self._adapter.last, late),
                self._session.post(
                    self._url,
                    data=body,
                    headers={**gTTS.GOOGLE_TTS_HEADERS, "Accept-Encoding": "identity"},
                    timeout=(self._patience.connect, self._patience.between_bytes),
                    allow_redirects=False,  # a redirection leads to a page for people
                    stream=True,
                ) as response,
            ):
                self._check_status(response)
                return b"".join(_chunks(response, late))
        except (requests.RequestException, HTTPError, OSError) as error:
            why = _TOO_SLOW if late.is_set() else _reason(error)
            unavailable = EngineUnavailable(
                f"no answer from {self._host} ({why}): the voice gtts needs the network; without one, read "
                "with --voice baker; where Google is blocked, set LANGDU_GTTS_URL to another address of the service"
            )
            if isinstance(error, requests.exceptions.SSLError):
                raise unavailable from error
            nobody = isinstance(_innermost(error), (ConnectionRefusedError, socket.gaierror, requests.ConnectTimeout))
            raise TryAgain(unavailable, answered=not nobody) from error

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.ok:
            return
        why = as_line(response.reason or "")[:_REASON_LENGTH]
        refused = SynthesisFailed(
            f"{self._host} refused to speak ({status} {why}): it limits how much it reads for one address; "
            "wait a while and run it again, set LANGDU_GTTS_URL to another address, or read with --voice baker"
        )
        if status in _TEMPORARY or status >= 500:
            raise TryAgain(refused, _retry_after(response.headers.get("Retry-After", "")))
        raise refused


class _Adapter(HTTPAdapter):
    """Keeps the last connection of requests, so that it can be cut.

    The time limits of requests only apply between two bytes: none stops a head that drips, or an endless trailer.
    """

    def __init__(self) -> None:
        self.last: socket.socket | None = None
        super().__init__()

    def get_connection_with_tls_context(self, *where: Any, **how: Any) -> Any:  # noqa: ANN401 - passed on as it is
        pool, adapter = super().get_connection_with_tls_context(*where, **how), self

        class Noted(type(pool).ConnectionCls):  # type: ignore[misc]  # with TLS or without
            def getresponse(self) -> Any:  # noqa: ANN401 - urllib3's
                adapter.last = self.sock
                return super().getresponse()

        pool.ConnectionCls = Noted
        return pool


# --- one answer -----------------------------------------------------------------------------------------------------


def _chunks(response: requests.Response, late: threading.Event) -> Iterator[bytes]:
    """The answer in chunks as they arrive; refuses more than any real answer has."""
    size = 0
    while chunk := response.raw.read1(65_536, decode_content=True):
        yield chunk
        size += len(chunk)
        if size > _LARGEST:
            raise requests.ConnectionError(f"more than {_LARGEST:,} bytes for one sentence")
    if late.is_set():  # without a Content-Length, a cut looks like the end
        raise requests.Timeout(_TOO_SLOW)


def _innermost(error: BaseException) -> BaseException:
    """The innermost cause, which is the most specific: `Connection refused`, not `Max retries exceeded with url`."""
    while (inner := error.__cause__ or error.__context__) and not isinstance(inner, TryAgain):
        error = inner
    return error


def _reason(error: BaseException) -> str:
    error = _innermost(error)
    return as_line(re.sub(r"^<[^>]*>:? ?|^\[Errno -?\d+\] ", "", str(error)))[:_REASON_LENGTH] or type(error).__name__


def _retry_after(header: str) -> float:
    """Seconds to wait; the header holds seconds or a date.

    >>> _retry_after("7"), _retry_after("Wed, 21 Oct 2015 07:28:00 GMT"), _retry_after("soon")
    (7.0, 0.0, 0.0)
    """
    if header.strip().isdecimal():
        return float(header)
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return 0.0


def _audio_in(answer: bytes) -> bytes:
    r"""The MP3 in an answer of the service.

    Raises: ValueError: there is none.

    >>> _audio_in(b')]}\'\n\n[["wrb.fr","jQ1olc","[\\"bXAz\\"]",null]]')
    b'mp3'
    """
    match = _SOUND.search(answer.decode("utf-8", "replace"))
    if not match:
        start = " ".join(answer[:60].decode("utf-8", "replace").split())
        raise ValueError(f"the answer carries no sound, it begins with {start!r}")
    try:
        (encoded, *_) = json.loads(json.loads(match[1]))
        return base64.b64decode(encoded, validate=True)
    except (ValueError, TypeError, binascii.Error, RecursionError) as error:
        raise ValueError("the sound in the answer is damaged") from error
