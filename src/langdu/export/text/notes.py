"""Chapters → show notes: the start, title and source of each. Markdown in a file, HTML in a feed."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING, Any

from langdu.export.tags import chapters, one_line
from langdu.files import write_text
from langdu.sound.clock import minutes

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from langdu.export.spool import Programme


def write(path: Path, programme: Programme) -> None:
    """The notes as Markdown. Raises: ExportError: the file cannot be written."""
    lines = [f"# {_plain(programme.title)}", ""]
    for chapter in chapters(programme):
        heading = chapter.heading
        lines.append(f"- {minutes(chapter.start / programme.sample_rate)} {_plain(chapter.title)}")
        if heading and (heading.source or heading.address):
            source = _plain(heading.source or "")
            lines[-1] += f"（{source}）" if source else ""
            lines[-1] += f" <{heading.address}>" if heading.address else ""
    write_text(path, "\n".join(lines) + "\n")


def html(rows: Iterable[Mapping[str, Any]]) -> str:
    r"""The notes as an HTML list; `rows` are the `chapters` of a manifest.

    >>> html([{"title": "A&B", "start": 75.2, "source": "某报", "address": None}])
    '<ul>\n<li>1:15 A&amp;B（某报）</li>\n</ul>'
    """
    return "\n".join(["<ul>", *map(_row, rows), "</ul>"])


def _row(row: Mapping[str, Any]) -> str:
    title = escape(one_line(row["title"]))
    if row["address"]:
        title = f'<a href="{escape(row["address"])}">{title}</a>'
    source = f"（{escape(one_line(row['source']))}）" if row["source"] else ""
    return f"<li>{minutes(row['start'])} {title}{source}</li>"


def _plain(text: str) -> str:
    r"""Text in one line, escaped for Markdown.

    >>> print(_plain("*长春*\n[区]"))
    \*长春\* \[区\]
    """
    return re.sub(r"([\\`*_\[\]<>#&~])", r"\\\1", one_line(text))
