"""Stand-ins for the speech services of three clouds, on loopback, in the shapes that their vendors publish.

Each says every phone, and every hanzi and letter outside of a phoneme element, as 0.2 s of a tone.
"""

from __future__ import annotations

import base64
import io
import json
import re
import struct
import threading
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any
from uuid import uuid4

import numpy as np
import soundfile
from defusedxml.ElementTree import fromstring
from websockets.sync.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from xml.etree.ElementTree import Element

    from numpy.typing import NDArray
    from websockets.http11 import Request, Response
    from websockets.sync.server import ServerConnection

RATE = 24_000
SYLLABLE_S, EDGE_S, PAUSE_S = 0.2, 0.1, 0.1


@dataclass
class Said:
    """What a service makes of a document: tones and pauses as (seconds, whether it is a tone), and its words' times."""

    parts: list[tuple[float, bool]] = field(default_factory=list)
    marks: list[tuple[str, float]] = field(default_factory=list)
    words: list[tuple[str, float]] = field(default_factory=list)

    @property
    def seconds(self) -> float:
        return EDGE_S + sum(seconds for seconds, _ in self.parts)

    def say(self, element: Element, tempo: float = 1) -> Said:
        """Say an element and what follows it."""
        tag = element.tag.rpartition("}")[2]
        if tag == "mark":
            self.marks.append((element.attrib["name"], self.seconds))
        inner = _tempo(element.attrib["rate"]) if tag == "prosody" else tempo
        if tag == "phoneme":
            self.words.append((element.text or "", self.seconds))
            self.parts.append((SYLLABLE_S / tempo * len(re.findall(r"\d", element.attrib["ph"])), True))
        else:
            self.plain(element.text or "", inner)
            for child in element:
                self.say(child, inner)
        self.plain(element.tail or "", tempo)
        return self

    def plain(self, text: str, tempo: float) -> None:
        """Say text that stands outside of a phoneme element."""
        for word in re.findall(r"[^\W\d_]|\S", text):
            self.words.append((word, self.seconds))
            self.parts.append((SYLLABLE_S / tempo, True) if word.isalpha() else (PAUSE_S / tempo, False))

    def sound(self, rate: int = RATE, channels: int = 1) -> NDArray[np.int16]:
        """Tones at −12 dBFS between silence."""
        pieces = [np.zeros(round(EDGE_S * rate))]
        for seconds, tone in self.parts:
            t = np.arange(round(seconds * rate)) / rate
            pieces.append(8_000 * tone * np.sin(2 * np.pi * 220 * t))
        mono = np.concatenate([*pieces, np.zeros(round(3 * EDGE_S * rate))]).astype(np.int16)
        return np.stack([mono] * channels, axis=1) if channels > 1 else mono


def _tempo(rate: str) -> float:
    return float(rate.rstrip("%")) / 100 + (1 if rate[0] in "+-" else 0)


def encoded(said: Said, form: str = "WAV", rate: int = RATE, *, subtype: str | None = None, channels: int = 1) -> bytes:
    """The sound of it as a file."""
    file = io.BytesIO()
    soundfile.write(file, said.sound(rate, channels), rate, format=form, subtype=subtype)
    return file.getvalue()


@dataclass
class StandIn:
    """A service. `faults` are what it does to the next requests, in order; `asked` is what it was sent."""

    address: str = ""
    faults: deque[str] = field(default_factory=deque)
    asked: list[Any] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def next_fault(self) -> str:
        return self.faults.popleft() if self.faults else ""


# --- Google and Polly: HTTP -----------------------------------------------------------------------------------------


class _Handler(BaseHTTPRequestHandler):
    stand_in: StandIn

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.stand_in.asked.append({"path": self.path, "headers": dict(self.headers), **body})
        fault = self.stand_in.next_fault()
        if fault == "stall":
            self.stand_in.closing.wait(30)
        elif fault == "hang up":
            self.close_connection = True
        elif fault.isdigit():
            self.refuse(int(fault))
        else:
            self.answer(body, fault)

    def answer(self, body: dict[str, Any], fault: str) -> None:
        raise NotImplementedError

    def refuse(self, status: int) -> None:
        raise NotImplementedError

    def send(self, body: bytes, kind: str, status: int = 200, headers: tuple[tuple[str, str], ...] = ()) -> None:
        self.send_response(status)
        for header in (("Content-Type", kind), ("Content-Length", str(len(body))), *headers):
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def _file(said: Said, form: str, fault: str) -> bytes:
    if fault == "no audio":
        return b"<html>Sign in to the network</html>"
    if fault == "short":
        said.parts = [(SYLLABLE_S, True)]
    if fault == "silence":
        said.parts = [(2.0, False)]
    if fault == "other form":
        return encoded(said, "WAV", 44_100, subtype="PCM_U8", channels=2)
    return encoded(said, form)


