"""Readings given in a sentence: “六”应读lù，不读liù; 正确读音为zhì; 六lu(第四声); “镚”音同“蹦”; “砀”与“荡”同音."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.marks import COMMAS, FULL_STOPS, HANZI_RANGES, SEMICOLONS, ZHUYIN, ZHUYIN_TONES
from langdu.model import Annotation, Kind, Span
from langdu.parse.annotations.alignment.exact import HIDDEN, exact, has_reading
from langdu.parse.annotations.alignment.written import LATIN, MARKS, has_tone, plain_letters
from langdu.parse.annotations.cues import CHOICE, CUE, is_called_wrong, is_misreading
from langdu.parse.annotations.notes import Note, notes_for

if TYPE_CHECKING:
    from collections.abc import Iterator

_TONED_WORD = rf"[{LATIN}][{LATIN}{MARKS}]*[1-5]?(?:[ '’\-]?[{LATIN}][{LATIN}{MARKS}]*[1-5]?){{0,12}}"
_CUE = re.compile(rf"(?:{CUE})(?P<reading>{_TONED_WORD}|[{ZHUYIN}˙][{ZHUYIN}{ZHUYIN_TONES} ]*)")
_CHOICE = re.compile(rf"[”\"'’」』】)）]?{CHOICE}[“\"'‘「『【(（]?[{LATIN}]")
_SAME = re.compile(rf"\s*[(（]([{HANZI_RANGES}]+)[)）]")
_SOUNDS_LIKE = (
    re.compile(r"(?:读音|讀音|发音|發音|音)(?:相?同于?|如|似|同)\s*[“\"'‘「『](?P<reading>\w)[”\"'’」』]"),
    re.compile(r"(?<=[”\"'’」』])字?[与與和跟同][“\"'‘「『](?P<reading>\w)[”\"'’」』]字?(?:是|读|讀)?同音"),
)
# A reading given by another character: 区读“欧”, “单”作姓时读作“善”. 读成“欧” and 不读“欧” say how it is not read.
_READ_AS = re.compile(
    r"(?:(?:应|應|该|該|须|須)?(?:读|讀|念|唸)(?:音|作|做|为|為|如)?|音)\s*[:：]?\s*[“\"‘「『](?P<reading>\w)[”\"’」』]"
)
_BLANKS = " \t\u3000"
_QUOTED = re.compile(r"[“\"‘「『](\w)[”\"’」』]")
_CLAUSE = re.compile(rf"[{COMMAS}{SEMICOLONS}{FULL_STOPS}\n]")
# 常有人把“单”读作“丹”: how people read it is not how to read it, unless the text says that they are right.
_BLAMED = re.compile("[误誤错錯把将將别別勿]")
_RIGHTLY = re.compile("[应應该該须須]|正确|正確")
# 这个字读gě, 第二个字读gě and 这个读gě的字 are about a character that was named elsewhere, never about 个.
_POINTING = re.compile("[这這那哪此该該][一几幾]?[个個]?[字词詞]|[这這那哪此该該][一几幾]?[个個]|[个個][字词詞]")
# Letters without a tone, and the tone in words: 六lu(第四声).
_TONE_IN_WORDS = re.compile(r"(?P<base>[a-zü]{1,6})\s*[(（](?:第|读|讀)?(?P<tone>[一二三四1-4轻輕])[声聲][)）]")
_TONES = {"一": "1", "二": "2", "三": "3", "四": "4", "轻": "5", "輕": "5"}
_SENTENCE = re.compile(rf"[{FULL_STOPS}\n]+")
# How far before the cue the hanzi may stand: in characters, and in hanzi.
_REACH = 80
_MEANT = 30


def find_in_prose(text: str, view: str) -> Iterator[Note]:
    """The readings that sentences give. The sentences stay, since they are read aloud too."""
    taken: set[int] = set()
    for cue in _CUE.finditer(view):
        reading = Span(cue.start("reading"), cue.start("reading") + len(cue["reading"].rstrip()))
        if not has_tone(reading.of(view)) or _CHOICE.match(view, reading.end):
            continue
        if is_misreading(view[max(0, cue.start() - 12) : reading.start]) or is_called_wrong(view, reading.end):
            continue
        letters = plain_letters(reading.of(view))
        ways = (exact(view, end, _floor(view, cue.start()), letters) for end in _ends(view, cue.start(), taken))
        if pairs := next(filter(None, ways), None):
            taken.update(pair.start for pair in pairs)
            yield from notes_for(
                text, reading, pairs, _bracketed(view, cue, reading) or _letters_beside_hanzi(view, reading, letters)
            )
    for pattern in _SOUNDS_LIKE:
        for cue in pattern.finditer(view):
            if note := _sounds_like(text, view, cue, taken):
                yield note
    for cue in _READ_AS.finditer(view):
        if note := _read_as(text, view, cue, taken):
            yield note
    yield from _tones_in_words(text, view)


def _bracketed(view: str, cue: re.Match[str], reading: Span) -> tuple[Span, ...]:
    """The bracket to cut, if it holds only the cue and the reading: 一会儿(拼音：yí)."""
    start, end = cue.start(), reading.end
    while start and view[start - 1] in _BLANKS:
        start -= 1
    while end < len(view) and view[end] in _BLANKS:
        end += 1
    is_bracket = start and view[start - 1] in "(（[［【〔" and end < len(view) and view[end] in ")）]］】〕"
    return (Span(start - 1, end + 1),) if is_bracket else ()


def _tones_in_words(text: str, view: str) -> Iterator[Note]:
    """The notes for letters whose tone is given in words."""
    for match in _TONE_IN_WORDS.finditer(view):
        letters = match["base"] + _TONES.get(match["tone"], match["tone"])
        if pairs := exact(view, match.start(), max(0, match.start() - 1), letters):
            yield from notes_for(text, Span(*match.span()), pairs, (Span(*match.span()),))


def _letters_beside_hanzi(view: str, reading: Span, letters: str) -> tuple[Span, ...]:
    """The letters and brackets to cut from 读音是Shè(社), so that the hanzi are read in their place."""
    same = _SAME.match(view, reading.end)
    if same is None or not exact(view, same.end(1), same.start(1), letters):
        return ()
    return Span(reading.start, same.start(1)), Span(same.end(1), same.end())


def _sounds_like(text: str, view: str, cue: re.Match[str], taken: set[int]) -> Note | None:
    """The nearest character before the cue that has a reading in common with the one that is named."""
    reading = Span(*cue.span("reading"))
    notes = (_shared(text, view, end - 1, reading) for end in _ends(view, cue.start(), taken))
    return next(filter(None, notes), None)


def _read_as(text: str, view: str, cue: re.Match[str], taken: set[int]) -> Note | None:
    """The character right before the cue, 区读“欧”; else the nearest quoted one before it."""
    if is_misreading(view[max(0, cue.start() - 12) : cue.start("reading")]) or is_called_wrong(view, cue.end()):
        return None
    clause = max((match.end() for match in _CLAUSE.finditer(view, _floor(view, cue.start()), cue.start())), default=0)
    end = cue.start()
    while end > clause and (view[end - 1] in '”"’」』字 ' or view[end - 1] == HIDDEN):
        end -= 1
    if _BLAMED.search(view, clause, cue.start()) and not _RIGHTLY.search(view, clause, cue.end()):
        return None
    places = [end - 1] if end - 1 == clause or view[end - 2 : end - 1] in tuple('“"‘「『的') else []
    quoted = [match.start(1) for match in _QUOTED.finditer(view, _floor(view, cue.start()), cue.start())]
    for at in [*places, *reversed(quoted)]:
        if at >= 0 and at not in taken and (note := _shared(text, view, at, Span(*cue.span("reading")))):
            taken.add(at)
            return note
    return None


def _shared(text: str, view: str, at: int, reading: Span) -> Note | None:
    """The hanzi at a place with a reading that another one has too; None if they have none in common."""
    own = lexicon.readings(view[at])
    shared = next((syllable for syllable in lexicon.readings(reading.of(view)) if syllable in own), None)
    if shared is None or view[at] == reading.of(view):
        return None
    annotation = Annotation(syllables=(shared,), written=reading.of(text), span=reading, kind=Kind.HOMOPHONE)
    return Note(Span(at, at + 1), annotation, ())


def _ends(view: str, cue: int, taken: set[int]) -> list[int]:
    """Where the hanzi that a cue means may end, the nearest first."""
    floor = _floor(view, cue)
    pointing = {at for match in _POINTING.finditer(view, floor, cue) for at in range(*match.span())}
    places = (at for at in range(cue - 1, floor - 1, -1) if at not in taken and at not in pointing)
    return list(islice((at + 1 for at in places if has_reading(view[at])), _MEANT))


def _floor(view: str, cue: int) -> int:
    """How far back the hanzi that a cue means may stand: in its sentence or the one before, “六安”是地名。“六”读lù."""
    floor = max(0, cue - _REACH)
    stops = [match.end() for match in _SENTENCE.finditer(view, floor, cue)]
    return stops[-2] if len(stops) > 1 else floor
