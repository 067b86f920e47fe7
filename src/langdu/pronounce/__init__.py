"""A reading for every spoken character: annotation > article > confirmed words, patterns > model; then tone sandhi."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon
from langdu.lexicon.collocations import collocated_readings
from langdu.lexicon.toneless import by_dictionary, in_context, is_toneless
from langdu.model import Edit, NormalizedText, Origin, Reading, Span, Syllable, Tone
from langdu.pinyin import Letters, distribute, locate
from langdu.pronounce import polyphones
from langdu.pronounce.given_names import weigh_given_names
from langdu.pronounce.hints import hints, is_ambiguous
from langdu.pronounce.names import agree_on_surnames
from langdu.pronounce.other_words import weigh_other_words
from langdu.pronounce.patterns import (
    certain_readings,
    erhua_places,
    neutral_places,
    readings_against_words,
    repeated_measures,
)
from langdu.pronounce.potential import agree_on_potential
from langdu.pronounce.sandhi import surface_tones

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from langdu.model import Paragraph

# Stands in for the hanzi of a syllable that was written in pinyin.
PINYIN_STAND_IN: Final = "〇"
# How often the dictionaries are right if the model has no say (docs/model_card.md).
_DICTIONARIES: Final = 0.995
# An ambiguous word is taken for one unless the context is as sure as this of another reading (docs/model_card.md).
_NO_WORD: Final = 0.5
# The model's reading of a 儿 that is the erhua of the syllable before it.
_ERHUA: Final = "r"
_SON: Final = Syllable("er", Tone.RISING)
_PINYIN_WORD: Final = re.compile(r"[^\s，。！？；：、…,.!?;]+")


def learn(paragraphs: Iterable[Paragraph]) -> dict[str, tuple[Syllable, ...]]:
    """The words of two or more hanzi that the article annotates, each with the reading given there.

    A single character teaches nothing: 为(wèi) in one sentence may be wéi in the next. Nor does a word that the article
    annotates in two ways.
    """
    learned: dict[str, set[tuple[Syllable, ...]]] = {}
    for paragraph in paragraphs:
        text = paragraph.text
        for span, annotation in paragraph.annotated():
            word, given = span.of(text), annotation.syllables
            if len(span) > 1 and distribute(word, given):
                learned.setdefault(word, set()).add(by_dictionary(word, given) if is_toneless(annotation) else given)
    return {word: readings.pop() for word, readings in learned.items() if len(readings) == 1}


class Citation(NamedTuple):
    """The citation reading of one character, and where it comes from.

    `shares` is the probability of each reading, 0 to 1; None if the reading comes from dictionaries alone.
    `confirmed`: the dictionaries leave no doubt, or the user or the article gave the reading. `context`: the
    probability that the model gives each reading of a confirmed word.
    """

    syllable: Syllable
    origin: Origin
    shares: Mapping[Syllable, float] | None = None
    confirmed: bool = False
    context: Mapping[Syllable, float] | None = None


def dictionary_readings(text: str, learned: Mapping[str, tuple[Syllable, ...]] | None = None) -> list[Citation | None]:
    """The citation reading of each character by dictionaries and `learned` alone; None for what is not a hanzi."""
    learned = learned or {}
    words = lexicon.split_words(text, learned)
    return [citation for word in words for citation in _of_word(word.of(text), learned)]


def readings_in_context(
    texts: Sequence[str], learned: Sequence[Mapping[str, tuple[Syllable, ...]]] | None = None
) -> Iterator[list[Citation | None]]:
    """For each text, the citation reading of each character; None for what is not a hanzi.

    `learned` has, for each text, the words that its article teaches. Reading many texts at once is much faster than one
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
            citations += _of_word(span.of(text), taught)
        for at, citation in _doubted(text, spans, citations, choices):
            citations[at] = citation._replace(confirmed=False)
        open_ = {at: choice for at, choice in choices.items() if not _is_confirmed(citations[at])}
        weighed = weigh_given_names(text, spans, weigh_other_words(text, spans, open_))
        pairs = [at for span in spans if len(span) == 2 for at in (span.start, span.end - 1)]
        crossing = {at: choices[at] for at in pairs if at in choices and at not in open_ and _is_free(citations[at])}
        agreed = {**agree_on_surnames(text, weighed, crossing), **dict(agree_on_potential(text, open_))}
        for at, choice in {**choices, **weighed, **agreed}.items():
            if at in agreed and at in crossing:
                citations[at] = Citation(choice.syllable, Origin.MODEL, shares=choice.shares)
            else:
                citations[at] = _weighed(citations[at], choice)
        _follow_patterns(text, citations, spans)
        yield citations, spans


