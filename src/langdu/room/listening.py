"""Requests about sound: events, speaking, single readings, files to take away."""

from __future__ import annotations

import asyncio
import io
import re
import wave
from typing import TYPE_CHECKING, Final

from starlette.concurrency import run_in_threadpool
from starlette.responses import FileResponse, Response

from langdu.pipeline.editing.readings import line_to_hear
from langdu.room.answers import JsonAnswer, RefusedRequest, asked, number_in
from langdu.room.articles import article_in, opened, syllable_of
from langdu.room.events import following

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from starlette.requests import Request

    from langdu.pipeline.reciting import Reciter, SpokenPiece
    from langdu.room.events import Event
    from langdu.room.opened import OpenArticle

_SOUND: Final = re.compile(r"[0-9a-f]{16}-\d{1,4}\.wav")


async def events(request: Request) -> Response:
    """GET …/events: what happens to an article."""
    article = await article_in(request)
    return request.app.state.streams.answer(_events(request, article))  # type: ignore[no-any-return]


async def _events(request: Request, article: OpenArticle) -> AsyncGenerator[Event]:
    speaking = opened(request).speaking
    with article.listeners.joined() as queue:
        for piece in await run_in_threadpool(speaking.earlier, article.spoken):
            yield "piece", piece
        yield "progress", article.spoken.progress()
        for row in article.exports.rows:
            yield "export", row
        await run_in_threadpool(speaking.heed)
        async for event in following(queue):
            yield event


async def speak(request: Request) -> Response:
    """POST …/speak: from a paragraph on, or no more."""
    article = await article_in(request)
    fields = await asked(request, **{"from": (int, type(None))})
    await run_in_threadpool(opened(request).speaking.ask, article.spoken, fields["from"])
    return Response(status_code=204)


async def sound(request: Request) -> Response:
    """GET …/sound/NAME: a piece."""
    article = await article_in(request)
    name = request.path_params["name"]
    path = article.folder / name
    if not _SOUND.fullmatch(name) or not path.is_file():
        raise RefusedRequest(404, "there is no such sound: ask to speak again")
    return FileResponse(path, media_type="audio/wav")


async def hear(request: Request) -> Response:
    """GET …/hear/INDEX/AT: the word around a character, with one of its readings."""
    manuscript = (await article_in(request)).manuscript
    index, at = number_in(request, "index"), number_in(request, "at")
    found = await run_in_threadpool(manuscript.place, index, at)
    written = request.query_params.get("syllable")
    syllable = syllable_of(written) if written else found.present.citation
    (read,) = await run_in_threadpool(manuscript.read, [index])
    word = next(word for word in read.words if word.span == found.word)
    reciter: Reciter = request.app.state.reciter
    piece = await run_in_threadpool(reciter.line, line_to_hear(word, at - word.span.start, syllable))
    return Response(_wav(piece), media_type="audio/wav")


def _wav(piece: SpokenPiece) -> bytes:
    data = io.BytesIO()
    with wave.open(data, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(piece.sample_rate)
        file.writeframes(piece.pcm)
    return data.getvalue()


async def stopped(request: Request) -> Response:
    """PUT …/place: where the listener is."""
    manuscript = (await article_in(request)).manuscript
    fields = await asked(request, paragraph=int, at=int)
    await run_in_threadpool(manuscript.stopped_at, fields["paragraph"], fields["at"])
    return Response(status_code=204)


async def export(request: Request) -> Response:
    """POST …/exports: begin to make a file."""
    article = await article_in(request)
    fields = await asked(request, format=str)
    return JsonAnswer(article.exports.begin(fields["format"]), 202)


async def take(request: Request) -> Response:
    """GET …/exports/EXPORT: the file."""
    article = await article_in(request)
    path, name = await asyncio.to_thread(article.exports.find, request.path_params["export"])
    return FileResponse(path, filename=name, content_disposition_type="attachment")
