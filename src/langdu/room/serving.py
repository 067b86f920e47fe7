"""Opens the room's door, and closes it at Ctrl-C: a socket on this machine, and the server that listens on it."""

from __future__ import annotations

import errno
import ipaddress
import os
import socket
from typing import TYPE_CHECKING, Final

import uvicorn

from langdu.errors import ConfigError
from langdu.files import reason
from langdu.room.connections import RoomConnection

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from starlette.types import ASGIApp

# A room without a port of its own takes the first free one of these.
PORT: Final = 8420
_PORTS: Final = 100
_HERE: Final = "127.0.0.1"
# An address that no packet is sent to (RFC 5737): the system only says from where it would send one.
_ELSEWHERE: Final = ("192.0.2.1", 9)
# Seconds that open requests have to end.
_PATIENCE: Final = 3


def listener(host: str | None, port: int | None) -> socket.socket:
    """A socket on this machine alone, or on the address `host`; a second room takes the next port.

    Raises: ConfigError: the address is not one of this machine, or the port is taken.
    """
    try:
        found = socket.getaddrinfo(host or _HERE, None, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (OSError, UnicodeError) as error:
        raise ConfigError(f"--host {host}: {reason(error)}; name one of this machine's, such as 0.0.0.0") from error
    family, _, _, _, address = found[0]
    ports = [port] if port is not None else range(PORT, PORT + _PORTS)
    for each in ports:
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            if os.name == "posix":  # on Windows it would let two rooms have one port
                opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            opened.bind((address[0], each, *address[2:]))
            opened.listen(socket.SOMAXCONN)
        except OSError as error:
            opened.close()
            if error.errno == errno.EADDRINUSE and port is None:
                continue
            raise _refused(host, each, error) from error
        return opened
    raise ConfigError(f"all ports from {PORT} to {PORT + _PORTS - 1} are taken: name another one with --port")


def _refused(host: str | None, port: int, error: OSError) -> ConfigError:
    if error.errno == errno.EADDRNOTAVAIL:
        return ConfigError(f"--host {host} is not an address of this machine; 0.0.0.0 means all that it has")
    if error.errno == errno.EADDRINUSE:
        return ConfigError(f"port {port} is taken: name another one, or leave --port out, and langdu finds one")
    return ConfigError(f"port {port} cannot be opened: {reason(error)}; name one from 1024 to 65535")


def name_of(opened: socket.socket, host: str | None) -> str:
    """What another browser calls the room: its host and port."""
    address, port = opened.getsockname()[:2]
    name = host or _HERE
    if address in {"0.0.0.0", "::"}:  # noqa: S104 - the user asked for it
        name = _own_address()
    return f"[{name}]:{port}" if ":" in name else f"{name}:{port}"


def is_loopback(opened: socket.socket) -> bool:
    """Whether nobody but this machine can reach the room."""
    return ipaddress.ip_address(opened.getsockname()[0].partition("%")[0]).is_loopback


def _own_address() -> str:
    """This machine's address on its network."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:  # there is no network
            return _HERE
        return str(probe.getsockname()[0])


class RoomServer(uvicorn.Server):
    """A server that says when it answers, and ends its event streams when it is told to stop.

    They would keep it open for ever. A second Ctrl-C changes nothing: closing takes a few seconds at most, and a room
    that is left in a hurry leaves files and processes behind.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None], stopping: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to answer."""
        await super().startup(sockets)
        self._ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Take Ctrl-C, or a request to terminate."""
        if not self.should_exit:
            super().handle_exit(sig, frame)
            self._stopping()

    def stop(self) -> None:
        """Close the room from another thread."""
        self.should_exit = True
        self._stopping()


def server(app: ASGIApp, ready: Callable[[], None], stopping: Callable[[], None]) -> RoomServer:
    """A server for the room. `ready` is called when the room answers, `stopping` when it begins to close.

    `run(sockets=[…])` serves until Ctrl-C, which then goes on to the caller.
    """
    config = uvicorn.Config(
        app,
        log_config=None,
        log_level="critical",  # the room's own words are enough; an address with a token must be in no log
        access_log=False,
        server_header=False,
        ws="none",
        http=RoomConnection,
        lifespan="on",
        timeout_graceful_shutdown=_PATIENCE,
    )
    return RoomServer(config, ready, stopping)
