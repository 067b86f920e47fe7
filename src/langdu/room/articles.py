"""Requests about articles: open, read, correct, undo; what is found in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.responses import PlainTextResponse, Response

from langdu.check.rules import RULES
from langdu.errors import InputError
from langdu.pinyin import parse_syllable
from langdu.pipeline.editing.opening import article_at, article_of, pasted_article
from langdu.pipeline.editing.taking import text_to_take, words_to_take
from langdu.room.answers import JsonAnswer, RefusedRequest, asked, number_in
from langdu.room.rows import article_row, finding_row, paragraph_row, place_row

if TYPE_CHECKING:
    from starlette.requests import Request

    from langdu.model import Syllable
    from langdu.pipeline.editing.manuscript import Changed
    from langdu.room.opened import OpenArticle, Opened

# How many paragraphs are read at once.
_MOST = 64
_NAME = 200


def opened(request: Request) -> Opened:
    """The open articles of the room."""
    found: Opened = request.app.state.opened
    return found


async def article_in(request: Request) -> OpenArticle:
    """The article that a path names. Raises: RefusedRequest: there is none."""
    try:
        return await run_in_threadpool(opened(request).find, request.path_params["id"])
    except InputError as error:
        raise RefusedRequest(404, str(error), "no-article") from error


async def open_new(request: Request) -> Response:
    """POST /api/articles: a text, an address, or a file."""
    name = request.query_params.get("name")
    if name is not None:
        if request.headers.get("content-type") != "application/octet-stream":
            raise RefusedRequest(415, "send a file as application/octet-stream")
        data = await request.body()
        # Only the last part of a name says what the file is; a path of the sender's is nobody's business.
        plain = name.replace("\\", "/").rpartition("/")[2][-_NAME:] or "article.txt"
        article = await run_in_threadpool(article_of, data, plain)
    else:
        fields = await _text_or_address(request)
        if "address" in fields:
            article = await run_in_threadpool(article_at, fields["address"])
        else:
            article = await run_in_threadpool(pasted_article, fields["text"])
    added = await run_in_threadpool(opened(request).add, article)
    return JsonAnswer(article_row(added.manuscript), 201)


async def _text_or_address(request: Request) -> dict[str, Any]:
    body = await request.body()
    kind = "address" if b'"address"' in body[:200] and b'"text"' not in body[:200] else "text"
    return await asked(request, **{kind: str})


async def show(request: Request) -> Response:
    """GET /api/articles/ID: as it is in its file now."""
    await article_in(request)
    article = await run_in_threadpool(opened(request).current, request.path_params["id"])
    return JsonAnswer(await run_in_threadpool(article_row, article.manuscript))


async def paragraphs(request: Request) -> Response:
    """GET …/paragraphs: some paragraphs with their readings."""
    manuscript = (await article_in(request)).manuscript
    start, count = number_in(request, "from", -1), min(_MOST, max(1, number_in(request, "count", 16)))

    def rows() -> dict[str, Any]:
        version, read = manuscript.read_from(start, count)
        return {"version": version, "paragraphs": [paragraph_row(each) for each in read]}

    return JsonAnswer(await run_in_threadpool(rows))


async def place(request: Request) -> Response:
    """GET …/places/INDEX/AT: the readings of a character."""
    manuscript = (await article_in(request)).manuscript
    index, at = number_in(request, "index"), number_in(request, "at")
    found = await run_in_threadpool(manuscript.place, index, at)
    return JsonAnswer(place_row(index, at, found, manuscript.version))


async def correct(request: Request) -> Response:
    """POST …/correct: another reading for a character."""
    article = await article_in(request)
    fields = await asked(request, paragraph=int, at=int, syllable=str, scope=str)
    manuscript, syllable = article.manuscript, syllable_of(fields["syllable"])
    ways = {
        "here": manuscript.correct_here,
        "everywhere": manuscript.correct_everywhere,
        "always": manuscript.correct_always,
    }
    if fields["scope"] not in ways:
        raise RefusedRequest(400, f"scope is one of {', '.join(ways)}")
    changed = await run_in_threadpool(ways[fields["scope"]], fields["paragraph"], fields["at"], syllable)
    return await _told(request, article, changed)


def syllable_of(written: str) -> Syllable:
    """A syllable that a page names. Raises: RefusedRequest: it is none."""
    try:
        return parse_syllable(written[:20])
    except ValueError as error:
        raise RefusedRequest(400, f"{written[:20]!r} is not one syllable with its tone: write chong2") from error


async def keep(request: Request) -> Response:
    """POST …/keep: put a line back that was left out, or leave it out again."""
    article = await article_in(request)
    fields = await asked(request, line=int, keep=bool)
    changed = await run_in_threadpool(article.manuscript.keep, fields["line"], keep=fields["keep"])
    return await _told(request, article, changed)


async def undo(request: Request) -> Response:
    """POST …/undo."""
    article = await article_in(request)
    await asked(request)
    if not article.manuscript.can_undo:
        raise RefusedRequest(409, "there is nothing to undo", "nothing-to-undo")
    return await _told(request, article, await run_in_threadpool(article.manuscript.undo))


async def redo(request: Request) -> Response:
    """POST …/redo."""
    article = await article_in(request)
    await asked(request)
    if not article.manuscript.can_redo:
        raise RefusedRequest(409, "there is nothing to do again", "nothing-to-redo")
    return await _told(request, article, await run_in_threadpool(article.manuscript.redo))


async def _told(request: Request, article: OpenArticle, changed: Changed) -> Response:
    return JsonAnswer(await run_in_threadpool(opened(request).changed, article, changed))


# --- findings -------------------------------------------------------------------------------------------------------


async def findings(request: Request) -> Response:
    """GET …/findings."""
    manuscript = (await article_in(request)).manuscript
    version = manuscript.version
    new, accepted = await run_in_threadpool(manuscript.findings)
    return JsonAnswer(
        {"version": version, "findings": list(map(finding_row, new)), "accepted": list(map(finding_row, accepted))}
    )


async def judge(request: Request) -> Response:
    """POST …/findings: accept a suggestion, ignore a finding, or report it again."""
    article = await article_in(request)
    fields = await asked(request, finding=str, do=str)
    manuscript, finding = article.manuscript, fields["finding"]
    if fields["do"] == "accept":
        return await _told(request, article, await run_in_threadpool(manuscript.accept, finding))
    ways = {"ignore": manuscript.ignore, "restore": manuscript.restore}
    if fields["do"] not in ways:
        raise RefusedRequest(400, "do is one of accept, ignore, restore")
    await run_in_threadpool(ways[fields["do"]], finding)
    return await _told(request, article, manuscript.unchanged())


async def rule(request: Request) -> Response:
    """GET /api/rules/NAME: what a rule of the check says."""
    wanted = request.path_params["name"]
    for each in RULES:
        if each.name == wanted:
            examples = {"bad": each.examples("Bad"), "good": each.examples("Good")}
            return JsonAnswer({"rule": each.name, "summary": each.summary, **examples})
    raise RefusedRequest(404, "there is no such rule: see docs/rules.md")


# --- texts to take away ---------------------------------------------------------------------------------------------


async def text(request: Request) -> Response:
    """GET …/text: the corrected article."""
    manuscript = (await article_in(request)).manuscript
    style = request.query_params.get("style")
    written = await run_in_threadpool(text_to_take, manuscript.article, style)
    ending = ".html" if style == "ruby" else manuscript.path.suffix
    # A name for each style, so that one does not take the place of another in the browser's folder.
    return _attached(written, f"{manuscript.path.stem}{f'.{style}' if style else ''}{ending}")


async def words(request: Request) -> Response:
    """GET …/words: the list of its words."""
    manuscript = (await article_in(request)).manuscript
    form = request.query_params.get("format", "csv")
    written = await run_in_threadpool(words_to_take, manuscript.article, form, manuscript.settings)
    return _attached(written, f"{manuscript.path.stem}.words.{form}")


def _attached(written: str, name: str) -> Response:
    """A text that a browser saves and never shows: it may have come from anywhere."""
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}"}
    return PlainTextResponse(written.encode("utf-8", "surrogateescape"), headers=headers)
