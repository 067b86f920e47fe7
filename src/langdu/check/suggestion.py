"""Suggestions, written the way the author writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu import pinyin
from langdu.model import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.check.annotated import AnnotatedWord
    from langdu.model import Syllable


def spelled(word: AnnotatedWord, syllables: Sequence[Syllable | None]) -> str:
    """The annotation with these syllables in place of its own.

    Correct syllables stay as written, with their capitals and spaces; new ones have digits if the author writes digits.
    An annotation that cannot be corrected in place is spelled anew.
    """
    wanted = [s for s in syllables if s is not None]
    digits = bool(word.letters and word.letters.digits)
    in_place = _in_place(word, wanted, digits=digits)
    return in_place or (pinyin.join_numbers(wanted) if digits else pinyin.spell_word(wanted))


def _in_place(word: AnnotatedWord, wanted: list[Syllable], *, digits: bool) -> str | None:
    written, given = word.annotation.written, word.annotation.syllables
    if word.annotation.kind is Kind.HOMOPHONE or word.letters is None or len(wanted) != len(given):
        return None
    if word.letters.text != "".join(s.base + "r" * s.erhua for s in given):
        return None
    out, at = "", 0
    for (start, end), old, new in zip(pinyin.locate(written, given), given, wanted, strict=True):
        syllable = written[start:end]
        if old != new:
            spelling = pinyin.number(new).translate(_digits_of(syllable)) if digits else pinyin.spell(new)
            loud = syllable.isupper() and (len(syllable) > 1 or written.isupper())  # BEIJING; E of Èméi is a capital
            syllable = spelling.upper() if loud else spelling.capitalize() if syllable[0].isupper() else spelling
        out += written[at:start]
        apart = "'" if new.base[0] in "aoeê" and out[-1:].isalpha() and not digits else ""
        out += apart + syllable
        at = end
    out += written[at:]
    read = pinyin.Letters.read(out)
    return out if read and tuple(wanted) in read.splits(4) else None


def _digits_of(syllable: str) -> dict[int, str]:
    """From tone digits to those that the author writes: superscript or full-width ones."""
    own = next((own for own in _DIGITS if syllable[-1] in own), "")
    return {ord(plain): digit for plain, digit in zip("012345", own, strict=False)}


def plain_letters(written: str) -> str:
    """Replace look-alike letters and marks with those of pinyin; the rest stays as it is.

    >>> plain_letters("nĭ hăo ɡuānɡ")
    'nǐ hǎo guāng'
    """
    decomposed = pinyin.normal("NFKD", written).translate(_LOOK_ALIKE)
    return pinyin.normal("NFC", decomposed)


_DIGITS = ("⁰¹²³⁴⁵", "０１２３４５")
_LOOK_ALIKE = str.maketrans({"\u0306": "\u030c", "\u0302": "\u030c", "ɡ": "g", "ɑ": "a", "ı": "i"})
