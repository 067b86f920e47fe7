"""The index page of an archive: a table of its articles that can be sorted and searched; it loads nothing."""

from __future__ import annotations

import hashlib
import re
from base64 import b64encode
from html import escape
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from langdu.batch.assignment import Status
from langdu.controls import show_controls
from langdu.errors import plural
from langdu.model import Severity
from langdu.output.folder import MANIFEST
from langdu.sound.clock import minutes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

# How many rows a browser sorts without a pause.
_MOST: Final = 20_000
# No sound is so long, in seconds.
_ENDLESS: Final = 1e9
# The folders of a path from the root of a disk: of a path alone, and inside a text.
_FOLDER: Final = re.compile(r"(?:/|[A-Za-z]:[\\/]).*[\\/]")
_FOLDERS: Final = re.compile(r"(?<![\w.:/\\~*-])(?:/(?:[^/\s]+/)+|[A-Za-z]:[\\/](?:[^\\/\s]+[\\/])*)")
_HEADS: Final = ("Title", "Source", "Status", "Length", "Errors", "Warnings")


def page(rows: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """The page, in parts. Rows are as `Outcome.row` makes them; their folders are below the page's."""
    sorted_rows = sorted(rows, key=_rank)
    script = resources.files(__package__).joinpath("index.js").read_text(encoding="utf-8")
    style = resources.files(__package__).joinpath("index.css").read_text(encoding="utf-8")
    allowed = f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'"
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{allowed}">\n'
        f"<title>Narrated articles</title>\n<style>{style}</style>\n</head>\n"
        "<body>\n<main>\n<h1>Narrated articles</h1>\n"
    )
    yield f"<p>{escape(_summary(sorted_rows))}</p>\n"
    heads = "".join(f'<th scope="col"><button type="button">{head}</button></th>' for head in _HEADS)
    yield '<label>Search <input type="search"></label>\n<p role="status"></p>\n'
    yield f"<table>\n<thead><tr>{heads}</tr></thead>\n<tbody>\n"
    yield from map(_row, islice(sorted_rows, _MOST))
    yield f"</tbody>\n</table>\n</main>\n<script>{script}</script>\n</body>\n</html>\n"


def _rank(row: Mapping[str, Any]) -> tuple[bool, int, int, str]:
    """What needs somebody's attention comes first."""
    return row.get("status") != Status.FAILED, -_count(row, "error"), -_count(row, "warning"), str(row.get("folder"))


def _count(row: Mapping[str, Any], severity: str) -> int:
    findings = row.get("findings")
    count = findings.get(severity, 0) if isinstance(findings, dict) else 0
    return count if isinstance(count, int) else 0


def _length(row: Mapping[str, Any]) -> float:
    seconds = row.get("seconds", 0)
    # JSON may have NaN, and any number of digits.
    is_time = isinstance(seconds, int | float) and 0 <= seconds < _ENDLESS
    return float(seconds) if is_time else 0.0


def _summary(rows: list[Mapping[str, Any]]) -> str:
    failed = sum(row.get("status") == Status.FAILED for row in rows)
    told = f"{plural(len(rows), 'article')}, {minutes(round(sum(map(_length, rows))))} of sound; {failed:,} failed."
    return f"{told} The table has the first {_MOST:,}." if len(rows) > _MOST else told


def _row(row: Mapping[str, Any]) -> str:
    folder, title, source, file = (_text(row.get(name)) for name in ("folder", "title", "source", "file"))
    is_failed = row.get("status") == Status.FAILED
    error, source = _here(_text(row.get("error")), source), _here(source, source)
    name = escape(title or folder)
    link = f'<a href="./{escape(quote(f"{folder}/{file or MANIFEST}"))}">{name}</a>' if not is_failed else name
    status = f'<strong class="failed">✗ failed</strong> {escape(error)}' if is_failed else "✓ narrated"
    seconds = round(_length(row))
    counts = "".join(
        f"<td>{'' if is_failed else _count(row, severity.value)}</td>"  # what failed was perhaps not checked
        for severity in (Severity.ERROR, Severity.WARNING)
    )
    return (
        f'<tr><td lang="zh">{link}</td><td>{escape(source)}</td><td>{status}</td>'
        f'<td data-value="{seconds}">{minutes(seconds) if seconds else ""}</td>{counts}</tr>\n'
    )


def _here(text: str, source: str) -> str:
    r"""A text without the folders of the machine that made the page; those of `source` may have blanks.

    >>> _here("/srv/in/a.txt has no hanzi; see https://a.example/b/c", "a.txt"), _here(r"C:\my in\a", r"C:\my in\a")
    ('a.txt has no hanzi; see https://a.example/b/c', 'a')
    """
    folder = _FOLDER.match(source)
    return _FOLDERS.sub("", text.replace(folder[0], "") if folder else text)


def _text(value: object) -> str:
    return show_controls(value).encode("utf-8", "replace").decode() if isinstance(value, str) else ""


def _hash(text: str) -> str:
    return f"sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}"
