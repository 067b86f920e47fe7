"""Words in Latin letters that are no pinyin with tones: misspelled syllables, and syllables without a tone."""

from __future__ import annotations

import re
from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

from langdu.pinyin import Letters, bases, is_toned_pinyin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_LETTERS: Final = "A-Za-zÀ-ÖØ-öø-ɏɑɡḿ\u0300-\u036f"
# A word, joined by hyphens or apostrophes or not, with the digits in it or after it: wi-fi, ni3hao3.
_WORD: Final = re.compile(rf"(?<![{_LETTERS}0-9])[{_LETTERS}][{_LETTERS}:0-9]*(?:['’-][{_LETTERS}][{_LETTERS}:0-9]*)*")
_SYLLABLE: Final = re.compile(r"([a-zü]{2,6})([1-5]?)")
# How alike letters must be to those of a syllable: chonng and chong, but not line and lian.
_ALIKE: Final = 0.86
# How much of a long text a message repeats.
_SHOWN: Final = 60


def neither_hanzi_nor_pinyin(line: str, is_known: Callable[[str], bool]) -> str | None:
    """What is wrong with a line without hanzi that is not pinyin either; None if it can be said all the same.

    Abbreviations in capitals (GDP) are said by the names of their letters, and words that `is_known` knows in Chinese.

    >>> neither_hanzi_nor_pinyin("chonng2 qing4", lambda word: False)
    "'chonng2' is neither hanzi nor a syllable of pinyin; did you mean chong2?"
    >>> neither_hanzi_nor_pinyin("C919", lambda word: False)
    """
    strange = [word for word in words(line) if not word.isupper() and not is_known(word) and not is_toned_pinyin(word)]
    if misspelled := next((word for word in strange if not _is_toneless(word)), None):
        meant = _meant(misspelled)
        hint = f"did you mean {meant}?" if meant else "write hanzi, or pinyin with tones"
        return f"{misspelled[:_SHOWN]!r} is neither hanzi nor a syllable of pinyin; {hint}"
    if strange:
        return f"{' '.join(strange)[:_SHOWN]!r} has no tones: write them as marks (mā) or digits (ma1), or write hanzi"
    return None


def nearly_syllables(line: str, is_known: Callable[[str], bool]) -> Iterator[tuple[str, str]]:
    """Words of a line that look like a misspelled syllable with its tone's digit, each with what is probably meant.

    >>> list(nearly_syllables("我去chonng2庆听mp3", lambda word: False))
    [('chonng2', 'chong2')]
    """
    for word in words(line):
        if word[-1:] in "12345" and not is_known(word.rstrip("12345")) and (meant := _meant(word)) and meant != word:
            yield word, meant


def _is_toneless(word: str) -> bool:
    letters = Letters.read(word)
    return letters is not None and not letters.toned and bool(letters.splits(1))


def words(line: str) -> list[str]:
    """The words of a line in Latin letters, with the digits in them."""
    return [match[0].rstrip(":") for match in _WORD.finditer(line)]


def _meant(word: str) -> str | None:
    """The syllable that a misspelled one is probably meant to be."""
    match = _SYLLABLE.fullmatch(word)
    if match is None or match[1] in bases():
        return None
    alike = get_close_matches(match[1], sorted(bases()), 1, _ALIKE)
    return alike[0] + match[2] if alike else None
