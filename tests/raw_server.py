"""Servers that say what they like, byte for byte, on loopback."""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT = "江上(jiāngshàng)结了冰，孩子们在冰上滑来滑去。"
BODY = f"<html><head><title>江上的冬天</title></head><body><p>{TEXT}</p></body></html>".encode()


@contextmanager
def server(speak: Callable[[socket.socket], None]) -> Iterator[str]:
    """A server that lets `speak` say what it likes to everybody who connects; yields its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    listening.settimeout(0.05)
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listening.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                try:
                    speak(connection)
                    connection.shutdown(socket.SHUT_WR)
                    while connection.recv(65_536):  # closing at once would take back what was sent
                        pass
                except OSError:
                    pass  # the other side has had enough

    thread = threading.Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"
    finally:
        over.set()
        thread.join()
        listening.close()


def saying(answer: bytes) -> Callable[[socket.socket], None]:
    """Say this to any request."""

    def speak(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answer)

    return speak


def without_end(start: bytes, again: bytes) -> Callable[[socket.socket], None]:
    """Say something, and then something else for as long as anybody listens."""

    def speak(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(start)
        while True:
            connection.sendall(again)

    return speak


def answer(*headers: bytes, status: bytes = b"200 OK", body: bytes = b"") -> bytes:
    return b"\r\n".join([b"HTTP/1.1 " + status, *headers, b"", body])


def chunked(body: bytes) -> bytes:
    return answer(b"Transfer-Encoding: chunked", b"Content-Type: text/html; charset=utf-8", body=body)


def redirecting(*locations: str) -> Callable[[socket.socket], None]:
    """Redirect one request after the other; then give the page."""
    answers = [answer(b"Location: " + each.encode(), b"Connection: close", status=b"302 Found") for each in locations]
    answers.append(answer(b"Content-Type: text/html; charset=utf-8", b"Connection: close", body=BODY))

    def speak(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(answers.pop(0))

    return speak
