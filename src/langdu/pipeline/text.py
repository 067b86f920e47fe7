"""From a source to what is to be said: parse → normalize → pronounce → segment; and check."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice, repeat, zip_longest
from typing import TYPE_CHECKING

from langdu import lexicon
from langdu.check.annotated import ExpectedReading
from langdu.check.checker import check_paragraphs
from langdu.check.rules import RULES
from langdu.engines import Obeys
from langdu.model import NormalizedText, Origin, Paragraph, Reading, Run, Span, Tone, Utterance
from langdu.normalize import normalize, spelled
from langdu.normalize.english import abbreviations, approximate
from langdu.normalize.english import words as english_words
from langdu.parse.parser import parse_article, parse_everything, parse_line
from langdu.parse.sources.source import read_source
from langdu.pinyin import distribute
from langdu.pronounce import learn, pronounce_all, read_pinyin, readings_in_context
from langdu.pronounce.substitutes import rewritten, substitutions
from langdu.segment import segment
from langdu.userlexicon import own_english, own_words

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
    from concurrent.futures import Future
    from pathlib import Path
    from typing import BinaryIO

    from langdu.check.rule import Rule
    from langdu.engines import Capabilities
    from langdu.model import Article, Finding, Pauses, Rundown, Section, Syllable
    from langdu.pronounce import Citation
    from langdu.pronounce.substitutes import Substitution
    from langdu.settings import Settings

# Lines read at once: enough to be fast, few enough that the first is soon printed.
_BLOCK = 256
_AT_ONCE = 2
# Paragraphs of an article read at once, at most.
_PARAGRAPHS = 16
# How probable a reading must be that a voice is trusted with.
_SURE = 0.9
# A newsreader says a title more slowly than the text.
_TITLE_PACE = 0.92


@dataclass(frozen=True, slots=True, kw_only=True)
class Script:
    """One paragraph ready to be spoken. The utterances' texts joined are `normalized.spoken`.

    `substitutions` are what a voice that takes hanzi only is given otherwise (`langdu.pronounce.substitutes`). `lead`
    is silence before it, in milliseconds.
    """

    paragraph: Paragraph
    normalized: NormalizedText
    readings: tuple[Reading | None, ...]
    utterances: tuple[Utterance, ...] = ()
    substitutions: tuple[Substitution, ...] = ()
    lead: int = 0


def parse(where: str | Path, stdin: BinaryIO | None = None) -> Article:
    """The clean article in a file, or in `stdin` when `where` is "-".

    Raises: InputError: there is no article to be read.
    """
    return parse_article(read_source(str(where), stdin))


def parse_whole(where: str, stdin: BinaryIO | None = None) -> Article:
    """As `parse`, but nothing is left out: no furniture, no copies.

    Raises: InputError: there is no article to be read.
    """
    return parse_everything(read_source(where, stdin))


def check(article: Article, rules: Collection[Rule] = RULES, lexicon: Path | None = None) -> list[Finding]:
    """What is wrong or worth knowing in the article's annotations, in the order of the text.

    `lexicon` is a table of the user's own readings beside those that are found anyway.
    """
    return _check(list(article.spoken_order()), article.source.name, rules, lexicon)


def check_rundown(rundown: Rundown, lexicon: Path | None = None) -> list[Finding]:
    """As `check`, for a programme: each of its sections by itself. Headlines are checked where their stories are."""
    stories = [section.article for section in rundown.sections if section.heading]
    return [
        finding
        for section in rundown.sections
        if section.heading or not any(section.article is each for each in stories)
        for finding in _check(section.paragraphs, section.article.source.name, RULES, lexicon)
    ]


def _check(
    paragraphs: Sequence[Paragraph], source: str, rules: Collection[Rule], lexicon: Path | None
) -> list[Finding]:
    own = own_words(source, lexicon)
    normalized = [normalize(paragraph.text) for paragraph in paragraphs]
    read = readings_in_context([each.spoken for each in normalized], [own] * len(paragraphs))
    expected = [_as_written(each, row) for each, row in zip(normalized, read, strict=True)]
    return check_paragraphs(paragraphs, expected, normalized, rules, own)


def _as_written(text: NormalizedText, read: Sequence[Citation | None]) -> list[ExpectedReading | None]:
    """What is read for each written character; None where other words are said for it."""
    out: list[ExpectedReading | None] = [None] * len(text.written)
    for span, char, citation in zip(text.written_spans(), text.spoken, read, strict=True):
        if citation and len(span) == 1 and text.written[span.start] == char:
            out[span.start] = ExpectedReading(citation.syllable, citation.shares, citation.confirmed, citation.context)
    return out


def read_characters(
    paragraphs: Sequence[Paragraph], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[tuple[Reading | None, ...]]:
    """For each paragraph, a reading for every character of its text as it is written (numbers have none).

    `own` are the user's words; what the article itself says of a word wins over them.
    """
    learned = {**own, **learn(paragraphs)}
    return pronounce_all([(p, NormalizedText(p.text, p.text), learned) for p in paragraphs])


def read_lines(
    lines: Iterable[str], own: Mapping[str, tuple[Syllable, ...]]
) -> Iterator[tuple[Paragraph, tuple[Reading | None, ...]]]:
    """Each line, a text of its own, with a reading for every character. Many are read at once, which is faster."""
    rest = iter(lines)
    waiting: deque[tuple[list[Paragraph], Future[list[tuple[Reading | None, ...]]]]] = deque()
    # While one thread computes, outside of Python, another prepares what comes next.
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        while block := [parse_line(line) for line in islice(rest, _BLOCK)]:
            waiting.append((block, threads.submit(_readings, block, own)))
            if len(waiting) > _AT_ONCE:
                paragraphs, read = waiting.popleft()
                yield from zip(paragraphs, read.result(), strict=True)
        for paragraphs, read in waiting:
            yield from zip(paragraphs, read.result(), strict=True)


def _readings(block: Sequence[Paragraph], own: Mapping[str, tuple[Syllable, ...]]) -> list[tuple[Reading | None, ...]]:
    return list(pronounce_all([(p, NormalizedText(p.text, p.text), {**own, **learn([p])}) for p in block]))


@dataclass(frozen=True, slots=True)
class Taught:
    """Readings of words, from the article and the user, and what the user has said for English words."""

    words: Mapping[str, tuple[Syllable, ...]]
    english: Mapping[str, str]


def script(paragraph: Paragraph, taught: Taught, pauses: Pauses, can: Capabilities, end_pause: int) -> Script:
    """Normalise, pronounce and cut one paragraph for an engine that `can` do this and that."""
    (made,) = _block([paragraph], taught, pauses, can, [end_pause])
    return made


def scripts(rundown: Rundown, settings: Settings, can: Capabilities) -> Iterator[Script]:
    """The paragraphs of a programme, each ready to be spoken; what follows the last is the programme's tail."""
    pauses = settings.pauses
    for section, following in zip_longest(rundown.sections, rundown.sections[1:]):
        end = rundown.tail if following is None else pauses.section if following.heading else pauses.paragraph
        yield from _of_section(section, settings, can, end)


