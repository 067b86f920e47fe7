"""Brackets that only repeat a reading: 北京(Běijīng)(Beijing), 北(běi)京(jīng)(Beijing), (Běijīng, Beijing)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.model import Span
from langdu.parse.annotations.alignment.exact import HIDDEN
from langdu.parse.annotations.alignment.written import is_reading, plain_letters
from langdu.parse.annotations.scanners.brackets import BRACKETS
from langdu.pinyin import number, spell

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Syllable
    from langdu.parse.annotations.notes import Note

_NOTHING: Final = f"{HIDDEN} \t\u3000\u00a0"
_MARKS: Final = " ,，;；、:：/|"
# The most characters, tags included, between two hanzi of a word that each have their own reading.
_BETWEEN: Final = 200
# Passports write lü and nü as lyu and nyu (GB/T 28039-2011); in hanyu, yu is a syllable.
_OF_PASSPORTS: Final = re.compile("(?<=[ln])yu")


def find_repeated(view: str, notes: Sequence[Note]) -> list[Span]:
    """The brackets that repeat a reading, each with the blanks before it.

    `notes` are in order, and hidden in `view`.
    """
    ends = {note.base.end: i for i, note in enumerate(notes)}
    found: list[Span] = []
    last: int | None = None
    for match in BRACKETS.finditer(view):
        content = match[match.lastindex or 0].replace(HIDDEN, "").strip(_MARKS)
        if match["unclosed"] or not is_reading(content):
            continue
        start = match.start()
        while start and view[start - 1] in _NOTHING and not (found and start == found[-1].end):
            start -= 1
        # The third pinyin stands behind the second, which is a bracket and no note.
        at = last if found and start == found[-1].end else ends.get(start)
        letters = plain_letters(content)
        if at is not None and any(_repeats(view, notes, at, way) for way in (letters, _OF_PASSPORTS.sub("ü", letters))):
            found.append(Span(start, match.end()))
            last = at
    return found


def _repeats(view: str, notes: Sequence[Note], at: int, letters: str) -> bool:
    """Whether letters spell what the notes up to note `at` say, with or without tones."""
    size = sum(map(str.isalpha, letters))
    syllables: list[Syllable] = []
    while True:
        note = notes[at]
        syllables[:0] = note.annotation.syllables
        size -= sum(len(s.base) + s.erhua for s in note.annotation.syllables)
        at -= 1
        if size <= 0 or at < 0:
            break
        gap = Span(notes[at].base.end, note.base.start)
        if len(gap) > _BETWEEN or any(map(str.isalnum, gap.of(view))):
            break
    bare = "".join(s.base + "r" * s.erhua for s in syllables)
    # Road signs write u for ü.
    return size == 0 and (
        letters.replace("ü", "u") == bare.replace("ü", "u")
        or letters in (plain_letters("".join(map(spell, syllables))), "".join(map(number, syllables)))
    )
