"""What is asked → values that can be trusted in their types; values, and faults, → answers."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from starlette.requests import ClientDisconnect
from starlette.responses import Response

from langdu import files
from langdu.controls import mask_passwords, show_controls
from langdu.errors import EngineError, ExportError, LangduError

if TYPE_CHECKING:
    from starlette.requests import Request

_NUMBER: Final = re.compile(r"-?[0-9]{1,7}")


class RefusedRequest(Exception):  # noqa: N818 - it says what happened
    """A request that is not carried out: the status of the answer, and what to do instead; `code` as in LangduError."""

    def __init__(self, status: int, message: str, code: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code


class JsonAnswer(Response):
    """JSON in UTF-8."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """The bytes of the answer."""
        return json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
            "utf-8", "replace"
        )


def fault(error: Exception) -> JsonAnswer:
    """The answer to a request that failed."""
    if isinstance(error, RefusedRequest):
        status, message = error.status, error.message
    else:
        status = 502 if isinstance(error, EngineError) else 500 if isinstance(error, ExportError) else 422
        message = str(error)
    code = getattr(error, "code", "")
    return JsonAnswer({"error": mask_passwords(show_controls(message)), **({"code": code} if code else {})}, status)


def told(error: Exception) -> str:
    """What has happened, for the person at the page."""
    if isinstance(error, LangduError):
        return str(error)
    return mask_passwords(show_controls(f"{type(error).__name__}: {error}; this is a fault of langdu"))


async def on_fault(_: Request, error: Exception) -> JsonAnswer:
    """Answer a fault of the run, as an exception handler of Starlette."""
    return fault(error)


async def on_gone(_: Request, __: Exception) -> Response:
    """End a request whose browser has gone while it was still sending: nobody gets this answer."""
    return Response(status_code=400)


FAULTS: dict[Any, Any] = {LangduError: on_fault, RefusedRequest: on_fault, ClientDisconnect: on_gone}


async def asked(request: Request, **types: type | tuple[type, ...]) -> dict[str, Any]:
    """The fields of a JSON body, each of the type that is named; others are refused.

    Raises: RefusedRequest: it is not JSON, or its fields are others.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise RefusedRequest(415, "send JSON as application/json")
    try:
        value = files.from_json((await request.body()).decode("utf-8"))
    except ValueError as error:
        raise RefusedRequest(400, f"this is not JSON: {error}") from error
    if not isinstance(value, dict) or set(value) != set(types):
        raise RefusedRequest(400, f"send an object with {', '.join(types) or 'nothing in it'}; see docs/room-api.md")
    for name, kind in types.items():
        if not isinstance(value[name], kind) or (isinstance(value[name], bool) and kind is not bool):
            raise RefusedRequest(400, f"{name} has a wrong value; see docs/room-api.md")
    return value


def number_in(request: Request, name: str, default: int | None = None) -> int:
    """A whole number in the path or the query. Raises: RefusedRequest: it is something else."""
    written = request.path_params.get(name, request.query_params.get(name))
    if written is None and default is not None:
        return default
    if not _NUMBER.fullmatch(str(written)):
        raise RefusedRequest(400, f"{name} must be a whole number")
    return int(str(written))
