"""Hanyu Pinyin as it is written ↔ `Syllable`.

Source: GB/T 16159-2012 (the place of the tone mark, the apostrophe before a, o, e) and 汉语拼音方案 (1958).
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from langdu.data import rows
from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

INITIALS = ("zh", "ch", "sh", *"bpmfdtnlgkhjqxrzcs")
_MARKS = {"\u0304": Tone.HIGH, "\u0301": Tone.RISING, "\u030c": Tone.LOW, "\u0300": Tone.FALLING}
_COMBINING = {tone: mark for mark, tone in _MARKS.items()}
# Marks and letters that fonts and input methods put in the place of the right ones: nĭ and nî for nǐ, IPA ɡ and ɑ, and
# v for ü.
_LOOK_ALIKE = str.maketrans({"\u0306": "\u030c", "\u0302": "\u030c", "ɡ": "g", "ɑ": "a", "ı": "i", "v": "ü"})
_LETTERS = frozenset("abcdefghijklmnopqrstuwxyzüê")
# ê is a syllable only by itself; in hên the circumflex stands for a caron.
_E_CIRCUMFLEX = re.compile(r"(?<![a-zA-Z\u0300-\u036f])[eE]\u0302(?![a-zA-Z])")
# Interjections (嗯 ng, 呣 m). They must stand alone, or xung would be xu-ng.
_NASALS = frozenset(("m", "n", "ng", "hm", "hng"))
_APOSTROPHES = frozenset("'’‘ʼ`´＇′")
# No text has more marks in a row (UAX #15, Stream-Safe Text Format).
_TOO_MANY_MARKS = re.compile("(?<=[\u0300-\u036f]{30})[\u0300-\u036f]+")
# What may stand between syllables, of a word or of a sentence with its punctuation.
SEPARATORS = frozenset(' \t\n\u00a0\u3000\u200b\u00ad-‐‑–—·•.,，、。…!?;:！？；：“”"|') | _APOSTROPHES


@cache
def bases() -> frozenset[str]:
    """Every toneless syllable of Standard Chinese that dictionaries list."""
    return frozenset(word for (line,) in rows("syllables.txt") for word in line.split())


def normal(form: Literal["NFC", "NFKC", "NFKD"], written: str) -> str:
    """A Unicode normal form, without marks that nobody writes: to sort them takes time with their square."""
    return unicodedata.normalize(form, _TOO_MANY_MARKS.sub("", written))


# --- one syllable ---------------------------------------------------------------------------------------------------


def initial(syllable: Syllable) -> str:
    """The initial (声母), "" if there is none: y and w are not initials, only spelling."""
    return next((i for i in INITIALS if syllable.base.startswith(i)), "")


def final(syllable: Syllable) -> str:
    """The final (韵母), spelled out: `iou` for iu and you, `uei` for ui and wei, `ü` for the u in ju and yu.

    >>> final(Syllable("jiu", Tone.HIGH)), final(Syllable("yue", Tone.HIGH)), final(Syllable("zhi", Tone.HIGH))
    ('iou', 'üe', 'i')
    """
    first = initial(syllable)
    rest = syllable.base[len(first) :]
    if not first:
        rest = _ZERO_INITIAL.get(rest) or _without_glide(rest)
    elif first in ("j", "q", "x") and rest.startswith("u"):
        rest = "ü" + rest[1:]
    return {"iu": "iou", "ui": "uei", "un": "uen"}.get(rest, rest)


_ZERO_INITIAL = {"yi": "i", "yin": "in", "ying": "ing", "wu": "u", "you": "iou", "wei": "uei", "wen": "uen",
                 "weng": "ueng", "yong": "iong"}  # fmt: skip


def _without_glide(rest: str) -> str:
    if rest.startswith("yu"):
        return "ü" + rest[2:]
    if rest.startswith("y"):
        return "i" + rest[1:]
    if rest.startswith("w"):
        return "u" + rest[1:]
    return rest


def spell(syllable: Syllable) -> str:
    """A syllable with its tone mark: cháng.

    The mark is on a, o or e; otherwise on the last vowel, or on the first letter of a syllabic nasal.
    Source: 汉语拼音方案, section 4.
    """
    base = syllable.base + ("r" if syllable.erhua else "")
    if syllable.tone is Tone.NEUTRAL:
        return base
    at = _mark_position(base)
    return unicodedata.normalize("NFC", base[: at + 1] + _COMBINING[syllable.tone] + base[at + 1 :])


def _mark_position(base: str) -> int:
    for vowel in "aoe":
        if vowel in base:
            return base.index(vowel)
    vowels = [i for i, letter in enumerate(base) if letter in "iuüê"]
    return vowels[-1] if vowels else 0


def spell_word(syllables: Iterable[Syllable]) -> str:
    """The syllables of a word, with an apostrophe before a, o, e (GB/T 16159-2012, 6.1.5): nǚ'ér."""
    word = ""
    for syllable in syllables:
        word += ("'" if word and syllable.base[0] in "aoeê" else "") + spell(syllable)
    return word


