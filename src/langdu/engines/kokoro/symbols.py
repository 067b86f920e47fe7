"""Utterance → the phonemes that the model was trained on.

A syllable is spelled in IPA with an arrow for its tone (→ ↗ ↓ ↘, none for the neutral tone) between its vowel and the
consonant after it. The syllables of a word are joined, words are separated by blanks, and a punctuation mark is ASCII
with a blank after it.
Source: misaki 0.9.4 (Apache-2.0), zh.py and transcription.py, which spelled the model's training text; its
transcription comes from pinyin-to-ipa (MIT).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import pinyin
from langdu.engines.kit.letters import latin, spoken
from langdu.engines.kit.pauses import Pause, between
from langdu.engines.kokoro import english
from langdu.model import Span, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Syllable, Utterance

# The numbers of the symbols that langdu uses. Source: config.json of Kokoro-82M.
IDS: Final = {
    char: number
    for start, chars in {
        1: ";:,.!?",
        9: '—…"()“” ',
        20: "ʦʨ",
        23: "ꭧAI",
        31: "O",
        33: "Q",
        35: "ST",
        39: "W",
        41: "Yᵊabcdef",
        50: "hijklmnopqrstuvwxyzɑɐɒæ",
        75: "βɔɕç",
        81: "ðʤə",
        85: "ɚɛɜ",
        92: "ɡ",
        99: "ɥ",
        101: "ɨɪ",
        112: "ŋ",
        119: "θ",
        123: "ɹ",
        125: "ɾɻ",
        130: "ʂʃ",
        133: "ʧ",
        135: "ʊ",
        138: "ʌ",
        140: "ɤ",
        147: "ʒʔ",
        156: "ˈˌː",
        162: "ʰ",
        169: "↓",
        171: "→↗↘",
        177: "ᵻ",
    }.items()
    for number, char in enumerate(chars, start)
}
ARROWS: Final = {Tone.HIGH: "→", Tone.RISING: "↗", Tone.LOW: "↓", Tone.FALLING: "↘", Tone.NEUTRAL: ""}
_INITIALS: Final = {
    "b": "p",
    "c": "ʦʰ",
    "ch": "ꭧʰ",
    "d": "t",
    "g": "k",
    "h": "x",
    "j": "ʨ",
    "k": "kʰ",
    "p": "pʰ",
    "q": "ʨʰ",
    "r": "ɻ",
    "sh": "ʂ",
    "t": "tʰ",
    "x": "ɕ",
    "z": "ʦ",
    "zh": "ꭧ",
}
# Final → its symbols up to the tone, and those after it.
_FINALS: Final = {
    "a": ("a", ""),
    "ai": ("ai", ""),
    "an": ("a", "n"),
    "ang": ("a", "ŋ"),
    "ao": ("au", ""),
    "e": ("ɤ", ""),
    "ei": ("ei", ""),
    "en": ("ə", "n"),
    "eng": ("ə", "ŋ"),
    "er": ("ɚ", ""),
    "i": ("i", ""),
    "ia": ("ja", ""),
    "iai": ("jai", ""),
    "ian": ("jɛ", "n"),
    "iang": ("ja", "ŋ"),
    "iao": ("jau", ""),
    "ie": ("je", ""),
    "in": ("i", "n"),
    "ing": ("i", "ŋ"),
    "io": ("jɔ", ""),
    "iong": ("jʊ", "ŋ"),
    "iou": ("jou", ""),
    "o": ("wo", ""),
    "ong": ("ʊ", "ŋ"),
    "ou": ("ou", ""),
    "u": ("u", ""),
    "ua": ("wa", ""),
    "uai": ("wai", ""),
    "uan": ("wa", "n"),
    "uang": ("wa", "ŋ"),
    "uei": ("wei", ""),
    "uen": ("wə", "n"),
    "ueng": ("wə", "ŋ"),
    "uong": ("wʊ", "ŋ"),
    "uo": ("wo", ""),
    "ü": ("y", ""),
    "üan": ("ɥɛ", "n"),
    "üe": ("ɥe", ""),
    "ün": ("y", "n"),
}
# Syllables without a regular initial and final. lo and o are said without the w of the other finals in o.
_WHOLE: Final = {
    "ê": ("ɛ", ""),
    "o": ("ɔ", ""),
    "lo": ("lɔ", ""),
    "m": ("m", ""),
    "n": ("n", ""),
    "ng": ("ŋ", ""),
    "hm": ("hm", ""),
    "hng": ("hŋ", ""),
}
_MARKS: Final = {Pause.MINOR: ", ", Pause.COMMA: ", ", Pause.COLON: "; ", Pause.STOP: ". "}
_ENDS: Final = {"。": ".", "！": "!", "？": "?", "；": ";", "：": ":", "，": ",", "、": ","}


def spell(syllable: Syllable) -> str:
    """A syllable in the model's phonemes. 儿 is ɚ after the rest, which loses its -n or -ng.

    >>> from langdu.model import Syllable, Tone
    >>> spell(Syllable("chang", Tone.RISING)), spell(Syllable("zhi", Tone.NEUTRAL)), spell(Syllable("nü", Tone.LOW))
    ('ꭧʰa↗ŋ', 'ꭧɨ', 'ny↓')
    """
    if syllable.base in _WHOLE:
        before, after = _WHOLE[syllable.base]
    else:
        first, final = pinyin.initial(syllable), pinyin.final(syllable)
        before, after = ("ɨ", "") if final == "i" and first in _APICAL else _FINALS[final]
        before = _INITIALS.get(first, first) + before
    arrow = ARROWS[syllable.tone]
    return f"{before}{arrow}ɚ" if syllable.erhua else f"{before}{arrow}{after}"


_APICAL: Final = ("z", "c", "s", "zh", "ch", "sh", "r")
_RHYME: Final = frozenset("jwɥaeiouyɛəɤɨɔʊɚ")


@dataclass(frozen=True, slots=True)
class SyllablePhonemes:
    """One syllable: `text[start:end]` of its line, its glide or vowel first at `rhyme`. A 儿 of erhua belongs to it."""

    start: int
    rhyme: int
    end: int
    tone: Tone


@dataclass(frozen=True, slots=True)
class SaidPhonemes:
    """What `text[start:end]` of a line says: one character of the utterance, or the letters of some English.

    `indices` are those characters of the utterance; English has no `syllables`. `pause` is the one before it.
    """

    indices: tuple[int, ...]
    start: int
    end: int
    syllables: tuple[SyllablePhonemes, ...]
    pause: Pause


@dataclass(frozen=True, slots=True)
class PhonemeLine:
    """The model's input: `text` has a phoneme a character."""

    text: str
    said: tuple[SaidPhonemes, ...]


