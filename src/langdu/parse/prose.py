"""Readings told in words: “六”应读lù，不读liù; 正确读音为zhì; “镚”音同“蹦”."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.model import Annotation, Kind, Span
from langdu.parse.align import exact, has_reading
from langdu.parse.cues import is_misreading
from langdu.parse.notes import Note, notes_of
from langdu.parse.written import LATIN, MARKS, TONED, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPEN = r"[\s“\"'‘「『（(\[/:：]*"
_TONED_WORD = rf"[{LATIN}][{LATIN}{MARKS}]*[1-5]?(?:[ '’\-]?[{LATIN}][{LATIN}{MARKS}]*[1-5]?){{0,12}}"
_CUE = re.compile(
    r"(?:(?:读|讀|念|唸|注|拼)(?:音|作|做|为|為|成|如)?|(?:读|讀|发|發|拼|注)音|音(?:作|为|為)?|[Pp]inyin)"
    rf"(?:应该?|應該?|是|为|為|作)?{_OPEN}(?P<said>{_TONED_WORD}|[ㄅ-ㄩ˙][ㄅ-ㄩˊˇˋ˙˅ ]*)"
)
_SOUNDS_LIKE = re.compile(r"(?:读音|讀音|发音|發音|音)(?:相?同于?|如|似|同)\s*[“\"'‘「『](?P<said>\w)[”\"'’」』]")
_HAS_TONE = re.compile(f"[{TONED}ˊˇˋ˙ㄅ-ㄩ]|[a-zü][1-5]")
_SENTENCE = re.compile(r"[。！？\n]")
# How far before the cue the hanzi may stand, in characters and in hanzi.
_REACH = 80
_MEANT = 30


def told(text: str, view: str) -> Iterator[Note]:
    """The readings that the text tells; the words stay, since they are read too."""
    taken: set[int] = set()
    for cue in _CUE.finditer(view):
        said = Span(cue.start("said"), cue.start("said") + len(cue["said"].rstrip()))
        if not _HAS_TONE.search(said.of(view)) or is_misreading(view[max(0, cue.start() - 12) : said.start]):
            continue
        letters = plain(said.of(view))
        ways = (exact(view, end, _floor(view, cue.start()), letters) for end in _ends(view, cue.start(), taken))
        if pairs := next(filter(None, ways), None):
            taken.update(pair.start for pair in pairs)
            yield from notes_of(text, said, pairs, ())
    for cue in _SOUNDS_LIKE.finditer(view):
        if note := _sounds_like(text, view, cue, taken):
            yield note


def _sounds_like(text: str, view: str, cue: re.Match[str], taken: set[int]) -> Note | None:
    said = Span(*cue.span("said"))
    for end in _ends(view, cue.start(), taken):
        own = lexicon.readings(view[end - 1])
        if shared := next((reading for reading in lexicon.readings(said.of(view)) if reading in own), None):
            annotation = Annotation(syllables=(shared,), written=said.of(text), span=said, kind=Kind.HOMOPHONE)
            return Note(Span(end - 1, end), annotation, ())
    return None


def _ends(view: str, cue: int, taken: set[int]) -> list[int]:
    """Where the hanzi that are meant may end, the nearest before the cue first."""
    ends = (end for end in range(cue, _floor(view, cue), -1) if has_reading(view[end - 1]) and end - 1 not in taken)
    return list(islice(ends, _MEANT))


def _floor(view: str, cue: int) -> int:
    """No hanzi beyond two sentences back are meant: “六安”是地名。其中的“六”读lù."""
    floor = max(0, cue - _REACH)
    stops = [match.end() for match in _SENTENCE.finditer(view, floor, cue)]
    return stops[-2] if len(stops) > 1 else floor
