"""Connections that ask nothing: a few are kept for a few seconds, so that they never take the place of one that does.

Any program on this machine can connect without being let in, and say nothing, or half of a request. uvicorn waits for
it without end, and refuses everybody when there are too many.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

if TYPE_CHECKING:
    import asyncio

# Seconds in which the whole head of a request must come, and what is left of a body after its answer.
HEAD_SECONDS = 10.0
# How many connections may be without a request: more than a browser opens, fewer than a process can have files open.
WAITING = 128


class RoomConnection(H11Protocol):
    """A connection that is closed if it says nothing, or too little, or if it is the oldest of too many such ones."""

    def __init__(self, *arguments: Any, **named: Any) -> None:  # noqa: ANN401 - uvicorn's own
        super().__init__(*arguments, **named)
        self._since = 0.0
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def waits(self) -> bool:
        """Whether the room waits for the head of a request, or for a body that it has answered already."""
        is_open = not self.transport.is_closing()
        return is_open and (self.conn.their_state is h11.IDLE or self.conn.our_state is h11.DONE)

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait for a request."""
        super().connection_made(transport)
        self._count_down()
        waiting = [each for each in self.connections if isinstance(each, RoomConnection) and each.waits]
        if len(waiting) > WAITING:
            # One that has brought a request is a browser that was let in: the others are closed when they are refused.
            min(waiting, key=lambda each: (each.cycle is not None, each._since)).transport.close()  # noqa: SLF001

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_count()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what has come. A connection that says a little now and then has no more time than a silent one."""
        super().data_received(data)
        if not self.waits:
            self._since = time.monotonic()
            self._stop_count()
        elif not self._deadline:
            self._count_down()

    def _count_down(self) -> None:
        self._since = time.monotonic()
        self._deadline = self.loop.call_later(HEAD_SECONDS, self._too_late)

    def _stop_count(self) -> None:
        if self._deadline:
            self._deadline.cancel()
            self._deadline = None

    def _too_late(self) -> None:
        self._deadline = None
        if self.waits:
            self.transport.close()
