"""A reading for every spoken character: annotation > article > lexicon; then tone sandhi."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

from langdu import lexicon
from langdu.model import Edit, NormalizedText, Origin, Reading, Span, Syllable, Tone
from langdu.pinyin import Letters, distribute, locate
from langdu.pronounce.sandhi import surface_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from langdu.model import Paragraph

Citation: TypeAlias = "tuple[Syllable, Origin]"

# Says a syllable that was written in pinyin and has no hanzi.
PINYIN_STAND_IN: Final = "〇"
_PINYIN_WORD: Final = re.compile(r"[^\s，。！？；：、…,.!?;]+")


def learn(paragraphs: Iterable[Paragraph]) -> dict[str, tuple[Syllable, ...]]:
    """The words of two hanzi and more that the article annotates, each with the reading given there.

    A single character teaches nothing: 为(wèi) in one sentence is wéi in the next. A word that the article reads in
    two ways teaches nothing either.
    """
    found: dict[str, set[tuple[Syllable, ...]]] = {}
    for paragraph in paragraphs:
        text = paragraph.text
        for span, annotation in paragraph.annotated():
            if len(span) > 1 and distribute(span.of(text), annotation.syllables):
                found.setdefault(span.of(text), set()).add(annotation.syllables)
    return {word: readings.pop() for word, readings in found.items() if len(readings) == 1}


def dictionary_readings(text: str, learned: Mapping[str, tuple[Syllable, ...]] | None = None) -> list[Citation | None]:
    """The citation reading of each character out of the dictionaries and `learned`; None for what is no hanzi."""
    learned = learned or {}
    out: list[Citation | None] = []
    for span in lexicon.segment(text, learned):
        out += _word(span.of(text), learned)
    return out


def _word(word: str, learned: Mapping[str, tuple[Syllable, ...]]) -> list[Citation | None]:
    if word in learned and (heard := distribute(word, learned[word])):
        return [(s, Origin.ARTICLE) if s else None for s in heard]
    if len(word) > 1 and (known := lexicon.word_readings(word)) and (said := distribute(word, known[0])):
        return [(_citation(c, s), Origin.LEXICON) if s else None for c, s in zip(word, said, strict=True)]
    usual = [lexicon.default_reading(char) for char in word]
    return [(_citation(c, s), Origin.LEXICON) if s else None for c, s in zip(word, usual, strict=True)]


def _citation(char: str, syllable: Syllable) -> Syllable:
    """Dictionaries that write 一 and 不 as spoken (yíqiè, búbì) mean the citation tone."""
    if char == "一" and syllable.base == "yi" and syllable.tone in (Tone.RISING, Tone.FALLING):
        return Syllable("yi", Tone.HIGH)
    if char == "不" and syllable.base == "bu" and syllable.tone is Tone.RISING:
        return Syllable("bu", Tone.FALLING)
    return syllable


def pronounce(
    paragraph: Paragraph, normalized: NormalizedText, learned: Mapping[str, tuple[Syllable, ...]]
) -> tuple[Reading | None, ...]:
    """A reading for each character of `normalized.spoken`; None for what is no hanzi, and for the 儿 of an erhua.

    `normalized.written` is the paragraph's text. An annotation is obeyed even where no dictionary has it; one whose
    syllables cannot be shared out over its hanzi, or that an edit has replaced, is left to the dictionaries.
    """
    spoken = normalized.spoken
    citations = dictionary_readings(spoken, learned)
    places = {span.start: i for i, span in enumerate(normalized.written_spans()) if len(span) == 1}
    for span, annotation in paragraph.annotated():
        given = distribute(span.of(paragraph.text), annotation.syllables)
        for at, syllable in zip(range(span.start, span.end), given or (), strict=False):
            i = places.get(at)
            if i is not None and spoken[i] == paragraph.text[at]:
                citations[i] = (syllable, Origin.ANNOTATION) if syllable else None
    return _with_surface(spoken, citations, lexicon.segment(spoken, learned))


def _with_surface(
    spoken: str, citations: Sequence[Citation | None], words: Sequence[Span]
) -> tuple[Reading | None, ...]:
    tones = surface_tones(spoken, [c[0] if c else None for c in citations], words)
    return tuple(
        None if c is None or tone is None else Reading(c[0], Syllable(c[0].base, tone, c[0].erhua), c[1])
        for c, tone in zip(citations, tones, strict=True)
    )


def read_pinyin(line: str) -> tuple[NormalizedText, tuple[Reading | None, ...]] | None:
    """A line written in citation pinyin: each syllable is spoken by the stand-in 〇, and an edit names its place.

    Returns: None if the line is not written in pinyin with tones.
    """
    spoken, at, toned = "", 0, False
    edits: list[Edit] = []
    syllables: list[Syllable | None] = []
    words: list[Span] = []
    for word in _PINYIN_WORD.finditer(line):
        letters = Letters.read(word.group())
        found = letters.splits(1) if letters else []
        if not letters or not found:
            return None
        toned |= letters.toned
        gap = line[at : word.start()]
        if gap.strip():  # a mark between two words is a pause, which sandhi does not cross
            words.append(Span(len(spoken), len(spoken) + len(gap)))
        elif gap:  # a blank between words of pinyin is spelling, not a pause
            edits.append(Edit("blank", Span(at, word.start()), Span(len(spoken), len(spoken))))
            gap, at = "", word.start()
        start = len(spoken) + len(gap)
        for (first, end), syllable in zip(locate(word.group(), found[0]), found[0], strict=True):
            spoken += line[at : word.start() + first]
            syllables += [None] * (len(spoken) - len(syllables)) + [syllable]
            at = word.start() + end
            edits.append(Edit("pinyin", Span(word.start() + first, at), Span(len(spoken), len(spoken) + 1)))
            spoken += PINYIN_STAND_IN
        words.append(Span(start, len(spoken)))
    spoken += line[at:]
    syllables += [None] * (len(spoken) - len(syllables))
    citations = [(s, Origin.ANNOTATION) if s else None for s in syllables]
    normalized = NormalizedText(line, spoken, tuple(edits))
    return (normalized, _with_surface(spoken, citations, words)) if toned else None
