"""The nouns of langdu: frozen values that stages hand to each other. Imports only the standard library and `controls`.

All of them are in this one file, long as it is, so that a reader finds every noun by one look.

Positions are code points, half-open. Time is counted in samples; only `langdu.export` turns it into seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import KW_ONLY, dataclass, field, replace
from enum import IntEnum, StrEnum
from itertools import accumulate
from pathlib import PurePath
from typing import TYPE_CHECKING, NamedTuple

from langdu import controls

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points: `text[span.start:span.end]`."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start

    def of(self, text: str) -> str:
        """The part of `text` that this span names."""
        return text[self.start : self.end]

    def overlaps(self, other: Span) -> bool:
        """Whether the two spans share a code point."""
        return self.start < other.end and other.start < self.end


# --- readings -------------------------------------------------------------------------------------------------------


class Tone(IntEnum):
    """The four tones of Standard Chinese, and the neutral tone (轻声)."""

    HIGH = 1
    RISING = 2
    LOW = 3
    FALLING = 4
    NEUTRAL = 5


@dataclass(frozen=True, slots=True)
class Syllable:
    """One syllable. `base` is its Hanyu Pinyin without a tone mark, lower case, with ü (`lü`, not `lv`), no 儿."""

    base: str
    tone: Tone
    erhua: bool = False


class Origin(StrEnum):
    """Where a reading came from. The values appear as `source` in manifest.json."""

    ANNOTATION = "annotation"
    ARTICLE = "article"
    LEXICON = "lexicon"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one character is read: `citation` has the dictionary's tone, `surface` the tone heard after sandhi.

    `confidence` is the probability that the citation reading is right, 0 to 1. An author's annotation has 1.
    """

    citation: Syllable
    surface: Syllable
    origin: Origin
    confidence: float = 1.0


# --- the article ----------------------------------------------------------------------------------------------------


class Kind(StrEnum):
    """How an annotation was written."""

    PINYIN = "pinyin"
    RUBY = "ruby"
    ZHUYIN = "zhuyin"
    HOMOPHONE = "homophone"


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """A reading that the author wrote beside some hanzi.

    `span` is the place of `written` in the source. `times` counts repetitions: 行动(xíngdòng)(xíngdòng) is one
    annotation, written twice. There is one syllable for each hanzi, except for erhua and the author's mistakes.
    `is_closed` is False if the bracket around it has no end: 北京(běijīng。 `is_neutral`: letters without a tone say a
    neutral one, since the author writes the tones of others: 三个(ge)朋(péng)友.
    """

    syllables: tuple[Syllable, ...]
    written: str
    span: Span
    kind: Kind
    times: int = 1
    is_closed: bool = True
    is_neutral: bool = False


