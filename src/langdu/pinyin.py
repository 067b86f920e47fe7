"""The spelling of Hanyu Pinyin ↔ `Syllable`.

Source: GB/T 16159-2012 (where the tone mark stands, the apostrophe before a, o, e) and 汉语拼音方案 (1958).
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
# Marks and letters that fonts and input methods put in place of the right ones: nĭ for nǐ, nî for nǐ (both are
# hooks that read as a caron), IPA ɡ and ɑ, typed v or u: for ü.
_LOOK_ALIKE = str.maketrans({"\u0306": "\u030c", "\u0302": "\u030c", "ɡ": "g", "ɑ": "a", "ı": "i", "v": "ü"})
_LETTERS = frozenset("abcdefghijklmnopqrstuwxyzüê")
# The syllable ê stands alone; in hên the circumflex is a look-alike of the caron.
_E_CIRCUMFLEX = re.compile(r"(?<![a-zA-Z\u0300-\u036f])[eE]\u0302(?![a-zA-Z])")
# Interjections (嗯 ng, 呣 m): words of their own, or xung would read as xu-ng.
_NASALS = frozenset(("m", "n", "ng", "hm", "hng"))
_APOSTROPHES = frozenset("'’‘ʼ`´＇′")
# No text has more marks in a row (UAX #15, Stream-Safe Text Format).
_TOO_MANY_MARKS = re.compile("(?<=[\u0300-\u036f]{30})[\u0300-\u036f]+")
# What may stand between syllables: in a word, and in a sentence whose pinyin has its punctuation too.
SEPARATORS = frozenset(' \t\n\u00a0\u3000\u200b\u00ad-‐‑–—·•.,，、。…!?;:！？；：“”"|') | _APOSTROPHES


@cache
def bases() -> frozenset[str]:
    """Every toneless syllable of Standard Chinese that dictionaries list."""
    return frozenset(word for (line,) in rows("syllables.txt") for word in line.split())


def normal(form: Literal["NFC", "NFKC", "NFKD"], written: str) -> str:
    """A Unicode normal form, without marks that nobody writes: to order many of them takes time with their square."""
    return unicodedata.normalize(form, _TOO_MANY_MARKS.sub("", written))


# --- one syllable ---------------------------------------------------------------------------------------------------


def initial(syllable: Syllable) -> str:
    """The initial (声母) as it is spelled, "" for a zero initial (y and w are spelling, not initials)."""
    return next((i for i in INITIALS if syllable.base.startswith(i)), "")


def final(syllable: Syllable) -> str:
    """The final (韵母) in its full form: `iou` for iu and you, `uei` for ui and wei, `ü` for the u of ju and yu.

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
    """With a tone mark: `chang2` is spelled cháng.

    The mark stands on a, o or e; of i and u on the second; ê and syllabic nasals carry it themselves.
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
    """Syllables of one word joined, with an apostrophe before a, o, e (GB/T 16159-2012, 6.1.5): nǚ'ér."""
    word = ""
    for syllable in syllables:
        word += ("'" if word and syllable.base[0] in "aoeê" else "") + spell(syllable)
    return word


def number(syllable: Syllable) -> str:
    """With a tone digit: `chang2`; 5 is the neutral tone, erhua ends in r before the digit (`wanr2`)."""
    return f"{syllable.base}{'r' if syllable.erhua else ''}{int(syllable.tone)}"


