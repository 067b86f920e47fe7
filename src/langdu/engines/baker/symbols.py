"""Utterance → the symbols that the model was trained on.

A line is `sil`, then for each syllable its initial (`^` where there is none) and its final with the tone, with `#0`
between syllables or `#2`, `#3` where there is a pause, then `sil`, `eos`. Erhua is `er5` after the final.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu import pinyin
from langdu.engines.letters import spoken

if TYPE_CHECKING:
    from langdu.model import Syllable, Utterance

# Syllables that no initial and final of the model spell: the nearest sound. yo is [jɔ]: i glides into o.
# ê is the front half of ei. The nasals m, n, ng get the weakest vowel before (n, ng) or after (m) them.
_SPECIAL = {
    "yo": ("^", "i", "o"),
    "ê": ("^", "ei"),
    "m": ("m", "u"),
    "n": ("^", "en"),
    "ng": ("^", "eng"),
    "hm": ("h", "en"),
    "hng": ("h", "eng"),
    "wong": ("^", "ong"),
}
_SPELLED = {"ü": "v", "üe": "ve", "üan": "van", "ün": "vn"}

# How long a mark is paused at, as the symbol and its frames of 12.5 ms (None: as the model likes).
# Quiet time measured: #2 95 ms, #3 191 ms; #3 of 40 frames 369 ms, of 60 frames 687 ms.
_MINOR, _COMMA, _COLON, _STOP = ("#2", None), ("#3", None), ("#3", 32), ("#3", 44)
PAUSES: dict[str, tuple[str, int | None]] = {
    **dict.fromkeys("、()（）[]［］【】〔〕", _MINOR),
    **dict.fromkeys(",，—–…\n", _COMMA),
    **dict.fromkeys(":：;；", _COLON),
    **dict.fromkeys("。．！？!?｡", _STOP),
}
_WEIGHT = {pause: weight for weight, pause in enumerate([("#0", None), _MINOR, _COMMA, _COLON, _STOP])}


def of(syllable: Syllable) -> tuple[str, ...]:
    """The model's symbols for a syllable, the nearest ones where it has none.

    >>> from langdu.model import Syllable, Tone
    >>> of(Syllable("zhi", Tone.HIGH)), of(Syllable("wan", Tone.RISING, erhua=True)), of(Syllable("yo", Tone.HIGH))
    (('zh', 'iii1'), ('^', 'uan2', 'er5'), ('^', 'i1', 'o1'))
    """
    first, *finals = _SPECIAL.get(syllable.base) or _spelled(syllable)
    return (first, *(f"{final}{int(syllable.tone)}" for final in finals), *(["er5"] if syllable.erhua else []))


def _spelled(syllable: Syllable) -> tuple[str, str]:
    first, final = pinyin.initial(syllable), pinyin.final(syllable)
    if final == "i" and first in ("z", "c", "s"):
        final = "ii"
    if final == "i" and first in ("zh", "ch", "sh", "r"):
        final = "iii"
    return first or "^", _SPELLED.get(final, final)


@dataclass(frozen=True, slots=True)
class Said:
    """Where one character stands in a line: `symbols[start:end]`, without the `#0` or pause after it."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """What the model is given: `symbols`; `frames` asked of some of them, by place; the characters said, in order."""

    symbols: tuple[str, ...]
    frames: dict[int, int]
    said: tuple[Said, ...]


def line(utterance: Utterance) -> Line:
    """The symbols of an utterance."""
    symbols, before = ["sil"], 0
    frames: dict[int, int] = {}
    said: list[Said] = []
    for index, syllables in spoken(utterance):
        if said:
            symbol, length = _pause(utterance.text[before:index])
            if length is not None:
                frames[len(symbols)] = length
            symbols.append(symbol)
        start = len(symbols)
        for n, syllable in enumerate(syllables):
            symbols += [*(["#0"] if n else []), *of(syllable)]
        said.append(Said(index, start, len(symbols)))
        before = index + 1
    return Line((*symbols, "sil", "eos"), frames, tuple(said))


def _pause(between: str) -> tuple[str, int | None]:
    """The longest pause that any mark between two said characters asks for."""
    return max((PAUSES.get(char, ("#0", None)) for char in between), key=_WEIGHT.__getitem__, default=("#0", None))
