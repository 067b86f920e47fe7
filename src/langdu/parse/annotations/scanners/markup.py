r"""Readings in the markup of other programs: \xpinyin{长}{chang2}, {汉字|hàn|zì}, {% ruby 长|cháng %}, 长《cháng》."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.marks import HANZI_RANGES, ZHUYIN
from langdu.model import Kind, Span
from langdu.parse.annotations.alignment.exact import exact
from langdu.parse.annotations.alignment.nearest import nearest
from langdu.parse.annotations.alignment.wordwise import forced
from langdu.parse.annotations.alignment.written import LATIN, is_reading, is_toned, plain_letters
from langdu.parse.annotations.notes import notes_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.parse.annotations.alignment.exact import Pair
    from langdu.parse.annotations.notes import Note

# A reading has a letter before its first bar. A lookahead and a possessive sign (*+) look at each character once:
# where the notation has no end, trying every letter takes the square of a line, which may have 100,000 characters.
_READS = rf"(?=[^\n{{}}\[\]|｜]*[{LATIN}{ZHUYIN}])"
_READING = rf"(?P<reading>{_READS}[^\n{{}}\[\]]*+)"
# One pattern a notation; `base` are the hanzi, `reading` is their reading. No pattern scans past a line or a bracket.
_NOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        # LaTeX, xpinyin and ruby packages: \xpinyin{长}{chang2}, \ruby{汉字}{hàn|zì}
        rf"\\[A-Za-z]+\*?(?:\[[^\[\]\n]*\])?\{{(?P<base>(?=[^{{}}\n]*[{HANZI_RANGES}])[^{{}}\n]*+)\}}\{{{_READING}\}}",
        # Hexo and Liquid tags: {% ruby 汉字|hànzì %}, {% pinyin 汉字 hànzì %}
        (
            rf"\{{%-?\s*\w+\s+(?P<base>(?=[^{{}}|｜%\s,]*[{HANZI_RANGES}])[^{{}}|｜%\s,]*+)(?:\s*+[|｜,]\s*+|\s++)"
            rf"(?P<reading>{_READS}[^\n{{}}\[\]%]*[^\n{{}}\[\]%\s-])\s*+-?%\}}"
        ),
        # wiki templates: {{ruby|汉字|hànzì}}
        rf"\{{\{{\s*\w+\s*[|｜](?P<base>(?=[^{{}}|｜\n]*[{HANZI_RANGES}])[^{{}}|｜\n]*+)[|｜]{_READING}\}}\}}",
        # Markdown extensions: {汉字|hàn|zì}, {汉字:hànzì}
        rf"\{{(?P<base>(?=[^{{}}|｜:\n]*[{HANZI_RANGES}])[^{{}}|｜:\n]*+)[|｜:]{_READING}\}}",
        # [汉字]{hànzì}, [汉字]^(hànzì), [汉字](hànzì), :ruby[汉字]{hànzì}
        (
            rf"(?::\w+)?\[(?P<base>(?=[^\[\]\n]*[{HANZI_RANGES}])[^\[\]\n]*+)\](?:\^?\{{|\^?\()"
            rf"(?P<reading>(?=[^\n{{}}\[\])|｜]*[{LATIN}{ZHUYIN}])[^\n{{}}\[\])]*+)[)}}]"
        ),
        # Aozora and novel sites: ｜汉字《hànzì》, 汉字《hànzì》
        # (hanzi inside are the title of a book: 地《的天》)
        (
            rf"(?:[｜|]|(?<![{HANZI_RANGES}]))(?P<base>[{HANZI_RANGES}]++)《"
            rf"(?P<reading>(?=[^《》\n{HANZI_RANGES}]*[{LATIN}{ZHUYIN}])[^《》\n{HANZI_RANGES}]*+)》"
        ),
        # speech synthesis: <phoneme alphabet="sapi" ph="chang 2">长</phoneme>
        (
            r"<phoneme\b(?>(?:(?!\bph=)[^<>])*)ph=[\"'](?P<reading>[^\"'<>\n]+)[\"'][^<>]*>"
            rf"(?P<base>(?=[^<>\n]*[{HANZI_RANGES}])[^<>\n]*+)</phoneme>"
        ),
        # the interlinear annotation characters of Unicode; formats.* writes the ruby of other files with them
        "\ufff9(?P<base>[^\ufff9-\ufffb]*)\ufffa(?P<reading>[^\ufff9-\ufffb]*)\ufffb",
    )
)
_MARKERS = ("\\", "{%", "{{", "{", "]", "《", "<phoneme", "\ufff9")
# Ruby that is not pinyin: {% ruby 轮廓化|Outline %}, {{ruby|…}}, {轮廓化|Outline}.
_IS_RUBY = re.compile(
    r"\{%-?\s*(?:ruby|rb|furigana|pinyin)\b|\{\{\s*(?:ruby|rb|furigana|pinyin)\b|\{[^{}|｜:\n%]+[|｜]", re.IGNORECASE
)
_BARS = re.compile(r"[|｜/]")


def find_markup(text: str, view: str) -> tuple[list[Note], list[Span]]:
    """The annotations in markup, and what to hide of ruby that does not read its hanzi.

    Other markup that does not agree with its hanzi stays text.
    """
    notes: list[Note] = []
    hidden: list[Span] = []
    for notation, marker in zip(_NOTATIONS, _MARKERS, strict=True):
        if marker in view:
            for match in notation.finditer(view):
                base, reading = Span(*match.span("base")), Span(*match.span("reading"))
                cuts = (Span(match.start(), base.start), Span(base.end, match.end()))
                annotations = list(annotate(text, view, base, reading, cuts))
                notes += annotations
                if not annotations and _IS_RUBY.match(match.group()):
                    hidden += cuts
    return notes, hidden


def annotate(text: str, view: str, base: Span, reading: Span, cuts: tuple[Span, ...]) -> Iterator[Note]:
    """The notes for a base and a reading that markup puts together."""
    if pairs := agreeing(view, base, reading.of(view)):
        yield from notes_for(text, reading, pairs, cuts, Kind.RUBY)


def agreeing(view: str, base: Span, reading: str) -> tuple[Pair, ...] | None:
    """The last hanzi of a base that a reading agrees with, or all of them if it has as many syllables.

    Markup shows what belongs together: the author wants ㄌㄜˋ ㄙㄜˋ for 垃圾, though no dictionary has it.
    """
    reading = " ".join(_BARS.sub(" ", reading).split())
    letters = plain_letters(reading)
    if pairs := exact(view, base.end, base.start, letters):
        return pairs
    if not is_toned(letters) or not is_reading(reading):
        return None
    return forced(view, base, reading) or nearest(view, base.end, base.start, reading)