def _of_section(section: Section, settings: Settings, can: Capabilities, end: int) -> Iterator[Script]:
    paragraphs, pauses = section.paragraphs, settings.pauses
    own = taught_by(section.article.source.name, settings)
    taught = replace(own, words={**own.words, **learn(list(section.article.spoken_order()))})
    ends = [pauses.title if each.is_title else pauses.paragraph for each in paragraphs[:-1]] + [end]
    # The first is soon ready for the voice; several at once are pronounced in a quarter of the time.
    at, size = 0, 1
    while at < len(paragraphs):
        block = slice(at, at + size)
        for made in _block(paragraphs[block], taught, pauses, can, ends[block]):
            placed = replace(made, lead=section.lead) if made.paragraph is paragraphs[0] else made
            yield _as_title(placed) if made.paragraph.is_title else placed
        at, size = at + size, min(2 * size, _PARAGRAPHS)


def _block(
    paragraphs: Sequence[Paragraph], taught: Taught, pauses: Pauses, can: Capabilities, end_pauses: Sequence[int]
) -> Iterator[Script]:
    known = _approximated(can)
    normalized = [approximate(normalize(paragraph.text), taught.english, known) for paragraph in paragraphs]
    read = pronounce_all([(p, n, taught.words) for p, n in zip(paragraphs, normalized, strict=True)])
    in_hanzi = can.obeys_pinyin is Obeys.BY_HOMOPHONE
    alone = readings_in_context([each.spoken for each in normalized]) if in_hanzi else repeat(())
    rows = zip(paragraphs, normalized, read, end_pauses, strict=True)
    for (paragraph, spoken, found, end_pause), by_itself in zip(rows, alone, strict=False):
        readings = _as_spelled(spoken, found)
        whole = _annotated(paragraph, spoken)
        words = lexicon.split_words(spoken.spoken, taught.words)
        utterances = segment(
            spoken, readings, words, keep_whole=whole, limit=can.max_syllables, pauses=pauses, end_pause=end_pause
        )
        made = Script(paragraph=paragraph, normalized=spoken, readings=readings, utterances=tuple(utterances))
        yield _in_hanzi(made, words, by_itself) if in_hanzi else made


