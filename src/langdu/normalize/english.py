"""English words and abbreviations in Chinese syllables, for voices that can only spell them letter by letter."""

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
    """Replace the English words in `own` or `table` (by default `english_words()`) with hanzi. `own` comes first.

    Other words stay and are spelled by the voice. In both tables a word in lower case matches any case except all
    capitals (Model, not MODEL); any other word matches only itself.

    >>> from langdu.normalize import normalize
    >>> approximate(normalize("iPhone 15和NASA、CEO")).spoken
    '爱风 十五和娜萨、CEO'
    """
    known = {**(english_words() if table is None else table), **(own or {})}
    replaced = [(m.start(), m.end(), spoken) for m in _WORD.finditer(text.spoken) if (spoken := _in_hanzi(m[0], known))]
    return _compose(text, replaced) if replaced else text


def is_known(word: str, own: Mapping[str, str]) -> bool:
    """Whether a word, with or without digits after it, is said in hanzi: iPhone15.

    >>> is_known("iPhone15", {}), is_known("chonng2", {})
    (True, False)
    """
    return _in_hanzi(word.rstrip("0123456789"), {**english_words(), **own}) is not None


@cache
def english_words() -> dict[str, str]:
    """Every word of data/normalize/english.tsv, with the hanzi that say it."""
    return tables.mapping("english")


@cache
def abbreviations() -> dict[str, str]:
    """Those of `english_words` in capitals (NASA), for a voice that speaks English but would spell them."""
    return {word: spoken for word, spoken in english_words().items() if word.isupper()}


def _in_hanzi(word: str, known: Mapping[str, str]) -> str | None:
    """The hanzi for a word, or for the known parts of one with a hyphen; None if no part is known."""
    whole = known.get(word) or (None if word.isupper() else known.get(word.lower()))
    if whole or "-" not in word:
        return whole
    parts = word.split("-")
    spoken = [_in_hanzi(part, known) for part in parts]
    return " ".join(new or old for new, old in zip(spoken, parts, strict=True)) if any(spoken) else None


def _compose(text: NormalizedText, replaced: list[tuple[int, int, str]]) -> NormalizedText:
    """Carry out replacements in the spoken form; one inside an Edit becomes part of it."""
    spoken, edits, at, shift = "", [], 0, 0
    # Both the replacements and the edits are in order.
    starts, ends = [start for start, _, _ in replaced], [end for _, end, _ in replaced]
    touched: set[int] = set()
    steps: list[tuple[int, int, str, Edit | None]] = []
    for edit in text.edits:
        here = range(bisect_right(ends, edit.spoken.start), bisect_left(starts, edit.spoken.end))
        touched.update(here)
        inside = [replaced[i] for i in here if edit.spoken.start <= starts[i] and ends[i] <= edit.spoken.end]
        new, start = "", edit.spoken.start
        for a, b, new_text in inside:
            new, start = new + text.spoken[start:a] + new_text, b
        steps.append((edit.spoken.start, edit.spoken.end, new + text.spoken[start : edit.spoken.end], edit))
    steps += [(*word, None) for i, word in enumerate(replaced) if i not in touched]
    for start, end, new_text, old in sorted(steps, key=lambda step: step[:2]):
        spoken += text.spoken[at:start]
        written = old.written if old else Span(start - shift, end - shift)
        edits.append(Edit(old.rule if old else RULE, written, Span(len(spoken), len(spoken) + len(new_text))))
        spoken += new_text
        shift += len(old.spoken) - len(old.written) if old else 0
        at = end
    return NormalizedText(text.written, spoken + text.spoken[at:], tuple(edits))
