"""Prints findings as compilers do: a message, the line of the source, and marks under the place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.text import Text

from langdu.cli.shared.terminal import terminal
from langdu.errors import plural
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from langdu.check.report import LocatedFinding
    from langdu.model import Article

_COLOURS = {"error": "red", "warning": "yellow", "info": "cyan"}
# How many characters of the source are looked at for each cell: ruby needs about thirty for a hanzi of two cells.
_LOOK = 16
_RP = re.compile(r"<rp\b[^<>]*>[^<>]*</rp\s*>", re.IGNORECASE)
_LONGEST_TAG = 200
_RUBY = re.compile(rf"<(/?)(ruby|rb|rtc?|rbc|rp)\b[^<>]{{0,{_LONGEST_TAG}}}>", re.IGNORECASE)
_END_OF_RT = re.compile(r"</rt\s*>", re.IGNORECASE)
_ELLIPSIS = "…"


def print_corrections(corrected: Sequence[LocatedFinding]) -> None:
    """Print what was corrected, a line each, on standard output."""
    console = terminal(soft_wrap=True)
    for located in corrected:
        console.print(_headline(located, "corrected"))


def print_findings(article: Article, findings: Sequence[LocatedFinding]) -> None:
    """Print the findings on standard output, and a summary on standard error."""
    console = terminal(soft_wrap=True)
    for located in findings:
        console.print(_headline(located))
        line, place, marks = marked_line(article.source.text, located.place.start, located.place.end, console.width - 2)
        console.print(Text(f"  {line}"))
        console.print(Text(f"  {' ' * place}").append("^" * marks, style=_COLOURS[located.finding.severity.value]))
        if located.accept:
            console.print(Text(f"  if it is right: {located.accept}", style="dim"))
    counts = {severity: sum(f.finding.severity is severity for f in findings) for severity in Severity}
    annotations = sum(1 for p in article.spoken_order() for _ in p.annotated())
    counted_annotations = plural(annotations, "annotation")
    terminal(stderr=True, soft_wrap=True).print(f"{article.source.name}: {counted_annotations}, {counted(counts)}")


def counted(counts: Mapping[Severity, int]) -> str:
    """How many findings there are of each severity.

    >>> counted({Severity.ERROR: 2, Severity.WARNING: 1, Severity.INFO: 0})
    '2 errors, 1 warning, 0 info'
    """
    return ", ".join(
        f"{n} info" if severity is Severity.INFO else plural(n, severity.value) for severity, n in counts.items()
    )


def _headline(located: LocatedFinding, what: str | None = None) -> Text:
    """One line that begins as compilers' messages do, so that editors can jump to the place."""
    finding = located.finding
    shown = Text(f"{located.file}:{located.line}:{located.column}: ")
    shown.append(what or finding.severity.value, style="green" if what else _COLOURS[finding.severity.value])
    written = f"({finding.written})" if finding.written else ""
    shown.append(f" {finding.text}{written} ", style="bold")
    shown.append(finding.message)
    if finding.suggestion and finding.suggestion != finding.written:
        shown.append(f" → {finding.suggestion}", style="green")
    return shown.append(f" [{finding.rule}]", style="dim")


def marked_line(text: str, start: int, end: int, width: int) -> tuple[str, int, int]:
    r"""The line of `text` around `start:end`, cut to `width` cells; the cell where marks begin; how many marks.

    A hanzi is two cells wide. An ellipsis replaces what does not fit on either side. Ruby is shown as brackets.

    >>> marked_line("第一行\n在长春(chángchùn)的项目里", 5, 16, 20)
    ('在长春(chángchùn)…', 2, 13)
    >>> marked_line("在<ruby>长<rt>chǎng</rt></ruby>城", 7, 17, 20)
    ('在长(chǎng)城', 2, 9)
    """
    if (closing := _END_OF_RT.match(text, end)) is not None:
        end = closing.end()
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", start)
    last = len(text) if last < 0 else last
    end = min(end, last)
    room = max(0, width - cell_len(_shown(text[start:end])) - 2)
    # Of a long line, no more is looked at than may be shown: marks over letters take no cell.
    look = _LOOK * width
    looked = _after_tag(text, max(first, start - look)), min(last, _after_tag(text, min(last, end + look)))
    before, after = _shown(text[looked[0] : start]), _shown(text[end : looked[1]])
    after_room = max(room // 2, room - cell_len(before))
    tail = _fit(after, after_room)
    head = _fit(before[::-1], room - cell_len(tail))[::-1]
    marked = _shown(text[start:end])
    head = head if head == before and looked[0] == first else _ELLIPSIS + head
    tail = tail if tail == after and looked[1] == last else tail + _ELLIPSIS
    return head + marked + tail, cell_len(head), max(1, cell_len(marked))


def _after_tag(text: str, at: int) -> int:
    """The end of the ruby tag that `at` is in; `at` itself outside tags."""
    tag = _RUBY.match(text, max(0, text.rfind("<", max(0, at - _LONGEST_TAG), at)))
    return tag.end() if tag and tag.start() < at < tag.end() else at


def _shown(text: str) -> str:
    """Text with brackets for ruby, and with blanks for tabs and control characters, which would move the marks."""
    text = _RUBY.sub(_as_bracket, _RP.sub("", text))
    return "".join(char if char.isprintable() else " " for char in text)


def _as_bracket(tag: re.Match[str]) -> str:
    if tag[2].lower() != "rt":
        return ""
    return ")" if tag[1] else "("


def _fit(text: str, width: int) -> str:
    """The longest beginning that fits into `width` cells."""
    used = 0
    for i, char in enumerate(text):
        used += cell_len(char)
        if used > width:
            return text[:i]
    return text
