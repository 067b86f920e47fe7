"""Written → spoken: numbers, dates, scores, units, letters and signs, as a newsreader says them.

    normalize(text) -> NormalizedText

The text is folded so that each sign has one shape (`fold`). Each place that is not plain hanzi and punctuation
(`places`) is then offered to the rules in order (`registry`), and the first rule that recognises it says it. A rule is
a pattern and a function of the match (`rule`); its name is its semiotic class. The words that rules look for are in
tables (`langdu/data/normalize`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.model import Edit, NormalizedText, Span
from langdu.normalize.places import ODD

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.normalize.rule import Replacement

__all__ = ["normalize"]


def normalize(text: str) -> NormalizedText:
    """The spoken form: hanzi, letters and punctuation, with an Edit for each difference.

    A text without digits, letters and signs comes back unchanged. Nothing is an error: what is not a known number, date
    or unit is said digit by digit and sign by sign.

    >>> normalize("建成120个项目").spoken
    '建成一百二十个项目'
    >>> normalize("3-1").edits
    (Edit(rule='score', written=Span(start=0, end=3), spoken=Span(start=0, end=3)),)
    """
    if not ODD.search(text):
        return NormalizedText(text, text)
    from langdu.normalize import registry  # noqa: PLC0415 (plain text must not wait for the rules' tables)

    return _carry_out(text, registry.replacements(text))


def _carry_out(text: str, named: Iterator[tuple[str, Replacement]]) -> NormalizedText:
    spoken_parts: list[str] = []
    edits: list[Edit] = []
    at = length = 0
    for rule, replacement in named:
        start, end, spoken = _trimmed(text, replacement)
        if text[start:end] == spoken:
            continue
        same = text[at:start]
        length += len(same)
        spoken_parts += [same, spoken]
        edits.append(Edit(rule, Span(start, end), Span(length, length + len(spoken))))
        length += len(spoken)
        at = end
    return NormalizedText(text, "".join([*spoken_parts, text[at:]]), tuple(edits))


def _trimmed(text: str, replacement: Replacement) -> tuple[int, int, str]:
    """The replacement without equal ends, so that annotations there stay outside: 4S店 → 四S店 replaces only the 4."""
    start, end, first, last = replacement.start, replacement.end, 0, len(replacement.spoken)
    while end - start > 1 and first < last and text[end - 1] == replacement.spoken[last - 1]:
        end, last = end - 1, last - 1
    while end - start > 1 and first < last and text[start] == replacement.spoken[first]:
        start, first = start + 1, first + 1
    return start, end, replacement.spoken[first:last]
