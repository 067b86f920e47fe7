"""Chapters → JSON, as podcast players read them.

Source: JSON Chapters 1.2 of the podcast namespace (podcastindex.org), media type application/json+chapters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from langdu.export.tags import chapters
from langdu.files import write_json

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme

VERSION: Final = "1.2.0"


def write(path: Path, programme: Programme) -> None:
    """Write each chapter with its start; an article on the web also with its address.

    Raises: ExportError: the file cannot be written.
    """
    rows: list[dict[str, Any]] = []
    for chapter in chapters(programme):
        row: dict[str, Any] = {"startTime": round(chapter.start / programme.sample_rate, 3), "title": chapter.title}
        if chapter.heading and chapter.heading.address:
            row["url"] = chapter.heading.address
        rows.append(row)
    write_json(path, {"version": VERSION, "title": programme.title, "chapters": rows})
