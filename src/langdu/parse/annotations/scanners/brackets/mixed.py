"""Brackets that repeat a word, partly in hanzi: 这里(zhè里), 忐忑(忐tè)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.marks import HANZI_RANGES, ZHUYIN, ZHUYIN_TONES
from langdu.model import Span
from langdu.parse.annotations.alignment.exact import exact
from langdu.parse.annotations.alignment.written import LATIN, MARKS, plain_letters
from langdu.parse.annotations.notes import notes_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.parse.annotations.notes import Note

_LETTER = rf"[{LATIN}{MARKS}{ZHUYIN}{ZHUYIN_TONES}1-5]"
_PART = re.compile(
    rf"(?P<hanzi>[{HANZI_RANGES}]+)|(?P<reading>[{LATIN}{ZHUYIN}˙](?:(?:{_LETTER}|['’ -])*{_LETTER})?)|\s+"
)


def mixed(text: str, view: str, bracket: Span, inner: Span, floor: int) -> Iterator[Note]:
    """The notes of such a bracket; none if its hanzi are not those before it, or its pinyin does not fit the rest."""
    parts, at = [], inner.start
    while at < inner.end and (part := _PART.match(view, at, inner.end)):
        parts.append(part)
        at = part.end()
    if at < inner.end or not {"hanzi", "reading"} <= {part.lastgroup for part in parts}:
        return
    end, readings = bracket.start, []
    for part in reversed(parts):
        if part["reading"]:
            pairs = exact(view, end, floor, plain_letters(part["reading"]))
            if pairs is None or pairs[-1].end != end:
                return
            readings.append((Span(*part.span()), pairs))
            end = pairs[0].start
        elif part["hanzi"]:
            start = end - len(part["hanzi"])
            if start < floor or lexicon.simplified(view[start:end]) != lexicon.simplified(part["hanzi"]):
                return
            end = start
    for i, (written, pairs) in enumerate(reversed(readings)):
        yield from notes_for(text, written, pairs, (bracket,) if i == len(readings) - 1 else ())
