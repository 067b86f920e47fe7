"""What a rule looks at: one annotated stretch of text, with all that is known about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from langdu import lexicon, pinyin
from langdu.model import Edit, Finding, Kind, Severity, Span, Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from langdu.model import Annotation, NormalizedText, Paragraph


@dataclass(frozen=True, slots=True, kw_only=True)
class AnnotatedWord:
    """One annotation and its surroundings.

    `given` is one syllable a character (None for the 儿 of an erhua), or None if the syllables do not fit the hanzi.
    `expected` is what the dictionaries say for the same characters; `after` for the character that follows.
    `word` is the word of the sentence in which the annotated text begins; `expected_word` is the dictionaries' reading
    of all from there to the annotation.
    """

    paragraph: Paragraph
    span: Span
    text: str
    annotation: Annotation
    given: tuple[Syllable | None, ...] | None
    expected: tuple[Syllable | None, ...]
    after: Syllable | None
    word: Span
    expected_word: tuple[Syllable | None, ...]
    edits: tuple[Edit, ...]

    def finding(self, rule: str, severity: Severity, message: str, suggestion: str | None = None) -> Finding:
        """A finding at this place."""
        return Finding(
            rule=rule,
            severity=severity,
            message=message,
            paragraph=self.paragraph.index,
            span=self.span,
            text=self.text,
            written=self.annotation.written,
            suggestion=suggestion,
        )

    def spelled(self, syllables: Sequence[Syllable | None]) -> str:
        """Syllables written the way the author writes: with tone digits or with marks."""
        said = [s for s in syllables if s is not None]
        letters = pinyin.Letters.read(self.annotation.written)
        return pinyin.join_numbers(said) if letters and letters.digits else pinyin.spell_word(said)

    def following(self, i: int) -> Syllable | None:
        """What is said after character `i` of the text: as annotated, else as expected."""
        if i + 1 < len(self.text):
            return (self.given or self.expected)[i + 1]
        return self.after


def annotated_words(
    paragraph: Paragraph, expected: Sequence[Syllable | None], normalized: NormalizedText
) -> Iterator[AnnotatedWord]:
    """Every annotation of a paragraph, in order."""
    text = paragraph.text
    annotated = list(paragraph.annotated())
    if not annotated:
        return
    words = {i: word for word in lexicon.segment(text) for i in range(word.start, word.end)}
    for span, annotation in annotated:
        word = words[span.start]
        end = max(word.end, span.end)
        while end < len(text) and paragraph.source_offset(end) < annotation.span.start:
            end += 1  # the annotation stands farther on: 全县(quán)
        yield AnnotatedWord(
            paragraph=paragraph,
            span=span,
            text=span.of(text),
            annotation=annotation,
            given=pinyin.distribute(span.of(text), annotation.syllables),
            expected=tuple(expected[span.start : span.end]),
            after=expected[span.end] if span.end < len(text) else None,
            word=word,
            expected_word=tuple(expected[word.start : end]),
            edits=tuple(e for e in normalized.edits if e.written.overlaps(span)),
        )


def annotates_whole_words(words: Sequence[AnnotatedWord]) -> bool:
    """Whether the author gives the pinyin of whole words, so that a piece of one is likely a slip.

    Others annotate the one hard character of a word, 六(lù)安, and a piece of a word is all they mean.
    """
    inside_words = [w for w in words if len(w.word) > 1 and w.annotation.kind is not Kind.HOMOPHONE]
    whole = [w for w in inside_words if w.span.start == w.word.start and w.span.end >= w.word.end]
    return len(inside_words) >= 3 and len(whole) >= 0.7 * len(inside_words)


def same_reading(char: str, given: Syllable, known: Syllable, following: Syllable | None) -> bool:
    """Whether `given` is `known`, or a way to write it that is right too.

    Neutral tone is optional in writing (xuésheng, xuéshēng); the sandhi of 一, 不 and third tones may be written.
    """
    if given.base != known.base:
        return False
    if given.tone is known.tone or Tone.NEUTRAL in (given.tone, known.tone):
        return True
    return char in "一不" or is_written_sandhi(given, known, following)


def is_written_sandhi(given: Syllable, known: Syllable, following: Syllable | None) -> bool:
    """A third tone written as the second tone that it becomes before another third tone: Ní hǎo."""
    return (
        given.base == known.base
        and (known.tone, given.tone) == (Tone.LOW, Tone.RISING)
        and following is not None
        # a chain may be written all the way: 展览馆 zhánlánguǎn
        and following.tone in (Tone.LOW, Tone.RISING)
    )
