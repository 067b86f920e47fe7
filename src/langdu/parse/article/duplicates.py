"""Copies of paragraphs, exact or nearly so, with the short lines copied along with them. A refrain is not one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# Nobody repeats a paragraph of this many characters on purpose; a refrain or a line of dialogue may be repeated.
_LONG = 40
# A copy of all the text so far, in short lines, has at least this many characters: more than the verse of a song.
_WHOLE = 120
# Two paragraphs that begin or end with the same characters, and differ in no more than a tenth, are copies.
_EDGE = 12
_ALIKE = 0.9
_COMPARED = 2000
# How many short lines in a row are compared before the search for a long one is given up.
_SHORT_LINES = 64


class Copies:
    """Finds copies by the keys of paragraphs: their letters and hanzi, without blanks and punctuation."""

    def __init__(self, keys: Sequence[str]) -> None:
        self._keys = keys
        self._seen: dict[str, int] = {}
        self._edges: dict[str, int] = {}

    def blocks(self) -> list[tuple[int, int, int]]:
        """(first, copy, length): the `length` paragraphs from `copy` on repeat those from `first` on."""
        blocks: list[tuple[int, int, int]] = []
        at = 0
        while at < len(self._keys):
            first = self._earlier(at)
            length = self._length(first, at) if first is not None else 0
            if first is not None and length:
                blocks.append((first, at, length))
            for i in range(at, at + max(1, length)):
                self._remember(i)
            at += max(1, length)
        return blocks

    def _remember(self, at: int) -> None:
        key = self._keys[at]
        self._seen.setdefault(key, at)
        if len(key) >= _LONG:
            self._edges.setdefault("<" + key[:_EDGE], at)
            self._edges.setdefault(">" + key[-_EDGE:], at)

    def _earlier(self, at: int) -> int | None:
        key = self._keys[at]
        if not key:
            return None
        if (same := self._seen.get(key)) is not None or len(key) < _LONG:
            return same
        near = (self._edges.get("<" + key[:_EDGE]), self._edges.get(">" + key[-_EDGE:]))
        return next((first for first in near if first is not None and self._alike(first, at)), None)

    def _length(self, first: int, at: int) -> int:
        """How many paragraphs are copied; 0 if they may be repeated on purpose."""
        length = 0
        has_long = False
        while at + length < len(self._keys) and first + length < at and self._alike(first + length, at + length):
            has_long = has_long or len(self._keys[at + length]) >= _LONG
            if not has_long and length == _SHORT_LINES:
                return 0
            length += 1
        copied = self._keys[at : at + length]
        everything = first + length == at and first <= 1 and sum(map(len, copied)) >= _WHOLE
        return length if everything or has_long else 0

    def _alike(self, one: int, other: int) -> bool:
        a, b = self._keys[one][:_COMPARED], self._keys[other][:_COMPARED]
        if a == b:
            return True
        if len(b) < _LONG or not 0.9 < len(a) / len(b) < 1.1:
            return False
        return 2 * _common(a, b) >= _ALIKE * (len(a) + len(b))


def _common(a: str, b: str) -> int:
    """How many characters two texts have in common, in order: the length of their longest common subsequence.

    Source: Hyyrö, "Bit-parallel LCS-length computation revisited" (2004). Each step compares one character
    of `b` with all of `a`.

    >>> _common("江上的冬天", "江上冬天冷")
    4
    """
    places: dict[str, int] = {}
    for i, char in enumerate(a):
        places[char] = places.get(char, 0) | 1 << i
    everywhere = (1 << len(a)) - 1
    row = everywhere
    for char in b:
        matched = row & places.get(char, 0)
        row = (row + matched | row - matched) & everywhere
    return len(a) - row.bit_count()
