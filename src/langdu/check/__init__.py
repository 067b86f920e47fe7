"""Article + readings → findings. It never changes the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from langdu.check.annotated import annotated_words, annotates_whole_words
from langdu.check.rules import RULES, part_of_word

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Finding, NormalizedText, Paragraph, Syllable


def check(
    paragraphs: Sequence[Paragraph],
    expected: Sequence[Sequence[Syllable | None]],
    normalized: Sequence[NormalizedText],
) -> Iterator[Finding]:
    """The findings on an article, in the order of its text.

    `expected` has, for each paragraph, what the dictionaries read for each character of its text, regardless of its
    annotations; `normalized` has each paragraph's spoken form.
    """
    words = [list(annotated_words(*each)) for each in zip(paragraphs, expected, normalized, strict=True)]
    every = [word for row in words for word in row]
    rules = (*RULES, part_of_word) if annotates_whole_words(every) else RULES
    for word in every:
        for rule in rules:
            yield from rule(word)
