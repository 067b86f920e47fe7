"""Suggestions written the way the author writes."""

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

    What stays right stays as written, with its capitals and blanks; new syllables have digits where the author writes
    digits. Where it cannot be mended in place, it is spelled anew.
    """
    said = [s for s in syllables if s is not None]
    digits = bool(word.letters and word.letters.digits)
    return _in_place(word, said, digits=digits) or (pinyin.join_numbers(said) if digits else pinyin.spell_word(said))


def _in_place(word: AnnotatedWord, said: list[Syllable], *, digits: bool) -> str | None:
    written, mine = word.annotation.written, word.annotation.syllables
    if word.annotation.kind is Kind.HOMOPHONE or word.letters is None or len(said) != len(mine):
        return None
    if word.letters.text != "".join(s.base + "r" * s.erhua for s in mine):
        return None
    out, at = "", 0
    for (start, end), old, new in zip(pinyin.locate(written, mine), mine, said, strict=True):
        syllable = written[start:end]
        if old != new:
            spelling = pinyin.number(new) if digits else pinyin.spell(new)
            syllable = spelling.capitalize() if syllable[0].isupper() else spelling
        out += written[at:start]
        apart = "'" if new.base[0] in "aoeê" and out[-1:].isalpha() and not digits else ""
        out += apart + syllable
        at = end
    out += written[at:]
    read = pinyin.Letters.read(out)
    return out if read and tuple(said) in read.splits(4) else None


def plain_letters(written: str) -> str:
    """Look-alike letters and marks replaced by those of pinyin; the rest as it is.

    >>> plain_letters("nĭ hăo ɡuānɡ")
    'nǐ hǎo guāng'
    """
    decomposed = pinyin.normal("NFKD", written).translate(_LOOK_ALIKE)
    return pinyin.normal("NFC", decomposed)


_LOOK_ALIKE = str.maketrans({"\u0306": "\u030c", "\u0302": "\u030c", "ɡ": "g", "ɑ": "a", "ı": "i"})
