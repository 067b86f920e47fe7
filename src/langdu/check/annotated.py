"""What rules look at: the annotated words of an article, each with all that is known about it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Final, NamedTuple

from langdu import lexicon, pinyin
from langdu.check.tones import Neighbours, same_reading
from langdu.data import rows
from langdu.lexicon.surnames import SURNAMES
from langdu.lexicon.toneless import by_dictionary
from langdu.marks import HANZI
from langdu.model import Edit, Kind, Span, Syllable, Tone

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from langdu.model import Annotation, NormalizedText, Paragraph


# Particles that are a different word in full tone: 得 dé means to get.
_PARTICLES: Final = "得吗吧"
# After these, 一 is an ordinal or a digit: 第一, 二十一.
_COUNTS: Final = tuple("第零〇一二三四五六七八九十百千万")
# How many hanzi may stand between a text and its annotation: 乳臭未干(xiù).
_REACH: Final = 3
_OLD: Final = "old texts"


@cache
def _norms() -> dict[tuple[str, str], str]:
    return {(char, reading): name for chars, reading, name in rows("norms.tsv") for char in chars}


class ExpectedReading(NamedTuple):
    """How langdu reads a character regardless of its annotation.

    `shares` is the calibrated probability of each reading; None if the reading comes from dictionaries alone, which
    know words but not their context. `confirmed`: the dictionaries leave no doubt, or the user gave the reading.
    `context`: the probability that the model gives each reading of a confirmed word.
    """

    syllable: Syllable
    shares: Mapping[Syllable, float] | None = None
    confirmed: bool = False
    context: Mapping[Syllable, float] | None = None

    @property
    def sure(self) -> float | None:
        """The probability of the reading; None if the model had no say."""
        return self.shares.get(self.syllable) if self.shares else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParagraphContext:
    """What is known about one paragraph.

    `words` has, for each character, the word that contains it; `own` the user's words. `annotated` are the places of
    all characters with annotations.
    """

    paragraph: Paragraph
    text: str
    expected: Sequence[ExpectedReading | None]
    words: dict[int, Span]
    annotated: frozenset[int]
    offsets: Offsets
    own: Mapping[str, tuple[Syllable, ...]]
    is_traditional: bool

    def readings(self, word: str) -> list[tuple[Syllable | None, ...]]:
        """The readings of a word of two or more hanzi, one syllable each: the user's own or the dictionaries'."""
        ways = (self.own[word],) if word in self.own else lexicon.word_readings(word)
        return [syllables for way in ways if (syllables := pinyin.distribute(word, way))]

    def cut(self, text: str) -> list[Span]:
        """The words of a text."""
        return lexicon.split_words(text, self.own)


class Offsets:
    """Where each character of a paragraph stands in the source; the table is made once."""

    def __init__(self, paragraph: Paragraph) -> None:
        self._runs = paragraph.runs
        self._starts = list(accumulate((len(run.text) for run in paragraph.runs), initial=0))

    def __call__(self, at: int) -> int:
        """The offset in the source of character `at` of the text."""
        i = min(bisect_right(self._starts, at), len(self._runs)) - 1
        return self._runs[i].offset + at - self._starts[i]

    def are_read(self, offset: int) -> bool:
        """Whether the source's character at an offset is part of the text."""
        i = bisect_right(self._runs, offset, key=lambda run: run.offset) - 1
        return i >= 0 and offset < self._runs[i].offset + len(self._runs[i].text)


