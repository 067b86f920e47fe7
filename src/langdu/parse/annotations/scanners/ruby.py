"""HTML ruby: <ruby>漢<rt>hàn</rt></ruby>, with rb, rp and rtc, and with tags that were never closed."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from langdu.marks import HANZI
from langdu.model import Kind, Span
from langdu.parse.annotations.alignment.exact import Pair, exact_prefix
from langdu.parse.annotations.alignment.wordwise import is_plausible
from langdu.parse.annotations.alignment.written import is_reading, plain_letters
from langdu.parse.annotations.notes import notes_for
from langdu.parse.annotations.scanners.markup import agreeing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.parse.annotations.notes import Note

# A ruby that is never closed ends where the next begins, or the block does.
_RUBY = re.compile(
    r"<ruby\b[^<>]*>(?P<body>(?:(?!</?(?:ruby|p|div|h[1-6]|li|td|tr)\b|\n\s*\n)[\s\S])*)(?:</ruby\s*>)?", re.IGNORECASE
)
_TAG = re.compile(r"<(?P<close>/?)(?P<name>rbc|rb|rtc|rt|rp|\w+)\b[^<>]*>", re.IGNORECASE)
# From this many strange readings on, the text is Cantonese or Southern Min, and those that agree do so by chance.
_STRANGE = 8


@dataclass(slots=True)
class _Group:
    """Bases and their readings: one list of these, or one for each rtc."""

    bases: list[Span] = field(default_factory=list)
    readings: list[list[Span]] = field(default_factory=lambda: [[]])


def find_ruby(text: str, view: str) -> tuple[list[Note], list[Span]]:
    """The annotations, and what is hidden: tags, and the content of rt and rp, pinyin or not."""
    notes: list[Note] = []
    hidden: list[Span] = []
    strange = alike = 0
    for match in _RUBY.finditer(view) if "<ruby" in view.lower() else ():
        hidden += [Span(match.start(), match.start("body")), Span(match.end("body"), match.end())]
        for group in _groups(view, Span(*match.span("body")), hidden):
            annotations = next(filter(None, (list(_notes(text, view, group.bases, r)) for r in group.readings)), [])
            notes += annotations
            alien = not annotations and any(is_reading(r.of(view)) for readings in group.readings for r in readings)
            strange += alien or any(not _is_plausible(view, note) for note in annotations)
            alike += sum(_is_plausible(view, note) for note in annotations)
    return ([] if strange >= max(_STRANGE, 4 * alike) else notes), hidden


def _is_plausible(view: str, note: Note) -> bool:
    places = range(note.base.start, note.base.end)
    return is_plausible(
        view, [Pair(at, at + 1, (reading,)) for at, reading in zip(places, note.annotation.syllables, strict=False)]
    )


def _groups(view: str, body: Span, hidden: list[Span]) -> list[_Group]:
    """The bases of a ruby with their readings. Adds the tags and everything that is not a base to `hidden`."""
    groups = [_Group()]
    mode = "rb"
    tags = list(_TAG.finditer(view, body.start, body.end))
    ends = [body.start, *(tag.end() for tag in tags)]
    starts = [*(tag.start() for tag in tags), body.end]
    for tag, start, stop in zip([None, *tags], ends, starts, strict=True):
        end = stop
        if tag is not None:
            hidden.append(Span(*tag.span()))
            mode = _mode(mode, tag["name"].lower(), closing=bool(tag["close"]))
            if tag["name"].lower() == "rtc" and groups[-1].readings[-1]:
                groups[-1].readings.append([])
        if mode == "rt" and not view.startswith("</", end) and (hanzi := HANZI.search(view, start, end)):
            end = hanzi.start()  # <rt>hàn字, never closed: hanzi behind the reading are text again
        content = _stripped(view, Span(start, end))
        if mode == "rb" and content.start < content.end:
            if groups[-1].readings[0]:
                groups.append(_Group())
            groups[-1].bases.append(content)
        elif mode == "rt" or (mode == "rtc" and content.start < content.end):
            groups[-1].readings[-1].append(content)
        if mode != "rb":
            hidden.append(Span(start, end))
    return groups


def _mode(mode: str, name: str, *, closing: bool) -> str:
    """What follows a tag: a base (rb), readings (rt, rtc), or brackets for old browsers (rp)."""
    if name in ("rt", "rp", "rtc"):
        return "rb" if closing else name
    return "rb" if name in ("rb", "rbc") else mode


def _stripped(view: str, span: Span) -> Span:
    content = span.of(view)
    return Span(span.start + len(content) - len(content.lstrip()), span.start + len(content.rstrip()))


def _notes(text: str, view: str, bases: Sequence[Span], readings: Sequence[Span]) -> Iterator[Note]:
    """The notes of a ruby: a reading for each base, or if their numbers differ, the readings along the whole base."""
    if not bases or not readings:
        return
    whole = Span(bases[0].start, bases[-1].end)
    if len(bases) == len(readings):
        pairings = list(zip(bases, readings, strict=True))
    elif len(readings) == 1:
        pairings = [(whole, readings[0])]
    else:
        pairings = list(_along(view, whole, readings))
    for base, reading in pairings:
        if pairs := agreeing(view, base, reading.of(view)):
            yield from notes_for(text, reading, pairs, (), Kind.RUBY)


def _along(view: str, base: Span, readings: Sequence[Span]) -> Iterator[tuple[Span, Span]]:
    at = base.start
    for reading in readings:
        if pairs := exact_prefix(view, at, base.end, plain_letters(reading.of(view))):
            yield Span(at, pairs[-1].end), reading
            at = pairs[-1].end
