"""Who may ask what: a room is open to the pages that it serves itself, in the browsers that have opened its address.

Any web page can send requests to this machine, and any name can be made to lead here (DNS rebinding). So each request
must name the room's own address as its host, bring the cookie that only the printed address gives, and, if it changes
anything, come from the room's own page.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from langdu.room.answers import JsonAnswer, RefusedRequest

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

BODY_LIMIT: Final = 20_000_000
_LARGE: Final = f"this is larger than {BODY_LIMIT // 1_000_000} MB: cut it into parts"
# Two reads that change nothing; everything else must come from the room's own page.
_READS: Final = frozenset({"GET", "HEAD"})
_LOOPBACK: Final = ("localhost", "127.0.0.1", "[::1]")
# The page's recordings are blobs of its own. Nothing is loaded from elsewhere, nothing is inline, nobody may frame it.
_POLICY: Final = (
    "default-src 'self'; media-src 'self' blob:; object-src 'none'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "microphone=(self), camera=(), geolocation=()",
    "cache-control": "no-store",
}
_ENTERING: Final = (
    '<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><meta http-equiv="refresh" content="0; url=/">'
    '<title>langdu</title></head><body><a href="/">langdu</a></body></html>'
)
# How many addresses may wait to be opened.
_TOKENS: Final = 16


class Door:
    """The room's address, and who may come in. `host` is the name that the user gave, None on this machine alone."""

    def __init__(self, port: int, host: str | None = None) -> None:
        self.port = port
        self._host = host
        self._session = secrets.token_urlsafe(32)
        self._tokens: list[str] = []
        # Cookies of one host are shared by all its ports, and a second room has another port.
        self.cookie = f"langdu_room_{port}"

    def invite(self) -> str:
        """A new token. It opens the room once."""
        token = secrets.token_urlsafe(32)
        self._tokens = [*self._tokens, token][-_TOKENS:]
        return token

    def admits(self, token: str) -> str | None:
        """The cookie for whoever brings this token, which is then spent; None if it is no token."""
        known = next((each for each in self._tokens if _is_same(each, token)), None)
        if known is None:
            return None
        self._tokens.remove(known)
        return f"{self.cookie}={self._session}; Path=/; HttpOnly; SameSite=Strict"

    def knows(self, cookies: str) -> bool:
        """Whether the cookies of a request have the room's own, whatever the others look like.

        Everything that is served on this machine shares its cookies, and a strict reader would lose ours among them.
        """
        named = (each.strip().partition("=") for each in cookies.split(";"))
        return any(name == self.cookie and _is_same(self._session, value) for name, _, value in named)

    def is_own(self, host: str, connected: str | None) -> bool:
        """Whether a Host header names this room; `connected` is the address of this machine that was connected to."""
        name, _, port = host.lower().rpartition(":")
        if not name or host.endswith("]"):
            name, port = host.lower(), "80"
        if port != str(self.port):
            return False
        if name in _LOOPBACK or (self._host and name == self._host.lower()):
            return True
        # On another network no name is trusted, but the number that the browser has connected to is.
        return bool(self._host and connected and _number(name) == _number(connected))


def _is_same(secret: str, given: str) -> bool:
    return hmac.compare_digest(secret.encode(), given.encode("utf-8", "replace"))


def _number(written: str) -> object:
    try:
        found = ipaddress.ip_address(written.strip("[]").partition("%")[0])
    except ValueError:
        return written
    return getattr(found, "ipv4_mapped", None) or found


class Guard:
    """The outermost layer of the room: refuses what is not allowed, and says in each answer what its page may do."""

    def __init__(self, app: ASGIApp, door: Door) -> None:
        self._app = app
        self._door = door

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or have it answered."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        guarded = _guarded(send)
        if answer := self._refusal(scope) or _too_large(Headers(scope=scope)):
            await answer(scope, receive, guarded)
            return
        await _Limited(self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers, door = Headers(scope=scope), self._door
        hosts = headers.getlist("host")
        if len(hosts) != 1 or not door.is_own(hosts[0], (scope.get("server") or (None,))[0]):
            return _refused(421, f"this room answers to http://localhost:{door.port} only: open the address it printed")
        site, is_read = headers.get("sec-fetch-site"), scope["method"] in _READS
        known = door.knows("; ".join(headers.getlist("cookie")))
        if token := _token(scope):
            return RedirectResponse("/", 303) if known else self._entered(token, site)
        refusal = None
        if site not in ({None, "same-origin", "none"} if is_read else {None, "same-origin"}):
            refusal = "another page asks for this: only the room's own page may"
        elif not known:
            refusal = "this browser has not been let in: open the address that langdu room printed"
        elif not is_read and headers.getlist("origin") != [f"http://{hosts[0]}"]:
            refusal = "only the room's own page may change anything: reload it"
        return _refused(403, refusal) if refusal else None

    def _entered(self, token: str, site: str | None) -> Response:
        cookie = self._door.admits(token)
        if cookie is None:
            return _refused(
                403, "this address was opened before, and it opens the room only once: start langdu room again"
            )
        # A strict cookie is not sent while a browser follows a link from another site, so that the page itself goes on.
        answer = RedirectResponse("/", 303) if site in (None, "none") else HTMLResponse(_ENTERING)
        answer.headers["set-cookie"] = cookie
        return answer


def _token(scope: Scope) -> str | None:
    """The token in the opened address."""
    if scope["path"] != "/" or scope["method"] != "GET":
        return None
    return next(iter(parse_qs(scope["query_string"].decode("latin-1")).get("token", ())), None)


def _refused(status: int, message: str) -> Response:
    return PlainTextResponse(f"langdu: {message}\n", status)


def _guarded(send: Send) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers[name] = value
        await send(message)

    return guarded


# --- how much may come ----------------------------------------------------------------------------------------------


def _too_large(headers: Headers) -> Response | None:
    length = headers.get("content-length", "0")
    if length.isdecimal() and int(length) <= BODY_LIMIT:
        return None
    return JsonAnswer({"error": _LARGE, "code": "too-large"}, 413, headers={"connection": "close"})


class _Limited:
    """Reads no more of a body than the limit, whatever its sender said."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Have a request answered."""
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > BODY_LIMIT:
                raise RefusedRequest(413, _LARGE, "too-large")
            return message

        await self._app(scope, counted, send)
