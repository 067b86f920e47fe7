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

_SAID = rf"(?P<said>[^\n{{}}\[\]|｜]*[{LATIN}{ZHUYIN}][^\n{{}}\[\]]*?)"
# One pattern a notation; `base` are the hanzi, `said` their reading. None can scan past a line, or past a bracket.
_NOTATIONS = tuple(
    re.compile(pattern)
    for pattern in (
        # LaTeX, xpinyin and ruby packages: \xpinyin{长}{chang2}, \ruby{汉字}{hàn|zì}
        rf"\\[A-Za-z]+\*?(?:\[[^\[\]\n]*\])?\{{(?P<base>(?=[^{{}}\n]*[{HANZI_RANGES}])[^{{}}\n]*+)\}}\{{{_SAID}\}}",
        # Hexo and Liquid tags: {% ruby 汉字|hànzì %}, {% pinyin 汉字 hànzì %}
        rf"\{{%-?\s*\w+\s+(?P<base>[^{{}}|｜%\s]*[{HANZI_RANGES}][^{{}}|｜%\s]*)\s*[|｜\s,]\s*{_SAID}\s*-?%\}}",
        # wiki templates: {{ruby|汉字|hànzì}}
        rf"\{{\{{\s*\w+\s*[|｜](?P<base>(?=[^{{}}|｜\n]*[{HANZI_RANGES}])[^{{}}|｜\n]*+)[|｜]{_SAID}\}}\}}",
        # Markdown extensions: {汉字|hàn|zì}, {汉字:hànzì}
        rf"\{{(?P<base>(?=[^{{}}|｜:\n]*[{HANZI_RANGES}])[^{{}}|｜:\n]*+)[|｜:]{_SAID}\}}",
        # [汉字]{hànzì}, [汉字]^(hànzì), [汉字](hànzì), :ruby[汉字]{hànzì}
        rf"(?::\w+)?\[(?P<base>(?=[^\[\]\n]*[{HANZI_RANGES}])[^\[\]\n]*+)\](?:\^?\{{|\^?\(){_SAID}[)}}]",
        # Aozora and novel sites: ｜汉字《hànzì》, 汉字《hànzì》
        # (what holds hanzi is the title of a book: 地《的天》)
        rf"[｜|]?(?P<base>[{HANZI_RANGES}]+)《(?P<said>[^《》\n{HANZI_RANGES}]*[{LATIN}{ZHUYIN}][^《》\n{HANZI_RANGES}]*)》",
        # speech synthesis: <phoneme alphabet="sapi" ph="chang 2">长</phoneme>
        rf"<phoneme\b[^<>]*\bph=[\"'](?P<said>[^\"'<>\n]+)[\"'][^<>]*>(?P<base>[^<>\n]*[{HANZI_RANGES}][^<>\n]*)</phoneme>",
        # the interlinear annotation characters of Unicode; formats.* writes the ruby of other files with them
        "\ufff9(?P<base>[^\ufff9-\ufffb]*)\ufffa(?P<said>[^\ufff9-\ufffb]*)\ufffb",
    )
)
_MARKERS = ("\\", "{%", "{{", "{", "]", "《", "<phoneme", "\ufff9")
# {% ruby 轮廓化|Outline %}, {{ruby|…}}, {轮廓化|Outline}: ruby that is no pinyin.
_IS_RUBY = re.compile(
    r"\{%-?\s*(?:ruby|rb|furigana|pinyin)\b|\{\{\s*(?:ruby|rb|furigana|pinyin)\b|\{[^{}|｜:\n%]+[|｜]", re.IGNORECASE
)
_BAR = re.compile(r"\s*[|｜/]\s*")


def find_markup(text: str, view: str) -> tuple[list[Note], list[Span]]:
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
        yield from notes_for(text, said, pairs, cuts, Kind.RUBY)


def agreeing(view: str, base: Span, said: str) -> tuple[Pair, ...] | None:
    """The hanzi of a base that a reading agrees with, the last ones first; or all of them, if it has as many syllables.

    Markup says what belongs together: ㄌㄜˋ ㄙㄜˋ over 垃圾 is what the author wants to hear, if no dictionary has it.
    """
    said = _BAR.sub(" ", said).strip()
    letters = plain_letters(said)
    if pairs := exact(view, base.end, base.start, letters):
        return pairs
    if not is_toned(letters) or not is_reading(said):
        return None
    return forced(view, base, said) or nearest(view, base.end, base.start, said)
