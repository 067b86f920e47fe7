"""Readings in brackets: 长春(chángchūn), 词 （cí）, “鸱”（chī）, 行动(xíngdòng)(xíngdòng), 浚县(Xùn Xiàn，河南)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from langdu.marks import HANZI, HANZI_RANGES, ZHUYIN, ZHUYIN_TONES, is_hanzi
from langdu.model import Kind, Span
from langdu.parse.annotations.alignment.exact import exact, exact_prefix
from langdu.parse.annotations.alignment.nearest import difference
from langdu.parse.annotations.alignment.wordwise import doubled, earlier, likeliest
from langdu.parse.annotations.alignment.written import (
    DIGITS,
    LATIN,
    MARKS,
    has_tone,
    is_pinyin,
    is_reading,
    is_toned,
    plain_letters,
)
from langdu.parse.annotations.cues import LABEL, is_about_misreading, is_announced, is_misread, is_misreading
from langdu.parse.annotations.notes import Note, notes_for
from langdu.parse.annotations.scanners.brackets.glosses import cuts
from langdu.parse.annotations.scanners.brackets.homophones import inverse, same_sound
from langdu.parse.annotations.scanners.brackets.inside import reading_in, toned_in_words
from langdu.parse.annotations.scanners.brackets.mixed import mixed
from langdu.parse.annotations.scanners.brackets.mojibake import repaired

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.parse.annotations.alignment.exact import Pair

# Innermost brackets only: a bracket around another one is text, 會議(中國(guó)科學). No alternative scans past the next
# opening bracket, so the pass is linear however brackets nest.
_INSIDE = r"([^()（）\[\]［］【】〔〕〖〗{}｛｝‹›«»〈〉⟨⟩<>＜＞⟮⟯﹙﹚\n]{1,2000})"
# 北京(běijīng。 was not closed before the sentence went on, nor in the rest of the line.
_UNCLOSED = (
    rf"[(（](?P<unclosed>[{LATIN}{MARKS}{DIGITS}{ZHUYIN}{ZHUYIN_TONES}˙'’ -]{{1,60}}+)"
    rf"(?=[{HANZI_RANGES}，。、；：！？…,.;:!?”’」』\n]|\Z)"
    r"(?!(?>(?:[^()（）\n]{1,200}+|[(（][^()（）\n]{0,200}+[)）]){0,20})[)）])"
)
BRACKETS = re.compile(
    rf"[(（⟮﹙]{_INSIDE}[)）⟯﹚]|[\[［]{_INSIDE}[\]］]|[【〔〖]{_INSIDE}[】〕〗]|[{{｛]{_INSIDE}[}}｝]"
    rf"|[‹«〈⟨<＜]{_INSIDE}[›»〉⟩>＞]|{_UNCLOSED}"
)
_LETTER = re.compile(rf"[{LATIN}{ZHUYIN}]")
# The colon of lu:3 parts nothing.
_SIGN = r"\s*(?:[,，;；：=|/]|:(?!(?<=[nlNL][uU]:)[eE]?[1-5])|\s[-–—]\s|--|——)"
_PIECE = re.compile(rf"(?:(?!{_SIGN}|(?<=[^{HANZI_RANGES}])[{HANZI_RANGES}])[^\n])+")
_PARTS = re.compile(r"\s*[/|｜]\s*")
_WORD = re.compile(r"\S+")
# English words after a name, 西安市(Xi'an City): what is before them may be pinyin.
_KIND = re.compile(
    r"(?<=[A-Za-z\u00c0-\u024f]) (?:City|Province|County|District|Prefecture|Town(?:ship)?|Village|River|Lake"
    r"|Mountains?|Island|Road|Street|Railway|Airport|Station|University)$"
)
# Spellings with labels are not alternatives to choose from: （拼音：Táizhōng；白話字：Tâi-tiong）.
_LABELLED = re.compile(r"[:：]")
# Bogotá, Perú: names with one accent that pinyin has too.
_ACCENTED = re.compile(r"[A-ZÁÉÍÓÚ][a-z]*[áéíóúàèìòù]?[a-z]*")
# Another form of the hanzi before it, followed by a reading.
_OTHER_FORM = re.compile(rf"[(（\[［{{【〔](?P<form>[{HANZI_RANGES}]+)[)）\]］}}】〕][ \t\u3000]*\Z")
# A text is in another language or spelling if this many readings do not agree, and four times as many as do. Then only
# those that agree count, or none if as many have nothing in common with their hanzi.
_STRANGE = 12
_SHARE = 4
# An erhua whose 儿 is not written, 玩(wánr), is as good as an exact reading.
_AS_GOOD = 0.5


@dataclass(frozen=True, slots=True)
class _Bracket:
    """A bracket, its content without outer blanks, and how far back the hanzi before it have no annotation yet."""

    span: Span
    inner: Span
    floor: int


@dataclass(frozen=True, slots=True)
class _Annotated:
    """What a bracket was found to be: its notes, and whether the hanzi agree with all of its reading."""

    notes: tuple[Note, ...]
    agrees: bool = True


def find_bracketed(text: str, view: str) -> list[Note]:
    """The annotations in brackets beside their hanzi, in the order of the text."""
    annotated: list[_Annotated] = []
    strange, floor = 0, 0
    for match in BRACKETS.finditer(view):
        start, end = match.span(match.lastindex or 0)
        content = view[start:end]
        if match["unclosed"] and not has_tone(content):
            continue  # 他说(OK，走吧
        inner = Span(start + len(content) - len(content.lstrip()), start + len(_KIND.sub("", content.rstrip())))
        bracket = _Bracket(Span(*match.span()), inner, floor)
        last = annotated[-1] if annotated else None
        if last and (longer := _again(text, view, last, bracket) or _better(text, view, last, bracket)):
            annotated[-1], floor = longer, bracket.span.end
        elif annotation := _understood(text, view, bracket):
            annotated.append(_left_open(annotation) if match["unclosed"] else annotation)
            floor = bracket.span.end
        elif has_tone(content) and is_reading(content):
            strange += 1
    agreeing = sum(bracket.agrees for bracket in annotated)
    if strange >= max(_STRANGE, _SHARE * agreeing):
        return []
    if len(annotated) - agreeing + strange >= max(_STRANGE, _SHARE * agreeing):
        annotated = [bracket for bracket in annotated if bracket.agrees]
    return [note for bracket in annotated for note in bracket.notes]


def _again(text: str, view: str, last: _Annotated, bracket: _Bracket) -> _Annotated | None:
    """`last`, written once more, if the bracket is right behind it and says the same; else None."""
    note = last.notes[-1]
    behind = note.cuts[-1].end if note.cuts else 0
    if text[behind : bracket.span.start].strip() or not _is_same(view, bracket.inner.of(view), note):
        return None
    annotation = replace(note.annotation, times=note.annotation.times + 1)
    last_cut = Span(note.cuts[-1].start if note.cuts else behind, bracket.span.end)
    cuts = (*note.cuts[:-1], last_cut)
    return _Annotated((*last.notes[:-1], Note(note.base, annotation, cuts)), last.agrees)


def _left_open(annotated: _Annotated) -> _Annotated:
    """The same, with a note that the bracket is not closed."""
    *others, last = annotated.notes
    return replace(annotated, notes=(*others, replace(last, annotation=replace(last.annotation, is_closed=False))))


def _is_same(view: str, content: str, note: Note) -> bool:
    """Whether a bracket says the same as a note: 女(nǚ)(nv3)."""
    if plain_letters(content) == plain_letters(note.annotation.written):
        return True
    pairs = exact(view, note.base.end, note.base.start, plain_letters(content)) if is_reading(content) else None
    return pairs is not None and [s for pair in pairs for s in pair.syllables] == list(note.annotation.syllables)


def _better(text: str, view: str, last: _Annotated, bracket: _Bracket) -> _Annotated | None:
    """`last` with the pinyin behind a homophone, 匯{滙}[huì], or letters without tones, (Beijing)(Běijīng); or None."""
    note = last.notes[-1]
    behind = note.cuts[-1].end if note.cuts else 0
    content = bracket.inner.of(view)
    is_vague = note.annotation.kind is Kind.HOMOPHONE or (has_tone(content) and not has_tone(note.annotation.written))
    if not is_vague or text[behind : bracket.span.start].strip():
        return None
    pairs = exact(view, note.base.end, note.base.start, plain_letters(content)) if is_reading(content) else None
    if pairs is None or len(pairs) != len(note.base):
        return None
    return _Annotated(
        (*last.notes[:-1], *notes_for(text, bracket.inner, pairs, (*note.cuts, bracket.span))), last.agrees
    )


def _other_form(view: str, bracket: _Bracket, letters: str) -> tuple[tuple[Pair, ...], Span] | None:
    """The hanzi before another form of them, 漢字（汉字）[hàn zì], and both brackets, if both forms are read so."""
    form = _OTHER_FORM.search(view, max(bracket.floor, bracket.span.start - 24), bracket.span.start)
    if form is None or not exact(view, form.end("form"), form.start("form"), letters):
        return None
    pairs = exact(view, form.start(), bracket.floor, letters)
    if pairs is None or form.start() - pairs[0].start != len(form["form"]):
        return None
    return pairs, Span(form.start(), bracket.span.end)


def _understood(text: str, view: str, bracket: _Bracket) -> _Annotated | None:
    """What a bracket says, None if it is not an annotation."""
    content = bracket.inner.of(view)
    if is_reading(content) and not LABEL.match(content):
        return _reading(text, view, bracket, bracket.inner, plain_letters(content))
    if not _LETTER.search(content):
        return _hanzi(text, view, bracket)
    written = reading_in(view, bracket.inner)
    if is_reading(written.of(view)):
        return _reading(text, view, bracket, written, plain_letters(written.of(view)))
    if tone := toned_in_words(content):
        return _reading(text, view, bracket, bracket.inner, tone)
    if again := tuple(mixed(text, view, bracket.span, bracket.inner, bracket.floor)):
        return _Annotated(again)
    return _with_gloss(text, view, bracket)


def _hanzi(text: str, view: str, bracket: _Bracket) -> _Annotated | None:
    """A bracket of hanzi: 驻(助), or mā（妈）."""
    note = inverse(text, view, bracket.span, bracket.inner) if HANZI.fullmatch(bracket.inner.of(view)) else None
    note = note or same_sound(text, view, bracket.span, bracket.inner, bracket.floor)
    return _Annotated((note,)) if note else None


def _reading(text: str, view: str, bracket: _Bracket, written: Span, letters: str) -> _Annotated | None:
    """A bracket with a reading. Without tones it counts only if the hanzi agree, or it is English: 做多（Long）."""
    start = bracket.span.start
    if form := _other_form(view, bracket, letters):
        return _Annotated(tuple(notes_for(text, written, form[0], (form[1],))))
    agreeing = exact(view, start, bracket.floor, letters)
    if agreeing is None:
        if with_gloss := _with_gloss(text, view, bracket):
            return with_gloss
        agreeing = earlier(view, start, bracket.floor, letters)
        if agreeing and len(agreeing) == 1 and not (written.of(view).islower() or is_toned(letters)):
            agreeing = None  # a capital letter may begin a name: 多么(Me)
        if agreeing is None and (not is_toned(letters) or is_announced(view[max(0, start - 16) : start])):
            return None  # 圩读(xū) is a sentence about the reading, and stays
    pairs = agreeing or _beside(view, bracket, written, letters)
    if pairs is None:
        return None
    pairs = doubled(view, pairs, bracket.floor, bracket.span.end)
    before = view[max(0, pairs[0].start - 24) : pairs[0].start]
    if is_misread(before) or (not is_toned(letters) and is_about_misreading(before)):
        return None
    agrees = agreeing is not None or all(_agrees(view[pair.start], pair) for pair in pairs)
    return _Annotated(tuple(notes_for(text, written, pairs, (_with_blanks(view, bracket.span),))), agrees)


def _with_blanks(view: str, bracket: Span) -> Span:
    """A bracket with the blanks between it and its hanzi: 词 （cí）."""
    start = bracket.start
    while start and view[start - 1] in " \t\u3000\u00a0":
        start -= 1
    return Span(start, bracket.end) if start and is_hanzi(view[start - 1]) else bracket


def _agrees(char: str, pair: Pair) -> bool:
    return len(pair.syllables) == 1 and difference(char, pair.syllables[0]) < _AS_GOOD


def _beside(view: str, bracket: _Bracket, written: Span, letters: str) -> tuple[Pair, ...] | None:
    """The hanzi of a reading that does not agree: toned pinyin beside hanzi is an annotation, and `check` judges it."""
    start, end = bracket.span.start, bracket.span.end
    if _ACCENTED.fullmatch(written.of(view)) and not is_pinyin(written.of(view)):
        return None
    return (
        repaired(view, start, bracket.floor, written.of(view))
        or likeliest(view, start, bracket.floor, written.of(view))
        or exact_prefix(view, end, min(len(view), end + len(letters)), letters)  # 武(Zhì)陟
    )


def _with_gloss(text: str, view: str, bracket: _Bracket) -> _Annotated | None:
    """A reading with something else beside it: (nǐ hǎo, hello), （Xùn Xiàn，河南）, (Mandarin: nǐ hǎo).

    Two readings, (bó/báo), are a choice and no annotation, unless one is named as wrong, （chán yú，不读dān yú）, or
    there are as many as hanzi: 妈妈(mā/ma).
    """
    reading = reading_in(view, bracket.inner)
    parts = _PARTS.split(reading.of(view))
    if len(parts) > 1 and all(map(is_reading, parts)):
        whole = exact(view, bracket.span.start, bracket.floor, plain_letters("".join(parts)))
        if whole and len(whole) == len(parts):
            return _Annotated(tuple(notes_for(text, reading, whole, (bracket.span,))))
    pieces = [
        piece
        for piece in _pieces(view, bracket.inner)
        if has_tone(piece.of(view)) and not is_misreading(view[bracket.inner.start : piece.start])
    ] or _toneless(view, bracket)
    tried = [(piece, _agreeing(view, bracket, piece)) for piece in pieces]
    ways = [way for _, way in tried if way]
    different = {tuple(pair.syllables for pair in pairs) for _, pairs in ways}
    others = any(way is None and is_pinyin(piece.of(view)) for piece, way in tried)
    if len(different) != 1 or (others and not _LABELLED.search(bracket.inner.of(view))):
        return None
    written, pairs = ways[0]
    if is_misread(view[max(0, pairs[0].start - 12) : pairs[0].start]):
        return None
    return _Annotated(tuple(notes_for(text, written, pairs, cuts(view, bracket.span, bracket.inner, written, pairs))))


def _toneless(view: str, bracket: _Bracket) -> list[Span]:
    """Letters without tones that begin a bracket and read two hanzi or more before it: 北京（Beijing，旧称北平）."""
    piece = next(_pieces(view, bracket.inner), None)
    if piece is None or piece.start > bracket.inner.start or not is_reading(piece.of(view)):
        return []
    pairs = exact(view, bracket.span.start, bracket.floor, plain_letters(piece.of(view)))
    quoted = view[bracket.span.start - 1] in "”」』’" and piece.of(view).islower()
    return [piece] if pairs and (len(pairs) > 1 or quoted) else []


def _agreeing(view: str, bracket: _Bracket, piece: Span) -> tuple[Span, tuple[Pair, ...]] | None:
    """The part of a piece that reads the hanzi before the bracket, and these hanzi."""
    for written in _beginnings(view, piece):
        letters = plain_letters(written.of(view))
        pairs = exact(view, bracket.span.start, bracket.floor, letters)
        if pairs or (is_toned(letters) and (pairs := earlier(view, bracket.span.start, bracket.floor, letters))):
            return written, pairs
    return None


def _pieces(view: str, inner: Span) -> Iterator[Span]:
    """The fields of a bracket, each from its first letter on."""
    for match in _PIECE.finditer(view, inner.start, inner.end):
        start, end = match.start(), match.end()
        while start < end and not _LETTER.match(view[start]):
            start += 1
        if start < end:
            yield Span(start, end)


def _beginnings(view: str, piece: Span) -> Iterator[Span]:
    """The piece, then without its last word, and so on; a word with a tone is not taken off."""
    words = list(_WORD.finditer(view, piece.start, piece.end))
    while words:
        written = Span(piece.start, words[-1].end())
        if is_reading(written.of(view)):
            yield written
        if has_tone(words.pop().group()):
            return
