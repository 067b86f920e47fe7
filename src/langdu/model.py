"""The nouns of langdu: frozen values that the stages hand to each other. Imports the standard library and `controls`.

Positions are code points, half-open. Time is counted in samples; only `langdu.export` turns it into seconds.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from enum import IntEnum, StrEnum
from itertools import accumulate
from pathlib import PurePath
from typing import TYPE_CHECKING

from langdu import controls

if TYPE_CHECKING:
    from collections.abc import Iterator
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
    """Where a reading came from; the values are those of `source` in manifest.json."""

    ANNOTATION = "annotation"
    ARTICLE = "article"
    LEXICON = "lexicon"
    MODEL = "model"


@dataclass(frozen=True, slots=True)
class Reading:
    """How one character is read: the dictionary's tone, and the tone heard after sandhi.

    `confidence` is how probable it is that the citation reading is right, 0 to 1; what the author wrote is 1.
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

    `span` is where `written` stands in the source. `times` is how often the author wrote it in a row:
    行动(xíngdòng)(xíngdòng) is one annotation, twice written. The number of syllables differs from the number of
    hanzi only with erhua, or where the author made a mistake.
    """

    syllables: tuple[Syllable, ...]
    written: str
    span: Span
    kind: Kind
    times: int = 1


@dataclass(frozen=True, slots=True)
class Misfit:
    """A bracket that can only be pinyin, but reads none of the hanzi beside it: left out of the text.

    `at` is where it stood, an offset in the paragraph's text; `span` is where `written` stands in the source.
    """

    at: int
    written: str
    span: Span


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that stands in the source as it is here, from `offset` on; annotated as a whole, or not."""

    text: str
    offset: int
    annotation: Annotation | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a person reads it: no annotation brackets. The title of an article has index -1.

    `is_title`: it is the title of what follows, and read as one. `misfits` are the brackets that were not understood.
    """

    index: int
    runs: tuple[Run, ...]
    is_title: bool = False
    misfits: tuple[Misfit, ...] = ()

    @property
    def text(self) -> str:
        """What is read, without annotations."""
        return "".join(run.text for run in self.runs)

    def annotated(self) -> Iterator[tuple[Span, Annotation]]:
        """Each annotation with the part of `text` that it names."""
        at = 0
        for run in self.runs:
            if run.annotation is not None:
                yield Span(at, at + len(run.text)), run.annotation
            at += len(run.text)

    def source_offset(self, at: int) -> int:
        """Where `text[at]` stands in the source."""
        starts = list(accumulate((len(run.text) for run in self.runs), initial=0))
        i = min(bisect_right(starts, at), len(self.runs)) - 1
        return self.runs[i].offset + at - starts[i]


@dataclass(frozen=True, slots=True)
class Dropped:
    """A piece of the source that is no part of the article. `line` counts from 1."""

    line: int
    text: str
    reason: str


@dataclass(frozen=True, slots=True)
class Source:
    """A source after decoding: `name` is for messages, `text` is what every offset points into.

    The other fields are what the file says of itself (an EPUB's metadata, a web page's head), None where it does not.
    Law: but for `name`, which is a path as the user gave it, nothing here holds control characters.
    """

    name: str
    text: str
    title: str | None = None
    author: str | None = None
    date: str | None = None
    origin: str | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "text", controls.hidden(self.text))
        for field in ("title", "author", "date", "origin"):
            if (said := getattr(self, field)) is not None:
                object.__setattr__(self, field, controls.plain(said))

    @property
    def stem(self) -> str:
        """What the file is called, for want of a title."""
        return controls.plain(PurePath(self.name).stem)

    def place(self, offset: int) -> tuple[int, int]:
        """Line and column of an offset, both from 1."""
        before = self.text[:offset]
        return before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A clean article: what is read, and what was left out and why.

    `author`, `date` (as ISO 8601 writes it) and `origin` (the paper or site it is from) where the source has them.
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
    """What begins somewhere in a programme, for players and show notes.

    `source` is where it is from, for people (a paper, a site), `address` its URL, None where there is none. `is_story`:
    it is an article, and not what is said around articles.
    """

    title: str
    source: str | None = None
    address: str | None = None
    is_story: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """A chapter of a programme: `[start, end)` in samples, from the paragraph of index `paragraph` on.

    A chapter without a `heading` is a single paragraph; its title is the paragraph's first words.
    """

    title: str
    paragraph: int
    start: int
    end: int
    heading: Heading | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Paragraphs that are read by what one article says of its words; `article` may have more of them.

    Without a `heading` it goes on with what is before it. `lead` is silence before it, in milliseconds, in which a
    chime sounds if it has one. `bed`: music lies under it.
    """

    article: Article
    paragraphs: tuple[Paragraph, ...]
    heading: Heading | None = None
    lead: int = 0
    chime: bool = False
    bed: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rundown:
    """What a programme is made of, in order, as a newsroom lists it. `date` is as ISO 8601 writes it.

    `series` is what it is an issue of, None for one by itself. `tail` is silence at the end, in milliseconds. Where no
    section has a heading, every paragraph is a chapter.
    Law: paragraphs have an index of their own, in order.
    """

    title: str
    sections: tuple[Section, ...]
    series: str | None = None
    language: str = "zh-CN"
    date: str | None = None
    tail: int = 0

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
        """What is read, in order."""
        for section in self.sections:
            yield from section.paragraphs

    def headings(self) -> dict[int, Heading]:
        """What begins, by the index of the paragraph that it begins with."""
        return {each.paragraphs[0].index: each.heading for each in self.sections if each.heading}


# --- findings -------------------------------------------------------------------------------------------------------


