r"""Readings in the markup of other programs: \xpinyin{长}{chang2}, {汉字|hàn|zì}, {% ruby 长|cháng %}, 长《cháng》."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.lexicon import HANZI
from langdu.model import Kind, Span
from langdu.parse.align import exact, nearest
from langdu.parse.notes import notes_of
from langdu.parse.wordwise import forced
from langdu.parse.written import LATIN, is_reading, is_toned, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.parse.align import Pair
    from langdu.parse.notes import Note

_HANZI = HANZI.pattern.removeprefix("[").removesuffix("]+")
# What is said has a letter before its first bar. A lookahead and a possessive sign (*+) look at each character once:
# where the notation has no end, trying every letter takes the square of a line, which may have 100,000 characters.
_SAYS = rf"(?=[^\n{{}}\[\]|｜]*[{LATIN}ㄅ-ㄩ])"
_SAID = rf"(?P<said>{_SAYS}[^\n{{}}\[\]]*+)"
# One pattern a notation; `base` are the hanzi, `said` their reading. None can scan past a line, or past a bracket.
_NOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        # LaTeX, xpinyin and ruby packages: \xpinyin{长}{chang2}, \ruby{汉字}{hàn|zì}
        rf"\\[A-Za-z]+\*?(?:\[[^\[\]\n]*\])?\{{(?P<base>(?=[^{{}}\n]*[{_HANZI}])[^{{}}\n]*+)\}}\{{{_SAID}\}}",
        # Hexo and Liquid tags: {% ruby 汉字|hànzì %}, {% pinyin 汉字 hànzì %}
        (
            rf"\{{%-?\s*\w+\s+(?P<base>(?=[^{{}}|｜%\s,]*[{_HANZI}])[^{{}}|｜%\s,]*+)(?:\s*+[|｜,]\s*+|\s++)"
            rf"(?P<said>{_SAYS}[^\n{{}}\[\]%]*[^\n{{}}\[\]%\s-])\s*+-?%\}}"
        ),
        # wiki templates: {{ruby|汉字|hànzì}}
        rf"\{{\{{\s*\w+\s*[|｜](?P<base>(?=[^{{}}|｜\n]*[{_HANZI}])[^{{}}|｜\n]*+)[|｜]{_SAID}\}}\}}",
        # Markdown extensions: {汉字|hàn|zì}, {汉字:hànzì}
        rf"\{{(?P<base>(?=[^{{}}|｜:\n]*[{_HANZI}])[^{{}}|｜:\n]*+)[|｜:]{_SAID}\}}",
        # [汉字]{hànzì}, [汉字]^(hànzì), [汉字](hànzì), :ruby[汉字]{hànzì}
        (
            rf"(?::\w+)?\[(?P<base>(?=[^\[\]\n]*[{_HANZI}])[^\[\]\n]*+)\](?:\^?\{{|\^?\()"
            rf"(?P<said>(?=[^\n{{}}\[\])|｜]*[{LATIN}ㄅ-ㄩ])[^\n{{}}\[\])]*+)[)}}]"
        ),
        # Aozora and novel sites: ｜汉字《hànzì》, 汉字《hànzì》
        # (what holds hanzi is the title of a book: 地《的天》)
        (
            rf"(?:[｜|]|(?<![{_HANZI}]))(?P<base>[{_HANZI}]++)《"
            rf"(?P<said>(?=[^《》\n{_HANZI}]*[{LATIN}ㄅ-ㄩ])[^《》\n{_HANZI}]*+)》"
        ),
        # speech synthesis: <phoneme alphabet="sapi" ph="chang 2">长</phoneme>
        (
            r"<phoneme\b(?:(?!\bph=)[^<>])*+ph=[\"'](?P<said>[^\"'<>\n]+)[\"'][^<>]*>"
            rf"(?P<base>(?=[^<>\n]*[{_HANZI}])[^<>\n]*+)</phoneme>"
        ),
        # the interlinear annotation characters of Unicode; formats.* writes the ruby of other files with them
        "\ufff9(?P<base>[^\ufff9-\ufffb]*)\ufffa(?P<said>[^\ufff9-\ufffb]*)\ufffb",
    )
)
_MARKERS = ("\\", "{%", "{{", "{", "]", "《", "<phoneme", "\ufff9")
# {% ruby 轮廓化|Outline %}, {{ruby|…}}, {轮廓化|Outline}: ruby that is no pinyin.
_IS_RUBY = re.compile(
    r"\{%-?\s*(?:ruby|rb|furigana|pinyin)\b|\{\{\s*(?:ruby|rb|furigana|pinyin)\b|\{[^{}|｜:\n%]+[|｜]", re.IGNORECASE
)
_BARS = re.compile(r"[|｜/]")


def marked_up(text: str, view: str) -> tuple[list[Note], list[Span]]:
    """The annotations in such markup, and what is hidden of markup that can be nothing else and says no reading.

    What else does not agree with its hanzi is left to be text.
    """
    notes: list[Note] = []
    hidden: list[Span] = []
    for notation, marker in zip(_NOTATIONS, _MARKERS, strict=True):
        if marker in view:
            for match in notation.finditer(view):
                base, said = Span(*match.span("base")), Span(*match.span("said"))
                cuts = (Span(match.start(), base.start), Span(base.end, match.end()))
                found = list(annotate(text, view, base, said, cuts))
                notes += found
                if not found and _IS_RUBY.match(match.group()):
                    hidden += cuts
    return notes, hidden


def annotate(text: str, view: str, base: Span, said: Span, cuts: tuple[Span, ...]) -> Iterator[Note]:
    """The notes for hanzi and a reading that markup has put together."""
    if pairs := agreeing(view, base, said.of(view)):
        yield from notes_of(text, said, pairs, cuts, Kind.RUBY)


def agreeing(view: str, base: Span, said: str) -> tuple[Pair, ...] | None:
    """The hanzi of a base that a reading agrees with, the last ones first; or all of them, if it has as many syllables.

    Markup says what belongs together: ㄌㄜˋ ㄙㄜˋ over 垃圾 is what the author wants to hear, if no dictionary has it.
    """
    said = " ".join(_BARS.sub(" ", said).split())
    letters = plain(said)
    if pairs := exact(view, base.end, base.start, letters):
        return pairs
    if not is_toned(letters) or not is_reading(said):
        return None
    return forced(view, base, said) or nearest(view, base.end, base.start, said)
