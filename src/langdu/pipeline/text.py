"""A source → what will be spoken of it: parse → normalize → pronounce → segment; and check."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, repeat, zip_longest
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.check.annotated import ExpectedReading
from langdu.check.checker import check_paragraphs
from langdu.check.rules import RULES
from langdu.engines import Obeys
from langdu.errors import InputError
from langdu.lexicon.user import own_english, own_words
from langdu.marks import HANZI
from langdu.model import NormalizedText, Origin, Paragraph, Reading, Run, Span, Tone, Utterance
from langdu.normalize import normalize, spelled
from langdu.normalize.english import abbreviations, approximate, english_words, is_known
from langdu.parse.parser import parse_article, parse_everything, parse_line
from langdu.parse.sources.formats import extract
from langdu.parse.sources.source import read_source, with_hanzi
from langdu.pinyin import distribute, zhuyin
from langdu.pinyin.strange import neither_hanzi_nor_pinyin
from langdu.pronounce import learn, pronounce_all, read_pinyin, readings_in_context
from langdu.pronounce.substitutes import rewritten, substitutions
from langdu.segment import segment
from langdu.segment.quotations import in_spoken, quotations

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from typing import BinaryIO

    from langdu.check.rule import Rule
    from langdu.engines import Capabilities
    from langdu.model import Article, Finding, Pauses, Rundown, Section, Syllable
    from langdu.pronounce import Citation
    from langdu.pronounce.substitutes import Substitution
    from langdu.settings import Settings

# How many lines are pronounced together: enough to be fast, few enough that the first is soon printed.
_BLOCK = 256
# How many such blocks may be waiting.
_AT_ONCE = 2
# How many paragraphs of an article are pronounced together, at most.
_PARAGRAPHS = 16
# How probable a reading must be for us to trust that a voice chooses it too.
_SURE = 0.9
# A newsreader says a title more slowly than the text.
_TITLE_PACE = 0.92


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One paragraph ready to be spoken. The texts of its utterances, joined, are `normalized.spoken`.

    `substitutions` are the characters replaced by others for a voice that takes only hanzi
    (`langdu.pronounce.substitutes`). `lead_ms` is the silence before the paragraph, in milliseconds. `voice` is the id
    of the voice that reads the paragraph, None for the voice of the whole.
    """

    paragraph: Paragraph
    normalized: NormalizedText
    readings: tuple[Reading | None, ...]
    utterances: tuple[Utterance, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    lead_ms: int = 0
    voice: str | None = None


def parse(where: str | Path, stdin: BinaryIO | None = None) -> Article:
    """The article in a file or at an address, or in `stdin` if `where` is "-", without page furniture and repetitions.

    Raises: InputError: there is no article that can be read.
    """
    return parse_article(read_source(str(where), stdin))


def parse_whole(where: str, stdin: BinaryIO | None = None) -> Article:
    """As `parse`, with page furniture and repeated paragraphs.

    Raises: InputError: there is no article that can be read.
    """
    return parse_everything(read_source(where, stdin))


def parse_data(data: bytes, name: str, charset: str | None = None, *, is_page: bool, keep_all: bool) -> Article:
    """The article in a file that the caller has read; `name`, `charset` and `is_page` as `formats.extract` takes them.

    Raises: InputError: there is no article that can be read.
    """
    source = with_hanzi(extract(data, name, charset, is_page=is_page))
    return parse_everything(source) if keep_all else parse_article(source)


def check(article: Article, rules: Collection[Rule] = RULES, lexicon: Path | None = None) -> list[Finding]:
    """What is wrong or worth knowing in the article's annotations, in the order of the text.

    `lexicon` is a table of the user's own readings, used besides the tables that langdu finds by itself.
    """
    return _check(list(article.spoken_order()), article.source.name, rules, lexicon)


def check_rundown(rundown: Rundown, lexicon: Path | None = None) -> list[Finding]:
    """As `check`, for each section of a programme. Headlines are checked once, as part of their stories."""
    stories = [section.article for section in rundown.sections if section.heading]
    return [
        finding
        for section in rundown.sections
        if section.heading or not any(section.article is story for story in stories)
        for finding in _check(section.paragraphs, section.article.source.name, RULES, lexicon)
    ]


def _check(
    paragraphs: Sequence[Paragraph], source: str, rules: Collection[Rule], lexicon: Path | None
) -> list[Finding]:
    return check_as_taught(paragraphs, rules, own_words(source, lexicon))


def check_as_taught(
    paragraphs: Sequence[Paragraph], rules: Collection[Rule], own: Mapping[str, tuple[Syllable, ...]]
) -> list[Finding]:
    """The findings in these paragraphs; `own` are the user's words."""
    normalized = [normalize(paragraph.text) for paragraph in paragraphs]
    citations = readings_in_context([text.spoken for text in normalized], [own] * len(paragraphs))
    expected = [_as_written(text, row) for text, row in zip(normalized, citations, strict=True)]
    return check_paragraphs(paragraphs, expected, normalized, rules, own)


def _as_written(text: NormalizedText, citations: Sequence[Citation | None]) -> list[ExpectedReading | None]:
    """The expected reading of each written character; None where other words are said for it."""
    out: list[ExpectedReading | None] = [None] * len(text.written)
    for span, char, citation in zip(text.written_spans(), text.spoken, citations, strict=True):
        if citation and len(span) == 1 and text.written[span.start] == char:
            out[span.start] = ExpectedReading(citation.syllable, citation.shares, citation.confirmed, citation.context)
    return out


def read_characters(
    paragraphs: Sequence[Paragraph], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[tuple[Reading | None, ...]]:
    """For each paragraph, the readings of all characters of its text as written; digits have none.

    `own` are the user's words. The article's own readings of words take precedence.
    """
    learned = {**own, **learn(paragraphs)}
    return pronounce_all([(p, NormalizedText(p.text, p.text), learned) for p in paragraphs])


def read_lines(
    lines: Iterable[str], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[tuple[Paragraph, tuple[Reading | None, ...]]]:
    """Each line, as a text of its own, with a reading for every character. Many are pronounced together, for speed."""
    rest = iter(lines)
    waiting: deque[tuple[list[Paragraph], Future[list[tuple[Reading | None, ...]]]]] = deque()
    # While one thread computes without holding Python's lock, another prepares the next block.
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        while block := [parse_line(line) for line in islice(rest, _BLOCK)]:
            waiting.append((block, threads.submit(_readings, block, own)))
            if len(waiting) > _AT_ONCE:
                paragraphs, readings = waiting.popleft()
                yield from zip(paragraphs, readings.result(), strict=True)
        for paragraphs, readings in waiting:
            yield from zip(paragraphs, readings.result(), strict=True)


def _readings(block: Sequence[Paragraph], own: Mapping[str, tuple[Syllable, ...]]) -> list[tuple[Reading | None, ...]]:
    return list(pronounce_all([(p, NormalizedText(p.text, p.text), {**own, **learn([p])}) for p in block]))


@dataclass(frozen=True, slots=True)
class Taught:
    """Readings of words that the article or the user gives, and hanzi that the user gives for English words."""

    words: Mapping[str, tuple[Syllable, ...]]
    english: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reader:
    """Who reads a section and what that voice can do; and the same of the voice of its quotations, if it is another.

    A voice is named by its id, None is the voice of the whole.
    """

    voice: str | None
    can: Capabilities
    quoting: str | None = None
    quoting_can: Capabilities | None = None

    def ability(self, voice: str | None) -> Capabilities:
        """What one of the two can do."""
        return self.quoting_can if self.quoting_can and voice == self.quoting else self.can

    def together(self) -> Capabilities:
        """What both can do."""
        can, other = self.can, self.quoting_can or self.can
        return replace(
            can,
            max_syllables=min(can.max_syllables, other.max_syllables),
            speaks_english=can.speaks_english and other.speaks_english,
            spells_abbreviations=can.spells_abbreviations or other.spells_abbreviations,
        )


def script(paragraph: Paragraph, taught: Taught, pauses: Pauses, can: Capabilities, end_pause_ms: int) -> Script:
    """Normalise, pronounce and cut one paragraph, for an engine with the capabilities `can`."""
    (only,) = _block([paragraph], taught, pauses, _Reader(voice=None, can=can), [end_pause_ms])
    return only


def scripts(rundown: Rundown, settings: Settings, can: Callable[[str | None], Capabilities]) -> Iterator[Script]:
    """The paragraphs of a programme, each ready to be spoken. The programme's tail follows the last one.

    `can` says what a voice can do, by its id; None is the voice of the programme.
    """
    pauses, quoting = settings.pauses, settings.quotes
    for section, following in zip_longest(rundown.sections, rundown.sections[1:]):
        between = pauses.title if section.paragraphs[-1].is_title else pauses.paragraph
        end = rundown.tail_ms if following is None else pauses.section if following.heading else between
        reader = _Reader(voice=section.voice, can=can(section.voice))
        if quoting and quoting != (section.voice or settings.voice):
            reader = replace(reader, quoting=quoting, quoting_can=can(quoting))
        yield from _of_section(section, settings, reader, end)


def _of_section(section: Section, settings: Settings, reader: _Reader, end: int) -> Iterator[Script]:
    paragraphs, pauses = section.paragraphs, settings.pauses
    own = taught_by(section.article.source.name, settings)
    taught = replace(own, words={**own.words, **learn(list(section.article.spoken_order()))})
    ends = [pauses.title if paragraph.is_title else pauses.paragraph for paragraph in paragraphs[:-1]] + [end]
    # The first paragraph alone, so that the voice can begin; then several together, in a quarter of the time.
    at, size = 0, 1
    while at < len(paragraphs):
        block = slice(at, at + size)
        for ready in _block(paragraphs[block], taught, pauses, reader, ends[block]):
            placed = replace(ready, lead_ms=section.lead_ms) if ready.paragraph is paragraphs[0] else ready
            yield _as_title(placed) if ready.paragraph.is_title else placed
        at, size = at + size, min(2 * size, _PARAGRAPHS)


def _block(
    paragraphs: Sequence[Paragraph], taught: Taught, pauses: Pauses, reader: _Reader, end_pauses_ms: Sequence[int]
) -> Iterator[Script]:
    quoted = [quotations(p.text) if reader.quoting and not p.is_title else [] for p in paragraphs]
    able = [reader.together() if spans else reader.can for spans in quoted]
    normalized = [
        approximate(normalize(paragraph.text), taught.english, _approximated(can))
        for paragraph, can in zip(paragraphs, able, strict=True)
    ]
    pronounced = pronounce_all([(p, n, taught.words) for p, n in zip(paragraphs, normalized, strict=True)])
    in_hanzi = any(can and can.obeys_pinyin is Obeys.BY_HOMOPHONE for can in (reader.can, reader.quoting_can))
    alone = readings_in_context([text.spoken for text in normalized]) if in_hanzi else repeat(())
    rows = zip(paragraphs, normalized, pronounced, end_pauses_ms, quoted, able, strict=True)
    for (paragraph, spoken, own_readings, end_pause_ms, spans, can), by_itself in zip(rows, alone, strict=False):
        readings = _as_spelled(spoken, own_readings)
        whole = _annotated(paragraph, spoken)
        words = lexicon.split_words(spoken.spoken, taught.words)
        utterances = segment(
            spoken,
            readings,
            words,
            keep_whole=whole,
            limit=can.max_syllables,
            pauses=pauses,
            end_pause_ms=end_pause_ms,
            voice=reader.voice,
            turns=[(span, reader.quoting) for span in in_spoken(spoken, spans, whole) if reader.quoting],
        )
        ready = Script(
            paragraph=paragraph,
            normalized=spoken,
            readings=readings,
            utterances=tuple(utterances),
            voice=reader.voice,
        )
        yield _in_hanzi(ready, words, by_itself, reader) if in_hanzi else ready


def _as_spelled(spoken: NormalizedText, readings: tuple[Reading | None, ...]) -> tuple[Reading | None, ...]:
    """The readings. Pinyin that is part of the text replaces the readings of the hanzi that are said for it."""
    out = list(readings)
    for edit in spoken.edits:
        if edit.rule == spelled.RULE:
            syllables = spelled.syllables(edit.written.of(spoken.written))
            if all(syllable.tone is Tone.NEUTRAL for syllable in syllables):
                continue  # the letters have no tones, but the readings of the hanzi do
            written = distribute(edit.spoken.of(spoken.spoken), syllables) or ()
            for at, syllable in zip(range(edit.spoken.start, edit.spoken.end), written, strict=False):
                read = out[at]
                if syllable is None:
                    out[at] = None
                elif read is None or read.citation != syllable:
                    out[at] = Reading(syllable, syllable, Origin.ANNOTATION)
    return tuple(out)


def _in_hanzi(plain: Script, words: Sequence[Span], alone: Sequence[Citation | None], reader: _Reader) -> Script:
    """The script for voices that take only hanzi and choose their readings: probably those in `alone`."""
    text = plain.normalized.spoken
    sure = [citation.syllable if citation and _is_sure(citation) else None for citation in alone]
    substituted: list[Substitution] = []
    utterances: list[Utterance] = []
    all_substituted, at = substitutions(text, plain.readings, sure, words), 0
    for utterance in plain.utterances:
        end = at + len(utterance.text)
        if reader.ability(utterance.voice).obeys_pinyin is Obeys.BY_HOMOPHONE:
            own = [each for each in all_substituted if at <= each.at < end]
            written = rewritten(text, own)[at:end]
            utterances.append(utterance if written == utterance.text else replace(utterance, written=written))
            substituted += own
        else:
            utterances.append(utterance)
        at = end
    return replace(plain, utterances=tuple(utterances), substitutions=tuple(substituted))


def _is_sure(citation: Citation) -> bool:
    return not citation.shares or citation.shares[citation.syllable] >= _SURE


def _approximated(can: Capabilities) -> Mapping[str, str]:
    """English words and abbreviations that this engine gets in hanzi. The user's own words come on top."""
    if not can.speaks_english:
        return english_words()
    return abbreviations() if can.spells_abbreviations else {}


def _as_title(title: Script) -> Script:
    return replace(title, utterances=tuple(replace(utterance, pace=_TITLE_PACE) for utterance in title.utterances))


def _annotated(paragraph: Paragraph, normalized: NormalizedText) -> list[Span]:
    """The annotated words of a paragraph in what is spoken."""
    spoken_at = {span.start: i for i, span in enumerate(normalized.written_spans())}
    return [
        Span(spoken_at[span.start], spoken_at[span.end - 1] + 1)
        for span, _ in paragraph.annotated()
        if span.start in spoken_at and span.end - 1 in spoken_at
    ]


def taught_by(source: str | None, settings: Settings) -> Taught:
    """What the user's tables teach for the article of this name."""
    return Taught(own_words(source, settings.lexicon), own_english(source, settings.lexicon))


def script_of_line(line: str, taught: Taught, pauses: Pauses, can: Capabilities, *, literal: bool) -> Script:
    """One line of hanzi, annotated or not, or of pinyin; `literal` says its tones as written, without sandhi.

    Raises: InputError: the line is neither.
    """
    if (written := read_pinyin(line)) is None:
        _refuse_strange(line, taught)
        ready = script(parse_line(line), taught, pauses, can, 0)
    else:
        utterances = tuple(segment(*written, limit=can.max_syllables, pauses=pauses))
        ready = Script(
            paragraph=Paragraph(0, (Run(line, 0),)),
            normalized=written.normalized,
            readings=written.readings,
            utterances=utterances,
        )
        if can.obeys_pinyin is Obeys.BY_HOMOPHONE:
            (alone,) = readings_in_context([written.normalized.spoken])
            ready = _in_hanzi(ready, written.words, alone, _Reader(voice=None, can=can))
    return _literal(ready) if literal else ready


def _refuse_strange(line: str, taught: Taught) -> None:
    """Raises: InputError: a line that is not pinyin has no hanzi either."""
    if HANZI.search(line) or zhuyin.syllables_in(line):
        return
    if fault := neither_hanzi_nor_pinyin(line, partial(is_known, own=taught.english)):
        raise InputError(fault)


def _literal(toned: Script) -> Script:
    def plain(reading: Reading | None) -> Reading | None:
        return reading and replace(reading, surface=reading.citation)

    utterances = tuple(replace(u, readings=tuple(plain(r) for r in u.readings)) for u in toned.utterances)
    return replace(toned, readings=tuple(plain(r) for r in toned.readings), utterances=utterances)
