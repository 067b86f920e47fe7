"""The voice of Google Translate, through gTTS: online, reads as Google thinks, not as the annotations say.

gTTS makes the requests; they are sent from here, because gTTS itself sends them without verifying TLS, without a time
limit and once, and takes whatever comes back.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import os
import random
import re
import subprocess
import time
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

import imageio_ffmpeg
import numpy as np
import requests
import soundfile
import tenacity
from gtts import gTTS
from urllib3.exceptions import HTTPError

from langdu.engines import Capabilities, described
from langdu.engines.letters import spoken
from langdu.errors import ConfigError, EngineError, EngineUnavailable, SynthesisFailed
from langdu.model import Clip, Mark, Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.typing import NDArray

    from langdu.model import Syllable, Utterance, Voice

SAMPLE_RATE: Final = 24_000
_GOOGLE: Final = "https://translate.google.com"
_PATH: Final = "/_/TranslateWebserverUi/data/batchexecute"
# An answer of 100 characters is about 100 kB.
_LARGEST: Final = 5_000_000
# Google says four to five syllables a second; nobody says ten.
_SHORTEST_SYLLABLE: Final = 0.1
_WINDOW: Final = SAMPLE_RATE // 100
# Before every clip, so that one of marks only is not empty.
_NOTHING: Final = np.zeros(_WINDOW, np.int16)
_MARKS: Final = re.compile(r"[。！？!?；;…，,：:、—\s][”’』」》〉）)】］]*")
_SOUND: Final = re.compile(r'"jQ1olc"\s*,\s*("(?:[^"\\]|\\.)*")')


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long to wait for one piece of text, in seconds, and how often to ask for it.

    `connections` is how often in all when no whole answer came: without a network a user wants to know soon.
    """

    connect: float = 10
    between_bytes: float = 20
    answer: float = 60
    attempts: int = 5
    connections: int = 3
    first_wait: float = 0.5
    longest_wait: float = 60
    altogether: float = 180


class _TryAgain(Exception):  # noqa: N818 - what it says is what to do
    """What went wrong may go right the next time; `error` is raised when it does not."""

    def __init__(self, error: EngineError, after: float = 0) -> None:
        super().__init__(str(error))
        self.error = error
        self.after = after


def _passing(state: tenacity.RetryCallState) -> _TryAgain | None:
    error = state.outcome.exception() if state.outcome else None
    return error if isinstance(error, _TryAgain) else None


