"""Cuts a connection at a deadline, however slowly the other side sends.

The time limits of sockets only apply between two bytes: none stops a head that drips, or an endless trailer.
"""

from __future__ import annotations

import socket
import threading
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextmanager
def cut_after(seconds: float, connection: Callable[[], socket.socket | None], late: threading.Event) -> Iterator[None]:
    """If the block takes longer than `seconds`, set `late` and shut down the socket that `connection` gives then."""

    def cut() -> None:
        late.set()
        if (opened := connection()) is not None:
            with suppress(OSError):  # not the shutdown of TLS, which changes what the other thread is reading from
                socket.socket.shutdown(opened, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
