"""Server-sent events: what happens to an article, told to each tab that shows it."""

from __future__ import annotations

import asyncio
import json
from contextlib import aclosing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from starlette.responses import StreamingResponse

from langdu.room.answers import RefusedRequest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator, Iterator

    from starlette.types import Receive, Scope, Send

# How many streams may be open in a room.
STREAMS: Final = 32
# A tab that takes nothing for so many events is gone.
_WAITING: Final = 10_000
# Seconds. A line without meaning shows whether the browser is still there.
_PULSE: Final = 15.0

Event = tuple[str, dict[str, Any]]


class Listeners:
    """The tabs that listen to an article. `tell` may be called from any thread, the rest from the server's only."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._queues: set[asyncio.Queue[Event | None]] = set()

    def __len__(self) -> int:
        return len(self._queues)

    def tell(self, name: str, data: dict[str, Any]) -> None:
        """Tell every tab."""
        self._loop.call_soon_threadsafe(self._put, (name, data))

    def end(self) -> None:
        """End every stream: the room closes."""
        self._put(("bye", {}))
        self._put(None)

    def _put(self, event: Event | None) -> None:
        for queue in list(self._queues):
            if queue.qsize() > _WAITING:
                self._queues.discard(queue)
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(event)

    @contextmanager
    def joined(self) -> Iterator[asyncio.Queue[Event | None]]:
        """A queue of all that is told while the block runs; None ends it."""
        queue: asyncio.Queue[Event | None] = asyncio.Queue()
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)


class Streams:
    """Counts the open streams of a room, because each takes memory."""

    def __init__(self) -> None:
        self.open = 0

    def answer(self, events: AsyncGenerator[Event]) -> StreamingResponse:
        """A stream of events. Raises: RefusedRequest: too many are open."""
        if self.open >= STREAMS:
            raise RefusedRequest(503, f"{STREAMS} tabs are listening already: close some of them")
        self.open += 1
        return _Stream(events, self)


class _Stream(StreamingResponse):
    """The answer that a stream is."""

    def __init__(self, events: AsyncGenerator[Event], streams: Streams) -> None:
        super().__init__(_written(events), media_type="text/event-stream")
        self._events = events
        self._streams = streams

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send events until either side ends."""
        try:
            async with aclosing(self._events):
                await super().__call__(scope, receive, send)
        finally:
            self._streams.open -= 1


async def _written(events: AsyncGenerator[Event]) -> AsyncIterator[str]:
    async for name, data in events:
        yield ":\n\n" if name == "pulse" else f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def following(queue: asyncio.Queue[Event | None]) -> AsyncGenerator[Event]:
    """The events of a queue, with a pulse in silence, until it ends."""
    while True:
        try:
            event = await asyncio.wait_for(queue.get(), _PULSE)
        except TimeoutError:
            event = ("pulse", {})
        if event is None:
            return
        yield event
