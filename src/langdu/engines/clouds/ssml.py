"""Utterances → SSML: every hanzi that has a reading stands in a phoneme element with its surface tone.

The surface tone, because `ph` is what should be heard: Azure's own example of 一会儿 begins with "yi 2". A service that
applies third-tone sandhi once more finds nothing left to change. Every hanzi, not only the annotated ones, because an
unmarked word gets the service's own reading, and sandhi with the words beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from langdu.engines.kit.letters import name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.engines.clouds.vendors import CloudVendor
    from langdu.model import Reading, Syllable, Utterance

# Characters that XML 1.0 forbids even escaped; and line breaks, because a document is one line.
_FORBIDDEN: Final = re.compile("[^\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LONGEST_TEXT: Final = 200
_INSIDE_WORD: Final = frozenset("'’")


@dataclass(frozen=True, slots=True)
class Unit:
    """A prosodic word, a run of letters, or what is not said: `text[start:end]` of an utterance, and its markup."""

    start: int
    end: int
    markup: str
    said: bool


def units(utterance: Utterance, vendor: CloudVendor) -> Iterator[Unit]:
    """Cut an utterance into indivisible units; joined, they are the utterance's text."""
    text, kinds = utterance.text, _kinds(utterance)
    ends = {at for at, _ in utterance.breaks}
    for kind, run in groupby(range(len(text)), key=kinds.__getitem__):
        places = list(run)
        start = places[0]
        for at in places:
            full = kind != "word" and at + 1 - start == _LONGEST_TEXT
            if at == places[-1] or full or (kind == "word" and at + 1 in ends):
                yield Unit(start, at + 1, _markup(utterance, start, at + 1, vendor), said=kind is not None)
                start = at + 1


def request(utterance: Utterance, vendor: CloudVendor, voice: str, tempo: float, *, marks: bool) -> str:
    """The document for one utterance; with `marks`, a `<mark>` called m3 before the unit that begins at offset 3."""
    inner = "".join(
        (f'<mark name="m{unit.start}"/>' if marks and unit.said else "") + unit.markup
        for unit in units(utterance, vendor)
    )
    return vendor.open.format(voice=attribute(voice)) + in_tempo(inner, vendor, tempo) + vendor.close


def in_tempo(inner: str, vendor: CloudVendor, tempo: float) -> str:
    """Wrap markup so that it is said faster or slower."""
    return inner if tempo == 1 else f'<prosody rate="{vendor.rate(tempo)}">{inner}</prosody>'


def attribute(value: str) -> str:
    """A text as the value of an attribute in double quotes."""
    return escape(_FORBIDDEN.sub(" ", value), {'"': "&quot;"})


def unknown(utterance: Utterance, vendor: CloudVendor) -> Iterator[tuple[str, Syllable]]:
    """The characters that stand as plain text because the vendor does not know their syllable."""
    for char, reading in zip(utterance.text, utterance.readings, strict=True):
        if reading and vendor.ph(reading.surface) is None and reading.surface not in vendor.homophones:
            yield char, reading.surface


def _kinds(utterance: Utterance) -> list[str | None]:
    kinds: list[str | None] = []
    before: Reading | None = None
    for char, reading in zip(utterance.text, utterance.readings, strict=True):
        if reading or (before and before.surface.erhua and char in "儿兒"):
            kinds.append("word")
        elif name(char) or (char in _INSIDE_WORD and kinds and kinds[-1] == "letters"):
            kinds.append("letters")
        else:
            kinds.append(None)
        before = reading
    return kinds


def _markup(utterance: Utterance, start: int, end: int, vendor: CloudVendor) -> str:
    """One phoneme element for a stretch of characters that the vendor knows; others are homophones, or plain text."""
    out, inside, known = "", "", False
    ph: list[str] = []
    for i in range(start, end):
        reading, char = utterance.readings[i], escape(_FORBIDDEN.sub(" ", utterance.text[i]))
        phone = reading and vendor.ph(reading.surface)
        known = phone is not None if reading else known and bool(ph)  # 儿 goes with its erhua
        if known:
            inside += char
            ph += [phone] if phone else []
        else:
            alias = reading and vendor.homophones.get(reading.surface)
            out += _phoneme(inside, ph, vendor) + (f'<sub alias="{alias}">{char}</sub>' if alias else char)
            inside, ph = "", []
    return out + _phoneme(inside, ph, vendor)


def _phoneme(text: str, ph: list[str], vendor: CloudVendor) -> str:
    if not ph:
        return text
    return f'<phoneme alphabet="{vendor.alphabet}" ph="{vendor.separator.join(ph)}">{text}</phoneme>'
