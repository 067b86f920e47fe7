"""An article's paragraphs as a person looks at them: words, how each character is read, and why."""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final

from langdu import engines, lexicon
from langdu.export.view.words import word_spans
from langdu.lexicon.user import own_words
from langdu.marks import HANZI, sentence_ends
from langdu.model import Origin, Rundown, Section, Span
from langdu.pinyin import distribute, number, spell_word
from langdu.pipeline.study.words import READER
from langdu.pipeline.text import scripts
from langdu.pronounce import learn, readings_in_context

if TYPE_CHECKING:
    from collections.abc import Callable, Container, Iterator, Mapping, Sequence

    from langdu.engines import Capabilities
    from langdu.model import Annotation, Article, Paragraph, Reading, Syllable
    from langdu.pipeline.text import Script
    from langdu.pronounce import Citation
    from langdu.settings import Settings

_KEY: Final = 16  # hex digits of a hash


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadWord:
    """A word of a paragraph, or the marks between two words.

    `readings` has an entry for each character, None for one that is not read on its own; it is None itself if the word
    has no hanzi. `spoken` is what is said for a number or a sign, with the readings `said`. `sentence` counts in the
    paragraph.
    """

    span: Span
    text: str
    sentence: int
    readings: tuple[Reading | None, ...] | None
    spoken: str = ""
    said: tuple[Syllable, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadParagraph:
    """A paragraph with its words. `sound` differs if and only if it sounds different, with the same voice."""

    paragraph: Paragraph
    words: tuple[ReadWord, ...]
    sound: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading that a character may have. `sure` is its probability here, 0 to 1; None if nothing is known of it."""

    syllable: Syllable
    sure: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPlace:
    """A hanzi in an article: its word, its present reading, why it is read so, and its other readings.

    `reason` is one of `annotation`, `article`, `user`, `dictionary`, `pattern`, `context`; `why` says it in words.
    `same` are all places of the article where the same character stands in the same word.
    """

    word: Span
    text: str
    present: Reading
    reason: str
    why: str
    candidates: tuple[Candidate, ...]
    same: tuple[tuple[int, int], ...]


def scripts_of(
    article: Article, paragraphs: Sequence[Paragraph], settings: Settings, can: Callable[[str | None], Capabilities]
) -> Iterator[Script]:
    """Some paragraphs of an article, ready to be spoken; the annotations of all of it apply."""
    if not paragraphs:
        return
    pauses = settings.pauses
    tail = pauses.title if paragraphs[-1].is_title else pauses.paragraph
    section = Section(article=article, paragraphs=tuple(paragraphs))
    yield from scripts(Rundown(title="", sections=(section,), tail_ms=tail), settings, can)


def read_paragraphs(article: Article, paragraphs: Sequence[Paragraph], settings: Settings) -> Iterator[ReadParagraph]:
    """Some paragraphs of an article with their readings, which do not depend on the voice."""
    for script in scripts_of(article, paragraphs, replace(settings, quotes=None), lambda _: _reader()):
        yield ReadParagraph(paragraph=script.paragraph, words=tuple(_words(script)), sound=_sound(script))


@cache
def _reader() -> Capabilities:
    """What the voice can do for which readings are made: it is looked for among all packages, which takes a while."""
    return engines.create(READER, None).capabilities


def _sound(script: Script) -> str:
    said = [
        (u.text, [r and number(r.surface) for r in u.readings], u.breaks, u.pause_after_ms, u.pace)
        for u in script.utterances
    ]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:_KEY]


def _words(script: Script) -> Iterator[ReadWord]:
    text, spoken = script.paragraph.text, script.normalized.spoken
    places = script.normalized.written_spans()
    own: dict[int, Reading] = {}
    for i, reading in enumerate(script.readings):
        if reading and len(places[i]) == 1 and places[i].of(text) == spoken[i]:
            own[places[i].start] = reading
    said = [places[i] for i, reading in enumerate(script.readings) if reading]
    erhua = [Span(at, at + 2) for at, reading in own.items() if reading.citation.erhua]
    whole = [span for span, _ in script.paragraph.annotated()]
    ends = sorted(sentence_ends(text))
    for span in word_spans(text, [*said, *erhua], whole):
        plain = HANZI.search(span.of(text)) and any(at in own for at in range(span.start, span.end))
        instead = [i for i, place in enumerate(places) if _inside(place, span) and place.start not in own]
        yield ReadWord(
            span=span,
            text=span.of(text),
            sentence=bisect_right(ends, span.start),
            readings=tuple(own.get(at) for at in range(span.start, span.end)) if plain else None,
            spoken="" if plain else "".join(spoken[i] for i in instead if script.readings[i]),
            said=() if plain else tuple(r.citation for i in instead if (r := script.readings[i])),
        )


def _inside(place: Span, word: Span) -> bool:
    return word.start <= place.start < word.end


# --- one place ------------------------------------------------------------------------------------------------------


def reading_place(
    article: Article, index: int, at: int, read: Mapping[int, ReadParagraph], settings: Settings
) -> ReadingPlace | None:
    """What is known of the character `at` of a paragraph, None if it has no reading of its own.

    `read` has the article's paragraphs by their index, as far as the caller wants to know of equal places.
    """
    words = read[index].words
    word = next((word for word in words if word.span.start <= at < word.span.end), None)
    present = word.readings[at - word.span.start] if word and word.readings else None
    if word is None or present is None:
        return None
    paragraph = read[index].paragraph
    citation = _citation(article, paragraph, at, settings)
    own = own_words(article.source.name, settings.lexicon)
    reason, why = _why(word.text, present, citation, _annotation(paragraph, at), own)
    return ReadingPlace(
        word=word.span,
        text=word.text,
        present=present,
        reason=reason,
        why=why,
        candidates=tuple(_candidates(word.text[at - word.span.start], present, citation)),
        same=tuple(_same_places(word.text, at - word.span.start, read)),
    )


def _annotation(paragraph: Paragraph, at: int) -> Annotation | None:
    return next((note for span, note in paragraph.annotated() if span.start <= at < span.end), None)


def _citation(article: Article, paragraph: Paragraph, at: int, settings: Settings) -> Citation | None:
    """What langdu itself would read there, by the article's other annotations, the user's words and the context."""
    taught = {**own_words(article.source.name, settings.lexicon), **learn(list(article.spoken_order()))}
    (citations,) = readings_in_context([paragraph.text], [taught])
    return citations[at]


def _why(
    word: str,
    present: Reading,
    citation: Citation | None,
    note: Annotation | None,
    own: Container[str],
) -> tuple[str, str]:
    if present.origin is Origin.ANNOTATION:
        return "annotation", f"the article says so: {note.written}" if note else "the article says so"
    if present.origin is Origin.ARTICLE:
        in_own = ("user", f"your own readings have {word}")
        return in_own if word in own else ("article", f"the article annotates {word} at another place")
    if citation and citation.shares and not citation.confirmed:
        if citation.shares == {present.citation: 1.0}:
            return "pattern", "a pattern of the language decides"
        return "context", f"the text around it makes this reading {present.confidence:.0%} probable"
    if citation and citation.confirmed:
        return "dictionary", f"the dictionaries give this reading of {word}"
    return "dictionary", f"it is the usual reading of {word}"


def _candidates(char: str, present: Reading, citation: Citation | None) -> Iterator[Candidate]:
    """The readings of a character in dictionaries and what the model thinks of them, the present one first."""
    shares = (citation and (citation.shares or citation.context)) or {}
    known = dict.fromkeys([*lexicon.readings(char), *(s for s in shares if s.base != "r")])
    erhua = present.citation.erhua
    listed = [replace(s, erhua=erhua) for s in known]
    yield Candidate(present.citation, present.confidence)
    rest = {replace(s, erhua=erhua): share for s, share in shares.items()}
    others = [s for s in listed if s != present.citation]
    for syllable in sorted(others, key=lambda s: -rest.get(s, 0.0)):
        share = rest.get(syllable)
        yield Candidate(syllable, None if share is None else round(share, 3))


def _same_places(word: str, offset: int, read: Mapping[int, ReadParagraph]) -> Iterator[tuple[int, int]]:
    for index, paragraph in read.items():
        for other in paragraph.words:
            if other.text == word and other.readings and other.readings[offset]:
                yield index, other.span.start + offset


def with_reading(word: ReadWord, offset: int, syllable: Syllable) -> tuple[Syllable, ...] | None:
    """The reading of a word with another one of its characters; None if that does not fit its hanzi."""
    readings = word.readings or ()
    syllables = [r.citation if r else None for r in readings]
    if offset >= len(syllables) or syllables[offset] is None:
        return None
    syllables[offset] = syllable
    whole = tuple(s for s in syllables if s)
    return whole if HANZI.fullmatch(word.text) and distribute(word.text, whole) else None


def line_to_hear(word: ReadWord, offset: int, syllable: Syllable) -> str:
    """A line in which the word is read with another reading of one of its characters."""
    if whole := with_reading(word, offset, syllable):
        return f"{word.text}({spell_word(whole)})"
    end = offset + (2 if syllable.erhua else 1)
    return f"{word.text[:end]}({spell_word([syllable])}){word.text[end:]}"


def warm() -> None:
    """Load what reads, so that the first article is soon readable."""
    list(readings_in_context(["长大"]))
