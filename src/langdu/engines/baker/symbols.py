"""Utterance → the symbols that the model was trained on.

A line is `sil`, then for each syllable its initial (`^` where there is none) and its final with the tone, with `#0`
between syllables, `#1` between prosodic words, `#2` where a reader may breathe and `#3` where there is a pause, then
`sil`, `eos`. Erhua is `er5` after the final.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu import pinyin
from langdu.engines.kit.letters import spoken
from langdu.engines.kit.pauses import Pause, between
from langdu.model import Break

if TYPE_CHECKING:
    from langdu.model import Syllable, Utterance

# Syllables that the model's initials and finals cannot spell, with the nearest sound. yo is [jɔ]: i glides into o.
# yai is ya today. ê is the front half of ei. The nasals m, n, ng get the weakest vowel before (n, ng) or after
# (m) them.
NEAREST = {
    "yo": ("^", "i", "o"),
    "yai": ("^", "ia"),
    "ê": ("^", "ei"),
    "m": ("m", "u"),
    "n": ("^", "en"),
    "ng": ("^", "eng"),
    "hm": ("h", "en"),
    "hng": ("h", "eng"),
    "wong": ("^", "ong"),
}
_SPELLED = {"ü": "v", "üe": "ve", "üan": "van", "ün": "vn"}

# Each pause's symbol, and its least silence in seconds. The model itself is silent for about 0.1 s at #2 and
# 0.15 s at #3; a longer #3 mostly draws out the vowel before it, so the rest is inserted as silence.
_PAUSES = {
    Pause.NONE: ("#0", 0.0),
    Pause.MINOR: ("#2", 0.0),
    Pause.COMMA: ("#3", 0.0),
    Pause.COLON: ("#3", 0.3),
    Pause.STOP: ("#3", 0.45),
}
_BREAKS = {Break.WORD: "#1", Break.PHRASE: "#2"}
UNBROKEN = ("#0", "#1")  # no pause: any silence here is the closure of a stop


def of(syllable: Syllable) -> tuple[str, ...]:
    """The model's symbols for a syllable, or the nearest ones if it has none.

    >>> from langdu.model import Syllable, Tone
    >>> of(Syllable("zhi", Tone.HIGH)), of(Syllable("wan", Tone.RISING, erhua=True)), of(Syllable("yo", Tone.HIGH))
    (('zh', 'iii1'), ('^', 'uan2', 'er5'), ('^', 'i1', 'o1'))
    """
    first, *finals = NEAREST.get(syllable.base) or _spelled(syllable)
    return (first, *(f"{final}{int(syllable.tone)}" for final in finals), *(["er5"] if syllable.erhua else []))


def _spelled(syllable: Syllable) -> tuple[str, str]:
    first, final = pinyin.initial(syllable), pinyin.final(syllable)
    if final == "i" and first in ("z", "c", "s"):
        final = "ii"
    if final == "i" and first in ("zh", "ch", "sh", "r"):
        final = "iii"
    return first or "^", _SPELLED.get(final, final)


@dataclass(frozen=True, slots=True)
class CharacterSymbols:
    """The symbols of one character: `symbols[start:end]`, without the `#0` or pause after it."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SymbolLine:
    """The model's input. `pauses` maps the place of a pause in `symbols` to its least silence in seconds."""

    symbols: tuple[str, ...]
    pauses: dict[int, float]
    said: tuple[CharacterSymbols, ...]


def line(utterance: Utterance) -> SymbolLine:
    """The symbols of an utterance."""
    symbols, before = ["sil"], 0
    breaks = dict(utterance.breaks)
    pauses: dict[int, float] = {}
    said: list[CharacterSymbols] = []
    for index, syllables in spoken(utterance):
        if said:
            symbol, pauses[len(symbols)] = _PAUSES[between(utterance, before, index)]
            symbols.append(_BREAKS[breaks[index]] if symbol == "#0" and index in breaks else symbol)
        start = len(symbols)
        for n, syllable in enumerate(syllables):
            symbols += [*(["#0"] if n else []), *of(syllable)]
        said.append(CharacterSymbols(index, start, len(symbols)))
        before = index + 1
    return SymbolLine((*symbols, "sil", "eos"), pauses, tuple(said))
