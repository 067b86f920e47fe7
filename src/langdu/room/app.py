"""The room as an ASGI application: its requests, and what it needs from its first to its last."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from langdu.errors import LangduError
from langdu.export import FORMATS, ending
from langdu.model import AnnotationStyle
from langdu.pipeline.editing.readings import warm
from langdu.pipeline.editing.taking import described
from langdu.pipeline.reciting import Reciter
from langdu.room import articles, listening
from langdu.room.answers import FAULTS, JsonAnswer, RefusedRequest, asked, told
from langdu.room.articles import article_in, opened
from langdu.room.events import Streams
from langdu.room.opened import Opened
from langdu.room.rows import shelf_row
from langdu.room.security import BODY_LIMIT, Guard
from langdu.room.work import work_folder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from langdu.pipeline.editing.shelf import Shelf
    from langdu.room.security import Door
    from langdu.settings import Settings

# The room's own files, and those that it shares with the page of `langdu read --format html`.
_PAGES = {
    "": Path(str(resources.files("langdu.room"))) / "page",
    "reading/": Path(str(resources.files("langdu.export.page"))) / "reading",
}
_TYPES = {
    ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml",
    ".json": "application/json",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What a room is made of. `first` is the id of the article to begin with, `address` gives one that opens the room.

    `elsewhere`: other devices may come in. `notice` tells whoever started it.
    """

    settings: Settings
    shelf: Shelf
    first: str | None
    address: Callable[[], str]
    elsewhere: bool
    notice: Callable[[str], None]


class Room:
    """The application behind its guard. `close` ends its event streams; it may be called from a signal's handler."""

    def __init__(self, furniture: Furniture, door: Door) -> None:
        self._furniture = furniture
        self._app = Starlette(
            routes=_ROUTES, exception_handlers={**FAULTS, Exception: self._broken}, lifespan=self._lifespan
        )
        self._guard = Guard(self._app, door)
        self._loop: asyncio.AbstractEventLoop | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        await self._guard(scope, receive, send)

    def close(self) -> None:
        """End all event streams, so that the server can close."""
        if self._loop:
            self._loop.call_soon_threadsafe(self._end_streams)

    def _end_streams(self) -> None:
        for article in self._app.state.opened.all():
            article.listeners.end()

    @asynccontextmanager
    async def _lifespan(self, app: Starlette) -> AsyncIterator[None]:
        self._loop = asyncio.get_running_loop()
        furniture = self._furniture
        with work_folder() as work:
            tell = _telling(app, furniture)
            furniture.shelf.tell = tell
            reciter = Reciter(furniture.settings, tell)
            app.state.furniture, app.state.streams, app.state.reciter = furniture, Streams(), reciter
            app.state.opened = Opened(furniture.shelf, furniture.settings, reciter, work, self._loop)
            app.state.warm = None
            loading = asyncio.create_task(run_in_threadpool(warm))
            try:
                yield
            finally:
                self._end_streams()
                await loading
                await run_in_threadpool(app.state.opened.end)

    async def _broken(self, _: Request, error: Exception) -> JsonAnswer:
        """Answer what must not happen: a fault of langdu itself."""
        message = told(error)
        self._furniture.notice(message)
        return JsonAnswer({"error": message, "code": "fault"}, 500)


def _telling(app: Starlette, furniture: Furniture) -> Callable[[str], None]:
    def tell(message: str) -> None:
        furniture.notice(message)
        for article in app.state.opened.all():
            article.listeners.tell("notice", {"message": message})

    return tell


@cache
def _page_files() -> dict[str, Path]:
    """The page's files by their names in its addresses. They are listed once: a page asks for twenty of them."""
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": path
        for prefix, folder in _PAGES.items()
        for path in folder.rglob("*.*")
        if path.suffix in _TYPES
    }


