"""Lines → title and paragraphs; what is no part of the article is dropped, with its line and the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.model import Dropped, Paragraph, Span
from langdu.parse.furniture import furniture

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Run
    from langdu.parse.scan import Scan

_LINE = re.compile(r"[^\n]+")
# A title is no longer than this, and ends like no sentence.
_TITLE = 60
_COPY = "duplicate-title"
# A poem may begin with the same few words twice; with fewer characters than these one copy proves no title.
_CERTAIN = 6
_SENTENCE_ENDS = "。；;，,：:、"
# A paragraph of this many characters is never said twice on purpose; a refrain or a line of dialogue may be.
_LONG = 40


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the source, its blanks at both ends not counted, with the runs that it becomes."""

    line: int
    span: Span
    runs: tuple[Run, ...]
    text: str
    gap: bool

    @property
    def key(self) -> str:
        """What two copies of a paragraph have in common, however they are spaced and punctuated."""
        return "".join(filter(str.isalnum, self.text))


def pieces(scan: Scan) -> Iterator[Piece]:
    """The lines of the source that hold anything to read.

    `gap` says whether an empty line stands before.
    """
    number, last_end, last_line = 1, 0, 0
    for match in _LINE.finditer(scan.text):
        number += scan.text.count("\n", last_end, match.start())
        last_end = match.start()
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        span = Span(start, start + len(line.strip()))
        if piece := piece_of(scan, number, span, gap=number > last_line + 1):
            yield piece
            last_line = number


def piece_of(scan: Scan, line: int, span: Span, *, gap: bool) -> Piece | None:
    """The piece that a span of one line becomes; None if nothing is left of it."""
    made = scan.runs(span)
    clean = "".join(run.text for run in made)
    return Piece(line, span, made, clean, gap) if clean.strip() else None


def paragraphs(found: Sequence[Piece]) -> tuple[Paragraph, ...]:
    """Each piece as a paragraph."""
    return tuple(Paragraph(i, piece.runs) for i, piece in enumerate(found))


# --- title ----------------------------------------------------------------------------------------------------------


def split_title(scan: Scan, found: Sequence[Piece]) -> tuple[Piece | None, list[Piece], list[Dropped]]:
    """The title, the other pieces without its copies, and the copies.

    A first line that comes again at once, alone or glued to the first paragraph, is the title; without a copy it is
    one if it is short, ends like no sentence, and an empty line follows.
    """
    if not found or len(found[0].text) > _TITLE or found[0].text[-1] in _SENTENCE_ENDS:
        return None, list(found), []
    title, rest = found[0], list(found[1:])
    copies = next((i for i, piece in enumerate(rest) if piece.key != title.key), len(rest))
    dropped = [Dropped(piece.line, piece.text, _COPY) for piece in rest[:copies]]
    rest = rest[copies:]
    if rest and _is_glued(title, rest[0], copies):
        dropped.append(Dropped(rest[0].line, title.text, _COPY))
        rest[:1] = _unglued(scan, rest[0], len(title.text))
    if not dropped and rest and rest[0].gap and not any(run.annotation for run in title.runs):
        return title, rest, []
    if not dropped or (len(title.key) < _CERTAIN and len(dropped) < 2):
        return None, list(found), []
    later = [piece for piece in rest if piece.key == title.key]
    dropped += [Dropped(piece.line, piece.text, _COPY) for piece in later]
    return title, [piece for piece in rest if piece.key != title.key], dropped


def _is_glued(title: Piece, piece: Piece, copies: int) -> bool:
    return (copies > 0 or len(title.text) >= _CERTAIN) and piece.text.startswith(title.text)


def _unglued(scan: Scan, piece: Piece, length: int) -> list[Piece]:
    start = Paragraph(0, piece.runs).source_offset(length)
    left = piece_of(scan, piece.line, Span(start, piece.span.end), gap=piece.gap)
    return [left] if left else []


# --- duplicates and furniture ---------------------------------------------------------------------------------------


def drop_duplicates(found: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """Second copies of paragraphs, with the short lines copied along with them; a refrain stays."""
    keys = [piece.key for piece in found]
    first: dict[str, int] = {}
    kept: list[Piece] = []
    dropped: list[Dropped] = []
    at = 0
    while at < len(found):
        length = _copied(keys, first.get(keys[at]), at)
        if length:
            dropped += [Dropped(piece.line, piece.text, "duplicate") for piece in found[at : at + length]]
            at += length
        else:
            first.setdefault(keys[at], at)
            kept.append(found[at])
            at += 1
    return kept, dropped


def _copied(keys: Sequence[str], earlier: int | None, at: int) -> int:
    """How many pieces from `at` on repeat those from `earlier` on; 0 if that may be on purpose."""
    length = 0
    if earlier is None:
        return 0
    while at + length < len(keys) and earlier + length < at and keys[at + length] == keys[earlier + length]:
        length += 1
    return length if any(len(key) >= _LONG for key in keys[at : at + length]) else 0


def drop_furniture(found: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """What stands round the article."""
    gone = furniture([piece.text.strip() for piece in found])
    kept = [piece for i, piece in enumerate(found) if i not in gone]
    return kept, [Dropped(found[i].line, found[i].text, "furniture") for i in sorted(gone)]
