"""Lines → title and paragraphs; what is no part of the article is dropped, with its line and the reason."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu.marks import COLONS, COMMAS, ELLIPSIS, ENUMERATION, FULL_STOPS, HANZI, SEMICOLONS
from langdu.model import Dropped, Paragraph, Run, Span
from langdu.parse.article.duplicates import Copies
from langdu.parse.article.furniture import find_furniture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.model import Misfit
    from langdu.parse.annotations.scan import Scan

_LINE = re.compile(r"[^\n]+")
_UNDERLINED = re.compile(r"[ \t]*\n {0,3}={2,}[ \t]*(?:\n|\Z)")
# A title is no longer than this, and ends like no sentence.
_TITLE = 60
_COPY = "duplicate-title"
_CRUMBS = re.compile(r"[>»›→|:：]")
# The title stands among so many first lines.
_HEAD = 6
# A poem may begin with the same few words twice; with fewer characters than these one copy proves no title.
_CERTAIN = 6
# A title may end with ！, ？ or ……, but not with these.
_NO_TITLE_ENDS = "。" + SEMICOLONS + COMMAS + COLONS + ENUMERATION
_SENTENCE_ENDS = tuple(FULL_STOPS + ELLIPSIS + SEMICOLONS)
# A line of a song is no longer than this; who wrote it, and when, is none.
_VERSE = 24
_DETAIL = re.compile(r"[0-9:：/|]|作者|记者|作词|作曲|来源")


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the source, its blanks at both ends not counted, with the runs that it becomes."""

    line: int
    span: Span
    runs: tuple[Run, ...]
    text: str
    gap: bool
    misfits: tuple[Misfit, ...] = ()

    @property
    def key(self) -> str:
        """What two copies of a paragraph have in common, however they are spaced and punctuated."""
        return "".join(filter(str.isalnum, self.text))


def pieces(scan: Scan) -> Iterator[Piece]:
    """The lines of the source that hold anything to read.

    `gap` says whether an empty line stands before.
    """
    number, last_end, gap = 1, 0, False
    for match in _LINE.finditer(scan.text):
        ends = scan.text.count("\n", last_end, match.start())
        number, last_end, gap = number + ends, match.start(), gap or ends > 1
        line = match.group()
        start = match.start() + len(line) - len(line.lstrip())
        span = Span(start, start + len(line.strip()))
        if not line.strip():
            gap = True
        elif piece := piece_of(scan, number, span, gap=gap):
            yield piece
            gap = False


