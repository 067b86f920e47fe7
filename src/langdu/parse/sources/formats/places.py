"""Where the text that was read from a file stands in it.

The letters of each line of the text are looked for in the file, in order.
"""

from __future__ import annotations

import html
import json
import re
from array import array
from bisect import bisect_right
from itertools import chain
from typing import TYPE_CHECKING, Final

from langdu.marks import REFERENCE, find_references, shown
from langdu.model import FilePlace, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_OF_RUBY: Final = "ruby|rb|rt|rp|rtc|rbc"
_TAG: Final = re.compile(rf"</?(?:{_OF_RUBY})\b[^<>]*>", re.IGNORECASE)
# What is not text in a file of each format, or stands for one character. A comment or script without an end goes on to
# the end of the file, so that many of them take linear time.
_SIGNS: Final = {
    "html": re.compile(
        # A browser also reads a reference without its semicolon, and trafilatura one that is escaped twice: &amp;nbsp;.
        r"<!--(?:.*?-->|.*)|<(script|style)\b(?:.*?</\1\s*>|.*)|</?[a-z!?][^<>]*>"
        rf"|&amp;{REFERENCE};|&{REFERENCE};?",
        re.IGNORECASE | re.DOTALL,
    ),
    "json": re.compile(
        # Some programs escape the signs of HTML: \u003cruby\u003e, \u0026nbsp;.
        rf"(?:<|\\u003c)/?(?:{_OF_RUBY})\b[^<>\\]*(?:>|\\u003e)|(?:&|\\u0026){REFERENCE};|\\ud[89ab][\da-f]{{2}}\\ud[c-f][\da-f]{{2}}|\\u[\da-f]{{4}}|\\.",
        re.IGNORECASE,
    ),
    "subtitles": re.compile(
        rf"^(?:NOTE\b.*|(?:STYLE|REGION)[ \t]*)(?:\n.*\S.*)*|<[^<>]*>|\{{\\[^{{}}]*\}}|&{REFERENCE};", re.MULTILINE
    ),
}
_BODY: Final = re.compile(r"<body\b", re.IGNORECASE)
_PART: Final = re.compile(r"[^\n\t]+")
_LETTERS: Final = re.compile(r"[^\W_]+")
# In a file of more characters, nothing is looked for.
_LARGEST: Final = 16_000_000
# A line is looked for in this many characters after the one before it. If it is not there, all of the file is searched,
# until the searches have passed `_WORK` characters, which takes a tenth of a second.
_NEAR: Final = 2_000
_WORK: Final = 20_000_000


def places(text: str, file: str, kind: str) -> tuple[FilePlace, ...]:
    """The places of a text in the file from which it was read; `kind` is html, json or subtitles.

    There are none for a file of more than 16 million characters.
    """
    return tuple(_places(text, file, kind)) if len(file) <= _LARGEST else ()


def places_behind_references(written: str) -> tuple[FilePlace, ...]:
    r"""The places of `marks.decoded(written)`; none if nothing is decoded.

    >>> [tuple(place[:3]) for place in places_behind_references("一\n二&nbsp;三")]
    [(0, 1, 1), (2, 2, 1), (4, 2, 8)]
    """
    references = list(find_references(written))
    if not references:
        return ()
    places, line, start, apart = [FilePlace(0, 1, 1)], 1, 0, 0
    for sign in sorted([*re.finditer("\n", written), *references], key=re.Match.start):
        if sign[0] == "\n":
            line, start = line + 1, sign.end()
        else:
            apart += len(sign[0]) - len(shown(sign[0]))
        places.append(FilePlace(sign.end() - apart, line, sign.end() - start + 1))
    return tuple(places)


def _places(text: str, file: str, kind: str) -> Iterator[FilePlace]:
    letters, offsets = _letters(file, kind)
    starts = [0, *(match.end() for match in re.finditer("\n", file))]
    body = _BODY.search(file) if kind == "html" else None
    at = bisect_right(offsets, body.start()) if body else 0
    work, known = _WORK, 1
    for part in _PART.finditer(text):
        runs = list(_own_letters(text, part.start(), part.end()))
        key = "".join(run.of(text) for run in runs)
        if not key:
            continue
        found = letters.find(key, at, at + len(key) + _NEAR)
        if found < 0 and work > 0:
            work -= len(letters)
            found = letters.find(key, at)
            found = letters.find(key) if found < 0 else found
        if found < 0:
            yield FilePlace(part.start(), known, 1, is_exact=False)
            continue
        at = found + len(key)
        for place in _pieces(runs, offsets[found:at], starts):
            known = place.line
            yield place


def _letters(file: str, kind: str) -> tuple[str, array[int]]:
    """The letters, digits and hanzi of a file, without what is not text, and where each stands."""
    letters: list[str] = []
    offsets = array("I")
    at = 0
    signs = (sign for sign in _SIGNS[kind].finditer(file) if _meant(sign[0], kind) != sign[0])
    for sign in chain(signs, [None]):
        for run in _LETTERS.finditer(file, at, sign.start() if sign else len(file)):
            letters.append(run[0])
            offsets.extend(range(*run.span()))
        if sign:
            for char in filter(str.isalnum, _meant(sign[0], kind)):
                letters.append(char)
                offsets.append(sign.start())
            at = sign.end()
    return "".join(letters), offsets


def _meant(sign: str, kind: str) -> str:
    if kind == "json":
        sign = re.sub(r"^\\u0026(?=.)", "&", sign)
    if sign.startswith("&"):
        return html.unescape(html.unescape(sign)) if kind == "html" else shown(sign)
    return str(json.loads(f'"{sign}"')) if re.match(r"\\u(?!003[CcEe].)", sign) else ""


def _own_letters(text: str, start: int, end: int) -> Iterator[Span]:
    """Letters, digits and hanzi in a part of the text, without those of ruby's tags."""
    for tag in chain(_TAG.finditer(text, start, end), [None]):
        for run in _LETTERS.finditer(text, start, tag.start() if tag else end):
            yield Span(*run.span())
        start = tag.end() if tag else end


def _pieces(runs: Iterable[Span], offsets: array[int], starts: Sequence[int]) -> Iterator[FilePlace]:
    """A place for each stretch of letters that stand in the file as they stand in the text."""
    at, apart, line = 0, -1, 0
    for run in runs:
        first = offsets[at]
        together = offsets[at + len(run) - 1] - first == len(run) - 1
        size = 1 if together else len(run)
        for here, there in enumerate(offsets[at : at + size], run.start):
            new_line = line < len(starts) and there >= starts[line]
            if new_line or apart != there - here:
                line = bisect_right(starts, there) if new_line else line
                apart = there - here
                yield FilePlace(here, line, there - starts[line - 1] + 1)
        at += len(run)