def _as_spelled(spoken: NormalizedText, readings: tuple[Reading | None, ...]) -> tuple[Reading | None, ...]:
    """The readings, with what the text tells in pinyin in the place of what the hanzi for it may be read as."""
    out = list(readings)
    for edit in spoken.edits:
        if edit.rule == spelled.RULE:
            syllables = spelled.syllables(edit.written.of(spoken.written))
            if all(each.tone is Tone.NEUTRAL for each in syllables):
                continue  # letters without tones: their hanzi say more
            said = distribute(edit.spoken.of(spoken.spoken), syllables) or ()
            for at, syllable in zip(range(edit.spoken.start, edit.spoken.end), said, strict=False):
                read = out[at]
                if syllable is None:
                    out[at] = None
                elif read is None or read.citation != syllable:
                    out[at] = Reading(syllable, syllable, Origin.ANNOTATION)
    return tuple(out)


def _in_hanzi(made: Script, words: Sequence[Span], alone: Sequence[Citation | None]) -> Script:
    """The script for a voice that takes hanzi only and reads them as it thinks: probably `alone`."""
    text = made.normalized.spoken
    sure = [
        each.syllable if each and (not each.shares or each.shares[each.syllable] >= _SURE) else None for each in alone
    ]
    found = substitutions(text, made.readings, sure, words)
    written, at, utterances = rewritten(text, found), 0, []
    for each in made.utterances:
        own = written[at : at + len(each.text)]
        utterances.append(each if own == each.text else replace(each, written=own))
        at += len(each.text)
    return replace(made, utterances=tuple(utterances), substitutions=tuple(found))


def _approximated(can: Capabilities) -> Mapping[str, str]:
    """The English that an engine is given in hanzi, beside the user's own words, which are said as he says."""
    if not can.speaks_english:
        return english_words()
    return abbreviations() if can.spells_abbreviations else {}


def _as_title(made: Script) -> Script:
    return replace(made, utterances=tuple(replace(each, pace=_TITLE_PACE) for each in made.utterances))


def _annotated(paragraph: Paragraph, normalized: NormalizedText) -> list[Span]:
    """The annotated words of a paragraph in what is spoken."""
    spoken_at = {span.start: i for i, span in enumerate(normalized.written_spans())}
    return [
        Span(spoken_at[span.start], spoken_at[span.end - 1] + 1)
        for span, _ in paragraph.annotated()
        if span.start in spoken_at and span.end - 1 in spoken_at
    ]


def taught_by(source: str | None, settings: Settings) -> Taught:
    """What the user's tables teach for an article of this name."""
    return Taught(own_words(source, settings.lexicon), own_english(source, settings.lexicon))


def script_of_line(line: str, taught: Taught, pauses: Pauses, can: Capabilities, *, literal: bool) -> Script:
    """One line of hanzi, annotated or not, or of pinyin; `literal` says its tones as written, without sandhi."""
    if (written := read_pinyin(line)) is None:
        made = script(parse_line(line), taught, pauses, can, 0)
    else:
        utterances = tuple(segment(*written, limit=can.max_syllables, pauses=pauses))
        made = Script(
            paragraph=Paragraph(0, (Run(line, 0),)),
            normalized=written.normalized,
            readings=written.readings,
            utterances=utterances,
        )
        if can.obeys_pinyin is Obeys.BY_HOMOPHONE:
            (alone,) = readings_in_context([written.normalized.spoken])
            made = _in_hanzi(made, written.words, alone)
    return _literal(made) if literal else made


def _literal(made: Script) -> Script:
    def plain(reading: Reading | None) -> Reading | None:
        return reading and reading.__class__(reading.citation, reading.citation, reading.origin)

    utterances = tuple(replace(u, readings=tuple(plain(r) for r in u.readings)) for u in made.utterances)
    return replace(made, readings=tuple(plain(r) for r in made.readings), utterances=utterances)