def number(syllable: Syllable) -> str:
    """A syllable with a tone digit, 5 for the neutral tone: `chang2`, `wanr2`."""
    return f"{syllable.base}{'r' if syllable.erhua else ''}{int(syllable.tone)}"


def parse_syllable(written: str) -> Syllable:
    """A syllable written with a tone mark or a digit; without either, its tone is neutral.

    Raises: ValueError: it is not exactly one syllable.

    >>> parse_syllable("nǚ"), parse_syllable("lu:4") == parse_syllable("lǜ")
    (Syllable(base='nü', tone=<Tone.LOW: 3>, erhua=False), True)
    """
    letters = Letters.read(written)
    syllable = letters.syllable(0, len(letters.text)) if letters else None
    if syllable is None:
        msg = f"{written!r} is not a syllable of Hanyu Pinyin"
        raise ValueError(msg)
    return syllable


# --- written pinyin -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Letters:
    """Written pinyin taken apart: bare letters, their tones, and the places where a syllable must end.

    `tones[i]` is the tone marked on letter i, or given by a digit after it. `breaks` are the offsets between letters
    where the author wrote a blank, an apostrophe, a hyphen or a tone digit; `digits` are those with a tone digit. A
    number among the pinyin (wǒ yǒu 3 gè) only ends a syllable.
    """

    text: str
    tones: dict[int, Tone]
    breaks: frozenset[int]
    digits: frozenset[int]

    @classmethod
    def read(cls, written: str) -> Letters | None:
        """The letters of `written`; None if anything in it is not a letter, tone or separator of pinyin."""
        decomposed = normal("NFKD", written).replace("u:", "ü").replace("U:", "ü")
        decomposed = _E_CIRCUMFLEX.sub("ê", decomposed).translate(_LOOK_ALIKE)
        text = ""
        tones: dict[int, Tone] = {}
        breaks: set[int] = set()
        digits: set[int] = set()
        last_break = 0
        for char in decomposed:
            if char == "\u0308" and text.endswith("u"):
                text = text[:-1] + "ü"
            elif char in _MARKS and text:
                tones[len(text) - 1] = _MARKS[char]
            elif char in "012345" and text and len(text) not in breaks:
                if not any(at in tones for at in range(last_break, len(text))):  # yīn1 has one tone
                    tones[len(text) - 1] = Tone(int(char) or 5)
                last_break = len(text)
                breaks.add(last_break)
                digits.add(last_break)
            elif char.lower() in _LETTERS:
                text += char.lower()
            elif char in SEPARATORS or char.isdigit():
                last_break = len(text)
                breaks.add(last_break)
            else:
                return None
        return cls(text, tones, frozenset(breaks), frozenset(digits)) if text else None

    @property
    def toned(self) -> bool:
        """Whether any tone is written. If none is, a neutral tone means that the tone is unknown."""
        return bool(self.tones)

    def syllable(self, start: int, end: int) -> Syllable | None:
        """The syllable that `text[start:end]` spells; None if it spells none, has two tones or a break inside."""
        letters = self.text[start:end]
        known = _spelled(letters)
        if known is None or not self.breaks.isdisjoint(range(start + 1, end)):
            return None
        base, erhua = known
        if base in _NASALS and not (self._is_end(start) and self._is_end(end)):
            return None
        tones = [t for i in range(start, end) if (t := self.tones.get(i))]
        if len(tones) > 1:
            return None
        return Syllable(base, tones[0] if tones else Tone.NEUTRAL, erhua)

    def _is_end(self, at: int) -> bool:
        """Whether a syllable must begin or end at an offset."""
        return at in (0, len(self.text)) or at in self.breaks

    def lattice(self) -> dict[int, list[tuple[int, Syllable]]]:
        """For each offset, the syllables that end there, as (start, syllable)."""
        return {
            end: [(start, syllable) for start in range(max(0, end - 7), end) if (syllable := self.syllable(start, end))]
            for end in range(len(self.text) + 1)
        }

    def fewest(self) -> int:
        """The smallest number of syllables that the letters can be; a guess if they are not pinyin.

        >>> Letters.read("fangan").fewest()
        2
        """
        counts: list[int | None] = [0]
        for ending in list(self.lattice().values())[1:]:
            counts.append(min((count + 1 for start, _ in ending if (count := counts[start]) is not None), default=None))
        return counts[-1] or len(self.text) // 3

    def splits(self, limit: int = 64) -> list[tuple[Syllable, ...]]:
        """At most `limit` ways to divide the letters into syllables, the most orthodox first.

        A syllable that begins with a, o or e needs an apostrophe before it (GB/T 16159-2012, 6.1.5), so ways with few
        syllables and few such vowels come first: `fangan` is fan gan before fang an.
        """
        lattice = self.lattice()
        done: dict[int, list[_Way]] = {0: [_Way(0, 0, None, None)]}
        for end in range(1, len(self.text) + 1):
            ways = [head.then(syllable) for start, syllable in lattice[end] for head in done[start]]
            done[end] = sorted(ways, key=_orthodoxy)[:limit]
        return [way.syllables() for way in done[len(self.text)]]