async def page(request: Request) -> Response:
    """GET / and GET /page/NAME: the page's own files, in its folders too, and those in /page/reading/."""
    name = request.path_params.get("name", "index.html")
    path = _page_files().get(name)
    if path is None:
        raise RefusedRequest(404, f"there is no file {name} in the page")
    return FileResponse(path, media_type=_TYPES[path.suffix])


async def room(request: Request) -> Response:
    """GET /api/room."""
    state = request.app.state
    furniture: Furniture = state.furniture
    if state.warm is None:  # somebody is here and will want to hear something soon
        state.warm = asyncio.create_task(_warm(state.reciter))
    return JsonAnswer(
        {
            "version": version("langdu"),
            "voice": furniture.settings.voice,
            "opened": furniture.first,
            "formats": [{"name": name, "about": described(name), "ending": ending(name)} for name in FORMATS],
            "styles": [style.value for style in AnnotationStyle],
            "shelf": str(furniture.shelf.folder),
            "body_limit": BODY_LIMIT,
            "can_invite": furniture.elsewhere,
        }
    )


async def _warm(reciter: Reciter) -> None:
    with suppress(LangduError):  # whoever asks to speak is told
        await run_in_threadpool(reciter.warm)


async def shelf(request: Request) -> Response:
    """GET /api/shelf."""
    row: dict[str, Any] = await run_in_threadpool(shelf_row, request.app.state.furniture.shelf)
    return JsonAnswer(row)


async def remove(request: Request) -> Response:
    """DELETE /api/articles/ID: off the shelf, if the title confirms that this one is meant."""
    article = await article_in(request)
    fields = await asked(request, confirm=str)
    if fields["confirm"] != article.manuscript.shelved.title:
        raise RefusedRequest(
            409, f"to remove it, confirm with its title: {article.manuscript.shelved.title}", "confirm"
        )
    await run_in_threadpool(opened(request).remove, article)
    return Response(status_code=204)


async def invite(request: Request) -> Response:
    """POST /api/invitations: an address that opens the room once on another device."""
    await asked(request)
    furniture: Furniture = request.app.state.furniture
    if not furniture.elsewhere:
        raise RefusedRequest(409, "this room is open to this machine only: start it with --host")
    return JsonAnswer({"address": furniture.address()})


_ONE = "/api/articles/{id}"
_ROUTES = [
    Route("/", page),
    Route("/page/{name:path}", page),
    Route("/api/room", room),
    Route("/api/shelf", shelf),
    Route("/api/invitations", invite, methods=["POST"]),
    Route("/api/rules/{name}", articles.rule),
    Route("/api/articles", articles.open_new, methods=["POST"]),
    Route(_ONE, articles.show),
    Route(_ONE, remove, methods=["DELETE"]),
    Route(f"{_ONE}/paragraphs", articles.paragraphs),
    Route(f"{_ONE}/places/{{index}}/{{at}}", articles.place),
    Route(f"{_ONE}/hear/{{index}}/{{at}}", listening.hear),
    Route(f"{_ONE}/correct", articles.correct, methods=["POST"]),
    Route(f"{_ONE}/keep", articles.keep, methods=["POST"]),
    Route(f"{_ONE}/undo", articles.undo, methods=["POST"]),
    Route(f"{_ONE}/redo", articles.redo, methods=["POST"]),
    Route(f"{_ONE}/findings", articles.findings),
    Route(f"{_ONE}/findings", articles.judge, methods=["POST"]),
    Route(f"{_ONE}/events", listening.events),
    Route(f"{_ONE}/speak", listening.speak, methods=["POST"]),
    Route(f"{_ONE}/sound/{{name}}", listening.sound),
    Route(f"{_ONE}/place", listening.stopped, methods=["PUT"]),
    Route(f"{_ONE}/exports", listening.export, methods=["POST"]),
    Route(f"{_ONE}/exports/{{export}}", listening.take),
    Route(f"{_ONE}/text", articles.text),
    Route(f"{_ONE}/words", articles.words),
]
