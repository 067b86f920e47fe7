"""Changes to an article's text: a reading is written into it in the article's own style; all else stays as it was."""

from __future__ import annotations

import html
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu import lexicon
from langdu.check.annotated import Offsets
from langdu.check.report import located
from langdu.errors import InputError
from langdu.lexicon.toneless import by_dictionary, is_toneless
from langdu.model import Kind, Source, Span, Tone
from langdu.parse.article.kept import kept_lines, with_kept
from langdu.parse.parser import parse_article
from langdu.pinyin import distribute, number, spell, spell_word, zhuyin

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from langdu.model import Annotation, Article, Finding, Paragraph, Run, Syllable

_DIGIT: Final = re.compile(r"[A-Za-zü][1-5]\b")
# What is left out of a line, or is none of the text: not a line that could be put back.
_PARTS: Final = frozenset({"not-understood", "front-matter"})
_OPENING: Final = {"(": ")", "（": "）", "[": "]", "【": "】", "〔": "〕", "{": "}"}


@dataclass(frozen=True, slots=True)
class NewReading:
    """A syllable for the character `at` of the paragraph with this index."""

    paragraph: int
    at: int
    syllable: Syllable


def with_readings(article: Article, wanted: Sequence[NewReading]) -> str:
    """The source's text with readings at some places, in the article's own style if it has one.

    Raises: InputError: a place has no character that can be annotated, or langdu would read the result otherwise.
    """
    for write in (*_styles(article), _bracketed, _in_brackets("(", "numbers"), _ruby):
        text = _applied(article.source.text, [edit for new in wanted for edit in _edits(article, new, write)])
        if _obeys(article, text, wanted):
            return text
    where = article.title if wanted[0].paragraph < 0 else article.paragraphs[wanted[0].paragraph]
    around = where.text[max(0, wanted[0].at - 4) : wanted[0].at + 5] if where else ""
    raise InputError(
        f"the reading {spell(wanted[0].syllable)} cannot be written beside …{around}…: its source is laid out in a way "
        "that has no room for it; apply it always, so that it goes into your own readings"
    )


def with_suggestion(article: Article, finding: Finding) -> str:
    """The source's text with the suggestion of a finding in place of what is written.

    Raises: InputError: the finding suggests nothing, or what is written does not stand where it was read.
    """
    (place,) = located(article, [finding])
    text, written = article.source.text, finding.written
    if finding.suggestion is None or place.annotation is None or place.annotation.of(text) != written:
        raise InputError(
            f"{finding.text}({written}) has no suggestion that can be written in its place: choose a reading"
        )
    return _applied(text, [(place.annotation, finding.suggestion)])


def with_line(article: Article, line: int, *, keep: bool) -> str:
    """The source's text with a line that is left out put back, or left out again.

    Raises: InputError: no such line is left out, or was put back.
    """
    text = article.source.text
    kept = kept_lines(text)
    known = {part.line for part in article.dropped if part.reason not in _PARTS} if keep else kept
    if line not in known:
        raise InputError(
            f"line {line} is not one that can be {'put back' if keep else 'left out'}: load the page again"
        )
    return with_kept(text, kept | {line} if keep else kept - {line})


def _applied(text: str, edits: Sequence[tuple[Span, str]]) -> str:
    out, end = [], len(text)
    for span, new in sorted(set(edits), key=lambda edit: (edit[0].start, edit[0].end), reverse=True):
        if span.end <= end:
            out += [text[span.end : end], new]
            end = span.start
    return text[:end] + "".join(reversed(out))


def _obeys(article: Article, text: str, wanted: Sequence[NewReading]) -> bool:
    """Whether the new text says the same, with the wanted readings."""
    changed = parse_article(Source(article.source.name, text))
    before, after = list(article.spoken_order()), list(changed.spoken_order())
    if [(p.text, p.is_title) for p in before] != [(p.text, p.is_title) for p in after]:
        return False
    by_index = {paragraph.index: paragraph for paragraph in after}
    return all(_given(by_index[new.paragraph], new.at) == new.syllable for new in wanted)


