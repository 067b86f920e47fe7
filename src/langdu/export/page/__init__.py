"""Programme → an HTML page in one file: the article with pinyin and sound; the word being read aloud lights up.

page.html, page.js, and the modules and the style of reading/, which the reading room's page also has, go into the file.
Nothing else runs or is fetched, whatever the article contains: its text is escaped, and the page's content security
policy allows only this script and this style, by their hashes.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape
from importlib import resources
from string import Template
from typing import IO, TYPE_CHECKING, Final

from langdu.errors import ExportError
from langdu.export.page.text import Numbered, paragraph
from langdu.export.sound.aac import encoded
from langdu.export.tags import chapters
from langdu.files import atomic

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme

# Bytes to encode at a time: a multiple of 3, so that the pieces of base64 can be joined.
_PIECE: Final = 3 << 16
# Each after those that it imports.
_MODULES: Final = tuple(
    f"reading/{name}.js" for name in ("language", "memory", "grid", "copying", "timeline", "along", "keys", "player")
)
_JOINTS: Final = re.compile(r"^import [^;]*;\n|^export ", re.MULTILINE)
_SWITCH: Final = (
    '<fieldset><legend>Findings</legend>\n<label><input type="checkbox" id="findings"> in the text</label>\n</fieldset>'
)


def write(path: Path, programme: Programme) -> None:
    """Write the page, with the sound in it.

    Raises: ExportError: the file cannot be written, or nothing is said in the article.
    """
    if not programme.samples:
        raise ExportError(f"{path} would have no sound: there is nothing to say in its text")
    head, rest = _resource("page.html").split("$article")
    middle, tail = rest.split("$sound")
    values = _values(programme)
    numbered = Numbered(programme.findings)
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(Template(head).substitute(values))
        for i, track in enumerate(programme.tracks()):
            if i == 0 and track.paragraph.index >= 0:  # the article has no title, but the programme has
                file.write(f'<h1 dir="auto">{values["title"]}</h1>\n')
            file.write(paragraph(track, numbered))
        file.write(Template(middle).substitute(values))
        _write_sound(path, file, programme)
        file.write(Template(tail).substitute(values))


def _values(programme: Programme) -> dict[str, str]:
    script, style = _script(), _resource("reading/reading.css")
    allowed = {"default-src": "'none'", "script-src": _hash(script), "style-src": _hash(style)}
    # The script turns the data into a blob. The page needs no base and sends no forms.
    allowed |= {"media-src": "data: blob:", "base-uri": "'none'", "form-action": "'none'"}
    return {
        "policy": "; ".join(f"{name} {value}" for name, value in allowed.items()),
        "title": escape(" ".join(programme.title.split())),
        "style": style,
        "script": script,
        "language": escape(programme.language),
        "seconds": f"{programme.samples / programme.sample_rate:.3f}",
        "contents": _contents(programme),
        "switch": _SWITCH if programme.findings else "",
        "voice": escape(programme.voices),
    }


def _contents(programme: Programme) -> str:
    """Where the chapters are, as players show them; nothing if there are not at least two."""
    rows = [
        f'<li><a href="#p{chapter.paragraph}">{escape(chapter.title)}</a></li>\n' for chapter in chapters(programme)
    ]
    if len(rows) < 2:
        return ""
    listed = f'<ol lang="{escape(programme.language)}">\n{"".join(rows)}</ol>'
    return f'<details id="contents">\n<summary>Contents</summary>\n{listed}\n</details>'


def _script() -> str:
    """The modules as one, since a page that stands alone cannot import: they have no names in common."""
    return "".join(_JOINTS.sub("", _resource(name)) for name in (*_MODULES, "page.js"))


def _resource(name: str) -> str:
    """A file of this package, with line feeds, as browsers hash it."""
    return resources.files(__name__).joinpath(name).read_text(encoding="utf-8")


def _hash(source: str) -> str:
    """The hash by which the policy allows a script or a style.

    Source: Content Security Policy Level 3, 2.3.1 (hash-source).
    """
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def _write_sound(path: Path, file: IO[str], programme: Programme) -> None:
    """Write the sound as base64, piece by piece.

    It is AAC in MP4, which has a time for every packet: after a click Chromium starts within 1 ms of the word. In an
    MP3 it guesses the place, skips up to 60 ms, and its clock is 46 ms off from then on.
    """
    with encoded(path, programme).open("rb") as sound:
        while piece := sound.read(_PIECE):
            file.write(base64.b64encode(piece).decode())
