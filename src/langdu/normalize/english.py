"""English words and abbreviations in Chinese syllables, for a voice that has nothing but the names of letters."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from functools import cache
from typing import TYPE_CHECKING

from langdu.model import Edit, NormalizedText, Span
from langdu.normalize import tables

if TYPE_CHECKING:
    from collections.abc import Mapping

RULE = "english"
_WORD = re.compile(r"[A-Za-z]+(?:[-'’][A-Za-z]+)*")


def approximate(
    text: NormalizedText, own: Mapping[str, str] | None = None, table: Mapping[str, str] | None = None
) -> NormalizedText:
    """Say the English words that are known, in `table` (`words()` where there is none) or in `own`, with hanzi.

    Letters that are no known word stay, so their names are said. In both tables a word in lower case matches any
    case but all capitals (Model, not MODEL), any other only itself; `own` goes first.

    >>> from langdu.normalize import normalize
    >>> approximate(normalize("iPhone 15和NASA、CEO")).spoken
    '爱风 十五和娜萨、CEO'
    """
    known = {**(words() if table is None else table), **(own or {})}
    found = [(m.start(), m.end(), said) for m in _WORD.finditer(text.spoken) if (said := _said(m[0], known))]
    return _compose(text, found) if found else text


@cache
def words() -> dict[str, str]:
    """Every word of data/normalize/english.tsv, with the hanzi that say it."""
    return tables.mapping("english")


@cache
def abbreviations() -> dict[str, str]:
    """Those of `words` that are all capitals (NASA), for a voice that speaks English but would say their letters."""
    return {word: said for word, said in words().items() if word.isupper()}


def _said(word: str, known: Mapping[str, str]) -> str | None:
    """What is said for a word, or for the parts of one with a hyphen; None if nothing of it is known."""
    whole = known.get(word) or (None if word.isupper() else known.get(word.lower()))
    if whole or "-" not in word:
        return whole
    parts = word.split("-")
    said = [_said(part, known) for part in parts]
    return " ".join(new or old for new, old in zip(said, parts, strict=True)) if any(said) else None


def _compose(text: NormalizedText, found: list[tuple[int, int, str]]) -> NormalizedText:
    """Carry out replacements in the spoken form; one inside an Edit becomes part of it."""
    spoken, edits, at, shift = "", [], 0, 0
    # What was found and the edits are both in order.
    starts, ends = [start for start, _, _ in found], [end for _, end, _ in found]
    touched: set[int] = set()
    steps: list[tuple[int, int, str, Edit | None]] = []
    for edit in text.edits:
        here = range(bisect_right(ends, edit.spoken.start), bisect_left(starts, edit.spoken.end))
        touched.update(here)
        replaced = [found[i] for i in here if edit.spoken.start <= starts[i] and ends[i] <= edit.spoken.end]
        new, start = "", edit.spoken.start
        for a, b, said in replaced:
            new, start = new + text.spoken[start:a] + said, b
        steps.append((edit.spoken.start, edit.spoken.end, new + text.spoken[start : edit.spoken.end], edit))
    steps += [(*each, None) for i, each in enumerate(found) if i not in touched]
    for start, end, said, old in sorted(steps, key=lambda step: step[:2]):
        spoken += text.spoken[at:start]
        written = old.written if old else Span(start - shift, end - shift)
        edits.append(Edit(old.rule if old else RULE, written, Span(len(spoken), len(spoken) + len(said))))
        spoken += said
        shift += len(old.spoken) - len(old.written) if old else 0
        at = end
    return NormalizedText(text.written, spoken + text.spoken[at:], tuple(edits))
