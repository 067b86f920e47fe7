"""Readings that follow from the words beside a character, and cannot be otherwise.

They stand where no dictionary has the words, and the model learns from them (training/corpus.py).
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.model import Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator

_LIAO: Final = Syllable("liao", Tone.LOW)
_DE: Final = Syllable("de", Tone.NEUTRAL)
# A verb before 不了 cannot be done: 适应不了, 改变不了. A pronoun or an adverb before it is no verb: 我不了, 再也不了.
# Source: 吕叔湘, 现代汉语八百词 (1999), 了 liǎo.
_CANNOT: Final = re.compile(r"(?<=[一-鿿]不)(?<![我你他她它们也再都就决可才还又不]不)了(?!解|断|结|然|却|悟)")
# 高高兴兴地, 来来回回地 say how; 家家户户地里 are fields.
_HOW: Final = re.compile(r"([一-鿿])\1([一-鿿])\2地(?=[一-鿿])(?![里上下中面头区方点理图形势质球位带段])")


def certain(text: str) -> Iterator[tuple[int, Syllable]]:
    """The places where a pattern decides, in order, and the reading there.

    >>> [(at, reading.base) for at, reading in certain("他高高兴兴地来了，谁也改变不了。")]
    [(5, 'de'), (14, 'liao')]
    """
    found = [(match.start(), _LIAO) for match in _CANNOT.finditer(text)]
    found += [(match.end() - 1, _DE) for match in _HOW.finditer(text) if match[1] != match[2]]
    yield from sorted(found, key=lambda pair: pair[0])
