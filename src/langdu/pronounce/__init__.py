"""A reading for every spoken character: annotation > article > confirmed words, patterns > model; then tone sandhi."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon
from langdu.lexicon.toneless import by_dictionary, in_context, is_toneless
from langdu.model import Edit, NormalizedText, Origin, Reading, Span, Syllable, Tone
from langdu.pinyin import Letters, distribute, locate
from langdu.pronounce import polyphones
from langdu.pronounce.hints import hints
from langdu.pronounce.names import agree
from langdu.pronounce.patterns import apart, certain, coloured, light
from langdu.pronounce.sandhi import surface_tones

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from langdu.model import Paragraph

# Says a syllable that was written in pinyin and has no hanzi.
PINYIN_STAND_IN: Final = "〇"
# How often the dictionaries are right where the model has no say (docs/model_card.md).
_DICTIONARIES: Final = 0.995
# How the model says that a 儿 only colours the syllable before it.
_ERHUA: Final = "r"
_SON: Final = Syllable("er", Tone.RISING)
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
            word, said = span.of(text), annotation.syllables
            if len(span) > 1 and distribute(word, said):
                found.setdefault(word, set()).add(by_dictionary(word, said) if is_toneless(annotation) else said)
    return {word: readings.pop() for word, readings in found.items() if len(readings) == 1}


class Citation(NamedTuple):
    """The citation reading of one character, and where it comes from.

    `shares` is how probable each reading is, 0 to 1; None where only dictionaries have spoken. `confirmed`: those leave
    no doubt, or the user or the article has said it. `context`: what the model holds of the readings all the same.
    """

    syllable: Syllable
    origin: Origin
    shares: Mapping[Syllable, float] | None = None
    confirmed: bool = False
    context: Mapping[Syllable, float] | None = None


def dictionary_readings(text: str, learned: Mapping[str, tuple[Syllable, ...]] | None = None) -> list[Citation | None]:
    """What the dictionaries and `learned` alone say of each character; None for what is no hanzi."""
    learned = learned or {}
    words = lexicon.split_words(text, learned)
    return [citation for word in words for citation in _word(word.of(text), learned)]


def readings_in_context(
    texts: Sequence[str], learned: Sequence[Mapping[str, tuple[Syllable, ...]]] | None = None
) -> Iterator[list[Citation | None]]:
    """For each text, the citation reading of each character; None for what is no hanzi.

    `learned` has, for each text, the words that its article teaches. Many texts at once are read much faster than one
    after the other.
    """
    for citations, _ in _read(texts, learned or [{}] * len(texts)):
        yield citations


def _read(
    texts: Sequence[str], learned: Sequence[Mapping[str, tuple[Syllable, ...]]]
) -> Iterator[tuple[list[Citation | None], list[Span]]]:
    """The citation readings of each text, and its words."""
    words = [lexicon.split_words(text, taught) for text, taught in zip(texts, learned, strict=True)]
    chosen = polyphones.model().choose(texts, words)
    for text, taught, spans, choices in zip(texts, learned, words, chosen, strict=True):
        citations: list[Citation | None] = []
        for span in spans:
            citations += _word(span.of(text), taught)
        open_ = {at: choice for at, choice in choices.items() if not _is_confirmed(citations[at])}
        for at, choice in {**choices, **agree(text, open_)}.items():
            citations[at] = _weighed(citations[at], choice)
        _follow_patterns(text, citations, spans)
        yield citations, spans


def _follow_patterns(text: str, citations: list[Citation | None], words: Sequence[Span]) -> None:
    """Patterns decide where no confirmed word has spoken, and tones are lost in any word but the article's own."""
    for at, syllable in certain(text):
        said = citations[at]
        if said and not said.confirmed:
            citations[at] = Citation(syllable, Origin.LEXICON, {syllable: 1.0})
    for at, syllable in apart(text):
        said = citations[at]
        if said and said.origin is not Origin.ARTICLE:
            citations[at] = Citation(syllable, Origin.LEXICON, {syllable: 1.0})
    for at in light(text, words):
        said = citations[at]
        if said and said.origin is not Origin.ARTICLE:
            citations[at] = Citation(Syllable(said.syllable.base, Tone.NEUTRAL), Origin.LEXICON, confirmed=True)
    alone = set(coloured(text))
    for at, said in enumerate(citations):
        if said and (said.syllable.base == _ERHUA or (at in alone and not said.confirmed)):
            before = citations[at - 1] if at else None
            if before is None or before.syllable.erhua or before.syllable.base == _SON.base:
                citations[at] = Citation(_SON, said.origin)  # there is nothing to colour: 儿 is a word by itself
            else:
                whole = Syllable(before.syllable.base, before.syllable.tone, erhua=True)
                citations[at - 1] = Citation(whole, before.origin, confirmed=before.confirmed)
                citations[at] = None


def _is_confirmed(said: Citation | None) -> bool:
    return said is not None and said.confirmed