def line(utterance: Utterance) -> PhonemeLine:
    """The phonemes of an utterance."""
    breaks = dict(utterance.breaks)
    text, before = "", 0
    said: list[SaidPhonemes] = []
    for unit in _units(utterance):
        pause = between(utterance, before, unit.indices[0]) if said else Pause.NONE
        apart = unit.indices[0] in breaks or unit.apart
        text += (_MARKS.get(pause) or " " * apart) if said else ""
        start, syllables = len(text), []
        for syllable in unit.syllables:
            syllables.append(_placed(syllable, len(text)))
            text += spell(syllable)
        text += unit.phonemes
        said.append(SaidPhonemes(unit.indices, start, len(text), tuple(syllables), pause))
        before = unit.indices[-1] + 1
    end = next((_ENDS[char] for char in utterance.text[before:] if char in _ENDS), "")
    return PhonemeLine(text + end if said else "", tuple(said))


def _placed(syllable: Syllable, start: int) -> SyllablePhonemes:
    spelled = spell(syllable)
    rhyme = next((i for i, char in enumerate(spelled) if char in _RHYME), 0)
    return SyllablePhonemes(start, start + rhyme, start + len(spelled), syllable.tone)


class _Unit(NamedTuple):
    """Characters that are said as one: by syllables, or by English phonemes. `apart`: a word begins here."""

    indices: tuple[int, ...]
    syllables: tuple[Syllable, ...]
    phonemes: str
    apart: bool


def _units(utterance: Utterance) -> Iterator[_Unit]:
    """What an utterance says, in order."""
    english_units = {unit.indices[0]: unit for unit in _english(utterance)}
    covered = {index for unit in english_units.values() for index in unit.indices}
    after_english = False
    for index, syllables in spoken(utterance):
        if index in english_units:
            yield english_units[index]
        elif index not in covered:
            yield _Unit((index,), syllables, "", apart=after_english)
        after_english = index in covered


def _english(utterance: Utterance) -> Iterator[_Unit]:
    """The English of an utterance. Words with only blanks between them are one phrase."""
    text = "".join(map(latin, utterance.text))
    for phrase in _PHRASE.finditer(text):
        words = [Span(phrase.start() + m.start(), phrase.start() + m.end()) for m in re.finditer(r"\S+", phrase[0])]
        for word, pieces in zip(words, english.phrase([word.of(text) for word in words]), strict=True):
            letters = [i for i in range(word.start, word.end) if text[i].isalpha()]
            for n, piece in enumerate(pieces):
                own, letters = letters[: len(piece.letters)], letters[len(piece.letters) :]
                yield _Unit(tuple(own), (), piece.phonemes, apart=not n)


_PHRASE: Final = re.compile(r"[A-Za-z]+(?:[-'’\s]+[A-Za-z]+)*")
