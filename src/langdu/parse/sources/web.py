"""Web pages: http and https only, with limits on size, time and redirects, and no way into a private network.

The address that the user names may be private, since it is the user's own network. What a page then redirects to is
somebody else's choice: it may only lead to public addresses, at the ports of the web, or stay where it was. A name is
looked up once, and the address that was looked at is the one that is connected to.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
import time
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import cache
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from langdu.controls import masked, plain
from langdu.errors import InputError
from langdu.net import cut_after

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from http.client import HTTPResponse

_SIZE = 16 * 1024 * 1024
_SECONDS = 30
_REDIRECTS = 5
# Browsers and servers agree on so many characters (RFC 9110, 4.1: at least 8,000).
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
# As much of what a server says as a message has room for.
_SAID = 80


class _Address(NamedTuple):
    """What a name stands for: `where` in figures, `more` what IPv6 has behind the port."""

    family: socket.AddressFamily
    where: str
    more: tuple[object, ...]


class Page(NamedTuple):
    """What came back: `url` is the last of the redirects, `charset` what the server said it is in."""

    url: str
    data: bytes
    charset: str | None


def fetch(url: str) -> Page:
    """The page at an address, after its redirects. A name and password in the address are not sent, nor told.

    Raises: InputError: the address is not of http or https, cannot be reached, redirects too often, to a private
        address or to another port, answers with an error, with too much, too slowly, or with what is no HTTP.
    """
    deadline = time.monotonic() + _SECONDS
    addresses = cache(_addresses)
    here = named = _split(url)
    for _ in range(_REDIRECTS + 1):
        found = addresses(here.hostname or "")
        to = found if _is_same(here, named) else _public(here, found)
        with _connected(here, to, deadline) as connection, _request(connection, here) as response:
            if response.status not in _REDIRECT:
                return _page(response, here)
            here = _redirected(here, response.getheader("Location") or "")
    raise InputError(f"{named.geturl()} redirects more than {_REDIRECTS} times; open it in a browser and save the page")


# --- where to -------------------------------------------------------------------------------------------------------


def _split(url: str) -> SplitResult:
    """An address in its parts, without name and password; what cannot be printed is escaped.

    Raises: InputError: it is none of the web.
    """
    if len(url) > _LONGEST:
        raise InputError(f"an address of {len(url):,} characters is no web address: {plain(masked(url)[:_SAID])}…")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        why = "is there a password in it?" if "@" in url else error
        raise InputError(f"{plain(url)} is no web address: {why}") from error
    # A resolver takes "127.0.0.1 x" for an address.
    if parts.scheme not in _PORTS or not re.fullmatch(r"[^\s\x00-\x1f\x7f-\x9f]+", parts.hostname or "") or port == 0:
        raise InputError(f"{plain(url)} is no address of http or https; only web pages are fetched")
    path, query = (_printable(part) for part in (parts.path, parts.query))
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], path=path, query=query, fragment="")


def _printable(part: str) -> str:
    """A part of an address without what no address has (RFC 3986, 2), and what would end it where it is written."""
    kept = (char if char.isprintable() and char not in _OUTSIDE else quote(char, errors="replace") for char in part)
    return "".join(kept)


def _redirected(here: SplitResult, location: str) -> SplitResult:
    """Where a page leads. Raises: InputError: that is no address."""
    with suppress(UnicodeError):  # headers are read as Latin-1, and are written in UTF-8
        location = location.encode("latin-1").decode("utf-8")
    try:
        return _split(urljoin(here.geturl(), location))
    except ValueError as error:
        raise InputError(f"{here.geturl()} redirects to what is no web address: {error}; save the page") from error


def _port(here: SplitResult) -> int:
    return here.port or _PORTS[here.scheme]


def _addresses(host: str) -> list[_Address]:
    """What a name stands for. Raises: InputError: nothing."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise InputError(f"{plain(host)} is not found: {error}; is there a network?") from error
    return [_Address(family, str(address[0]), tuple(address[2:])) for family, _, _, _, address in found]


def _is_same(here: SplitResult, named: SplitResult) -> bool:
    """Whether a page leads back to the server that the user named; from http to https is no way out either."""
    ports = {_port(here), _port(named)}
    return here.hostname == named.hostname and (len(ports) == 1 or ports == set(_PORTS.values()))


def _public(here: SplitResult, found: Sequence[_Address]) -> list[_Address]:
    """Those addresses to which any page may lead. Raises: InputError: none, or not at this port."""
    public = [each for each in found if _is_public(each.where)]
    if not public:
        raise InputError(f"the page redirects to {here.hostname}, a private address: refused")
    if _port(here) not in _PORTS.values():
        raise InputError(f"the page redirects to another port, {here.netloc}: refused; if you trust it, name it itself")
    return public


def _is_public(address: str) -> bool:
    """Whether an address is of the internet, and of one computer in it.

    >>> [_is_public(each) for each in ("93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8")]
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
    """A connection that is cut at the deadline, however slowly the server drips."""
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
        raise InputError(
            f"{here.geturl()} cannot be read: {_said(f'{type(error).__name__}: {error}')}; try again, or save the "
            "page in a browser and name the file"
        ) from error
    finally:
        opened.close()
        if late.is_set():
            raise InputError(f"{here.geturl()} takes longer than {_SECONDS} s; try again, or save the page and name it")


def _open(here: SplitResult, addresses: Sequence[_Address], deadline: float) -> socket.socket:
    """A socket to the first of some addresses that answers. Raises: InputError: none does in time."""
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
                opened.settimeout(2 * _SECONDS)  # the connection is cut before
                stack.pop_all()
                return opened
    raise InputError(f"{here.geturl()} cannot be reached: {failed}; check the address and the network") from failed


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
        raise InputError(f"{url} answers {response.status} {_said(response.reason)}; check the address")
    data = _read(response)
    if len(data) > _SIZE:
        raise InputError(f"{url} is larger than {_SIZE >> 20} MiB: it is no article")
    if response.length:
        raise InputError(f"{url} was cut off after {len(data)} bytes; try again")
    return Page(url, data, _charset(response))


def _charset(response: HTTPResponse) -> str | None:
    try:
        return response.headers.get_content_charset()
    except ValueError:  # it says in which encoding the name of the encoding is, and there is a NUL in that
        return None


def _read(response: HTTPResponse) -> bytes:
    """A byte more than may come, at most. `response.read` takes whatever comes if a chunk has less than no length."""
    room = memoryview(bytearray(_SIZE + 1))
    size = 0
    while got := response.readinto(room[size:]):
        size += got
    return bytes(room[:size])


def _said(words: str) -> str:
    """Somebody else's words, in one line that is not too long."""
    return plain(words)[:_SAID]
