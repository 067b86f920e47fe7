"""Written → spoken: numbers, dates, scores, units, letters and signs, as a newsreader says them.

    normalize(text) -> NormalizedText

The text is folded to one shape for each sign (`fold`), each place where something is not plain hanzi and punctuation
is offered to the rules in order, and the first that knows it says it. A rule is one semiotic class: a pattern and a
function of the match (`rule`). Their words live in tables (`langdu/data/normalize`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.model import Edit, NormalizedText, Span
from langdu.normalize.places import ODD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.normalize.rule import Piece

__all__ = ["normalize"]


def normalize(text: str) -> NormalizedText:
    """The spoken form: hanzi, letters and punctuation, with an Edit for each difference.

    A text without digits, letters and signs comes back as it is, at once. Nothing is an error: what is no
    number, date or unit is said digit by digit and sign by sign.

    >>> normalize("建成120个项目").spoken
    '建成一百二十个项目'
    >>> normalize("3-1").edits
    (Edit(rule='score', written=Span(start=0, end=3), spoken=Span(start=0, end=3)),)
    """
    if not ODD.search(text):
        return NormalizedText(text, text)
    from langdu.normalize import registry  # noqa: PLC0415 (plain text must not wait for the rules' tables)

    return _carry_out(text, registry.find(text))


def _carry_out(text: str, found: Iterator[tuple[str, Piece]]) -> NormalizedText:
    said: list[str] = []
    edits: list[Edit] = []
    at = length = 0
    for rule, piece in found:
        start, end, spoken = _trimmed(text, piece)
        if text[start:end] == spoken:
            continue
        same = text[at:start]
        length += len(same)
        said += [same, spoken]
        edits.append(Edit(rule, Span(start, end), Span(length, length + len(spoken))))
        length += len(spoken)
        at = end
    return NormalizedText(text, "".join([*said, text[at:]]), tuple(edits))


def _trimmed(text: str, piece: Piece) -> tuple[int, int, str]:
    """The piece without what stays at its ends (4S店 → 四S店 changes the 4 alone), so that annotations stay outside."""
    start, end, first, last = piece.start, piece.end, 0, len(piece.spoken)
    while end - start > 1 and first < last and text[end - 1] == piece.spoken[last - 1]:
        end, last = end - 1, last - 1
    while end - start > 1 and first < last and text[start] == piece.spoken[first]:
        start, first = start + 1, first + 1
    return start, end, piece.spoken[first:last]
