"""Chapters → show notes: the start, title and source of each. Markdown in a file, HTML in a feed."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING

from langdu.export.tags import chapters, one_line
from langdu.files import write_text
from langdu.sound.clock import minutes, seconds

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.model import Chapter


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


def html(chapters: Iterable[Chapter], sample_rate: int) -> str:
    r"""The notes as a list in HTML.

    >>> from langdu.model import Chapter, Heading
    >>> html([Chapter(title="A&B", paragraph=0, start=752, end=900, heading=Heading("A&B", "某报"))], 10)
    '<ul>\n<li>1:15 A&amp;B（某报）</li>\n</ul>'
    """
    return "\n".join(["<ul>", *(_item(chapter, sample_rate) for chapter in chapters), "</ul>"])


def _item(chapter: Chapter, sample_rate: int) -> str:
    title, heading = escape(one_line(chapter.title)), chapter.heading
    if heading and heading.address:
        title = f'<a href="{escape(heading.address)}">{title}</a>'
    source = f"（{escape(one_line(heading.source))}）" if heading and heading.source else ""
    return f"<li>{minutes(seconds(chapter.start, sample_rate))} {title}{source}</li>"


def _plain(text: str) -> str:
    r"""Text in one line, escaped for Markdown.

    >>> print(_plain("*长春*\n[区]"))
    \*长春\* \[区\]
    """
    return re.sub(r"([\\`*_\[\]<>#&~])", r"\\\1", one_line(text))
