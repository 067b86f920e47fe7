"""Which line is the title, and which are copies of it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from langdu.marks import COLONS, COMMAS, ELLIPSIS, ENUMERATION, FULL_STOPS, HANZI, SEMICOLONS
from langdu.model import Dropped, Paragraph, Run, Span
from langdu.parse.annotations.scan import Scan
from langdu.parse.annotations.scan import scan as scan_title
from langdu.parse.article.lines import SourceLine, source_line

if TYPE_CHECKING:
    from collections.abc import Sequence


_UNDERLINED = re.compile(r"[ \t]*\n {0,3}={2,}[ \t]*(?:\n|\Z)")
# A title has at most this many characters.
_TITLE = 60
_COPY = "duplicate-title"
# The title is among this many first lines.
_HEAD = 6
# A poem may begin with the same few words twice: a line with fewer characters needs more than one copy to be a title.
_CERTAIN = 6
# A title may end with ！, ？ or ……, but not with these.
_NO_TITLE_ENDS = "。" + SEMICOLONS + COMMAS + COLONS + ENUMERATION
_SENTENCE_ENDS = tuple(FULL_STOPS + ELLIPSIS + SEMICOLONS)
# A line of a song is no longer than this. A line that says who wrote it, and when, is not one.
_VERSE = 24
_DETAIL = re.compile(r"[0-9:：/|]|作者|记者|作词|作曲|来源")


def split_title(
    scan: Scan, lines: Sequence[SourceLine], known: str | None
) -> tuple[SourceLine | None, list[SourceLine], list[Dropped]]:
    """The title, the other lines without its copies, and the copies.

    The first line is the title if it is `known` to be, is a heading, or is repeated right below, alone or at the
    beginning of the first paragraph. Otherwise it is the title if it is short, does not end like a sentence, and an
    empty line follows.
    """
    if (at := _place_of(lines, known)) is not None:
        lines = [lines[at], *lines[:at], *lines[at + 1 :]]
    if not lines or not lines[0].key or len(lines[0].text) > _TITLE or lines[0].text.strip()[-1] in _NO_TITLE_ENDS:
        return None, list(lines), []
    title, rest = lines[0], list(lines[1:])
    copies = next((i for i, line in enumerate(rest) if not _is_copy(line, title)), len(rest))
    if copies == 1 and _begins_verse(rest):
        copies = 0
    dropped = [Dropped(line.number, line.text, _COPY) for line in rest[:copies]]
    rest = rest[copies:]
    if rest and _is_glued(title, rest[0], copies):
        dropped.append(Dropped(rest[0].number, title.text, _COPY))
        rest[:1] = _unglued(scan, rest[0], len(title.text))
    if not dropped and (_is_known(title, known) or _stands_alone(scan, title, rest)):
        return title, rest, []
    if not dropped or (len(title.key) < _CERTAIN and len(dropped) < 2 and not _is_apart(lines)):
        return None, list(lines), []
    later = [line for line in rest if _is_copy(line, title)]
    dropped += [Dropped(line.number, line.text, _COPY) for line in later]
    return title, [line for line in rest if not _is_copy(line, title)], dropped


def _is_copy(line: SourceLine, title: SourceLine) -> bool:
    """Whether a line repeats the title. 春天来了。 below 春天来了 does not: it is a sentence."""
    ends = line.text.strip()[-1:]
    return line.key == title.key and (ends not in _SENTENCE_ENDS or title.text.strip().endswith(ends))


def _begins_verse(rest: Sequence[SourceLine]) -> bool:
    """Whether the first line begins a song that is named after it: other short lines follow right below."""
    verse = rest[:3]
    return (
        len(verse) == 3
        and verse[0].gap
        and not any(line.gap or len(line.key) > _VERSE or _DETAIL.search(line.text) for line in verse[1:])
    )


def _is_apart(lines: Sequence[SourceLine]) -> bool:
    """Whether the first line is repeated between empty lines, before a longer one."""
    return len(lines) > 2 and lines[1].gap and lines[2].gap and len(lines[2].key) > _TITLE // 2


def _head(lines: Sequence[SourceLine]) -> Sequence[SourceLine]:
    """The lines among which the title is: the first ones, up to the first sentence."""
    return lines[: next((i for i, line in enumerate(lines[:_HEAD]) if not _may_be_title(line)), _HEAD)]


def _place_of(lines: Sequence[SourceLine], known: str | None) -> int | None:
    """Where the title that the file names is, if other lines are before it, such as the name of a site."""
    wanted = "".join(filter(str.isalnum, known)) if known else ""
    places = [i for i, line in enumerate(_head(lines)) if wanted and line.key == wanted]
    return places[0] if places and places[0] > 0 else None


def any_is(lines: Sequence[SourceLine], known: str | None) -> bool:
    """Whether the title that the file names is among the first lines of the text."""
    return any(_is_known(line, known) for line in _head(lines))


def named_title(scan: Scan, written: str | None, head: Span | None) -> SourceLine | None:
    """The title in the front matter of a Markdown file, as it is written there; None if there is none."""
    if head is None or written is None:
        return None
    start = scan.text.find(written, head.start, head.end)
    if start < 0:
        return None
    span = Span(start, start + len(written))
    # The front matter as a whole is not text, so that its own annotations were not looked for.
    runs = tuple(_moved(run, start) for run in scan_title(written, markdown=False).runs(Span(0, len(written))))
    return SourceLine(
        number=scan.text.count("\n", 0, start) + 1,
        span=span,
        runs=runs,
        text="".join(run.text for run in runs),
        gap=False,
    )


def _moved(run: Run, by: int) -> Run:
    note = run.annotation
    if note is not None:
        note = replace(note, span=Span(note.span.start + by, note.span.end + by))
    return replace(run, offset=run.offset + by, annotation=note)


def retitled(
    title: SourceLine | None, body: Sequence[SourceLine], lines: Sequence[SourceLine]
) -> tuple[SourceLine | None, list[SourceLine]]:
    """The title, and the body without it, if a line stands twice at the head with only furniture in between.

    `body` are the `lines` without furniture. What was taken for the title, such as a site's name, becomes a line.
    """
    if len(body) < 2 or body[0].key != body[1].key or not _may_be_title(body[0]):
        return title, list(body)
    if lines.index(body[1]) - lines.index(body[0]) < 2:
        return title, list(body)  # a song begins with the same line twice
    return body[0], [title, *body[1:]] if title else list(body[1:])


def _may_be_title(line: SourceLine) -> bool:
    return len(line.key) > 2 and len(line.text) <= _TITLE and line.text.strip()[-1] not in _NO_TITLE_ENDS


def drop_title(title: SourceLine | None, body: Sequence[SourceLine]) -> tuple[list[SourceLine], list[Dropped]]:
    """The body without copies of the title that are before the first sentence."""
    head = next((i for i, line in enumerate(body) if not title or i >= _HEAD or not _may_be_title(line)), len(body))
    copies = [
        line
        for i, line in enumerate(body[:head])
        if title and line.key and line.gap and _is_copy(line, title) and not _begins_verse(body[i:])
    ]
    return [line for line in body if line not in copies], [Dropped(copy.number, copy.text, _COPY) for copy in copies]


def _is_known(title: SourceLine, known: str | None) -> bool:
    """Whether the title that the file names begins with the line, as 江上的冬天 - 松江晚报 does with 江上的冬天."""
    return bool(title.key) and known is not None and "".join(filter(str.isalnum, known)).startswith(title.key)


def _stands_alone(scan: Scan, title: SourceLine, rest: Sequence[SourceLine]) -> bool:
    """Whether a line is a heading of Markdown, or an empty line follows it."""
    # A line in which every word has its pinyin may be the first of a list of words.
    if not rest or (_is_annotated(title) and _is_annotated(rest[0]) and rest[0].text.strip()[-1] not in _NO_TITLE_ENDS):
        return False
    if scan.is_markdown and (
        scan.text.startswith("# ", title.span.start) or _UNDERLINED.match(scan.text, title.span.end)
    ):
        return True
    return rest[0].gap


def _is_annotated(line: SourceLine) -> bool:
    """Whether every word of a line has its pinyin."""
    plain = "".join(run.text for run in line.runs if not run.annotation)
    return plain != line.text and not HANZI.search(plain)


def _is_glued(title: SourceLine, line: SourceLine, copies: int) -> bool:
    """Whether a paragraph begins with a copy of the title."""
    follows = line.text[len(title.text) :].lstrip()[:1]
    glued = (copies > 0 or len(title.text) >= _CERTAIN) and line.text.startswith(title.text)
    return glued and follows != "" and follows not in _SENTENCE_ENDS and follows not in tuple(_NO_TITLE_ENDS)


def _unglued(scan: Scan, line: SourceLine, length: int) -> list[SourceLine]:
    """A paragraph without its first `length` characters."""
    start = Paragraph(0, line.runs).source_offset(length)
    left = source_line(scan, line.number, Span(start, line.span.end), gap=line.gap)
    return [left] if left else []