def _given(paragraph: Paragraph, at: int) -> Syllable | None:
    for span, note in paragraph.annotated():
        if span.start <= at < span.end:
            text = span.of(paragraph.text)
            syllables = distribute(text, note.syllables)
            if syllables is None or (is_toneless(note) and not _is_clear(text, syllables)):
                return None
            return syllables[at - span.start]
    return None


def _is_clear(text: str, syllables: Sequence[Syllable | None]) -> bool:
    """Whether letters without tones say that the tones are neutral: 地(de) does, but 子(zi) may be zǐ."""
    pairs = zip(text, syllables, strict=True)
    return all(
        s is None or {reading for reading in lexicon.readings(char) if reading.base == s.base} == {s}
        for char, s in pairs
    )


# --- what is written ------------------------------------------------------------------------------------------------


def _edits(article: Article, new: NewReading, write: Callable[[str, Syllable], str]) -> Iterator[tuple[Span, str]]:
    paragraph = next(p for p in article.spoken_order() if p.index == new.paragraph)
    start, run = _run_at(paragraph, new.at)
    if run.annotation is None:
        length = 2 if new.syllable.erhua else 1
        offset = Offsets(paragraph)(new.at)
        yield Span(offset, offset + length), write(paragraph.text[new.at : new.at + length], new.syllable)
        return
    yield run.annotation.span, _rewritten(run, run.annotation, new.at - start, new.syllable)


def _run_at(paragraph: Paragraph, at: int) -> tuple[int, Run]:
    start = 0
    for run in paragraph.runs:
        if at < start + len(run.text):
            return start, run
        start += len(run.text)
    raise InputError(f"paragraph {paragraph.index} has no character {at}: load the page again")


def _rewritten(run: Run, note: Annotation, offset: int, syllable: Syllable) -> str:
    """An annotation with another syllable, in its own style."""
    # An author who wrote no tones has not said that they are neutral: with one tone, all must be written.
    known = by_dictionary(run.text, note.syllables) if is_toneless(note) else note.syllables
    syllables = list(distribute(run.text, known) or ())
    if not syllables or syllables[offset] is None:
        raise InputError(f"{run.text}({note.written}) does not have a syllable for each hanzi: correct it in the text")
    syllables[offset] = syllable
    whole = [s for s in syllables if s]
    if zhuyin.syllables_in(note.written):
        return " ".join(zhuyin.spell(s) or spell(s) for s in whole)
    blank = " " if " " in note.written.strip() else ""
    toneless = all(s.tone is Tone.NEUTRAL for s in whole)
    if _DIGIT.search(note.written) or (toneless and not _is_clear(run.text, syllables)):
        return blank.join(map(number, whole))
    spelled = blank.join(map(spell, whole)) if blank else spell_word(whole)
    return spelled[0].upper() + spelled[1:] if note.written[:1].isupper() else spelled


def _styles(article: Article) -> Iterator[Callable[[str, Syllable], str]]:
    """How the article writes its annotations, the most frequent way first."""
    ways: Counter[tuple[str, str]] = Counter()
    text = article.source.text
    for paragraph in article.spoken_order():
        for _, note in paragraph.annotated():
            before = text[note.span.start - 1 : note.span.start]
            opening = "ruby" if note.kind is Kind.RUBY else before
            if opening == "ruby" or opening in _OPENING:
                ways[opening, _letters(note)] += 1
    for (opening, letters), _ in ways.most_common(3):
        yield _ruby if opening == "ruby" else _in_brackets(opening, letters)


def _letters(note: Annotation) -> str:
    if zhuyin.syllables_in(note.written):
        return "zhuyin"
    return "numbers" if _DIGIT.search(note.written) else "marks"


def _in_brackets(opening: str, letters: str) -> Callable[[str, Syllable], str]:
    def write(text: str, syllable: Syllable) -> str:
        spelled = {"zhuyin": zhuyin.spell(syllable), "numbers": number(syllable)}.get(letters) or spell(syllable)
        return f"{text}{opening}{spelled}{_OPENING[opening]}"

    return write


_bracketed: Final = _in_brackets("(", "marks")


def _ruby(text: str, syllable: Syllable) -> str:
    return f"<ruby>{html.escape(text)}<rt>{spell(syllable)}</rt></ruby>"