class Gtts:
    """Asks Google Translate, or the address in LANGDU_GTTS_URL, for the sound of clean text.

    Raises: ConfigError: LANGDU_GTTS_URL is no web address.
    """

    name = "gtts"
    capabilities = Capabilities(
        max_syllables=90,
        sample_rate=SAMPLE_RATE,
        needs_network=True,
        obeys_pinyin=False,
        speaks_english=True,
        exact_marks=False,
    )

    def __init__(self, patience: Patience | None = None) -> None:
        self._patience = patience or Patience()
        base = os.environ.get("LANGDU_GTTS_URL") or _GOOGLE
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ConfigError(f"LANGDU_GTTS_URL is no web address: {base!r}; write one such as {_GOOGLE}")
        self._host = parts.hostname
        self._url = base.rstrip("/") + _PATH
        self._session = requests.Session()

    def voices(self) -> Sequence[Voice]:
        """The one voice."""
        return described(self.name)

    def synthesize(self, utterance: Utterance, voice: Voice, rate: float) -> Clip:
        """Speak one utterance; its marks are estimated: each piece's sound is shared out evenly by its syllables.

        Returns: a clip; where nothing is said, a hundredth of a second of silence.
        Raises: EngineUnavailable: there is no network. SynthesisFailed: the service refused, or gave no usable sound.
        """
        said = spoken(utterance)
        sounds = [_NOTHING]
        marks: list[Mark] = []
        at = len(_NOTHING)
        for span in _pieces(utterance.text):
            inside = [(i, syllables) for i, syllables in said if span.start <= i < span.end]
            if not inside:  # marks only: Google would say nothing, or their names
                continue
            sound = _in_tempo(self._sound(span.of(utterance.text), inside, voice), rate)
            marks += _marks(sound, inside, at)
            sounds.append(sound)
            at += len(sound)
        return Clip(np.concatenate(sounds).astype("<i2").tobytes(), SAMPLE_RATE, tuple(marks))

    def _sound(self, text: str, said: Sequence[tuple[int, Sequence[Syllable]]], voice: Voice) -> NDArray[np.int16]:
        """The checked sound of one piece, asked for until it is good or patience ends."""
        patience = self._patience
        (body,) = gTTS(text.strip(), lang=voice.language, lang_check=False, pre_processor_funcs=[]).get_bodies()
        shortest = _SHORTEST_SYLLABLE * sum(len(syllables) for _, syllables in said)

        def ask() -> NDArray[np.int16]:
            try:
                return _decoded(_audio_in(self._post(body)), shortest)
            except ValueError as error:
                raise _TryAgain(
                    SynthesisFailed(
                        f"{self._host} gave no usable sound for {text!r}: {error}; try again later, "
                        "or read with --voice baker"
                    )
                ) from error

        again = tenacity.Retrying(
            retry=self._worth_trying_again,
            wait=self._wait,
            stop=tenacity.stop_before_delay(patience.altogether),
            reraise=True,
        )
        try:
            return again(ask)
        except _TryAgain as last:
            raise last.error from last

    def _worth_trying_again(self, state: tenacity.RetryCallState) -> bool:
        error, patience = _passing(state), self._patience
        if error is None or error.after > patience.longest_wait:
            return False
        answered = isinstance(error.error, SynthesisFailed)
        return state.attempt_number < (patience.attempts if answered else patience.connections)

    def _wait(self, state: tenacity.RetryCallState) -> float:
        """Twice as long each time, with some chance, so that several processes do not ask in step."""
        error = _passing(state)
        backoff: float = self._patience.first_wait * 2 ** (state.attempt_number - 1)
        return max(backoff * random.uniform(0.75, 1.25), error.after if error else 0)  # noqa: S311 - no secret

    def _post(self, body: str) -> bytes:
        """The answer to one request.

        Raises: _TryAgain: no connection, or a refusal that is for the moment. SynthesisFailed: a lasting refusal.
        """
        patience = self._patience
        deadline = time.monotonic() + patience.answer
        try:
            with self._session.post(
                self._url,
                data=body,
                headers={**gTTS.GOOGLE_TTS_HEADERS, "Accept-Encoding": "identity"},
                timeout=(patience.connect, patience.between_bytes),
                allow_redirects=False,  # a redirection leads to a page for people
                stream=True,
            ) as response:
                self._check_status(response)
                return b"".join(_chunks(response, deadline))
        except (requests.RequestException, HTTPError, OSError) as error:
            unavailable = EngineUnavailable(
                f"no answer from {self._host} ({_reason(error)}): the voice gtts needs the network; without one, read "
                "with --voice baker; where Google is blocked, set LANGDU_GTTS_URL to another address of the service"
            )
            if isinstance(error, requests.exceptions.SSLError):
                raise unavailable from error
            raise _TryAgain(unavailable) from error

    def _check_status(self, response: requests.Response) -> None:
        status = response.status_code
        if status == requests.codes.ok:
            return
        refused = SynthesisFailed(
            f"{self._host} refused to speak ({status} {response.reason}): it limits how much it reads for one address; "
            "wait a while and run it again, set LANGDU_GTTS_URL to another address, or read with --voice baker"
        )
        if status in {requests.codes.too_many_requests, requests.codes.request_timeout} or status >= 500:
            raise _TryAgain(refused, _retry_after(response.headers.get("Retry-After", "")))
        raise refused


# --- one answer -----------------------------------------------------------------------------------------------------


def _chunks(response: requests.Response, deadline: float) -> Iterator[bytes]:
    """What comes, as it comes: a time limit of the socket starts anew with each byte, so it cannot end a slow drip."""
    size = 0
    while chunk := response.raw.read1(65_536, decode_content=True):
        yield chunk
        size += len(chunk)
        if size > _LARGEST:
            raise requests.ConnectionError(f"more than {_LARGEST:,} bytes for one sentence")
        if time.monotonic() > deadline:
            raise requests.Timeout("the answer comes too slowly")


def _reason(error: BaseException) -> str:
    """The innermost cause, which says most: `Connection refused`, not `Max retries exceeded with url`."""
    while (inner := error.__cause__ or error.__context__) and not isinstance(inner, _TryAgain):
        error = inner
    return re.sub(r"^<[^>]*>:? ?|^\[Errno -?\d+\] ", "", str(error)) or type(error).__name__


