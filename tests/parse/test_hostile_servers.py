"""Servers whose answers are not HTTP, redirect to a private network, or never end: an error of one line, in time."""

from __future__ import annotations

import gzip
import re
import socket
import threading
from typing import TYPE_CHECKING

import pytest

import fuzz_answers
from langdu.errors import ConfigError, InputError
from langdu.parse.sources import web
from langdu.parse.sources.source import read_source
from programs import langdu
from raw_server import BODY, TEXT, answer, chunked, redirecting, saying, server, without_end

if TYPE_CHECKING:
    from collections.abc import Sequence

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def refusal(address: str) -> str:
    """The message of the error for a page: one line, not too long, without control characters from the server."""
    with pytest.raises(InputError) as caught:
        read_source(address)
    message = str(caught.value)
    assert not CONTROL.search(message)
    assert len(message) < 400
    return message


BROKEN = {
    "chunk of minus five": chunked(b"-5\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk of minus one": chunked(b"-1\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk of no number": chunked(b"zz\r\n" + BODY + b"\r\n0\r\n\r\n"),
    "chunk larger than the world": chunked(b"f" * 400 + b"\r\n" + BODY),
    "chunk that is cut": chunked(b"fff\r\n" + BODY),
    "chunk without an end": chunked(f"{len(BODY):x}\r\n".encode() + BODY),
    "chunk with an endless size": chunked(b"0" * 70_000),
    "101 headers": answer(*(b"X-%d: x" % i for i in range(101)), body=BODY),
    "a header of 70 kB": answer(b"X: " + b"x" * 70_000, body=BODY),
    "no HTTP": b"\x1b]0;gotcha\x07\x1b[2J\r\n\r\n" + BODY,
    "a long line that is no HTTP": b"\x1b[31m" * 10_000 + b"\r\n\r\n",
    "nothing": b"",
    "a status of words": answer(status=b"OK \x1b[2J"),
    "a status that is none": answer(status=b"99999 Fine", body=BODY),
    "a reason that clears the screen": answer(status=b"404 \x1b]0;gotcha\x07\x1b[2J\x9b31m" + b"x" * 9_000),
    "a length of words": answer(b"Content-Length: many", body=b""),
    "gzip that nobody asked for": answer(b"Content-Encoding: gzip", body=gzip.compress(BODY)),
}


@pytest.mark.parametrize("answered", BROKEN.values(), ids=BROKEN)
def test_an_answer_that_is_none(answered: bytes) -> None:
    with server(saying(answered)) as address:
        assert address in refusal(address)


@pytest.mark.parametrize(
    "charset",
    [
        b"charset=undefined", b"charset=a\0b", b"charset=punycode", b"charset=utf-7", b"charset=idna", b"charset=rot13",
        b"charset=unicode_escape", b"charset=\x1b[2J", b"charset=" + b"x" * 30_000, b"charset*=undefined''utf-8",
        b"charset*=a%00b'c'd", b"charset*=a\0b'c'd", b"charset*0*=x", b"charset", b"=", b"charset=\xff\xfe",
    ],
)  # fmt: skip
def test_an_encoding_that_is_none(charset: bytes) -> None:
    with server(saying(answer(b"Content-Type: text/html; " + charset, body=BODY))) as address:
        assert TEXT in read_source(address).text


@pytest.mark.parametrize(
    "location",
    [
        b"http://[", b"http://[::1", b"//[x]:80/", b"http://127.0.0.1 x/", b"http://a\0b/", b"\x1b]0;gotcha\x07://x",
        b"http://" + b"x" * 60_000 + b"/", b"http://xn--\xff/", b"http://\xe2\x80\xae/", b"http://a:99999999/",
        b"data:text/html,x", b"http://user:secret@127.0.0.1:1/", b"http://0x7f.1/", b"http://127.1:80/",
    ],
)  # fmt: skip
def test_a_redirection_to_nowhere(location: bytes) -> None:
    with server(saying(answer(b"Location: " + location, status=b"302 Found"))) as address:
        assert "secret" not in refusal(address)


def test_what_is_not_http_is_not_quoted() -> None:
    with server(saying(b"ICY 100 Location: http://user:secret9127.0.0.1:1/\r\n\r\n")) as address:
        assert "its answer is not HTTP" in (told := refusal(address))
        assert "secret" not in told


@pytest.mark.parametrize(
    ("start", "again"),
    [
        (b"HTTP/1.1 200 OK\r\n", b"X: x\r\n"),
        (b"", b"HTTP/1.1 100 Continue\r\n\r\n"),
        (chunked(b""), b"5\r\n     \r\n"),
        (chunked(b"-1\r\n"), b" " * 65_536),
        (chunked(b"0\r\n"), b"X: x\r\n"),
        (answer(), b" " * 65_536),
        (answer(b"Content-Length: 99999999999999999999"), b" " * 65_536),
    ],
    ids=["headers", "100 Continue", "chunks", "a chunk of minus one", "trailer", "body", "length"],
)
def test_an_answer_without_end(monkeypatch: pytest.MonkeyPatch, start: bytes, again: bytes) -> None:
    monkeypatch.setattr(web, "_SIZE", 1_000_000)
    monkeypatch.setattr(web, "_SECONDS", 1)
    with server(without_end(start, again)) as address:
        assert address in refusal(address)


def test_answers_made_by_a_grammar(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_SECONDS", 2)
    assert 10 < fuzz_answers.run(500, seed=16) < 250


def test_a_handshake_that_drips(monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS a byte at a time, so that the socket itself never times out."""
    monkeypatch.setattr(web, "_SECONDS", 0.5)
    stop = threading.Event()

    def drip(connection: socket.socket) -> None:
        connection.sendall(b"\x16\x03\x03\x40\x00")  # a record of 16 kB is to come
        while not stop.wait(0.02):
            connection.sendall(b"\0")

    with server(drip) as address:
        try:
            assert "takes longer" in refusal(address.replace("http:", "https:"))
        finally:
            stop.set()


# --- where a page may lead ------------------------------------------------------------------------------------------


class Names:
    """A resolver for tests: each lookup of a name gives its next answer; the last one stays.

    `connected` is where connections went; those to loopback are made, to `at` if that is a port, and no others.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch, **names: Sequence[Sequence[str]]) -> None:
        self.lookups: list[str] = []
        self.connected: list[tuple[str, int]] = []
        self.at = 0
        self._names = {name.replace("_", "."): list(answers) for name, answers in names.items()}
        self._real = socket.getaddrinfo
        monkeypatch.setattr(socket, "getaddrinfo", self._find)
        monkeypatch.setattr(socket, "socket", self._noting(socket.socket))

    def _find(self, host: str, port: int | None, **more: int) -> list[tuple[object, ...]]:
        if host not in self._names:
            return list(self._real(host, port, **more))
        self.lookups.append(host)
        answers = self._names[host]
        addresses = answers.pop(0) if len(answers) > 1 else answers[0]
        return [entry for address in addresses for entry in self._real(address, port, **more)]

    def _noting(self, real: type[socket.socket]) -> type[socket.socket]:
        names = self

        class Noting(real):  # type: ignore[misc, valid-type]  # a class that is a variable
            def connect(self, address: tuple[str, int]) -> None:
                names.connected.append(address[:2])
                if not address[0].startswith("127.") or address[1] == 443:
                    raise OSError("this far")
                super().connect((address[0], names.at or address[1]))

        return Noting


PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",  # noqa: S104
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.0.2.1", "198.18.0.1",
    "::", "::1", "::7f00:1", "::ffff:127.0.0.1", "::ffff:8.8.8.8", "64:ff9b::7f00:1", "64:ff9b::808:808",
    "64:ff9b:1::7f00:1", "2002:7f00:1::", "2002:c0a8:101::1", "2001:0:7f00:1::", "2001:db8::1", "fc00::1", "fe80::1",
    "fec0::1", "ff02::1", "ff0e::1", "100::1",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_no_way_to_what_is_not_public(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    names = Names(monkeypatch, a_example=[[address]])
    host = f"[{address}]" if ":" in address else address
    for target in ("http://a.example/", f"http://{host}/", f"https://{host}/"):
        names.connected.clear()
        with server(redirecting(target)) as start:
            assert "a private address: refused" in refusal(start)
        assert len(names.connected) == 1


def test_a_public_address(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, a_example=[["8.8.8.8", "127.0.0.1", "2606:4700::1111", "64:ff9b::808:808"]])
    with server(redirecting("https://a.example/")) as start:
        assert "cannot be reached: this far" in refusal(start)
    # A computer without IPv6 does not come as far as the second.
    assert names.connected[1:] in ([("8.8.8.8", 443), ("2606:4700::1111", 443)], [("8.8.8.8", 443)])


@pytest.mark.parametrize("target", ["http://8.8.8.8:22/", "https://8.8.8.8:8443/"])
def test_no_way_to_another_port(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    names = Names(monkeypatch)
    with server(redirecting(target)) as start:
        assert "another port" in refusal(start)
    assert len(names.connected) == 1


def test_no_way_to_another_port_of_the_same_host(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch)
    with server(redirecting("http://127.0.0.1:6379/")) as start:
        assert "refused" in refusal(start)
    assert len(names.connected) == 1


def test_a_name_is_looked_up_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name whose second lookup would lead elsewhere is looked up only once."""
    names = Names(monkeypatch, rebinding_example=[["127.0.0.1"], ["127.0.0.2"], ["8.8.8.8"]])
    with server(redirecting("/two", "/three")) as start:
        assert TEXT in read_source(start.replace("127.0.0.1", "rebinding.example")).text
    assert names.lookups == ["rebinding.example"]
    assert {where for where, _ in names.connected} == {"127.0.0.1"}


def test_the_address_that_was_looked_at_is_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, rebinding_example=[["8.8.8.8"], ["127.0.0.1"]])
    with server(redirecting("http://rebinding.example/")) as start:
        assert "cannot be reached: this far" in refusal(start)
    assert names.lookups == ["rebinding.example"]
    assert names.connected[1:] == [("8.8.8.8", 80)]


def test_the_next_address_where_the_first_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    names = Names(monkeypatch, two_example=[["127.0.0.9", "127.0.0.1"]])
    with server(redirecting()) as start:
        assert TEXT in read_source(start.replace("127.0.0.1", "two.example")).text
    assert [where for where, _ in names.connected] == ["127.0.0.9", "127.0.0.1"]


def test_a_computer_without_ipv6(monkeypatch: pytest.MonkeyPatch) -> None:
    Names(monkeypatch, two_example=[["2606:4700::1111", "127.0.0.1"]])
    real = socket.socket

    def refusing(family: int = socket.AF_INET, *more: int, **named: object) -> socket.socket:
        if family == socket.AF_INET6:
            raise OSError("Address family not supported by protocol")
        return real(family, *more, **named)  # type: ignore[arg-type]  # as socket has them

    with server(redirecting()) as start:
        monkeypatch.setattr(socket, "socket", refusing)
        assert TEXT in read_source(start.replace("127.0.0.1", "two.example")).text
        monkeypatch.setattr(socket, "socket", real)


@pytest.mark.parametrize(("named", "port", "allowed"), [("http", 80, True), ("http", 8080, False)])
def test_from_http_to_https_of_the_same_host(
    monkeypatch: pytest.MonkeyPatch, named: str, port: int, *, allowed: bool
) -> None:
    """A server in the user's network may redirect to TLS, but not to another program on the same host."""
    names = Names(monkeypatch, home_example=[["127.0.0.1"]])
    with server(redirecting("https://home.example/")) as start:
        names.at = int(start.rpartition(":")[2].strip("/"))
        assert ("this far" if allowed else "refused") in refusal(f"{named}://home.example:{port}/")
    assert names.connected == [("127.0.0.1", port), ("127.0.0.1", 443)][: 1 + allowed]


# --- passwords ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["http://ann:secret@127.0.0.1:{}/", "http://ann:se@cret@127.0.0.1:{}/", "http://secret@127.0.0.1:{}/"]
)
def test_a_password_goes_nowhere(address: str) -> None:
    asked: list[bytes] = []

    def speak(connection: socket.socket) -> None:
        asked.append(connection.recv(65_536))
        connection.sendall(answer(b"Content-Type: text/html; charset=utf-8", b"Connection: close", body=BODY))

    with server(speak) as start:
        port = start.rpartition(":")[2].strip("/")
        assert read_source(address.format(port)).name == start
    assert b"Authorization" not in asked[0]
    assert b"cret" not in asked[0]


@pytest.mark.parametrize(
    "address",
    [
        "ftp://ann:secret@example.org/", "http://ann:secret@nowhere.invalid/", "http://ann:secret@127.0.0.1:1/",
        "http://ann:pa/ss#secret@example.org/", "http://ann:secret@[::1/", "http://ann:secret@a:99999/",
        "x://secret@", "http://ann:secret@127.0.0.1 x/",
    ],
)  # fmt: skip
def test_no_error_tells_a_password(address: str) -> None:
    assert "secret" not in refusal(address)


def test_no_fault_tells_a_password() -> None:
    """Passwords in addresses are masked in all errors and messages, wherever the address came from."""
    for address in ("https://ann:secret@example.org/", "ftp://ann:se/secret@example.org", "x://secret@a"):
        assert "secret" not in str(ConfigError(f"{address!r} is no address ({address})"))
        assert "secret" not in langdu("say", "长", "--voice", "gtts", environment=_url(address), ok=(2, 3)).stderr


def _url(address: str) -> dict[str, str]:
    return {"LANGDU_GTTS_URL": address.replace("https://ann:secret@example.org/", "http://ann:secret@127.0.0.1:1/")}


def test_who_wants_a_password_is_told_how() -> None:
    with server(saying(answer(status=b"401 Unauthorized"))) as address:
        assert "save the page and name it" in refusal(address)


def test_letters_of_other_scripts_in_a_redirection() -> None:
    with server(redirecting("/江上?页=1")) as start:
        assert read_source(start).name == f"{start}江上?页=1"
