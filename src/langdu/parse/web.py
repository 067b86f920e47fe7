"""Web pages: http and https only, with limits on size, time and redirects, and no way into a private network.

The address that the user names may be private, since it is the user's own network. What a page then redirects to is
somebody else's choice: it may only lead to public addresses, or stay on the host that was named.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import threading
import time
from contextlib import contextmanager, suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from langdu.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from http.client import HTTPResponse

_SIZE = 16 * 1024 * 1024
_SECONDS = 30
_REDIRECTS = 5

_REDIRECT = frozenset({301, 302, 303, 307, 308})
_HEADERS = {
    "User-Agent": "langdu (reads articles aloud)",
    "Accept": "text/html, */*;q=0.5",
    "Accept-Encoding": "identity",
}


class Page(NamedTuple):
    """What came back: `url` is the last of the redirects, `charset` what the server said it is in."""

    url: str
    data: bytes
    charset: str | None


def fetch(url: str) -> Page:
    """The page at an address, after its redirects.

    Raises: InputError: the address is not of http or https, cannot be reached, redirects too often or to a private
        address, answers with an error, with too much, or too slowly.
    """
    deadline = time.monotonic() + _SECONDS
    named = _split(url)
    here = named
    for _ in range(_REDIRECTS + 1):
        with _connected(here, deadline, is_trusted=here.hostname == named.hostname) as connection:
            response = _request(connection, here)
            if response.status not in _REDIRECT:
                return _page(response, here)
            here = _split(urljoin(here.geturl(), response.getheader("Location") or ""))
    raise InputError(f"{url} redirects more than {_REDIRECTS} times; open it in a browser and save the page")


@contextmanager
def _connected(here: SplitResult, deadline: float, *, is_trusted: bool) -> Iterator[HTTPConnection]:
    """A connection that is cut at the deadline, however slowly the server drips."""
    connection, plain = _connection(here, is_trusted=is_trusted)
    late = threading.Event()

    def cut() -> None:
        late.set()
        with suppress(OSError):
            plain.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), cut)
    timer.daemon = True
    timer.start()
    try:
        yield connection
    except (OSError, HTTPException) as error:
        raise InputError(f"{here.geturl()} cannot be read: {type(error).__name__} {error}") from error
    finally:
        timer.cancel()
        connection.close()
        plain.close()
        if late.is_set():
            raise InputError(f"{here.geturl()} takes longer than {_SECONDS} s; try again, or save the page and name it")


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as error:
        raise InputError(f"{url} is no web address: {error}") from error
    if parts.scheme.lower() not in ("http", "https") or not parts.hostname or port == 0:
        raise InputError(f"{url} is no address of http or https; only web pages are fetched")
    return parts


def _connection(here: SplitResult, *, is_trusted: bool) -> tuple[HTTPConnection, socket.socket]:
    """A connection to the very address that was checked: a name may mean another one the next time it is asked."""
    host = here.hostname or ""
    port = here.port or (443 if here.scheme == "https" else 80)
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except (OSError, UnicodeError) as error:
        raise InputError(f"{host} is not found: {error}; is there a network?") from error
    if not is_trusted and not ipaddress.ip_address(str(address[0]).partition("%")[0]).is_global:
        raise InputError(f"the page redirects to {host}, a private address: refused")
    connection = (HTTPSConnection if here.scheme == "https" else HTTPConnection)(host, port)
    plain = socket.socket(family, socket.SOCK_STREAM)
    try:
        plain.settimeout(_SECONDS)
        plain.connect(address)
        connection.sock = (
            ssl.create_default_context().wrap_socket(plain, server_hostname=host) if here.scheme == "https" else plain
        )
    except OSError as error:
        plain.close()
        raise InputError(f"{here.geturl()} cannot be reached: {error}") from error
    return connection, connection.sock


def _request(connection: HTTPConnection, here: SplitResult) -> HTTPResponse:
    path = quote(here.path or "/", safe="/%:@!$&'()*+,;=~") + (
        f"?{quote(here.query, safe='=&%/:?+,;@')}" if here.query else ""
    )
    connection.request("GET", path, headers=_HEADERS)
    return connection.getresponse()


def _page(response: HTTPResponse, here: SplitResult) -> Page:
    url = here.geturl()
    if response.status != 200:
        raise InputError(f"{url} answers {response.status} {response.reason}; check the address")
    data = response.read(_SIZE + 1)
    if len(data) > _SIZE:
        raise InputError(f"{url} is larger than {_SIZE >> 20} MiB: it is no article")
    if response.length:
        raise InputError(f"{url} was cut off after {len(data)} bytes; try again")
    return Page(url, data, response.headers.get_content_charset())