@dataclass(frozen=True, slots=True)
class Misfit:
    """A bracket of pinyin that fits none of the hanzi beside it. It is not part of the text.

    `at` is the offset in the paragraph's text where it stood; `span` is the place of `written` in the source.
    """

    at: int
    written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text, copied unchanged from `offset` in the source. An annotation applies to the whole stretch."""

    text: str
    offset: int
    annotation: Annotation | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a person reads it, without annotation brackets. An article's title has index -1.

    `is_title` is true for titles, which are read more slowly. `misfits` are brackets that were not understood.
    """

    index: int
    runs: tuple[Run, ...]
    is_title: bool = False
    misfits: tuple[Misfit, ...] = ()

    @property
    def text(self) -> str:
        """The text of the paragraph, without annotations."""
        return "".join(run.text for run in self.runs)

    def annotated(self) -> Iterator[tuple[Span, Annotation]]:
        """Each annotation, with the span of `text` that it annotates."""
        at = 0
        for run in self.runs:
            if run.annotation is not None:
                yield Span(at, at + len(run.text)), run.annotation
            at += len(run.text)

    def source_offset(self, at: int) -> int:
        """The offset of `text[at]` in the source."""
        starts = list(accumulate((len(run.text) for run in self.runs), initial=0))
        i = min(bisect_right(starts, at), len(self.runs)) - 1
        return self.runs[i].offset + at - starts[i]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of the source that was left out of the article. `line` counts from 1."""

    line: int
    text: str
    reason: str


class FilePlace(NamedTuple):
    """Where the text from `offset` on stands in its file: line and column, counted from 1.

    If it was not found in the file, `is_exact` is False, and the line is that of what was found before it.
    """

    offset: int
    line: int
    column: int
    is_exact: bool = True


@dataclass(frozen=True, slots=True)
class Source:
    """A decoded source. All offsets point into `text`; messages show `name`, the path as the user gave it.

    Title, author, date and origin come from the file's own metadata (of an EPUB, of a web page's head) and are None if
    it has none. `places` says where the text stands in the file, in order; it is empty if the text is the file, or if
    the file has no lines (EPUB, DOCX).
    Law: no field but `name` holds control characters.
    """

    name: str
    text: str
    _: KW_ONLY
    title: str | None = None
    author: str | None = None
    date: str | None = None
    origin: str | None = None
    places: tuple[FilePlace, ...] = field(default=(), compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", controls.hide_controls(self.text))
        for name in ("title", "author", "date", "origin"):
            if (said := getattr(self, name)) is not None:
                object.__setattr__(self, name, controls.as_line(said))

    @property
    def stem(self) -> str:
        """The file's name without its ending, which serves as a title if there is none."""
        return controls.as_line(PurePath(self.name).stem)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article: what is read, and what was left out and why.

    `date` is in ISO 8601; `origin` is the paper or site that published it. Both, and `author`, are None if unknown.
    """

    source: Source
    title: Paragraph | None
    paragraphs: tuple[Paragraph, ...]
    dropped: tuple[Dropped, ...] = ()
    language: str = "zh-CN"
    author: str | None = None
    date: str | None = None
    origin: str | None = None

    def spoken_order(self) -> Iterator[Paragraph]:
        """The title, if there is one, and the paragraphs."""
        if self.title is not None:
            yield self.title
        yield from self.paragraphs


# --- the programme --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a chapter, for players and show notes.

    `source` names the paper or site, `address` is its URL. `is_story` is true for an article, and false for what is
    said around articles, such as the opening.
    """

    title: str
    source: str | None = None
    address: str | None = None
    is_story: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of a programme: `[start, end)` in samples, from the paragraph of index `paragraph` on.

    A chapter without a `heading` is a single paragraph; its title is the paragraph's first words. `voice` is the id of
    the voice that begins it.
    """

    title: str
    paragraph: int
    start: int
    end: int
    heading: Heading | None = None
    voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Consecutive paragraphs of a programme, all from `article`, whose annotations teach how their words are read.

    A section without a `heading` belongs to the chapter before it. `lead_ms` is the silence before the section, in
    milliseconds; its `chime`, if it has one, sounds in that silence. `bed` says that music plays under the section.
    `voice` is the id of the voice that reads it, None for the voice of the programme.
    """

    article: Article
    paragraphs: tuple[Paragraph, ...]
    heading: Heading | None = None
    lead_ms: int = 0
    chime: bool = False
    bed: bool = False
    voice: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """The contents of a programme, in order, as a newsroom lists them.

    `series` names the series that the programme is an issue of, if any. `date` is in ISO 8601. `tail_ms` is the silence
    at the end, in milliseconds. If no section has a heading, every paragraph is a chapter.
    Law: the indices of the paragraphs are unique and ascend.
    """

    title: str
    sections: tuple[Section, ...]
    series: str | None = None
    language: str = "zh-CN"
    date: str | None = None
    tail_ms: int = 0

    @classmethod
    def of(cls, article: Article) -> Rundown:
        """One article as a programme, named after its file if it has no title."""
        return cls(
            title=article.title.text if article.title else article.source.stem,
            sections=(Section(article=article, paragraphs=tuple(article.spoken_order())),),
            language=article.language,
            date=article.date,
        )

    def paragraphs(self) -> Iterator[Paragraph]:
        """All paragraphs, in the order in which they are read."""
        for section in self.sections:
            yield from section.paragraphs

    def headings(self) -> dict[int, Heading]:
        """The headings, each by the index of the first paragraph of its section."""
        return {section.paragraphs[0].index: section.heading for section in self.sections if section.heading}

    def in_voices(self, voice_for: Callable[[str], str | None]) -> Rundown:
        """The same programme, each voice replaced by another; None is the voice of the programme."""
        sections = (replace(each, voice=voice_for(each.voice) if each.voice else None) for each in self.sections)
        return replace(self, sections=tuple(sections))