class _Way(NamedTuple):
    """A way to divide the first letters into `size` syllables, `bare` of which begin with a vowel.

    `back` is the way without its last syllable, so that only the ways that are wanted are written out.
    """

    size: int
    bare: int
    last: Syllable | None
    back: _Way | None

    def then(self, syllable: Syllable) -> _Way:
        """This way with one more syllable."""
        bare = syllable.base[0] in "aoeênm" and len(syllable.base) < 3
        return _Way(self.size + 1, self.bare + bare, syllable, self)

    def syllables(self) -> tuple[Syllable, ...]:
        """The syllables in order."""
        syllables: list[Syllable] = []
        way: _Way | None = self
        while way is not None and way.last is not None:
            syllables.append(way.last)
            way = way.back
        return tuple(reversed(syllables))


def _orthodoxy(way: _Way) -> tuple[int, int]:
    return way.size, way.bare


@lru_cache(maxsize=10_000)  # a long text has the same letters again and again
def _spelled(letters: str) -> tuple[str, bool] | None:
    """The syllable without its tone, and whether it ends in an erhua; None if the letters spell no syllable."""
    erhua = letters not in bases() and letters.endswith("r") and letters[:-1] in bases()
    base = _canonical(letters[:-1] if erhua else letters)
    return (base, erhua) if base in bases() else None


def _canonical(base: str) -> str:
    """The standard spelling of what people type for ü: ju for `jü`, lüe and nüe for `lue` and `nue`."""
    if base[:1] in "jqxy" and "ü" in base:
        return base.replace("ü", "u")
    return {"lue": "lüe", "nue": "nüe"}.get(base, base)


_SMALL = re.compile("[A-Za-zÜü][a-zü:\u0300-\u036f]")


@lru_cache(maxsize=4096)
def is_toned_pinyin(written: str) -> bool:
    """Whether a text consists of syllables with tones.

    A word in pinyin does not begin with a neutral tone, as René would. Syllables with digits must be in lower case
    (A4 is a size of paper), except for a first letter before a small one.

    >>> [is_toned_pinyin(text) for text in ("Běijīng", "ni3 hao3", "café", "René", "A1", "long")]
    [True, True, False, False, False, False]
    """
    letters = Letters.read(written)
    if letters is None or not letters.toned:
        return False
    if letters.digits and not _SMALL.match(normal("NFKD", written)):
        return False
    ways = letters.splits(1)
    return bool(ways) and (ways[0][0].tone is not Tone.NEUTRAL or len(letters.tones) > 1)


def with_tone(syllable: Syllable, tone: Tone) -> Syllable:
    """A syllable in another tone."""
    return replace(syllable, tone=tone)


def join_numbers(syllables: Sequence[Syllable]) -> str:
    """Syllables for messages and tables: `chang2 chun1`."""
    return " ".join(map(number, syllables))


def distribute(text: str, syllables: Sequence[Syllable]) -> tuple[Syllable | None, ...] | None:
    """The syllable of each character of `text`, None for a 儿 that belongs to the erhua before it.

    Returns: None if the number of syllables does not fit the text.

    >>> distribute("玩儿", [Syllable("wan", Tone.RISING, erhua=True)])
    (Syllable(base='wan', tone=<Tone.RISING: 2>, erhua=True), None)
    """
    out: list[Syllable | None] = []
    for syllable in syllables:
        out.append(syllable)
        if syllable.erhua and text[len(out) : len(out) + 1] in ("儿", "兒"):
            out.append(None)
    return tuple(out) if len(out) == len(text) else None


# What belongs to the syllable before it: the colon of u: and tone digits, superscript and full-width ones, too.
_BEHIND = ":012345⁰¹²³⁴⁵０１２３４５"


def locate(written: str, syllables: Sequence[Syllable]) -> list[tuple[int, int]]:
    """Where each of the syllables of `written` stands in it, with its tone digit.

    >>> locate("Běi jīng", Letters.read("Běi jīng").splits()[0])
    [(0, 3), (4, 8)]
    >>> locate("bei³jing¹", Letters.read("bei³jing¹").splits()[0])
    [(0, 4), (4, 9)]
    """
    letters = [i for i, char in enumerate(written) for c in unicodedata.normalize("NFKD", char) if c.isalpha()]
    places, at = [], 0
    for syllable in syllables:
        length = len(syllable.base) + syllable.erhua
        start, last = letters[at], letters[at + length - 1]
        end = last + 1
        while end < len(written) and (unicodedata.combining(written[end]) or written[end] in _BEHIND):
            end += 1
        places.append((start, end))
        at += length
    return places