@dataclass(frozen=True, kw_only=True)
class AnnotatedWord:
    """One annotation and its surroundings.

    `given` has one syllable for each character (None for the 儿 of an erhua), or is None if the syllables do not fit
    the hanzi; if the author wrote no tones, it has the expected ones. `edits` are the normaliser's edits of this text.
    """

    context: ParagraphContext
    span: Span
    text: str
    annotation: Annotation
    letters: pinyin.Letters | None
    given: tuple[Syllable | None, ...] | None
    edits: tuple[Edit, ...]

    @property
    def paragraph(self) -> Paragraph:
        """The paragraph it stands in."""
        return self.context.paragraph

    @cached_property
    def expected(self) -> tuple[Syllable | None, ...]:
        """What langdu would read for the same characters."""
        return tuple(e and e.syllable for e in self.context.expected[self.span.start : self.span.end])

    @property
    def word(self) -> Span:
        """The word of the sentence that contains the beginning of the annotated text."""
        return self.context.words[self.span.start]

    @property
    def before_annotation(self) -> Span:
        """That word, or more if the annotation stands a few hanzi farther on: 全县(quán)."""
        end = max(self.word.end, self.span.end)
        most = end + _REACH
        while end < most and self._is_between(end) and self.context.offsets(end) < self.annotation.span.start:
            end += 1
        return Span(self.word.start, end)

    def _is_between(self, at: int) -> bool:
        """Whether a character may stand between a text and its annotation: a hanzi without an annotation of its own."""
        return bool(HANZI.match(self.context.text[at : at + 1])) and at not in self.context.annotated

    @cached_property
    def is_pinyin(self) -> bool:
        """Whether it is written in pinyin; zhuyin and homophones have no spelling to check."""
        return self.annotation.kind in (Kind.PINYIN, Kind.RUBY)

    @cached_property
    def is_spelled(self) -> bool:
        """Whether the annotation consists of pinyin syllables, or is not pinyin at all."""
        if not self.is_pinyin or self.letters is None:
            return True
        plain = "".join(s.base + "r" * s.erhua for s in self.annotation.syllables)
        return plain == self.letters.text or bool(self.letters.splits(1))

    @cached_property
    def is_toneless(self) -> bool:
        """Whether the author wrote no tone at all, and does not mean that it is neutral."""
        is_bare = self.is_pinyin and self.letters is not None and not self.letters.toned
        return is_bare and not self.annotation.is_neutral

    @cached_property
    def misread(self) -> tuple[int, ...]:
        """The characters of the text that can never be read as given."""
        if not self.is_spelled:
            return ()
        given = ((i, syllable) for i, syllable in enumerate(self.given or ()) if syllable)
        return tuple(i for i, syllable in given if not (self._can_be_read(i, syllable) or self._is_of_another_table(i)))

    def _can_be_read(self, i: int, given: Syllable) -> bool:
        known = [*lexicon.readings(self.text[i]), *(way[i] for way in self.context.readings(self.text))]
        if given == self.expected[i] or any(k and given.base == k.base and given.tone is k.tone for k in known):
            return True
        if not any(known):
            return True
        if given.tone is Tone.NEUTRAL and i == 0 and self.span.start == self.word.start:
            return False  # no word begins with a neutral tone
        # A neutral tone may stand for any tone, but a neutral reading in the dictionary allows no other tone.
        if given.tone is Tone.NEUTRAL:
            return any(k and given.base == k.base for k in known)
        # Sandhi of a rare reading does not count either: 道 is not read dáo though a dialect has dǎo.
        usual = (known[0], self.expected[i])
        return any(k is not None and k.tone is not Tone.NEUTRAL and self.can_be(i, k) for k in usual)

    def _is_of_another_table(self, i: int) -> bool:
        """Whether a reading that the dictionaries do not list belongs to another norm or to a surname."""
        return self.norm(i) is not None or self.is_surname(i)

    def norm(self, i: int) -> str | None:
        """The norm that a character's reading belongs to: "Taiwan", "old texts", or None for today's mainland norm.

        Inside a modern word, such as 文 in 奎文区, a reading of old texts cannot be meant.
        """
        at, given = self.span.start + i, (self.given or ())[i]
        name = _norms().get((self.text[i], pinyin.number(given))) if given else None
        expected = self.context.expected[at]
        in_word = len(self.context.words[at]) > 1 and expected is not None and expected.confirmed
        return None if in_word and name == _OLD else name

    def is_surname(self, i: int) -> bool:
        """Whether the reading is the character's own as a surname."""
        given = (self.given or ())[i]
        return given is not None and pinyin.number(given) in SURNAMES.get(self.text[i], ())

    @property
    def is_sound(self) -> bool:
        """Whether every character can be read as given in some context."""
        return self.given is not None and self.is_spelled and not self.misread

    @cached_property
    def is_unambiguous(self) -> bool:
        """Whether dictionaries list exactly one reading of the text, and it is the expected one."""
        ways = self.context.readings(self.text) or [(s,) for s in lexicon.readings(self.text[:1])]
        return len(ways) == 1 and ways[0] == self.expected

    @cached_property
    def is_told(self) -> bool:
        """Whether a sentence tells the reading, 长读zhǎng, so that it is read aloud as well."""
        return self.context.offsets.are_read(self.annotation.span.start)

    @property
    def reaches_back(self) -> bool:
        """Whether only other hanzi of the word stand between the text and its annotation: 蜷伏(quán)."""
        if self.is_told:
            return False
        end, offsets = self.span.end, self.context.offsets
        own = offsets(end - 1)
        count = self.annotation.span.start - own - 1
        for size in (count - 1, count):  # with and without a bracket before the pinyin
            if 0 < size <= _REACH and all(map(self._is_between, range(end, end + size))):
                return offsets(end + size - 1) == own + size
        return False

    def following(self, i: int) -> Syllable | None:
        """How langdu would read the character after character `i` of the text."""
        at = self.span.start + i + 1
        expected = self.context.expected[at] if at < len(self.context.text) else None
        return expected and expected.syllable

    def can_be(self, i: int, known: Syllable, given: Syllable | None = None) -> bool:
        """Whether the syllable given for character `i` is a way to write the reading `known`."""
        given = given or (self.given or ())[i]
        if given is None:
            return False
        if known.tone is Tone.NEUTRAL is not given.tone and self._is_particle(i):
            return False
        after = (self.given or ())[i + 1] if self.given and i + 1 < len(self.text) else None
        full = self._full_tones(i, given) if known.tone is Tone.NEUTRAL else ()
        neighbours = Neighbours(self.following(i), after, full, keeps_tone=self._keeps_its_tone(i))
        return same_reading(self.text[i], given, known, neighbours)

    def _is_particle(self, i: int) -> bool:
        """Whether a character is a particle that in full tone is a different word: 跑得 de, but 觉得(juédé)."""
        return self.text[i] in _PARTICLES and len(self.context.words[self.span.start + i]) == 1

    def _keeps_its_tone(self, i: int) -> bool:
        """Whether a character is 一 as an ordinal, a digit or at the end of a word: 第一, 三十一, 星期一.

        Source: 普通话水平测试实施纲要 (2004), 变调.
        """
        at, text = self.span.start + i, self.context.text
        word = self.context.words[at]
        return text[at] == "一" and (text[at - 1 : at] in _COUNTS or (len(word) > 1 and word.end == at + 1))

    def _full_tones(self, i: int, given: Syllable) -> set[Tone]:
        """The full tones that a neutral tone of character `i` may stand for: those of its word, or else all it has."""
        at = self.span.start + i
        word = self.context.words[at]
        ways = self.context.readings(word.of(self.context.text)) if len(word) > 1 else []
        listed = (way[at - word.start] for way in ways)
        return _tones(listed, given) or _tones(lexicon.readings(self.text[i]), given)