def drop_no_text(scan: Scan, found: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """What the scan knows to be no text, such as code."""
    kept: list[Piece] = []
    dropped: list[Dropped] = []
    spans = iter((*scan.dropped, None))
    current = next(spans)
    for piece in found:
        while current is not None and current[0].end <= piece.span.start:
            current = next(spans)
        if current is not None and current[0].start <= piece.span.start:
            dropped.append(Dropped(piece.line, piece.text, current[1]))
        else:
            kept.append(piece)
    return kept, dropped


def piece_of(scan: Scan, line: int, span: Span, *, gap: bool) -> Piece | None:
    """The piece that a span of one line becomes; None if nothing is left of it."""
    made = scan.runs(span)
    clean = "".join(run.text for run in made)
    return Piece(line, span, made, clean, gap, scan.misfits_in(span, made)) if clean.strip() else None


def paragraphs(found: Sequence[Piece]) -> tuple[Paragraph, ...]:
    """Each piece as a paragraph."""
    return tuple(Paragraph(i, piece.runs, misfits=piece.misfits) for i, piece in enumerate(found))


# --- title ----------------------------------------------------------------------------------------------------------


def split_title(
    scan: Scan, found: Sequence[Piece], known: str | None
) -> tuple[Piece | None, list[Piece], list[Dropped]]:
    """The title, the other pieces without its copies, and the copies.

    A first line that comes again at once, alone or glued to the first paragraph, is the title; so is one that is
    `known` to be, or is a heading. Without such a sign it is one if it is short, ends like no sentence, and an empty
    line follows.
    """
    if (at := _place_of(found, known)) is not None:
        found = [found[at], *found[:at], *found[at + 1 :]]
    if not found or not found[0].key or len(found[0].text) > _TITLE or found[0].text.strip()[-1] in _NO_TITLE_ENDS:
        return None, list(found), []
    title, rest = found[0], list(found[1:])
    copies = next((i for i, piece in enumerate(rest) if not _is_copy(piece, title)), len(rest))
    if copies == 1 and _begins_verse(rest):
        copies = 0
    dropped = [Dropped(piece.line, piece.text, _COPY) for piece in rest[:copies]]
    rest = rest[copies:]
    if rest and _is_glued(title, rest[0], copies):
        dropped.append(Dropped(rest[0].line, title.text, _COPY))
        rest[:1] = _unglued(scan, rest[0], len(title.text))
    if not dropped and (_is_known(title, known) or _stands_alone(scan, title, rest)):
        return title, rest, []
    if not dropped or (len(title.key) < _CERTAIN and len(dropped) < 2 and not _is_apart(found)):
        return None, list(found), []
    later = [piece for piece in rest if _is_copy(piece, title)]
    dropped += [Dropped(piece.line, piece.text, _COPY) for piece in later]
    return title, [piece for piece in rest if not _is_copy(piece, title)], dropped


def _is_copy(piece: Piece, title: Piece) -> bool:
    """Whether a line is the title again: 春天来了。 below 春天来了 is a sentence that has its words."""
    ends = piece.text.strip()[-1:]
    return piece.key == title.key and (ends not in _SENTENCE_ENDS or title.text.strip().endswith(ends))


def _begins_verse(rest: Sequence[Piece]) -> bool:
    """Whether the first line begins a song that is named after it: short lines follow at once."""
    verse = rest[:3]
    return (
        len(verse) == 3
        and verse[0].gap
        and not any(piece.gap or len(piece.key) > _VERSE or _DETAIL.search(piece.text) for piece in verse[1:])
    )


def _is_apart(found: Sequence[Piece]) -> bool:
    """Whether the first line comes again between empty lines, before a longer one."""
    return len(found) > 2 and found[1].gap and found[2].gap and len(found[2].key) > _TITLE // 2


def _head(found: Sequence[Piece]) -> Sequence[Piece]:
    """The first lines down to the first sentence, among which the title stands."""
    return found[: next((i for i, piece in enumerate(found[:_HEAD]) if not _may_be_title(piece)), _HEAD)]


def _place_of(found: Sequence[Piece], known: str | None) -> int | None:
    """Where the title that the file names stands, if other lines stand before it: the name of a site, of a lesson."""
    wanted = "".join(filter(str.isalnum, known)) if known else ""
    places = [i for i, piece in enumerate(_head(found)) if wanted and piece.key == wanted]
    return places[0] if places and places[0] > 0 else None


def named_title(scan: Scan, found: Sequence[Piece], known: str | None, head: Span | None) -> Piece | None:
    """The title that only the head of a Markdown file has, None if the text begins with it, or there is none."""
    if head is None or known is None or any(_is_known(piece, known) for piece in _head(found)):
        return None
    start = scan.text.find(known, head.start, head.end)
    return (
        Piece(
            scan.text.count("\n", 0, start) + 1, Span(start, start + len(known)), (Run(known, start),), known, gap=False
        )
        if start >= 0
        else None
    )


def retitled(title: Piece | None, body: Sequence[Piece], lines: Sequence[Piece]) -> tuple[Piece | None, list[Piece]]:
    """The line that stands twice at the head with only furniture between is the title; before it stands a site's name.

    `body` are the `lines` without furniture.
    """
    if len(body) < 2 or body[0].key != body[1].key or not _may_be_title(body[0]):
        return title, list(body)
    if lines.index(body[1]) - lines.index(body[0]) < 2:
        return title, list(body)  # a song begins with the same line twice
    return body[0], [title, *body[1:]] if title else list(body[1:])


def _may_be_title(piece: Piece) -> bool:
    return len(piece.key) > 2 and len(piece.text) <= _TITLE and piece.text.strip()[-1] not in _NO_TITLE_ENDS


def drop_title(title: Piece | None, body: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """Copies of the title that only furniture and short lines part from it, before the first sentence."""
    head = next((i for i, piece in enumerate(body) if not title or i >= _HEAD or not _may_be_title(piece)), len(body))
    copies = [
        piece
        for i, piece in enumerate(body[:head])
        if title and piece.key and piece.gap and _is_copy(piece, title) and not _begins_verse(body[i:])
    ]
    return [piece for piece in body if piece not in copies], [Dropped(each.line, each.text, _COPY) for each in copies]


def _is_known(title: Piece, known: str | None) -> bool:
    """Whether the file's own title begins with the line: 江上的冬天 - 松江晚报 does."""
    return bool(title.key) and known is not None and "".join(filter(str.isalnum, known)).startswith(title.key)


def _stands_alone(scan: Scan, title: Piece, rest: Sequence[Piece]) -> bool:
    # A first line in which every word has its pinyin may as well be the first of a list of words.
    plain = "".join(run.text for run in title.runs if not run.annotation)
    if not rest or (plain != title.text and not HANZI.search(plain)):
        return False
    if scan.is_markdown and (
        scan.text.startswith("# ", title.span.start) or _UNDERLINED.match(scan.text, title.span.end)
    ):
        return True
    return rest[0].gap


def _is_glued(title: Piece, piece: Piece, copies: int) -> bool:
    follows = piece.text[len(title.text) :].lstrip()[:1]
    glued = (copies > 0 or len(title.text) >= _CERTAIN) and piece.text.startswith(title.text)
    return glued and follows != "" and follows not in _SENTENCE_ENDS and follows not in tuple(_NO_TITLE_ENDS)


def _unglued(scan: Scan, piece: Piece, length: int) -> list[Piece]:
    start = Paragraph(0, piece.runs).source_offset(length)
    left = piece_of(scan, piece.line, Span(start, piece.span.end), gap=piece.gap)
    return [left] if left else []


# --- duplicates and furniture ---------------------------------------------------------------------------------------


def drop_duplicates(found: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """All but one of the copies of a paragraph: the first, or the one with more annotations."""
    gone: set[int] = set()
    for first, copy, length in Copies([piece.key for piece in found]).blocks():
        earlier, later = range(first, first + length), range(copy, copy + length)
        gone.update(earlier if _annotations(found, later) > _annotations(found, earlier) else later)
    return _without(found, gone, "duplicate")


def _annotations(found: Sequence[Piece], which: Iterable[int]) -> int:
    return sum(run.annotation is not None for i in which for run in found[i].runs)


def drop_crumbs(found: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """What a page has over the title, 首页 > 新闻 > 正文: it must not become the title itself."""
    at = 0
    while at < min(_HEAD, len(found)) and _CRUMBS.search(found[at].text) and find_furniture([found[at].text.strip()]):
        at += 1
    return _without(found, set(range(at)), "furniture")


def drop_furniture(found: Sequence[Piece]) -> tuple[list[Piece], list[Dropped]]:
    """What stands round the article. A line of which all hanzi are annotated is not: it is a word of a lesson.

    Others may have pinyin that a program put there: 責(zé)任編輯.
    """
    lines = ["" if _is_all_annotated(piece) else piece.text.strip() for piece in found]
    return _without(found, find_furniture(lines), "furniture")


def _is_all_annotated(piece: Piece) -> bool:
    annotated = any(run.annotation for run in piece.runs)
    return annotated and not any(HANZI.search(run.text) for run in piece.runs if not run.annotation)


def _without(found: Sequence[Piece], gone: set[int], reason: str) -> tuple[list[Piece], list[Dropped]]:
    kept = [piece for i, piece in enumerate(found) if i not in gone]
    return kept, [Dropped(found[i].line, found[i].text, reason) for i in sorted(gone)]