def _doubted(
    text: str, words: Sequence[Span], citations: Sequence[Citation | None], choices: Mapping[int, polyphones.Choice]
) -> Iterator[tuple[int, Citation]]:
    """The readings of ambiguous words that the context reads otherwise: of 没收 in 他没收钱."""
    for word in words:
        if not is_ambiguous(word.of(text)):
            continue
        of_word = [(at, citation) for at in range(word.start, word.end) if (citation := citations[at])]
        if any(_is_contradicted(citation, choices.get(at)) for at, citation in of_word):
            yield from of_word


def _is_contradicted(citation: Citation, choice: polyphones.Choice | None) -> bool:
    if choice is None or citation.origin is not Origin.LEXICON:
        return False
    return choice.syllable != citation.syllable and choice.confidence > _NO_WORD


def _follow_patterns(text: str, citations: list[Citation | None], words: Sequence[Span]) -> None:
    """Patterns replace what no confirmed word decides; some overrule words, as do collocations.

    The article's own readings stand.
    """
    for at, syllable in certain_readings(text):
        citation = citations[at]
        if citation and not citation.confirmed:
            citations[at] = Citation(syllable, Origin.LEXICON, shares={syllable: 1.0})
    _overrule(citations, readings_against_words(text))
    for at in neutral_places(text, words):
        citation = citations[at]
        if citation and citation.origin is not Origin.ARTICLE:
            citations[at] = Citation(Syllable(citation.syllable.base, Tone.NEUTRAL), Origin.LEXICON, confirmed=True)
    for at in repeated_measures(text):
        first, second = citations[at - 1], citations[at]
        if first and second and second.origin is not Origin.ARTICLE and not first.syllable.erhua:
            citations[at] = first
    _overrule(citations, collocated_readings(text, words).items())
    _join_erhua(citations, set(erhua_places(text)))


def _overrule(citations: list[Citation | None], readings: Iterable[tuple[int, Syllable]]) -> None:
    for at, syllable in readings:
        citation = citations[at]
        if citation and citation.origin is not Origin.ARTICLE:
            citations[at] = Citation(syllable, Origin.LEXICON, shares={syllable: 1.0})


def _join_erhua(citations: list[Citation | None], by_pattern: Collection[int]) -> None:
    """Make a 儿 part of the syllable before it if the model or a pattern says so."""
    for at, citation in enumerate(citations):
        if citation and (citation.syllable.base == _ERHUA or (at in by_pattern and not citation.confirmed)):
            before = citations[at - 1] if at else None
            if before is None or before.syllable.erhua or before.syllable.base == _SON.base:
                citations[at] = Citation(_SON, citation.origin)  # no syllable to join: 儿 is a word by itself
            else:
                shares = {_coloured(reading): share for reading, share in (before.shares or {}).items()} or None
                citations[at - 1] = before._replace(syllable=_coloured(before.syllable), shares=shares)
                citations[at] = None


def _coloured(syllable: Syllable) -> Syllable:
    return Syllable(syllable.base, syllable.tone, erhua=True)


def _is_confirmed(citation: Citation | None) -> bool:
    return citation is not None and citation.confirmed


def _is_free(citation: Citation | None) -> bool:
    return citation is not None and citation.origin is Origin.LEXICON


def _weighed(citation: Citation | None, choice: polyphones.Choice) -> Citation | None:
    """The model's choice in place of an unconfirmed reading of the dictionaries; the article's readings stand."""
    if citation is None or citation.origin is not Origin.LEXICON or citation.syllable.erhua:
        return citation
    if citation.confirmed:
        return citation._replace(context=choice.shares)
    origin = Origin.LEXICON if choice.syllable == citation.syllable else Origin.MODEL
    return Citation(choice.syllable, origin, shares=choice.shares)