def parse(written: str) -> Syllable:
    """One syllable with a tone mark or a digit; without either, the tone is neutral.

    Raises: ValueError: it is not one syllable.

    >>> parse("nǚ"), parse("lu:4") == parse("lǜ")
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
    """Written pinyin taken apart: bare letters, the tone that stands on or after each, and where a syllable must end.

    `tones[i]` is the tone marked on letter i, or given by a digit after it; `breaks` are offsets between letters
    where the author wrote a blank, an apostrophe, a hyphen or a tone digit; `digits` are those of tone digits.
    A number among the pinyin (wǒ yǒu 3 gè) is no letter: it only ends a syllable.
    """

    text: str
    tones: dict[int, Tone]
    breaks: frozenset[int]
    digits: frozenset[int]

    @classmethod
    def read(cls, written: str) -> Letters | None:
        """None if something in `written` is no letter, tone or separator of pinyin."""
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
        """Whether any tone is written: without one, a neutral tone means nothing."""
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
        """Whether a syllable must begin or end there."""
        return at in (0, len(self.text)) or at in self.breaks

    def lattice(self) -> dict[int, list[tuple[int, Syllable]]]:
        """For each offset, the syllables that end there, as (start, syllable).

        A nasal is a syllable (嗯 ńg) only where it stands alone: the ng of dòng is none.
        """
        return {
            end: [(start, syllable) for start in range(max(0, end - 7), end) if (syllable := self.syllable(start, end))]
            for end in range(len(self.text) + 1)
        }

    def fewest(self) -> int:
        """The fewest syllables that the whole can be read as; a guess if it cannot be read.

        >>> Letters.read("fangan").fewest()
        2
        """
        counts: list[int | None] = [0]
        for ending in list(self.lattice().values())[1:]:
            counts.append(min((count + 1 for start, _ in ending if (count := counts[start]) is not None), default=None))
        return counts[-1] or len(self.text) // 3

    def splits(self, limit: int = 64) -> list[tuple[Syllable, ...]]:
        """The ways to read the whole as syllables, the orthography's own first, at most `limit`.

        Without an apostrophe a syllable that begins with a, o or e may not follow another (GB/T 16159-2012, 6.1.5),
        so fewest syllables and fewest bare vowels come first: `fangan` is fan gan before fang an.
        """
        lattice = self.lattice()
        done: dict[int, list[_Way]] = {0: [_Way(0, 0, None, None)]}
        for end in range(1, len(self.text) + 1):
            ways = [head.then(syllable) for start, syllable in lattice[end] for head in done[start]]
            done[end] = sorted(ways, key=_orthodoxy)[:limit]
        return [way.syllables() for way in done[len(self.text)]]


class _Way(NamedTuple):
    """A way to read the beginning of some letters: `size` syllables, `bare` of them without a consonant before.

    `back` is the same without the last syllable: no way is written out before it is wanted.
    """

    size: int
    bare: int
    last: Syllable | None
    back: _Way | None

    def then(self, syllable: Syllable) -> _Way:
        """With one more syllable."""
        bare = syllable.base[0] in "aoeênm" and len(syllable.base) < 3
        return _Way(self.size + 1, self.bare + bare, syllable, self)

    def syllables(self) -> tuple[Syllable, ...]:
        """All of them."""
        found: list[Syllable] = []
        way: _Way | None = self
        while way is not None and way.last is not None:
            found.append(way.last)
            way = way.back
        return tuple(reversed(found))


def _orthodoxy(way: _Way) -> tuple[int, int]:
    return way.size, way.bare


@lru_cache(maxsize=10_000)  # a long text has the same letters again and again
def _spelled(letters: str) -> tuple[str, bool] | None:
    """The syllable without its tone, and whether r makes an erhua of it; None if it is none."""
    erhua = letters not in bases() and letters.endswith("r") and letters[:-1] in bases()
    base = _canonical(letters[:-1] if erhua else letters)
    return (base, erhua) if base in bases() else None


def _canonical(base: str) -> str:
    """Spellings people type for ü: `jü` is spelled ju; `lue` and `nue` are lüe and nüe."""
    if base[:1] in "jqxy" and "ü" in base:
        return base.replace("ü", "u")
    return {"lue": "lüe", "nue": "nüe"}.get(base, base)


_SMALL = re.compile("[A-Za-zÜü][a-zü:\u0300-\u036f]")


def is_toned_pinyin(written: str) -> bool:
    """Whether it is made of syllables with tones.

    A word of pinyin does not begin with a neutral tone, but René does; letters with digits are written small, since A4
    is a paper.

    >>> [is_toned_pinyin(each) for each in ("Běijīng", "ni3 hao3", "café", "René", "A1", "long")]
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
    """The same syllable in another tone."""
    return replace(syllable, tone=tone)


def join_numbers(syllables: Sequence[Syllable]) -> str:
    """`chang2 chun1`: for messages and tables."""
    return " ".join(map(number, syllables))


def distribute(text: str, syllables: Sequence[Syllable]) -> tuple[Syllable | None, ...] | None:
    """One syllable for each character of `text`; None for the 儿 that an erhua before it has taken in.

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


def locate(written: str, syllables: Sequence[Syllable]) -> list[tuple[int, int]]:
    """Where each syllable stands in `written`, which reads as just these; a tone digit belongs to its syllable.

    >>> locate("Běi jīng", Letters.read("Běi jīng").splits()[0])
    [(0, 3), (4, 8)]
    """
    letters = [i for i, char in enumerate(written) for c in unicodedata.normalize("NFKD", char) if c.isalpha()]
    places, at = [], 0
    for syllable in syllables:
        length = len(syllable.base) + syllable.erhua
        start, last = letters[at], letters[at + length - 1]
        end = last + 1
        while end < len(written) and (unicodedata.combining(written[end]) or written[end] in ":012345"):
            end += 1
        places.append((start, end))
        at += length
    return places
