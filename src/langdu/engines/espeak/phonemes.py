"""Syllables → the phonemes of espeak-ng's voice cmn, written as the library takes them between [[ and ]].

All syllables are given as phonemes, not only those that it cannot read in pinyin (jiong, ü, erhua …), so that it
cannot take any for English or for a number.
Source: espeak-ng 1.52, phsource/ph_cmn (which phonemes there are) and intonation.c (what it does to tones).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from langdu import pinyin
from langdu.errors import SynthesisFailed
from langdu.model import Tone

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Syllable

_INITIALS: Final = {
    "": "", "b": "p", "p": "ph", "m": "m", "f": "f", "d": "t", "t": "th", "n": "n", "l": "l", "g": "k", "k": "kh",
    "h": "X", "j": "tS;", "q": "tS;h", "x": "S;", "zh": "ts.", "ch": "ts.h", "sh": "s.", "r": "z.", "z": "ts",
    "c": "tsh", "s": "s",
}  # fmt: skip
# `|` marks where the tone is written: after the vowel.
_FINALS: Final = {
    "a": "A|", "ai": "ai|", "an": "a|n", "ang": "A|N", "ao": "Au|", "e": "o-|", "ê": "E|", "ei": "ei|", "en": "@|n",
    "eng": "@|N", "er": "@r|", "o": "o|", "ou": "ou|", "ong": "ong|",
    "i": "i|", "ia": "iA|", "ian": "iE|n", "iang": "iA|N", "iao": "jAu|", "ie": "iE|", "in": "i|n", "ing": "i|N",
    "iai": "ai|", "io": "io|", "iong": "jong|", "iou": "iou|",
    "u": "u|", "ua": "wA|", "uai": "uai|", "uan": "wa|n", "uang": "wA|N", "uei": "uei|", "uen": "u@|n", "ueng": "w@|N",
    "uo": "uo|",
    "ü": "y|", "üe": "yE|", "üan": "y&|n", "ün": "y@|n",
}  # fmt: skip
# Finals without an initial. With i and ü, the syllable begins with j.
_ALONE: Final = {"u": "wu|", "uai": "wai|", "uei": "wei|", "uen": "wu@|n", "uo": "wo|", "uong": "wong|"}
_NASALS: Final = {"m": "m-|", "n": "n-|", "ng": "N-|", "hm": "Xm-|", "hng": "XN-|"}
# Finals before 儿; those not listed only get an r. Source: Chao (1968), A Grammar of Spoken Chinese, 1.3.
_ERHUA: Final = {
    **dict.fromkeys(["a", "ai", "an", "ang"], "A|r"),
    **dict.fromkeys(["ia", "ian", "iang"], "iA|r"),
    **dict.fromkeys(["ua", "uai", "uan", "uang"], "wA|r"),
    **dict.fromkeys(["er", "ei", "en", "eng"], "@r|"),
    **dict.fromkeys(["i", "in", "ing"], "j@r|"),
    **dict.fromkeys(["uei", "uen", "ueng"], "w@r|"),
    **dict.fromkeys(["ü", "ün"], "y@|r"),
}
_APICAL: Final = {**dict.fromkeys(["z", "c", "s"], "i[|"), **dict.fromkeys(["zh", "ch", "sh", "r"], "i.|")}
_TONES: Final = {Tone.HIGH: "55", Tone.RISING: "35", Tone.FALLING: "51", Tone.NEUTRAL: "11"}


def spelled(syllables: Sequence[Syllable]) -> list[str]:
    """The notation of a phrase, one entry a syllable, in exactly the given tones.

    The library does tone sandhi of its own: the first of two syllables with 214 becomes 35, and 214 becomes 21 before
    any other. So a third tone is written 21 inside a phrase, as it is heard there, and 214 at its end; before a neutral
    tone it is 214 too, which makes the library say 21 and the neutral tone high, as it should be after a third tone.

    Raises: SynthesisFailed: one of them is not a Mandarin syllable.

    >>> from langdu.pinyin import parse_syllable
    >>> spelled([parse_syllable("ni3"), parse_syllable("hao3")])
    ["'ni21", "'XAu214"]
    >>> spelled([parse_syllable("wo3"), parse_syllable("de5")])
    ["'wo214", 't@11']
    """
    after = [syllable.tone for syllable in syllables[1:]]
    return [
        _syllable(syllable, "214" if following in (None, Tone.NEUTRAL) else "21")
        for syllable, following in zip(syllables, [*after, None], strict=True)
    ]


def _syllable(syllable: Syllable, low: str) -> str:
    vowel, coda = _sounds(syllable).split("|")
    stress = "" if syllable.tone is Tone.NEUTRAL else "'"
    return f"{stress}{vowel}{_TONES.get(syllable.tone, low)}{coda}"


def _sounds(syllable: Syllable) -> str:
    """The phonemes of a syllable, with `|` where its tone is written: after its vowel."""
    if syllable.base in _NASALS:
        return _NASALS[syllable.base]
    first, final = pinyin.initial(syllable), pinyin.final(syllable)
    try:
        rest = _rime(first, final, syllable)
        glide = "j" if not first and final[0] in "iü" and rest[0] != "j" else ""
        return _INITIALS[first] + glide + rest
    except KeyError as error:
        raise SynthesisFailed(f"espeak-ng has no sound for {pinyin.number(syllable)}") from error


def _rime(first: str, final: str, syllable: Syllable) -> str:
    if final == "i" and first in _APICAL:
        return "@r|" if syllable.erhua else _APICAL[first]
    if final == "e" and syllable.tone is Tone.NEUTRAL and not syllable.erhua:  # the weak vowel of 的, 了, 着
        return "@|"
    plain = (None if first else _ALONE.get(final)) or _FINALS[final]
    return (_ERHUA.get(final) or plain + "r") if syllable.erhua else plain