def _weighed(said: Citation | None, choice: polyphones.Choice) -> Citation | None:
    """The model has weighed what dictionaries say; what the article says of its words is not its to judge."""
    if said is None or said.origin is not Origin.LEXICON or said.syllable.erhua:
        return said
    if said.confirmed:
        return said._replace(context=choice.shares)
    origin = Origin.LEXICON if choice.syllable == said.syllable else Origin.MODEL
    return Citation(choice.syllable, origin, choice.shares)


@lru_cache(maxsize=32768)
def _known(word: str) -> tuple[Citation | None, ...]:
    """What the dictionaries say of a word."""
    ways = lexicon.word_readings(word) if len(word) > 1 else ()
    said = distribute(word, ways[0]) if ways else None
    said = said or tuple(lexicon.default_reading(char) for char in word)
    return tuple(
        Citation(_citation(char, syllable), Origin.LEXICON, confirmed=hint.confirmed) if syllable else None
        for char, syllable, hint in zip(word, said, hints(word), strict=True)
    )


def _word(word: str, learned: Mapping[str, tuple[Syllable, ...]]) -> Iterable[Citation | None]:
    if word in learned and (heard := distribute(word, learned[word])):
        return [Citation(s, Origin.ARTICLE, confirmed=True) if s else None for s in heard]
    return _known(word)


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
    (readings,) = pronounce_all([(paragraph, normalized, learned)])
    return readings


def pronounce_all(
    items: Sequence[tuple[Paragraph, NormalizedText, Mapping[str, tuple[Syllable, ...]]]],
) -> Iterator[tuple[Reading | None, ...]]:
    """What `pronounce` gives for each item, much faster than one after the other."""
    spoken = [normalized.spoken for _, normalized, _ in items]
    read = _read(spoken, [learned for _, _, learned in items])
    for (paragraph, normalized, _), (citations, words) in zip(items, read, strict=True):
        _annotate(citations, paragraph, normalized)
        yield _with_surface(normalized.spoken, citations, words)


def _annotate(citations: list[Citation | None], paragraph: Paragraph, normalized: NormalizedText) -> None:
    """Put the paragraph's annotations in the place of what was read."""
    annotated = list(paragraph.annotated())
    if not annotated:
        return
    text = paragraph.text
    places = {span.start: i for i, span in enumerate(normalized.written_spans()) if len(span) == 1}
    for span, annotation in annotated:
        given = distribute(span.of(text), annotation.syllables)
        if given and is_toneless(annotation):
            _annotate_toneless(citations, text, span, annotation.syllables, places)
            continue
        for at, syllable in zip(range(span.start, span.end), given or (), strict=False):
            i = places.get(at)
            if i is not None and normalized.spoken[i] == text[at]:
                citations[i] = Citation(syllable, Origin.ANNOTATION) if syllable else None


def _annotate_toneless(
    citations: list[Citation | None],
    text: str,
    span: Span,
    syllables: Sequence[Syllable],
    places: Mapping[int, int],
) -> None:
    """Letters without tones choose among the readings: that of the word and the context if it is spelled so."""
    said = distribute(span.of(text), by_dictionary(span.of(text), syllables)) or ()
    given = distribute(span.of(text), syllables) or ()
    known = len(span) > 1 and bool(lexicon.word_readings(span.of(text)))
    for at, in_word, letters in zip(range(span.start, span.end), said, given, strict=False):
        if (i := places.get(at)) is None:
            continue
        read = citations[i]
        if letters is None or in_word is None:
            citations[i] = None
            continue
        context = read.syllable if read else None
        chosen = in_word if known else in_context(text[at], letters, context, (read.shares if read else None) or {})
        citations[i] = Citation(chosen, Origin.ANNOTATION)


def _with_surface(
    spoken: str, citations: Sequence[Citation | None], words: Sequence[Span]
) -> tuple[Reading | None, ...]:
    tones = surface_tones(spoken, [c.syllable if c else None for c in citations], words)
    return tuple(
        None if c is None or tone is None else Reading(c.syllable, _toned(c.syllable, tone), c.origin, _confidence(c))
        for c, tone in zip(citations, tones, strict=True)
    )


def _confidence(citation: Citation) -> float:
    if citation.shares is not None:
        return citation.shares[citation.syllable]
    return _DICTIONARIES if citation.origin is Origin.LEXICON else 1.0


def _toned(syllable: Syllable, tone: Tone) -> Syllable:
    return syllable if syllable.tone is tone else Syllable(syllable.base, tone, syllable.erhua)


class PinyinLine(NamedTuple):
    """A line written in pinyin: each syllable is spoken by the stand-in 〇, and an edit names its place."""

    normalized: NormalizedText
    readings: tuple[Reading | None, ...]
    words: list[Span]


def read_pinyin(line: str) -> PinyinLine | None:
    """A line written in citation pinyin; None if it is not written in pinyin with tones."""
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
    citations = [Citation(s, Origin.ANNOTATION) if s else None for s in syllables]
    normalized = NormalizedText(line, spoken, tuple(edits))
    return PinyinLine(normalized, _with_surface(spoken, citations, words), words) if toned else None