# --- findings -------------------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How bad a finding is.

    `error`: cannot be right. `warning`: possible, but wrong in this context. `info`: not wrong, but worth knowing.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Message:
    """A message as it is made: a text with names in braces, and the value of each. Other languages have other texts.

    >>> str(Message("{written} has no tones", (("written", "chi fan"),)))
    'chi fan has no tones'
    """

    text: str
    values: tuple[tuple[str, str], ...] = ()

    def __str__(self) -> str:
        return self.text.format_map(dict(self.values))


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault of the article. `span` is a place in the paragraph's text, and `text` is the text at that place.

    `written` is the annotation as written. `certain` says that the author can only have meant the suggestion. `line`
    and `column` are the place in the source, counted from 1; `langdu.check` fills them in. `wording` is how a rule of
    the check made the message.
    """

    rule: str
    severity: Severity
    message: str
    paragraph: int
    span: Span
    text: str
    written: str
    suggestion: str | None = None
    certain: bool = False
    line: int | None = None
    column: int | None = None
    wording: Message | None = None


# --- speech ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Silence after each kind of cut, in milliseconds, besides the pause that the voice itself makes at a mark."""

    word: int = 0
    comma: int = 180
    clause: int = 300
    sentence: int = 450
    paragraph: int = 900
    title: int = 1200
    section: int = 1500


@dataclass(frozen=True, slots=True)
class Edit:
    """One change by one rule: the span `written` of the written text became the span `spoken` of the spoken text."""

    rule: str
    written: Span
    spoken: Span


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A written text, its spoken form, and every difference between them.

    Law: edits are in order and do not overlap; outside them both texts are the same.
    """

    written: str
    spoken: str
    edits: tuple[Edit, ...] = ()

    def replay(self) -> str:
        """The written text with every edit applied. By the law it equals `spoken`."""
        out, at = [], 0
        for edit in self.edits:
            out += [self.written[at : edit.written.start], edit.spoken.of(self.spoken)]
            at = edit.written.end
        return "".join([*out, self.written[at:]])

    def written_spans(self) -> list[Span]:
        """For each character of `spoken`, the span of `written` that it stands for."""
        spans: list[Span] = []
        at = 0
        for edit in self.edits:
            spans += [Span(i, i + 1) for i in range(at, edit.written.start)]
            spans += [edit.written] * len(edit.spoken)
            at = edit.written.end
        return spans + [Span(i, i + 1) for i in range(at, len(self.written))]


class Break(IntEnum):
    """A boundary that is heard where no punctuation stands. A higher value is a stronger boundary.

    Source: break indices 1 and 2 of C-ToBI (Li Aijun, 2002).
    """

    WORD = 1  # the end of a prosodic word: no silence, but a longer syllable
    PHRASE = 2  # where a reader may breathe


@dataclass(frozen=True, slots=True)
class Correction:
    """A change to the character at `index`, to be tried because a listener did not hear what was asked.

    The character becomes `length` times as long (0.5 to 2) and `pitch` semitones higher.
    """

    index: int
    length: float = 1.0
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """The input of one call of an engine.

    Law: `len(readings) == len(text)`. A hanzi has a Reading, except for the 儿 of an erhua, which has None. A letter
    has None and is said by its name. All other characters have None and are not said; they only shape the pauses.

    `pause_after_ms` is the silence that follows, in milliseconds. `breaks` are boundaries between said characters, in
    order, each with the offset of `text` before which it falls. `pace` is relative to the whole: 0.9 for a title.
    `corrections` are obeyed by engines whose capabilities say so, and ignored by all others. `written` replaces `text`,
    character by character, for an engine that obeys by homophone; it is "" if nothing differs. `voice` is the id of the
    voice that speaks, None for the voice of the whole.
    """

    text: str
    readings: tuple[Reading | None, ...]
    _: KW_ONLY
    pause_after_ms: int = 0
    breaks: tuple[tuple[int, Break], ...] = ()
    pace: float = 1.0
    corrections: tuple[Correction, ...] = ()
    written: str = ""
    voice: str | None = None


@dataclass(frozen=True, slots=True)
class Mark:
    """When one character of an utterance is heard in its clip: `[start, end)` in samples. 花儿 has one mark."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one utterance: mono 16-bit little-endian PCM.

    `marks` has one entry for each said character (a hanzi with a reading, or a letter). They are in order and do not
    overlap.
    """

    pcm: bytes
    sample_rate: int
    marks: tuple[Mark, ...]

    def __len__(self) -> int:
        """Length in samples."""
        return len(self.pcm) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker. `licence` states the terms as far as they are known; `origin` says where the voice comes from.

    `extra` is the extra of langdu that its engine needs (`pip install 'langdu[espeak]'`). `files` is the file or folder
    of a user's own voice, and `sha256` the hash of its contents. `loudness` is the typical loudness of its programmes,
    in LUFS, if known. `who` speaks (woman, man), `terms` are the licence in three words at most, and `speed` is how
    many seconds of sound it makes in a second, on two hardware threads; empty or None if nobody said.
    `syllable_ms` and `stretch_ms` are the milliseconds that it takes for each syllable, and in addition for each
    stretch between two pauses, if they were measured (benchmarks/lengths.py).
    """

    id: str
    engine: str
    language: str
    name: str
    licence: str
    origin: str
    sha256: str | None = None
    extra: str | None = None
    files: Path | None = None
    loudness: float | None = None
    who: str = ""
    terms: str = ""
    speed: float | None = None
    syllable_ms: float | None = None
    stretch_ms: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When one said character is heard: `[start, end)` in samples from the beginning of the programme, or of a clip.

    `at` is the part of the written text that it says; all syllables of a number point at the written number.
    `reading` is None for a letter. `break_after` is a boundary that should be heard after it, where no mark stands.
    `voice` is the id of the voice that says it, None for the voice of the paragraph.
    """

    text: str
    at: Span
    reading: Reading | None
    start: int
    end: int
    break_after: Break | None = None
    voice: str | None = None

    @property
    def surface(self) -> Syllable | None:
        """The syllable that should be heard, after tone sandhi; None for a letter."""
        return self.reading.surface if self.reading else None

    def moved(self, samples: int) -> Timing:
        """The same character, heard `samples` later."""
        return replace(self, start=self.start + samples, end=self.end + samples)


class AnnotationStyle(StrEnum):
    """How readings are written: 长春(chángchūn), 长春(chang2 chun1), HTML ruby, 长春(ㄔㄤˊ ㄔㄨㄣ), or not at all.

    `TONELESS`, 长春(changchun), is for exercises: the learner puts the tones in.
    """

    BRACKETS = "brackets"
    NUMBERS = "numbers"
    RUBY = "ruby"
    ZHUYIN = "zhuyin"
    TONELESS = "toneless"
    PLAIN = "plain"


class PinyinStyle(StrEnum):
    """How syllables are spelled: hǎo, hao3, hao, ㄏㄠˇ."""

    MARKS = "marks"
    NUMBERS = "numbers"
    TONELESS = "toneless"
    ZHUYIN = "zhuyin"


class SheetTask(StrEnum):
    """What is filled in on a test sheet."""

    PINYIN = "pinyin"
    TONES = "tones"
    HANZI = "hanzi"


class CardTask(StrEnum):
    """What the front of a flashcard has: the hanzi, the sound, or a card for each."""

    HANZI = "hanzi"
    SOUND = "sound"
    BOTH = "both"


class RubyScope(StrEnum):
    """Which words of a book have pinyin above them."""

    ANNOTATED = "annotated"
    ALL = "all"
    NONE = "none"


class OverlayUnit(StrEnum):
    """What a book highlights while it is read aloud."""

    WORD = "word"
    SENTENCE = "sentence"


class MusicPlace(StrEnum):
    """What a brief's music plays under: the opening and the closing, or everything."""

    OPENING = "opening"
    ALL = "all"


