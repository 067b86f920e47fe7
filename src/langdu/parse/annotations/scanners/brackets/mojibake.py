"""Readings in which a pinyin font has garbled a toned letter: 解数(xiâ), where â was è."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from langdu.parse.annotations.alignment.exact import exact, has_reading
from langdu.parse.annotations.alignment.written import plain_letters

if TYPE_CHECKING:
    from langdu.parse.annotations.alignment.exact import Pair

_TONED = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜ"
_GARBLED = re.compile(f"[^\x00-\x7f{_TONED}ü]")
_REACH = 4


def repaired(view: str, end: int, floor: int, written: str) -> tuple[Pair, ...] | None:
    """The hanzi of a reading with one garbled letter, if exactly one toned vowel in its place agrees with them."""
    letters = unicodedata.normalize("NFC", written).lower()
    garbled = list(_GARBLED.finditer(letters))
    if len(garbled) != 1:
        return None
    at = garbled[0].start()
    forms = [plain_letters(letters[:at] + vowel + letters[at + 1 :]) for vowel in _TONED]
    for back in range(_REACH):
        if back and not (end - back > floor and has_reading(view[end - back])):
            break
        fitting = {pairs for form in forms if (pairs := exact(view, end - back, floor, form))}
        if len(fitting) == 1:
            return fitting.pop()
    return None