class _Google(_Handler):
    def answer(self, body: dict[str, Any], fault: str) -> None:
        said = Said().say(fromstring(body["input"]["ssml"]))
        points = [{"markName": name, "timeSeconds": 99 if fault == "lie" else t} for name, t in said.marks]
        answer = {"audioContent": base64.b64encode(_file(said, "WAV", fault)).decode(), "timepoints": points}
        self.send(json.dumps(answer).encode(), "application/json")

    def refuse(self, status: int) -> None:
        names = {400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 429: "RESOURCE_EXHAUSTED"}
        error = {"code": status, "message": "as the test wants it", "status": names.get(status, "UNAVAILABLE")}
        self.send(json.dumps({"error": error}).encode(), "application/json", status)


class _Polly(_Handler):
    def answer(self, body: dict[str, Any], fault: str) -> None:
        said = Said().say(fromstring(body["Text"]))
        if body["OutputFormat"] == "json":
            rows = [{"time": round(1000 * t), "type": "ssml", "start": 0, "end": 9, "value": n} for n, t in said.marks]
            lines = "".join(json.dumps(row) + "\n" for row in rows)
            self.send(b"<html>" if fault == "no audio" else lines.encode(), "application/x-json-stream")
        else:
            self.send(_file(said, "OGG", fault), "audio/ogg")

    def refuse(self, status: int) -> None:
        codes = {400: "InvalidSsmlException", 403: "UnrecognizedClientException", 429: "ThrottlingException"}
        code = (("x-amzn-ErrorType", codes.get(status, "ServiceFailureException")),)
        self.send(b'{"message": "as the test wants it"}', "application/x-amz-json-1.0", status, code)


@contextmanager
def _http(handler: type[_Handler]) -> Iterator[StandIn]:
    stand_in = StandIn()
    with ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (handler,), {"stand_in": stand_in})) as server:
        stand_in.address = f"http://127.0.0.1:{server.server_port}"
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        yield stand_in
        stand_in.closing.set()
        server.shutdown()


def google() -> AbstractContextManager[StandIn]:
    """A server of Cloud Text-to-Speech, v1beta1, REST."""
    return _http(_Google)


def polly() -> AbstractContextManager[StandIn]:
    """A server of Amazon Polly."""
    return _http(_Polly)


# --- Azure: a WebSocket ---------------------------------------------------------------------------------------------


@contextmanager
def azure() -> Iterator[StandIn]:
    """A server of Azure AI Speech as its SDK speaks with it."""
    stand_in = StandIn()

    def before(connection: ServerConnection, request: Request) -> Response | None:
        stand_in.asked.append({"headers": dict(request.headers.raw_items()), "path": request.path})
        if stand_in.faults and stand_in.faults[0].isdigit():
            return connection.respond(int(stand_in.faults.popleft()), "as the test wants it")
        return None

    def talk(connection: ServerConnection) -> None:
        for message in connection:
            if isinstance(message, str) and "Path:ssml" in message:
                head, _, document = message.partition("\r\n\r\n")
                found = re.search(r"X-RequestId:(\w+)", head)
                assert found
                stand_in.asked[-1]["ssml"] = document
                _speak(connection, found[1], document, stand_in)

    with serve(talk, "127.0.0.1", 0, process_request=before) as server:
        stand_in.address = f"ws://127.0.0.1:{server.socket.getsockname()[1]}/tts/cognitiveservices/websocket/v1"
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield stand_in
        stand_in.closing.set()
        server.shutdown()


def _speak(connection: ServerConnection, request: str, document: str, stand_in: StandIn) -> None:
    fault, said, stream = stand_in.next_fault(), Said().say(fromstring(document)), uuid4().hex
    if fault == "stall":
        stand_in.closing.wait(30)
        return
    if fault == "bad request":
        connection.close(1007, "Unsupported phone as the test wants it")
        return
    if fault == "hang up":
        connection.socket.close()
        return

    def tell(path: str, body: object) -> None:
        head = f"X-RequestId:{request}\r\nContent-Type:application/json; charset=utf-8\r\nPath:{path}\r\n\r\n"
        connection.send(head + json.dumps(body))

    def play(pcm: bytes) -> None:
        head = f"X-RequestId:{request}\r\nX-StreamId:{stream}\r\nPath:audio\r\n".encode()
        connection.send(struct.pack(">H", len(head)) + head + pcm)

    tell("turn.start", {"context": {"serviceTag": stream}})
    tell("response", {"context": {"serviceTag": stream}, "audio": {"type": "inline", "streamId": stream}})
    for word, second in said.words:
        text = {"Text": "什么" if fault == "lie" else word, "Length": len(word), "BoundaryType": "WordBoundary"}
        data = {"Offset": round(second * 1e7), "Duration": 1_000_000, "text": text}
        tell("audio.metadata", {"Metadata": [{"Type": "WordBoundary", "Data": data}]})
    if fault == "short":
        said.parts = [(SYLLABLE_S, True)]
    if fault == "silence":
        said.parts = [(2.0, False)]
    if fault != "no audio":
        play(said.sound().tobytes())
    tell("audio.metadata", {"Metadata": [{"Type": "SessionEnd", "Data": {"Offset": round(said.seconds * 1e7)}}]})
    play(b"")
    tell("turn.end", {})
