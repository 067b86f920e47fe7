"""Web pages: http and https only, with limits on size, time and redirects, and no way into a private network.

The address that the user gives may be private, since it is the user's own network. Where a page redirects to is
somebody else's choice: only to public addresses at the ports of the web, or back to the same server. A host name is
resolved once, so the address that was checked is the one that is connected to.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from http.client import BadStatusLine, HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from langdu import files
from langdu.controls import as_line, mask_passwords
from langdu.errors import InputError
from langdu.net import cut_after

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from http.client import HTTPResponse

_SIZE = 16 * 1024 * 1024
_SECONDS = 30
_REDIRECTS = 5
# The longest address that servers should accept (RFC 9110, 4.1).
_LONGEST = 8000

_REDIRECT = frozenset({301, 302, 303, 307, 308})
_PORTS = {"http": 80, "https": 443}
_HEADERS = {
    "User-Agent": "langdu (reads articles aloud)",
    "Accept": "text/html, */*;q=0.5",
    "Accept-Encoding": "identity",
}
# Source: IANA, IPv6 Global Unicast Address Assignments; RFC 4380 and RFC 3056: Teredo and 6to4 lead to an IPv4 address
# that is written in them. NAT64 (RFC 6052), which does too, is outside of what is assigned.
_ASSIGNED = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2001::/32"), IPv6Network("2002::/16"))
_OUTSIDE = frozenset(' <>"`{|}\\^')
# How much of what a server says is quoted in a message.
_SAID = 80


class _Address(NamedTuple):
    """An address of a host: `where` is the IP address, `more` what IPv6 has after the port."""

    family: socket.AddressFamily
    where: str
    more: tuple[object, ...]


class Page(NamedTuple):
    """A page: `url` is where the redirects ended, `charset` is the encoding that the server declares."""

    url: str
    data: bytes
    charset: str | None


def fetch(url: str, linked_from: str | None = None) -> Page:
    """The page at an address, after redirects. A user name and password in the address are neither sent nor shown.

    `linked_from` is the address of the page that has this one, if the user named that: then this one is its choice.

    Raises: InputError: the address is not http or https, cannot be reached, redirects too often, to a private address
        or to another port; or the answer is an error, too large, too slow, or not HTTP.
    """
    asked = _split(url)
    named = _split(linked_from) if linked_from else asked
    return _fetched(asked, lambda here: _is_same(here, named))


def fetch_public(url: str) -> Page:
    """As `fetch`, for an address that the user may not have chosen: it too must be public, and at a port of the web.

    Raises: InputError: as `fetch`.
    """
    return _fetched(_split(url), lambda _: False)


def _fetched(asked: SplitResult, is_trusted: Callable[[SplitResult], bool]) -> Page:
    deadline = time.monotonic() + _SECONDS
    addresses = cache(_addresses)
    here = asked
    for _ in range(_REDIRECTS + 1):
        resolved = addresses(here.hostname or "")
        allowed = resolved if is_trusted(here) else _public(here, resolved)
        with _connected(here, allowed, deadline) as connection, _request(connection, here) as response:
            if response.status not in _REDIRECT:
                return _page(response, here)
            here = _redirected(here, response.getheader("Location") or "")
    raise InputError(
        f"{as_line(asked.geturl())} redirects more than {_REDIRECTS} times; open it in a browser and save the page"
    )


# --- where to -------------------------------------------------------------------------------------------------------


def _split(url: str) -> SplitResult:
    """The parts of an address, without user name and password, and with unprintable characters escaped.

    Raises: InputError: it is not an http or https address.
    """
    if len(url) > _LONGEST:
        raise InputError(
            f"an address of {len(url):,} characters is not a web address: {as_line(mask_passwords(url)[:_SAID])}…"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        why = "is there a password in it?" if "@" in url else error
        raise InputError(f"{as_line(url)} is not a web address: {why}", code="no-address") from error
    # A resolver takes "127.0.0.1 x" for an address.
    if parts.scheme not in _PORTS or not re.fullmatch(r"[^\s\x00-\x1f\x7f-\x9f]+", parts.hostname or "") or port == 0:
        raise InputError(
            f"{as_line(url)} is not an http or https address; langdu fetches web pages only", code="no-address"
        )
    path, query = (_printable(part) for part in (parts.path, parts.query))
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], path=path, query=query, fragment="")


def _printable(part: str) -> str:
    """A part of an address, with characters that must not be in one (RFC 3986, 2) escaped."""
    chars = (char if char.isprintable() and char not in _OUTSIDE else quote(char, errors="replace") for char in part)
    return "".join(chars)


def _redirected(here: SplitResult, location: str) -> SplitResult:
    """Where a page redirects to.

    Raises: InputError: it is not an http or https address.
    """
    with suppress(UnicodeError):  # headers are read as Latin-1, and are written in UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        return _split(urljoin(here.geturl(), location))
    except ValueError as error:
        raise InputError(f"{here.geturl()} redirects to an invalid address: {error}; save the page") from error


def _port(here: SplitResult) -> int:
    return here.port or _PORTS[here.scheme]


def _addresses(host: str) -> list[_Address]:
    """The addresses of a host.

    Raises: InputError: it has none.
    """
    try:
        resolved = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        reason = files.reason(error)
        raise InputError(
            f"{as_line(host)} cannot be found: {reason}; check the address and the network", code="unreachable"
        ) from error
    return [_Address(family, str(address[0]), tuple(address[2:])) for family, _, _, _, address in resolved]


def _is_same(here: SplitResult, named: SplitResult) -> bool:
    """Whether a page redirects to the server that the user named; from http to https is the same server too."""
    ports = {_port(here), _port(named)}
    return here.hostname == named.hostname and (len(ports) == 1 or ports == set(_PORTS.values()))


def _public(here: SplitResult, resolved: Sequence[_Address]) -> list[_Address]:
    """The addresses to which anybody may lead.

    Raises: InputError: there are none, or the port is not one of the web.
    """
    public = [address for address in resolved if _is_public(address.where)]
    if not public:
        raise InputError(f"this leads to {here.hostname}, a private address: refused", code="private-address")
    if _port(here) not in _PORTS.values():
        raise InputError(f"this leads to another port, {here.netloc}: refused; if you trust it, name that one")
    return public


def _is_public(address: str) -> bool:
    """Whether an address is that of one computer on the internet.

    >>> [_is_public(ip) for ip in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8")]
    [True, True, False]
    >>> any(map(_is_public, ("127.0.0.1", "224.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "ff02::1", "fe80::1%eth0")))
    False
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        return ip.is_global and ip in _ASSIGNED and not any(ip in tunnel for tunnel in _TUNNELS)
    return ip.is_global and not ip.is_multicast


# --- what comes back ------------------------------------------------------------------------------------------------


@contextmanager
def _connected(here: SplitResult, addresses: Sequence[_Address], deadline: float) -> Iterator[HTTPConnection]:
    """A connection that is cut at the deadline, however slowly the server sends."""
    late = threading.Event()
    opened = _open(here, addresses, deadline)
    try:
        if here.scheme == "https":
            context = ssl.create_default_context()
            opened = context.wrap_socket(opened, server_hostname=here.hostname, do_handshake_on_connect=False)
        with cut_after(max(0.0, deadline - time.monotonic()), lambda: opened, late):
            if isinstance(opened, ssl.SSLSocket):
                opened.do_handshake()
            kind = HTTPSConnection if here.scheme == "https" else HTTPConnection
            connection = kind(here.hostname or "", _port(here))
            connection.sock = opened
            with closing(connection):
                yield connection
    except (OSError, HTTPException, ValueError) as error:
        # What is no status line is not quoted, because anything may stand there, also half an address with a password.
        is_http = type(error) is not BadStatusLine
        why = _quoted(f"{type(error).__name__}: {error}") if is_http else "its answer is not HTTP"
        raise InputError(
            f"{here.geturl()} cannot be read: {why}; try again, or save the page in a browser and name the file"
        ) from error
    finally:
        opened.close()
        if late.is_set():
            raise InputError(f"{here.geturl()} takes longer than {_SECONDS} s; try again, or save the page and name it")


def _open(here: SplitResult, addresses: Sequence[_Address], deadline: float) -> socket.socket:
    """A socket to the first address that answers.

    Raises: InputError: none does in time.
    """
    failed: OSError | None = None
    for i, address in enumerate(addresses):
        with ExitStack() as stack:
            try:  # a computer may have no IPv6
                opened = stack.enter_context(socket.socket(address.family, socket.SOCK_STREAM))
                opened.settimeout(max(0.1, (deadline - time.monotonic()) / (len(addresses) - i)))
                opened.connect((address.where, _port(here), *address.more))
            except OSError as error:
                failed = error
            else:
                opened.settimeout(2 * _SECONDS)  # the timer cuts the connection earlier
                stack.pop_all()
                return opened
    reason = files.reason(failed) if failed else "it has no address"
    raise InputError(
        f"{here.geturl()} cannot be reached: {reason}; check the address and the network", code="unreachable"
    ) from failed


def _request(connection: HTTPConnection, here: SplitResult) -> HTTPResponse:
    path = quote(here.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(here.query, safe='=&%/:?+,;@')}" if here.query else ""
    )
    connection.request("GET", path, headers=_HEADERS)
    return connection.getresponse()


def _page(response: HTTPResponse, here: SplitResult) -> Page:
    url = here.geturl()
    if response.status == 401:
        raise InputError(f"{url} asks for a name and a password, which langdu does not send; save the page and name it")
    if response.status != 200:
        raise InputError(
            f"{url} answers {response.status} {_quoted(response.reason)}; check the address", code="page-refused"
        )
    data = _read(response)
    if len(data) > _SIZE:
        raise InputError(f"{url} is larger than {_SIZE >> 20} MiB, too large for an article; save its text")
    if response.length:
        raise InputError(f"{url} was cut off after {len(data)} bytes; try again")
    return Page(url, data, _charset(response))


def _charset(response: HTTPResponse) -> str | None:
    try:
        return response.headers.get_content_charset()
    except ValueError:  # the header names an encoding for the name of the encoding, with a NUL in it
        return None


def _read(response: HTTPResponse) -> bytes:
    """The body, up to a byte more than allowed. `response.read` takes any amount if a chunk has a negative length."""
    room = memoryview(bytearray(_SIZE + 1))
    size = 0
    while got := response.readinto(room[size:]):
        size += got
    return bytes(room[:size])


def _quoted(words: str) -> str:
    """Somebody else's words as part of a message: one line, not too long."""
    return as_line(words)[:_SAID]
