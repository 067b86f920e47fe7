"""JSON and JSON Lines → text: articles with their fields, or records of words with their readings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, TypeAlias

from langdu.errors import InputError
from langdu.marks import HANZI, decoded
from langdu.model import Source
from langdu.parse.annotations.alignment.written import is_reading, is_toned, plain_letters

if TYPE_CHECKING:
    from collections.abc import Iterator

_Value: TypeAlias = "dict[str, _Value] | list[_Value] | str | int | float | bool | None"

_TITLE = frozenset({"title", "headline", "标题", "題目", "标题名", "name"})
_AUTHOR = frozenset({"author", "byline", "作者", "creator", "记者"})
_DATE = frozenset(
    {"date", "published", "published_at", "pubdate", "publish_time", "time", "日期", "发布时间", "datetime"}
)
_ORIGIN = frozenset({"source", "origin", "publisher", "site", "来源", "出处"})
_BODY = frozenset({"content", "text", "body", "article", "正文", "内容", "paragraphs", "html"})
_DEPTH = 200
# The beginning of the schemas of langdu's own files: manifest.json, and the format json.
_OURS = "langdu-"


def read(text: str, name: str) -> Source | None:
    """The text of an article, or a line for each record; None if it is not JSON.

    Raises: InputError: it is nested too deep, or langdu wrote it about a narration.
    """
    values = _values(text)
    if values is None:
        return None
    if any(_depth(value) > _DEPTH for value in values):
        raise InputError(f"{name} is nested deeper than {_DEPTH} levels, too deep for an article")
    first = values[0] if len(values) == 1 else None
    fields = {key.lower(): value for key, value in first.items()} if isinstance(first, dict) else {}
    if str(fields.get("schema")).startswith(_OURS):
        raise InputError(
            f"{name} is no article: langdu wrote it beside a narration; name the article that was narrated, or look at "
            "the narration's folder with langdu verify"
        )
    lines = list(_article(fields)) if fields.keys() & _BODY else [line for value in values for line in _lines(value)]
    return Source(
        name,
        _clean("".join(f"{line}\n" for line in lines)),
        title=_field(fields, _TITLE),
        author=_field(fields, _AUTHOR),
        date=_field(fields, _DATE),
        origin=_field(fields, _ORIGIN),
    )


def _values(text: str) -> list[_Value] | None:
    """The value of a JSON file, or the values of the lines of a JSON Lines file."""
    try:
        return [json.loads(text)]
    except (ValueError, RecursionError):
        pass
    try:
        return [json.loads(line) for line in text.splitlines() if line.strip()]
    except (ValueError, RecursionError):
        return None


def _depth(value: _Value) -> int:
    level, depth = [value], 0
    while level and depth <= _DEPTH:
        depth += 1
        level = [child for parent in level for child in _children(parent)]
    return depth


def _children(value: _Value) -> list[_Value]:
    if isinstance(value, dict):
        return list(value.values())
    return value if isinstance(value, list) else []


def _field(fields: dict[str, _Value], names: frozenset[str]) -> str | None:
    texts = (value for key, value in fields.items() if key in names and isinstance(value, str) and value)
    return next((_clean(decoded(text)) for text in texts), None)


def _clean(text: str) -> str:
    """A text without what JSON can escape and a text cannot hold: halves of characters, and NUL."""
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def _article(fields: dict[str, _Value]) -> Iterator[str]:
    """Title and body; the other fields are not read."""
    if title := _field(fields, _TITLE):
        yield title
        yield ""
    for key, value in fields.items():
        if key in _BODY:
            yield from _lines(value)


def _lines(value: _Value) -> Iterator[str]:
    """The lines of texts, and a line for a record of short fields: 春天, chūntiān, spring."""
    if isinstance(value, str):
        yield from decoded(value).splitlines()  # a body is often a piece of a page: &ldquo;
    elif isinstance(value, list):
        yield from _record(value) if _is_record(value) else (line for item in value for line in _lines(item))
    elif isinstance(value, dict):
        fields = list(value.values())
        yield from _record(fields) if _is_record(fields) else (line for item in fields for line in _lines(item))


def _is_record(values: list[_Value]) -> bool:
    """Whether values are a record: short texts, one with hanzi and one a reading."""
    texts = [decoded(value) for value in values if isinstance(value, str)]
    return (
        all("\n" not in text and len(text) < 200 for text in texts)
        and any(map(HANZI.search, texts))
        and any(is_reading(text) and is_toned(plain_letters(text)) for text in texts)
    )


def _record(values: list[_Value]) -> Iterator[str]:
    yield "\t".join(decoded(value) for value in values if isinstance(value, str))
    yield from (line for value in values if not isinstance(value, str) for line in _lines(value))
