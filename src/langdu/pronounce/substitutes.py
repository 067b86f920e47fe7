"""Other hanzi with the wanted reading, for voices that take only hanzi and choose the readings themselves.

A character is replaced only if such a voice would probably not read it as annotated, that is, if dictionaries and
context suggest another reading. Its substitute has no other reading than the wanted one. Neutral tones are left alone,
since no character has only a neutral tone.
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

# Readings that the author gave; in other cases the voice may know better than we do.
_BY_THE_AUTHOR: Final = frozenset({Origin.ANNOTATION, Origin.ARTICLE})
# The voice itself applies the sandhi of these.
_BY_SANDHI: Final = {"一": "yi", "不": "bu"}
_ERHUA: Final = ("儿", "兒")
# Stands for a syllable that was written in pinyin.
_STAND_IN: Final = "〇"
# How far beyond its word a changed character can move the boundaries of words.
_BESIDE: Final = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Substitution:
    """One character, at offset `at`, that the voice would not read as `wanted`.

    `alone` is the reading that it would have in the bare text. `written` is the substitute, None if no character has
    only the wanted reading.
    """

    at: int
    text: str
    wanted: Syllable
    alone: Syllable | None
    written: str | None


def substitutions(
    text: str, readings: Sequence[Reading | None], alone: Sequence[Syllable | None], words: Sequence[Span]
) -> list[Substitution]:
    """The substitutions that a spoken text needs, in order.

    Args:
        text: the spoken text.
        readings: how each character is to be read, None for what is not a hanzi.
        alone: the citation reading of each character by dictionaries and context, without annotations; None if they are
            not sure.
        words: the spans of the text's words, in order, covering it.
    """
    substituted: list[Substitution] = []
    now = text
    for word in words:
        for at, wanted in _all_wanted(text, readings, alone, word):
            written = _homophone(now, at, wanted, word, readings)
            substituted.append(Substitution(at=at, text=text[at], wanted=wanted, alone=alone[at], written=written))
            now = now[:at] + (written or text[at]) + now[at + 1 :]
    return substituted


def rewritten(text: str, substituted: Sequence[Substitution]) -> str:
    """The text with every substitution carried out; its length stays the same."""
    chars = list(text)
    for substitution in substituted:
        chars[substitution.at] = substitution.written or substitution.text
    return "".join(chars)


def _all_wanted(
    text: str, readings: Sequence[Reading | None], alone: Sequence[Syllable | None], word: Span
) -> list[tuple[int, Syllable]]:
    """The characters of a word that need a substitute, each with the wanted syllable."""
    places = range(word.start, word.end)
    wanted = {at: syllable for at in places if (syllable := _wanted(text, at, readings[at], alone[at], word))}
    if wanted:  # with a substitute it is no longer the same word, so its other characters may be read differently
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
    """The syllable that a character needs a substitute for, None if it needs none."""
    if reading is None or reading.origin not in _BY_THE_AUTHOR:
        return None
    wanted = reading.citation
    if _BY_SANDHI.get(text[at]) == wanted.base or (alone and wanted == alone and _is_sure(text, at, wanted, word)):
        return None
    return wanted


def _is_sure(text: str, at: int, wanted: Syllable, word: Span) -> bool:
    """Whether dictionaries alone suggest the reading too; another reader may judge the context differently."""
    known = lexicon.word_readings(word.of(text)) if len(word) > 1 else ()
    in_word = distribute(word.of(text), known[0]) if known else None
    return (in_word[at - word.start] if in_word else lexicon.default_reading(text[at])) == wanted


def _homophone(text: str, at: int, wanted: Syllable, word: Span, readings: Sequence[Reading | None]) -> str | None:
    """The best substitute: one that leaves the words beside it unchanged and, if possible, makes a word itself."""
    if wanted.erhua and text[at + 1 : at + 2] not in _ERHUA:
        return None
    plain = Syllable(wanted.base, wanted.tone)
    if text[at] == _STAND_IN:  # it has no reading of its own, so any substitute is better
        return (_table().get(plain) or _usually(plain) or [None])[0]
    start, end = max(0, word.start - _BESIDE), min(len(text), word.end + _BESIDE)
    given = [reading.citation if reading else None for reading in readings[start:end]]
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
    """For each character of a word, whether dictionaries have the wanted reading or do not know the word."""
    known = lexicon.word_readings(word)
    in_word = distribute(word, known[0]) if known else None
    return [in_word is None or in_word[i] == wanted for i, wanted in enumerate(given)]


@cache
def _table() -> dict[Syllable, str]:
    return {parse_syllable(syllable): chars for syllable, chars in rows("homophones.tsv")}


@cache
def _usually(syllable: Syllable) -> str:
    """The characters of GB 2312 that have this reading when they stand alone, the most used first."""
    common = bytes(byte for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF) for byte in (row, cell))
    chars = common.decode("gb2312", "ignore")
    return "".join(lexicon.by_use(char for char in chars if lexicon.default_reading(char) == syllable))
