"""Answers of servers, made by a grammar and then damaged: `langdu.parse.sources.web` gives a page or an error.

python tests/fuzz_answers.py 100000
"""

from __future__ import annotations

import random
import re
import sys
from typing import TYPE_CHECKING, Final

from langdu.errors import InputError
from langdu.parse.sources import web
from raw_server import BODY, server

if TYPE_CHECKING:
    import socket

_VERSIONS: Final = [b"HTTP/1.1 ", b"HTTP/1.0 ", b"HTTP/0.9 ", b"HTTP/2 ", b"ICY ", b"http/1.1 ", b""]
_STATUS: Final = [
    b"200 OK", b"200 OK", b"200 OK", b"200", b"0200 OK", b"206 Part", b"204 None", b"301 Moved", b"302", b"304 Same",
    b"100 Continue", b"401 Who", b"404 \x1b[2J", b"500 " + b"x" * 70_000, b"-1 x", b"1e3 x", b"\xb2\xb2\xb2 x", b"",
]  # fmt: skip
_HEADERS: Final = [
    b"Content-Length: 120", b"Content-Length: -1", b"Content-Length: 999", b"Content-Length: 1e5",
    b"Content-Length: \xb2", b"Content-Length: 5\rX: y", b"\x0bContent-Length: 5", b"Transfer-Encoding: chunked",
    b"Transfer-Encoding: gzip, chunked", b"Content-Encoding: br", b"Content-Type: text/html; charset=\0\xff",
    b"Content-Type: " + b";" * 5_000, b"Content-Type: text/html; charset*=u''x",
    b"Content-Type: multipart/mixed; boundary=x", b"Location: /x", b"Location: //\0", b"Location: http://[::1",
    b"Location: ?" + b"\xff" * 50, b"Location: ", b"Location: HTTP://127.0.0.1/", b"Location: http:///x",
    b"Location: http:x", b"Location: \xe2\x80\xae", b"Location: http://user:secret@127.0.0.1:1/",
    b"Connection: close", b"X", b" : x", b"\0: y", b":", b" folded", b"\tfolded: 2", b"X: " + b"\xff" * 1_000,
]  # fmt: skip
_BODIES: Final = [
    b"5\r\nhello\r\n", b"5;x=y\r\nhello\r\n", b"5\nhello\n", b"5\r\nhel", b"-5\r\n", b"0x5\r\nhello\r\n", b"5_0\r\n",
    b" 5 \r\nhello\r\n", b"+5\r\nhello\r\n", b"\xd9\xa5\r\n", b"fffffffffffffff\r\n", b"0\r\n\r\n",
    b"0\r\nX: y\r\n\r\n", b"\r\n", BODY, b"%x\r\n%b\r\n0\r\n\r\n" % (len(BODY), BODY),
]  # fmt: skip


def made(chance: random.Random) -> bytes:
    """One answer."""
    lines = [chance.choice(_VERSIONS) + chance.choice(_STATUS), *chance.choices(_HEADERS, k=chance.randint(0, 5))]
    said = b"".join(line + chance.choice([b"\r\n", b"\r\n", b"\r\n", b"\n", b"\r"]) for line in lines)
    said += chance.choice([b"\r\n", b"\r\n", b"\n", b""]) + b"".join(chance.choices(_BODIES, k=chance.randint(0, 4)))
    damaged = bytearray(said)
    for _ in range(chance.choice([0, 0, 1, 4])):
        damaged[chance.randrange(len(damaged))] = chance.randrange(256)
    return bytes(damaged)


def run(answers: int, seed: int) -> int:
    """Fetch so many; how many were pages. Raises: AssertionError: an error that nobody can read."""
    chance, pages = random.Random(seed), 0  # noqa: S311 - no secret
    said = [b""]

    def speak(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(said[0])

    with server(speak) as address:
        for _ in range(answers):
            said[0] = made(chance)
            try:
                web.fetch(address)
                pages += 1
            except InputError as error:
                message = str(error)
                assert not re.search("[\x00-\x1f\x7f-\x9f]|secret", message), said
                assert len(message) < 500, said
    return pages


if __name__ == "__main__":
    asked = int(sys.argv[1])
    print(f"{asked} answers, {run(asked, random.randrange(1 << 30))} of them pages; no fault")  # noqa: S311, T201