def _tones(readings: Iterable[Syllable | None], given: Syllable) -> set[Tone]:
    """The full tones of the readings that are spelled like the given syllable."""
    return {s.tone for s in readings if s and s.base == given.base and s.tone is not Tone.NEUTRAL}


@dataclass(frozen=True, slots=True)
class AnnotatedArticle:
    """Everything that the rules look at."""

    contexts: tuple[ParagraphContext, ...]
    words: tuple[AnnotatedWord, ...]


def annotated_article(
    paragraphs: Sequence[Paragraph],
    expected: Sequence[Sequence[ExpectedReading | None]],
    normalized: Sequence[NormalizedText],
    own: Mapping[str, tuple[Syllable, ...]],
) -> AnnotatedArticle:
    """The annotated words of each paragraph, in order."""
    contexts: list[ParagraphContext] = []
    words: list[AnnotatedWord] = []
    for paragraph, readings, spoken in zip(paragraphs, expected, normalized, strict=True):
        text = paragraph.text
        contexts.append(
            ParagraphContext(
                paragraph=paragraph,
                text=text,
                expected=readings,
                annotated=frozenset(at for span, _ in paragraph.annotated() for at in range(span.start, span.end)),
                words={i: word for word in lexicon.split_words(text, own) for i in range(word.start, word.end)},
                offsets=Offsets(paragraph),
                own=own,
                is_traditional=lexicon.is_traditional(text),
            )
        )
        words += _annotated_words(contexts[-1], spoken)
    return AnnotatedArticle(tuple(contexts), tuple(words))


def _annotated_words(context: ParagraphContext, normalized: NormalizedText) -> Iterator[AnnotatedWord]:
    edits = normalized.edits
    at = 0
    for span, annotation in context.paragraph.annotated():
        while at < len(edits) and edits[at].written.end <= span.start:
            at += 1
        over = tuple(e for e in edits[at : at + len(span)] if e.written.overlaps(span))
        pinyin_like = annotation.kind in (Kind.PINYIN, Kind.RUBY)
        letters = pinyin.Letters.read(annotation.written) if pinyin_like else None
        text = span.of(context.text)
        given = pinyin.distribute(text, annotation.syllables)
        if given and letters and not (letters.toned or annotation.is_neutral):
            given = tuple(map(_toned, text, given, context.expected[span.start : span.end]))
            if len(text) > 1 and lexicon.word_readings(text):
                given = pinyin.distribute(text, by_dictionary(text, annotation.syllables))
        yield AnnotatedWord(
            context=context, span=span, text=text, annotation=annotation, letters=letters, given=given, edits=over
        )


def _toned(char: str, given: Syllable | None, expected: ExpectedReading | None) -> Syllable | None:
    """A syllable without a tone, given the tone of the expected reading or else of the usual one with this spelling."""
    if given is None:
        return None
    known = ([expected.syllable] if expected else []) + list(lexicon.readings(char))
    tone = next((k.tone for k in known if k.base == given.base), given.tone)
    return pinyin.with_tone(given, tone)
