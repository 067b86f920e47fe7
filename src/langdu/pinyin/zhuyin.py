"""Zhuyin (注音符號) as it is written ↔ `Syllable`.

Source: 國語注音符號手冊 (Taiwan, Ministry of Education, 2000): the letters, and the marks ˊ ˇ ˋ ˙; the first tone
has none. ㄦ after a final is erhua. Many files have ˅ for ˇ.
"""

from __future__ import annotations

import re
from functools import cache

from langdu.model import Syllable, Tone
from langdu.pinyin import bases, final, initial

_INITIALS = dict(
    zip(
        ["b", "p", "m", "f", "d", "t", "n", "l", "g", "k", "h", "j", "q", "x", "zh", "ch", "sh", "r", "z", "c", "s"],
        "ㄅㄆㄇㄈㄉㄊㄋㄌㄍㄎㄏㄐㄑㄒㄓㄔㄕㄖㄗㄘㄙ",
        strict=True,
    )
)
_FINALS = {
    "a": "ㄚ", "o": "ㄛ", "e": "ㄜ", "ê": "ㄝ", "ai": "ㄞ", "ei": "ㄟ", "ao": "ㄠ", "ou": "ㄡ", "an": "ㄢ", "en": "ㄣ",
    "ang": "ㄤ", "eng": "ㄥ", "er": "ㄦ", "i": "ㄧ", "ia": "ㄧㄚ", "io": "ㄧㄛ", "ie": "ㄧㄝ", "iai": "ㄧㄞ",
    "iao": "ㄧㄠ", "iou": "ㄧㄡ", "ian": "ㄧㄢ", "in": "ㄧㄣ", "iang": "ㄧㄤ", "ing": "ㄧㄥ", "u": "ㄨ", "ua": "ㄨㄚ",
    "uo": "ㄨㄛ", "uai": "ㄨㄞ", "uei": "ㄨㄟ", "uan": "ㄨㄢ", "uen": "ㄨㄣ", "uang": "ㄨㄤ", "ueng": "ㄨㄥ",
    "ong": "ㄨㄥ", "ü": "ㄩ", "üe": "ㄩㄝ", "üan": "ㄩㄢ", "ün": "ㄩㄣ", "iong": "ㄩㄥ",
}  # fmt: skip
_MARKS = {Tone.HIGH: "", Tone.RISING: "ˊ", Tone.LOW: "ˇ", Tone.FALLING: "ˋ", Tone.NEUTRAL: "˙"}
_TONES = {mark: tone for tone, mark in _MARKS.items() if mark} | {
    "˅": Tone.LOW, "ˉ": Tone.HIGH, "´": Tone.RISING, "`": Tone.FALLING, "·": Tone.NEUTRAL, "•": Tone.NEUTRAL,
}  # fmt: skip
# One syllable. The neutral mark may stand before it or after it; ˙ㄗ˙ㄇㄣ has two syllables.
_SYLLABLE = re.compile(
    r"(?P<before>˙)?(?P<letters>[ㄅ-ㄙ]?[ㄧㄨㄩ]?[ㄚ-ㄥ]|[ㄅ-ㄙ]?[ㄧㄨㄩ]|[ㄓ-ㄙ]|ㄦ)"
    r"(?P<mark>(?(before)|[ˊˇˋ˙˅ˉ´`·•]?))(?P<er>ㄦ(?![ˊˇˋ˙˅])˙?)?"
)


@cache
def _letters() -> dict[str, str]:
    """Zhuyin letters → the base in pinyin."""
    table: dict[str, str] = {}
    for base in sorted(bases()):
        syllable = Syllable(base, Tone.HIGH)
        if letters := _spelled(syllable):
            table.setdefault(letters, base)
    return table


def _spelled(syllable: Syllable) -> str:
    """The letters of a syllable, "" if zhuyin has none for it. The i of zhi, shi, zi … is not written."""
    head, tail = initial(syllable), final(syllable)
    if head in ("zh", "ch", "sh", "r", "z", "c", "s") and tail == "i":
        return _INITIALS[head]
    if tail not in _FINALS:
        return ""
    return _INITIALS.get(head, "") + _FINALS[tail]


def spell(syllable: Syllable) -> str:
    """A syllable in zhuyin, with a neutral mark before it; "" if zhuyin has no letters for it.

    >>> spell(Syllable("han", Tone.FALLING)), spell(Syllable("de", Tone.NEUTRAL)), spell(Syllable("zhi", Tone.HIGH))
    ('ㄏㄢˋ', '˙ㄉㄜ', 'ㄓ')
    """
    letters = _spelled(syllable)
    if not letters:
        return ""
    er = "ㄦ" if syllable.erhua else ""
    return "˙" + letters + er if syllable.tone is Tone.NEUTRAL else letters + _MARKS[syllable.tone] + er


def syllables_in(written: str) -> list[tuple[Syllable, int, int]]:
    """The syllables in a text in zhuyin, each with its start and end. Anything else is skipped.

    >>> [(s.base, int(s.tone)) for s, _, _ in syllables_in("ㄋㄧˇ ㄏㄠ˅ ˙ㄇㄚ")]
    [('ni', 3), ('hao', 3), ('ma', 5)]
    """
    syllables = []
    for match in _SYLLABLE.finditer(written.replace("丨", "ㄧ").replace("一", "ㄧ")):  # typed for ㄧ
        base = _letters().get(match["letters"])
        if base is not None:
            tone = Tone.NEUTRAL if match["before"] else _TONES.get(match["mark"], Tone.HIGH)
            syllables.append((Syllable(base, tone, erhua=bool(match["er"])), match.start(), match.end()))
    return syllables
