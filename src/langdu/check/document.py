"""A corrected copy of a document that is a ZIP archive of marked-up text, such as DOCX and EPUB.

The text that was checked is not in the archive as it is: its letters may be spread over several elements, in another
order, in several parts. So each place where the written pinyin occurs is marked in a trial copy, and reading that copy
as an article shows which mark stands where the finding is. The corrected copy is read too: nothing but the corrections
may have changed, or else there is no copy.
"""

from __future__ import annotations

import re
import zipfile
from contextlib import suppress
from copy import copy
from dataclasses import dataclass
from html import unescape
from io import BytesIO
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from langdu.check.report import LocatedFinding

# The parts that may have text of the article; marks in others do not matter.
_PARTS: Final = re.compile(r"word/document\.xml|.*\.(?:xhtml|html?|xml)", re.IGNORECASE)
_MARKUP: Final = re.compile(r"<!--.*?-->|<!\[CDATA\[|\]\]>|<[^>]*>", re.DOTALL)
_CHARACTER: Final = re.compile(r"&[#\w]{1,31};|\S", re.DOTALL)
# Unicode's private characters: no document has them, and there are 65,534 of them.
_FIRST_MARK: Final = 0xF0000
_MARKS: Final = 65_000


@dataclass(frozen=True, slots=True)
class CorrectedCopy:
    """The bytes of the copy, and the corrections that are in it. The others have no certain place."""

    data: bytes
    done: Sequence[LocatedFinding]


class _Character(NamedTuple):
    """A character of a part's text, and where it stands among the markup."""

    text: str
    start: int
    end: int


class _Occurrence(NamedTuple):
    """A place where some written pinyin occurs: the part, and the characters, of which blanks are left out."""

    part: str
    characters: Sequence[_Character]


class _Change(NamedTuple):
    """What replaces a stretch of a text."""

    start: int
    end: int
    new: str


def corrected_document(
    data: bytes, text: str, findings: Sequence[LocatedFinding], name: str, read: Callable[[bytes], str]
) -> CorrectedCopy:
    """A document with the suggestions in place of the written pinyin; every other part stays byte for byte as it was.

    `text` is what the document was read as, and `read` reads another one in the same way.

    Raises: InputError: a copy would differ in more than the corrections.
    """
    parts = _texts(data, name)
    found = _occurrences(parts, {located.finding.written for located in findings})
    marked = read(_rewritten(data, {part: _marked(raw, part, found) for part, raw in parts.items()}))
    changes: dict[str, list[_Change]] = {part: [] for part in parts}
    done = []
    for located in findings if len(marked) == len(text) else ():
        occurrence = _at(located, marked, found)
        wanted = occurrence and _changes(occurrence, parts[occurrence.part], located.finding.suggestion or "")
        if occurrence and wanted:
            changes[occurrence.part] += wanted
            done.append(located)
    corrected = _rewritten(data, {part: _edited(parts[part], wanted) for part, wanted in changes.items() if wanted})
    if done and read(corrected) != _expected(text, done):
        raise InputError(f"{name}: the corrections have no certain place in this document; correct it by hand")
    return CorrectedCopy(corrected, done)


def _texts(data: bytes, name: str) -> dict[str, str]:
    """The parts with text, as they are."""
    with zipfile.ZipFile(BytesIO(data)) as archive:
        names = archive.namelist()
        if len(set(names)) < len(names):
            raise InputError(f"{name} has two parts of one name; save it again, or correct it by hand")
        texts = {}
        for part in filter(_PARTS.fullmatch, names):
            with suppress(UnicodeDecodeError):  # a part in another encoding stays as it is
                texts[part] = archive.read(part).decode("utf-8")
    return texts


def _characters(raw: str) -> list[_Character]:
    """The characters of a marked-up text that are no blanks, without the markup."""
    out: list[_Character] = []
    at = 0
    for markup in [*_MARKUP.finditer(raw), None]:
        end = markup.start() if markup else len(raw)
        for match in _CHARACTER.finditer(raw, at, end):
            plain = unescape(match[0])
            if len(plain) == 1 and not plain.isspace():
                out.append(_Character(plain, match.start(), match.end()))
        at = markup.end() if markup else end
    return out


def _occurrences(parts: Mapping[str, str], written: Iterable[str]) -> list[_Occurrence]:
    """Every place where one of the written pinyins occurs, the longer one where two begin at the same letter."""
    plain = sorted({"".join(pinyin.split()) for pinyin in written}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, plain)))
    found: list[_Occurrence] = []
    for part, raw in parts.items():
        characters = _characters(raw)
        letters = "".join(character.text for character in characters)
        found += [_Occurrence(part, characters[slice(*match.span())]) for match in pattern.finditer(letters)]
    return found[:_MARKS]


def _marked(raw: str, part: str, found: Sequence[_Occurrence]) -> str:
    """A part with a private character, one for each occurrence, in the place of each of its letters."""
    changes = [
        _Change(character.start, character.end, chr(_FIRST_MARK + number))
        for number, occurrence in enumerate(found)
        if occurrence.part == part
        for character in occurrence.characters
    ]
    return _edited(raw, changes)


def _at(located: LocatedFinding, marked: str, found: Sequence[_Occurrence]) -> _Occurrence | None:
    """The occurrence whose mark stands where the finding's annotation was read."""
    if located.annotation is None:
        return None
    marks = set("".join(located.annotation.of(marked).split()))
    if len(marks) != 1 or not 0 <= (number := ord(marks.pop()) - _FIRST_MARK) < len(found):
        return None
    letters = "".join(character.text for character in found[number].characters)
    return found[number] if letters == "".join(located.finding.written.split()) else None


def _changes(occurrence: _Occurrence, raw: str, wanted: str) -> list[_Change]:
    """The fewest letters to replace: those between the beginning and the end that stay. None if the place is unsure."""
    characters = occurrence.characters
    letters, whole = "".join(c.text for c in characters), raw[characters[0].start : characters[-1].end]
    if any(map(str.isspace, whole + wanted)) and not _MARKUP.search(whole):
        return [_Change(characters[0].start, characters[-1].end, wanted)]
    if any(map(str.isspace, wanted)):
        return []  # there is no saying where a blank goes in pinyin that is spread over several elements
    first = _common(letters, wanted)
    last = _common(letters[first:][::-1], wanted[first:][::-1])
    old, new = characters[first : len(characters) - last], wanted[first : len(wanted) - last]
    if not old:
        at = characters[first - 1].end if first else characters[0].start
        return [_Change(at, at, new)]
    return [_Change(c.start, c.end, "" if i else new) for i, c in enumerate(old)]


def _common(letters: str, others: str) -> int:
    """How many letters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(letters, others, strict=False)))


def _edited(raw: str, changes: Iterable[_Change]) -> str:
    out, at = [], 0
    for change in sorted(changes):
        out += [raw[at : change.start], change.new]
        at = change.end
    return "".join([*out, raw[at:]])


def _expected(text: str, done: Iterable[LocatedFinding]) -> str:
    places = {located.annotation: located.finding.suggestion or "" for located in done if located.annotation}
    return _edited(text, [_Change(span.start, span.end, new) for span, new in places.items()])


def _rewritten(data: bytes, parts: Mapping[str, str]) -> bytes:
    """The archive with these parts replaced, in the same order and with the same dates, flags and compression."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        new.comment = old.comment
        for info in old.infolist():
            part = parts.get(info.filename)
            new.writestr(copy(info), old.read(info) if part is None else part.encode("utf-8"), info.compress_type)
    return out.getvalue()
