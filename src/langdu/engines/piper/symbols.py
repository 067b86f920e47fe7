"""Utterance → the phonemes of Piper's Chinese voices (phoneme_type "pinyin").

A syllable is its initial as it is spelled (y and w too, `Ø` where there is none), its final as it is spelled, with v
for ü, and its tone, 5 the neutral one: xué is `x ue 2`, yuè `y ue 4`, nǚ `n v 3`. A line begins with `^` and ends with
`$`, and `_` follows the `^`, each syllable and each punctuation mark.
Source: the phonemizer of Piper 1.4 (github.com/OHF-Voice/piper1-gpl), as its behaviour shows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu import pinyin
from langdu.engines.kit.letters import spoken

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Syllable, Utterance

BEGIN, END, PAD, NO_INITIAL = "^", "$", "_", "Ø"
# Syllables that no initial and final spell, with the nearest sound, as in the voice baker.
NEAREST: Final = {
    "ê": (NO_INITIAL, "ei"),
    "yai": ("y", "a"),
    "m": ("m", "u"),
    "n": (NO_INITIAL, "en"),
    "ng": (NO_INITIAL, "eng"),
    "hm": ("h", "en"),
    "hng": ("h", "eng"),
}
_INITIALS: Final = (*pinyin.INITIALS, "y", "w")
_PAUSES: Final = {
    **{mark: mark for mark in "。？！—…、，：；"},
    **dict(zip(".?!,:;．｡", "。？！，：；。。", strict=True)),
}


def of(syllable: Syllable) -> tuple[tuple[str, ...], ...]:
    """A syllable's groups of phonemes: one, plus one for the er of an erhua.

    >>> from langdu.model import Syllable, Tone
    >>> of(Syllable("lüe", Tone.FALLING)), of(Syllable("wan", Tone.RISING, erhua=True))
    ((('l', 've', '4'),), (('w', 'an', '2'), ('Ø', 'er', '5')))
    """
    initial, final = NEAREST.get(syllable.base) or _spelled(syllable.base)
    group = (initial, final, str(int(syllable.tone)))
    return (group, (NO_INITIAL, "er", "5")) if syllable.erhua else (group,)


def _spelled(base: str) -> tuple[str, str]:
    initial = next((known for known in _INITIALS if base.startswith(known)), "")
    return initial or NO_INITIAL, base[len(initial) :].replace("ü", "v")


def line(utterance: Utterance) -> Iterator[tuple[str, ...]]:
    """The groups of an utterance: its syllables, and the punctuation between and after them, without padding.

    Only the first of several punctuation marks in a row counts; those before the first syllable are ignored.
    """
    said = dict(spoken(utterance))
    paused = True
    for index, char in enumerate(utterance.text):
        for syllable in said.get(index, ()):
            yield from of(syllable)
            paused = False
        if char in _PAUSES and index not in said and not paused:
            yield (_PAUSES[char],)
            paused = True
