"""A stand-in for the speech service of Google Translate, on loopback: it answers, refuses, stalls, truncates and lies.

It says every hanzi and letter as 0.2 s of a tone, as MP3, in the service's own wrapping.
"""

from __future__ import annotations

import base64
import json
import math
import socket
import struct
import subprocess
import threading
from array import array
from collections import deque
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qs

import imageio_ffmpeg

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType

PATH = "/_/TranslateWebserverUi/data/batchexecute"
SYLLABLE_S = 0.2


@cache
def mp3(syllables: int, rate: int = 24_000, channels: int = 1, peak: int = 8_000) -> bytes:
    """So many tones of 0.2 s, between 0.1 s of silence."""
    length, edge = int(SYLLABLE_S * rate * syllables), [0] * (rate // 10 * channels)
    wave = (round(peak * math.sin(math.tau * 220 * i / rate)) for i in range(length) for _ in range(channels))
    pcm = array("h", [*edge, *wave, *edge]).tobytes()
    given = ["-f", "s16le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *given, "-f", "mp3", "-b:a", "64k", "pipe:1"]
    return subprocess.run(command, input=pcm, capture_output=True, check=True).stdout


def wrapped(sound: bytes | None) -> bytes:
    """A sound, or None for no sound, as the service wraps it."""
    inner = None if sound is None else json.dumps([base64.b64encode(sound).decode()])
    row = json.dumps([["wrb.fr", "jQ1olc", inner, None, None, None, "generic"], ["di", 42]], separators=(",", ":"))
    return f')]}}\'\n\n{len(row)}\n{row}\n25\n[["e",4,null,null,{len(row)}]]\n'.encode()


class _Handler(BaseHTTPRequestHandler):
    server: StandIn
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        text, language, *_ = json.loads(json.loads(parse_qs(body)["f.req"][0])[0][0][1])
        name = self.server.taken(text, language, self.path)
        BEHAVIOURS[name](self, sum(char.isalpha() for char in text))

    def send(self, body: bytes, status: int = 200, headers: Iterable[tuple[str, str]] = (), sent: float = 1) -> None:
        """An answer, or the first part of it."""
        self.send_response(status)
        for header in (("Content-Length", str(len(body))), *headers):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body[: int(sent * len(body))])
        if sent < 1:
            self.close_connection = True

    def stall(self) -> None:
        """Say nothing until the server closes."""
        self.server.closing.wait(30)
        self.close_connection = True

    def drip(self, body: bytes) -> None:
        """A byte at a time, never long enough apart for a time limit of the socket."""
        self.send(body, sent=0)
        for byte in body:
            if self.server.closing.wait(0.02):
                return
            try:
                self.wfile.write(bytes([byte]))
            except OSError:  # the other side has had enough
                return

    def reset(self) -> None:
        """End the connection with RST."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.close_connection = True

    def log_message(self, *_: object) -> None:
        """Tests print nothing."""


BEHAVIOURS: dict[str, Callable[[_Handler, int], None]] = {
    "good": lambda h, n: h.send(wrapped(mp3(n))),
    "stereo": lambda h, n: h.send(wrapped(mp3(n, 44_100, 2))),
    "429": lambda h, _: h.send(b"", 429),
    "429 wait": lambda h, _: h.send(b"", 429, [("Retry-After", "1")]),
    "429 long": lambda h, _: h.send(b"", 429, [("Retry-After", "86400")]),
    "403": lambda h, _: h.send(b"<html>sorry</html>", 403),
    "404": lambda h, _: h.send(b"<html>not here</html>", 404),
    "500": lambda h, _: h.send(b"", 500),
    "503": lambda h, _: h.send(b"", 503, [("Retry-After", "soon")]),
    "redirect": lambda h, _: h.send(b"", 302, [("Location", "https://consent.invalid/")]),
    "stall": lambda h, _: h.stall(),
    "drip": lambda h, n: h.drip(wrapped(mp3(n))),
    "reset": lambda h, _: h.reset(),
    "truncated": lambda h, n: h.send(wrapped(mp3(n)), sent=0.5),
    "unfinished": lambda h, n: h.send(wrapped(mp3(n))[:900]),
    "html": lambda h, _: h.send(b"<!doctype html><title>Before you continue</title>"),
    "empty": lambda h, _: h.send(b""),
    "no sound": lambda h, _: h.send(wrapped(None)),
    "damaged": lambda h, n: h.send(wrapped(mp3(n)).replace(b"A", b"*", 1)),
    "no mp3": lambda h, _: h.send(wrapped(b"These bytes are no MP3. " * 50)),
    "silent": lambda h, n: h.send(wrapped(mp3(n, peak=0))),
    "short": lambda h, n: h.send(wrapped(mp3(max(1, n // 4)))),
    "long": lambda h, n: h.send(wrapped(mp3(6 * n + 20))),
    "cut": lambda h, n: h.send(wrapped(mp3(n)[: len(mp3(n)) // 3])),
    "huge": lambda h, _: h.send(b"x" * 20_000_000),
}


class StandIn(ThreadingHTTPServer):
    """A context manager. `plan` names what it does with each request; after the last it is good."""

    daemon_threads = True

    def __init__(self, plan: Iterable[str] = ()) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.plan = deque(plan)
        self.texts: list[str] = []
        self.languages: set[str] = set()
        self.paths: set[str] = set()
        self.closing = threading.Event()
        self._lock = threading.Lock()

    @property
    def url(self) -> str:
        """What LANGDU_GTTS_URL should be."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def taken(self, text: str, language: str, path: str) -> str:
        """Keep what was asked, and give the name of what to do with it."""
        with self._lock:
            self.texts.append(text)
            self.languages.add(language)
            self.paths.add(path)
            return self.plan.popleft() if self.plan else "good"

    def handle_error(self, *_: object) -> None:
        """A client that goes away in the middle is what some tests want."""

    def __enter__(self) -> Self:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.closing.set()
        self.shutdown()
        self.server_close()