def _retry_after(header: str) -> float:
    """Seconds, or a date.

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
    found = _SOUND.search(answer.decode("utf-8", "replace"))
    if not found:
        start = " ".join(answer[:60].decode("utf-8", "replace").split())
        raise ValueError(f"the answer carries no sound, it begins with {start!r}")
    try:
        (encoded, *_) = json.loads(json.loads(found[1]))
        return base64.b64decode(encoded, validate=True)
    except (ValueError, TypeError, binascii.Error) as error:
        raise ValueError("the sound in the answer is damaged") from error


def _decoded(mp3: bytes, shortest: float) -> NDArray[np.int16]:
    """An answer's sound at our rate, mono. Each is decoded by itself: a decoder may stop where two MP3s join.

    Raises: ValueError: it cannot be decoded, is silent, or its sound is shorter than `shortest` seconds.
    """
    try:
        channels, rate = soundfile.read(io.BytesIO(mp3), dtype="int16", always_2d=True)
    except soundfile.SoundFileError as error:
        raise ValueError("the sound in the answer cannot be decoded") from error
    mono = channels.mean(axis=1).astype(np.int16)
    sound = mono if rate == SAMPLE_RATE else _filtered(mono, ["-ar", str(rate)], [])
    heard = len(_heard(sound)) / SAMPLE_RATE
    if heard < shortest:
        raise ValueError(f"only {heard:.1f} s of sound, where {shortest:.1f} s would be very fast")
    return sound


# --- sound ----------------------------------------------------------------------------------------------------------


def _pieces(text: str) -> Iterator[Span]:
    """Cut a text into pieces of at most 100 characters, which is what one request takes, after marks where it can.

    >>> [len(span) for span in _pieces("天亮了，" * 30)]
    [100, 20]
    """
    start, limit = 0, gTTS.GOOGLE_TTS_MAX_CHARS
    while len(text) - start > limit:
        ends = [m.end() for m in _MARKS.finditer(text, start, start + limit)]
        end = ends[-1] if ends else start + limit
        yield Span(start, end)
        start = end
    yield Span(start, len(text))


def _heard(sound: NDArray[np.int16]) -> range:
    """Where a sound is more than silence: 34 dB under its loudest hundredth of a second, and 50 under full scale."""
    count = len(sound) // _WINDOW
    if not count:
        return range(0)
    windows = sound[: count * _WINDOW].reshape(count, _WINDOW).astype(np.float32)
    loudness = np.sqrt((windows**2).mean(axis=1))
    loud = np.flatnonzero(loudness > max(0.02 * loudness.max(), 100.0))
    return range(int(loud[0]) * _WINDOW, (int(loud[-1]) + 1) * _WINDOW) if len(loud) else range(0)


def _marks(sound: NDArray[np.int16], said: Sequence[tuple[int, Sequence[Syllable]]], at: int) -> Iterator[Mark]:
    """The sound shared out by syllables; `at` is where the piece begins in the clip."""
    heard = _heard(sound)
    whole = sum(len(syllables) for _, syllables in said)
    done = 0
    for index, syllables in said:
        start = at + heard.start + len(heard) * done // whole
        done += len(syllables)
        yield Mark(index, start, at + heard.start + len(heard) * done // whole)


def _in_tempo(sound: NDArray[np.int16], rate: float) -> NDArray[np.int16]:
    """The same voice faster or slower: Google knows only one speed."""
    return sound if rate == 1 else _filtered(sound, ["-ar", str(SAMPLE_RATE)], ["-af", f"atempo={rate}"])


def _filtered(sound: NDArray[np.int16], given: Sequence[str], wanted: Sequence[str]) -> NDArray[np.int16]:
    """Sound after ffmpeg, at our rate. Raises: SynthesisFailed: ffmpeg is missing or fails."""
    raw = ["-f", "s16le", "-ac", "1"]
    try:
        ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error"]
        command = [*ffmpeg, *raw, *given, "-i", "pipe:0", *wanted, *raw, "-ar", str(SAMPLE_RATE), "pipe:1"]
        done = subprocess.run(command, input=sound.tobytes(), capture_output=True, check=True)  # noqa: S603 - ours
    except (OSError, RuntimeError, subprocess.CalledProcessError) as error:
        raise SynthesisFailed(
            f"the sound cannot be converted: {error}; reinstall imageio-ffmpeg, or set IMAGEIO_FFMPEG_EXE to an ffmpeg"
        ) from error
    return np.frombuffer(done.stdout, "<i2")