class Severity(StrEnum):
    """How bad it is.

    `error`: cannot be right. `warning`: possible, but the context says otherwise. `info`: worth knowing, not wrong.
    """

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault of the article. `span` is in the text of the paragraph; `text` is what stands there.

    `certain`: nothing else than the suggestion can have been meant.
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


# --- speech ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Pauses:
    """Silence after a cut, in milliseconds, on top of the pause that a voice itself makes at a mark."""

    word: int = 0
    comma: int = 180
    clause: int = 300
    sentence: int = 450
    paragraph: int = 900
    title: int = 1200
    section: int = 1500


@dataclass(frozen=True, slots=True)
class Edit:
    """What one rule changed: `written` is a span of the written text, `spoken` the span that says it."""

    rule: str
    written: Span
    spoken: Span


@dataclass(frozen=True, slots=True)
class NormalizedText:
    """A written text, what is said for it, and every difference between the two.

    Law: edits are in order, do not overlap in either text, and everything outside them is the same in both.
    """

    written: str
    spoken: str
    edits: tuple[Edit, ...] = ()

    def replay(self) -> str:
        """The written text with every edit carried out; the law says that it is `spoken`."""
        out, at = [], 0
        for edit in self.edits:
            out += [self.written[at : edit.written.start], edit.spoken.of(self.spoken)]
            at = edit.written.end
        return "".join([*out, self.written[at:]])

    def written_spans(self) -> list[Span]:
        """For each character of `spoken`, the part of `written` that it says."""
        spans: list[Span] = []
        at = 0
        for edit in self.edits:
            spans += [Span(i, i + 1) for i in range(at, edit.written.start)]
            spans += [edit.written] * len(edit.spoken)
            at = edit.written.end
        return spans + [Span(i, i + 1) for i in range(at, len(self.written))]


class Break(IntEnum):
    """A boundary that is heard though no mark stands there, by its strength.

    Source: break indices 1 and 2 of C-ToBI (Li Aijun, 2002).
    """

    WORD = 1  # the end of a prosodic word: no silence, but a longer syllable
    PHRASE = 2  # where a reader may breathe


@dataclass(frozen=True, slots=True)
class Correction:
    """How the character at `index` is said otherwise than the voice would by itself, because it was not heard as asked.

    It is `length` times as long (0.5 to 2) and `pitch` semitones higher.
    """

    index: int
    length: float = 1.0
    pitch: float = 0.0


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one call of an engine gets.

    Law: `len(readings) == len(text)`. A hanzi has a Reading (or None when it is the 儿 of an erhua); a letter has
    None and is said by its name; everything else has None and is not said, it only shapes the pauses.
    `pause_after` is silence after it, in milliseconds. `breaks` are the boundaries between said characters, each
    before an offset of `text`, in order. `pace` is how fast it is beside the rest: 0.9 for a title. `corrections` are
    for engines whose capabilities say that they obey them; others say the utterance as if there were none. `written`
    is what an engine that obeys by homophone is to send in the place of `text`, character by character; "" if nothing
    differs.
    """

    text: str
    readings: tuple[Reading | None, ...]
    pause_after: int = 0
    breaks: tuple[tuple[int, Break], ...] = ()
    pace: float = 1.0
    corrections: tuple[Correction, ...] = ()
    written: str = ""


@dataclass(frozen=True, slots=True)
class Mark:
    """Where one character of an utterance sounds in its clip: `[start, end)` in samples. Erhua has one mark."""

    index: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Clip:
    """The sound of one utterance: mono, 16-bit little-endian PCM.

    `marks` has one entry for each said character (a hanzi with a reading, or a letter), in order, not overlapping.
    """

    pcm: bytes
    sample_rate: int
    marks: tuple[Mark, ...]

    def __len__(self) -> int:
        """Length in samples."""
        return len(self.pcm) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """A speaker. `licence` states the terms as they are known; `origin` says where the voice comes from.

    `extra` is the extra of langdu that must be installed for its engine (`pip install 'langdu[espeak]'`). `files` is
    where the user's own voice is, a file or a folder; `sha256` is the hash of what it is made of. `loudness` is what
    its programmes usually have, in LUFS, where it is known.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Timing:
    """When one said character is heard: `[start, end)` in samples from the beginning of the programme, or of a clip.

    `at` is the part of the written text that it says; all syllables of a number point at the written number.
    `reading` is None for a letter. `break_after` is a boundary that should be heard after it, where no mark stands.
    """

    text: str
    at: Span
    reading: Reading | None
    start: int
    end: int
    break_after: Break | None = None

    @property
    def surface(self) -> Syllable | None:
        """The syllable that should be heard, after tone sandhi; None for a letter."""
        return self.reading.surface if self.reading else None

    def moved(self, samples: int) -> Timing:
        """The same character, heard `samples` later."""
        return replace(self, start=self.start + samples, end=self.end + samples)


class CueLevel(StrEnum):
    """How much of the text a subtitle shows at a time."""

    SENTENCE = "sentence"
    PHRASE = "phrase"
    WORD = "word"
    CHARACTER = "character"


@dataclass(frozen=True, slots=True, kw_only=True)
class Track:
    """One paragraph of the programme as it is heard: `[start, end)` in samples.

    `pace` is relative to the whole: 0.92 for a title.
    Law: the tracks of a programme touch each other and cover it; timings lie inside their track, in order.
    """

    paragraph: Paragraph
    spoken: NormalizedText
    sample_rate: int
    start: int
    end: int
    timings: tuple[Timing, ...]
    pace: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Picture:
    """A JPEG or PNG, whole, with its size in pixels."""

    mime: str
    data: bytes
    width: int
    height: int
