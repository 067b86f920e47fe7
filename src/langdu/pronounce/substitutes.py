"""Other hanzi with the wanted reading, for voices that are given hanzi and read them as they think.

A character is replaced only where such a voice would read it otherwise than it is annotated: where the annotation is
not what dictionaries and context say of the bare text. It then reads one that has no other reading. Neutral tones are
left alone, since no character has nothing else.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.data import rows
from langdu.model import Origin, Span, Syllable, Tone
from langdu.pinyin import distribute, parse_syllable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Reading

# Somebody has said that it is read so; of other readings the voice may know better than we do.
_SAID_SO: Final = frozenset({Origin.ANNOTATION, Origin.ARTICLE})
# A voice changes their tones by itself, as sandhi wants it.
_BY_SANDHI: Final = {"一": "yi", "不": "bu"}
_ERHUA: Final = ("儿", "兒")
# Stands for a syllable that was written in pinyin.
_STAND_IN: Final = "〇"
# How far around a word a character in it can change where words begin and end.
_BESIDE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """One character, at offset `at`, that is wanted to be read otherwise than the bare text is.

    `written` is what is written in its place, None if there is nothing that can only be read so; `alone` is how it
    would be read.
    """

    at: int
    text: str
    wanted: Syllable
    alone: Syllable | None
    written: str | None


def substitutions(
    text: str, readings: Sequence[Reading | None], alone: Sequence[Syllable | None], words: Sequence[Span]
) -> list[Substitution]:
    """What must be written otherwise in a spoken text, in order.

    Args:
        text: the spoken text.
        readings: for each character how it is to be read, None for what is no hanzi.
        alone: for each character the citation reading that it has by dictionaries and context, without annotations;
            None where these are not sure.
        words: the spans of the text's words, in order, covering it.
    """
    found: list[Substitution] = []
    now = text
    for word in words:
        for at, wanted in _all_wanted(text, readings, alone, word):
            written = _homophone(now, at, wanted, word, readings)
            found.append(Substitution(at=at, text=text[at], wanted=wanted, alone=alone[at], written=written))
            now = now[:at] + (written or text[at]) + now[at + 1 :]
    return found


def rewritten(text: str, found: Sequence[Substitution]) -> str:
    """The text with every substitution carried out; as long as before."""
    chars = list(text)
    for each in found:
        chars[each.at] = each.written or each.text
    return "".join(chars)


def _all_wanted(
    text: str, readings: Sequence[Reading | None], alone: Sequence[Syllable | None], word: Span
) -> list[tuple[int, Syllable]]:
    """The characters of a word that must be made to say something, and what."""
    places = range(word.start, word.end)
    wanted = {at: said for at in places if (said := _wanted(text, at, readings[at], alone[at], word))}
    if wanted:  # it is no longer the word that it was, so nothing tells how its other characters are read
        for at in places:
            reading = readings[at]
            if (
                reading
                and reading.citation.tone is not Tone.NEUTRAL
                and reading.citation != lexicon.default_reading(text[at])
            ):
                wanted.setdefault(at, reading.citation)
    return sorted(wanted.items())


def _wanted(text: str, at: int, reading: Reading | None, alone: Syllable | None, word: Span) -> Syllable | None:
    """The syllable that a character must be made to say, None if it can be left to itself."""
    if reading is None or reading.origin not in _SAID_SO:
        return None
    wanted = reading.citation
    if _BY_SANDHI.get(text[at]) == wanted.base or (alone and wanted == alone and _is_sure(text, at, wanted, word)):
        return None
    return wanted


def _is_sure(text: str, at: int, wanted: Syllable, word: Span) -> bool:
    """Whether dictionaries alone say so too: context alone may be read in another way by another reader."""
    known = lexicon.word_readings(word.of(text)) if len(word) > 1 else ()
    said = distribute(word.of(text), known[0]) if known else None
    return (said[at - word.start] if said else lexicon.default_reading(text[at])) == wanted


def _homophone(text: str, at: int, wanted: Syllable, word: Span, readings: Sequence[Reading | None]) -> str | None:
    """The best character to write: one that leaves the words beside it as they are, and makes a word if it can."""
    if wanted.erhua and text[at + 1 : at + 2] not in _ERHUA:
        return None
    plain = Syllable(wanted.base, wanted.tone)
    if text[at] == _STAND_IN:  # it says nothing by itself, so anything is better
        return (_table().get(plain) or _usually(plain) or [None])[0]
    start, end = max(0, word.start - _BESIDE), min(len(text), word.end + _BESIDE)
    given = [each.citation if each else None for each in readings[start:end]]
    here = Span(word.start - start, word.end - start)
    kept = {span for span in lexicon.split_words(text[start:end]) if not span.overlaps(here)}
    best, most = None, 0
    for char in _table().get(plain, ""):
        new = text[start:at] + char + text[at + 1 : end]
        spans = lexicon.split_words(new)
        agree = [yes for span in spans for yes in _agree(span.of(new), given[span.start : span.end])]
        if not agree[at - start]:
            continue
        whole = kept <= set(spans)
        merit = 1 + 2 * whole + all(agree[here.start : here.end]) + (whole and here in spans)
        if merit > most:
            best, most = char, merit
    return best


def _agree(word: str, given: Sequence[Syllable | None]) -> list[bool]:
    """Whether dictionaries read each character of a word as it is to be read, or do not know the word."""
    known = lexicon.word_readings(word)
    said = distribute(word, known[0]) if known else None
    return [said is None or said[i] == wanted for i, wanted in enumerate(given)]


@cache
def _table() -> dict[Syllable, str]:
    return {parse_syllable(syllable): chars for syllable, chars in rows("homophones.tsv")}


@cache
def _usually(syllable: Syllable) -> str:
    """The characters that are read so when they stand alone, of those that GB 2312 has."""
    common = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    chars = common.decode("gb2312", "ignore")
    return "".join(lexicon.by_use(char for char in chars if lexicon.default_reading(char) == syllable))
