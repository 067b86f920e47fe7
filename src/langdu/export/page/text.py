"""Track → HTML: words with times and pinyin, and the findings of the check."""

from __future__ import annotations

from collections import defaultdict
from html import escape
from itertools import groupby
from typing import TYPE_CHECKING, Final
from unicodedata import category, east_asian_width

from langdu.export.view.words import sentences
from langdu.model import Severity
from langdu.pinyin import spell
from langdu.sound.clock import seconds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from langdu.export.view.words import Word
    from langdu.model import Finding, Syllable, Track

# Each colour comes with a sign and a word, for readers who cannot tell the colours apart.
_SIGNS: Final = {Severity.ERROR: "✗", Severity.WARNING: "!", Severity.INFO: "i"}
_WORST_FIRST: Final = tuple(Severity)


class Numbered:
    """Findings by paragraph, numbered through the article."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self._by_paragraph: defaultdict[int, list[tuple[int, Finding]]] = defaultdict(list)
        for number, finding in enumerate(findings, 1):
            self._by_paragraph[finding.paragraph].append((number, finding))

    def of(self, paragraph: int) -> Sequence[tuple[int, Finding]]:
        """The findings of one paragraph, each with its number."""
        return self._by_paragraph.get(paragraph, ())


def paragraph(track: Track, numbered: Numbered) -> str:
    """A paragraph with its sentences and words, and a list of its findings; a title is a heading.

    Each word that is said has `data-start` and `data-end`, in seconds of the programme.
    """
    findings = numbered.of(track.paragraph.index)
    text = track.paragraph.text
    severities = _severities(len(text), findings)
    tag = "p" if not track.paragraph.is_title else "h1" if track.paragraph.index < 0 else "h2"
    # With dir="auto" the browser finds out which way each paragraph runs.
    out = [f'<{tag} id="p{track.paragraph.index}" dir="auto">']
    for sentence in sentences(track):
        out.append('<span class="sentence">')
        for word in sentence:
            if tag != "p" and word.start is not None:
                out.append("<wbr>")  # the only places where a title is broken
            out.append(_word(word, track.sample_rate, severities[word.span.start : word.span.end]))
            out += [
                _place(number, finding)
                for number, finding in findings
                if word.span.start < max(finding.span.end, 1) <= word.span.end
            ]
        out.append("</span>")
    out.append(f"</{tag}>\n")
    return "".join(out) + _list(findings)


def _word(word: Word, sample_rate: int, severities: Sequence[Severity | None]) -> str:
    inner = "".join(_characters(word, severities))
    if word.start is None or word.end is None:
        return inner
    kind = "word annotated" if word.annotated else "word"
    start, end = seconds(word.start, sample_rate), seconds(word.end, sample_rate)
    return f'<span class="{kind}" data-start="{start}" data-end="{end}">{inner}</span>'


def _characters(word: Word, severities: Sequence[Severity | None]) -> Iterator[str]:
    """The characters of a word with their readings; those that a finding is about are marked."""
    for severity, group in groupby(_bases(word), key=lambda piece: severities[piece[0]]):
        inner = "".join(_ruby(base, reading) for _, base, reading in group)
        yield f'<mark class="{severity.value}">{inner}</mark>' if severity else inner


def _bases(word: Word) -> Iterator[tuple[int, str, Syllable | None]]:
    """Offset, base text and reading: the base is one character, or two if the second is the 儿 of an erhua."""
    at = 0
    while at < len(word.text):
        reading = word.readings[at]
        erhua = reading is not None and reading.erhua and word.text[at + 1 : at + 2] in ("儿", "兒")
        size = 2 if erhua and word.readings[at + 1] is None else 1
        yield at, word.text[at : at + size], reading
        at += size


def _ruby(base: str, reading: Syllable | None) -> str:
    if reading is None:
        return f'<span class="cell">{escape(base)}</span>' if _is_wide(base) else escape(base)
    kind = ' class="two"' if len(base) > 1 else ""
    return f'<ruby{kind}>{escape(base)}<rp>(</rp><rt lang="zh-Latn">{escape(spell(reading))}</rt><rp>)</rp></ruby>'


def _is_wide(character: str) -> bool:
    """Whether a character takes a place of the grid: hanzi without a reading, and the marks of Chinese texts."""
    width = east_asian_width(character)
    return width in "WF" or (width == "A" and category(character).startswith("P"))


# --- findings -------------------------------------------------------------------------------------------------------


def _severities(length: int, findings: Iterable[tuple[int, Finding]]) -> list[Severity | None]:
    """The worst severity of the findings about each character."""
    out: list[Severity | None] = [None] * length
    for _, finding in sorted(findings, key=lambda numbered: _WORST_FIRST.index(numbered[1].severity), reverse=True):
        out[finding.span.start : finding.span.end] = [finding.severity] * len(finding.span)
    return out


def _place(number: int, finding: Finding) -> str:
    severity = finding.severity
    return (
        f'<a class="place {severity.value}" id="place{number}" href="#finding{number}" lang="en">'
        f'<span class="unseen">{severity.value} </span>{_SIGNS[severity]}{number}</a>'
    )


def _list(findings: Sequence[tuple[int, Finding]]) -> str:
    if not findings:
        return ""
    rows = "".join(_row(number, finding) for number, finding in findings)
    return f'<ul class="findings" lang="en" aria-label="Findings in this paragraph">\n{rows}</ul>\n'


def _row(number: int, finding: Finding) -> str:
    severity = finding.severity
    written = f"({finding.written})" if finding.written else ""
    suggestion = f" Suggested: {escape(finding.suggestion)}." if finding.suggestion else ""
    return (
        f'<li id="finding{number}"><a class="{severity.value}" href="#place{number}">'
        f'<span class="unseen">Back to the text, finding </span>{_SIGNS[severity]}{number}</a> '
        f'<b class="{severity.value}">{severity.value}</b> <span lang="zh">{escape(finding.text + written)}</span>: '
        f"{escape(finding.message)}.{suggestion} <code>{escape(finding.rule)}</code></li>\n"
    )