@lru_cache(maxsize=32768)
def _by_dictionaries(word: str) -> tuple[Citation | None, ...]:
    ways = lexicon.word_readings(word) if len(word) > 1 else ()
    syllables = distribute(word, ways[0]) if ways else None
    syllables = syllables or tuple(lexicon.default_reading(char) for char in word)
    return tuple(
        Citation(_without_sandhi(char, syllable), Origin.LEXICON, confirmed=hint.confirmed) if syllable else None
        for char, syllable, hint in zip(word, syllables, hints(word), strict=True)
    )


def _of_word(word: str, learned: Mapping[str, tuple[Syllable, ...]]) -> Iterable[Citation | None]:
    if word in learned and (syllables := distribute(word, learned[word])):
        return [Citation(s, Origin.ARTICLE, confirmed=True) if s else None for s in syllables]
    return _by_dictionaries(word)


def _without_sandhi(char: str, syllable: Syllable) -> Syllable:
    """The citation tone of 一 and 不, which some dictionaries write as spoken: yíqiè, búbì."""
    if char == "一" and syllable.base == "yi" and syllable.tone in (Tone.RISING, Tone.FALLING):
        return Syllable("yi", Tone.HIGH)
    if char == "不" and syllable.base == "bu" and syllable.tone is Tone.RISING:
        return Syllable("bu", Tone.FALLING)
    return syllable


def pronounce(
    paragraph: Paragraph, normalized: NormalizedText, learned: Mapping[str, tuple[Syllable, ...]]
) -> tuple[Reading | None, ...]:
    """A reading for each character of `normalized.spoken`; None for what is not a hanzi, and for the 儿 of an erhua.

    `normalized.written` is the paragraph's text. An annotation is obeyed even if no dictionary has it. It is ignored if
    its syllables do not fit its hanzi, or if an edit has replaced its text.
    """
    (readings,) = pronounce_all([(paragraph, normalized, learned)])
    return readings


def pronounce_all(
    items: Sequence[tuple[Paragraph, NormalizedText, Mapping[str, tuple[Syllable, ...]]]],
) -> Iterator[tuple[Reading | None, ...]]:
    """The result of `pronounce` for each item, much faster than one after the other."""
    spoken = [normalized.spoken for _, normalized, _ in items]
    rows = _read(spoken, [learned for _, _, learned in items])
    for (paragraph, normalized, _), (citations, words) in zip(items, rows, strict=True):
        _annotate(citations, paragraph, normalized)
        yield _with_surface(normalized.spoken, citations, words)


def _annotate(citations: list[Citation | None], paragraph: Paragraph, normalized: NormalizedText) -> None:
    """Replace readings with the paragraph's annotations."""
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
    """An annotation without tones chooses among the readings with its letters: that of the word, or of the context."""
    by_word = distribute(span.of(text), by_dictionary(span.of(text), syllables)) or ()
    given = distribute(span.of(text), syllables) or ()
    known = len(span) > 1 and bool(lexicon.word_readings(span.of(text)))
    for at, in_word, letters in zip(range(span.start, span.end), by_word, given, strict=False):
        if (i := places.get(at)) is None:
            continue
        citation = citations[i]
        if letters is None or in_word is None:
            citations[i] = None
            continue
        context, shares = (citation.syllable, citation.shares or {}) if citation else (None, {})
        chosen = in_word if known else in_context(text[at], letters, context, shares)
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
    """A line written in pinyin. In the spoken form the stand-in 〇 replaces each syllable; an edit has its place."""

    normalized: NormalizedText
    readings: tuple[Reading | None, ...]
    words: list[Span]


def read_pinyin(line: str) -> PinyinLine | None:
    """Read a line of citation pinyin; None if the line is anything but pinyin with tones."""
    spoken, at, toned = "", 0, False
    edits: list[Edit] = []
    syllables: list[Syllable | None] = []
    words: list[Span] = []
    for word in _PINYIN_WORD.finditer(line):
        letters = Letters.read(word.group())
        ways = letters.splits(1) if letters else []
        if not letters or not ways:
            return None
        toned |= letters.toned
        gap = line[at : word.start()]
        if gap.strip():  # a mark between two words is a pause, which sandhi does not cross
            words.append(Span(len(spoken), len(spoken) + len(gap)))
        elif gap:  # a space between words of pinyin is spelling, not a pause
            edits.append(Edit("blank", Span(at, word.start()), Span(len(spoken), len(spoken))))
            gap, at = "", word.start()
        start = len(spoken) + len(gap)
        for (first, end), syllable in zip(locate(word.group(), ways[0]), ways[0], strict=True):
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