class CueLevel(StrEnum):
    """How much text a subtitle shows at a time."""

    SENTENCE = "sentence"
    PHRASE = "phrase"
    WORD = "word"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch of a programme that one voice speaks: `[start, end)` in samples, and the voice's id."""

    voice: str
    start: int
    end: int


def turns(voice: str, timings: Iterable[Timing], start: int, end: int) -> Iterator[Turn]:
    """Who speaks when between two samples of a paragraph that `voice` reads.

    Turns touch each other and cover the stretch; a voice takes over in the middle between two characters.
    """
    before: Timing | None = None
    for timing in timings:
        if before is not None and timing.voice != before.voice:
            change = (before.end + timing.start) // 2
            yield Turn(before.voice or voice, start, change)
            start = change
        before = timing
    yield Turn((before and before.voice) or voice, start, end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One paragraph of the programme as it is heard: `[start, end)` in samples.

    `voice` is the id of the voice that reads it. `pace` is relative to the whole: 0.92 for a title.
    Law: the tracks of a programme touch each other and cover it; timings lie inside their track, in order.
    """

    paragraph: Paragraph
    spoken: NormalizedText
    sample_rate: int
    start: int
    end: int
    timings: tuple[Timing, ...]
    voice: str
    pace: float = 1.0

    def turns(self) -> Iterator[Turn]:
        """Who speaks when."""
        return turns(self.voice, self.timings, self.start, self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG or PNG, whole, with its size in pixels."""

    mime: str
    data: bytes
    width: int
    height: int
