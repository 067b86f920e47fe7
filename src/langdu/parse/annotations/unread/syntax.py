"""Markup that is not read: tags, and the signs of Markdown. The text between them stays."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu.marks import HANZI, HANZI_RANGES
from langdu.model import Span
from langdu.parse.annotations.alignment.written import is_pinyin

if TYPE_CHECKING:
    from collections.abc import Iterator

_HAS_TAGS = re.compile(r"</[A-Za-z]|<br|<!--", re.IGNORECASE)
# A tag with hanzi in its attributes is data and stays: <word hanzi="秋天" pinyin="qiūtiān"/>.
_TAG = re.compile(rf"</?[A-Za-z][\w:.-]{{0,40}}(?:\s[^<>{HANZI_RANGES}]{{0,2000}})?/?>|<!--[^<>]*-->")
_SIGNS = (
    re.compile(r"^#{1,6} +\S", re.MULTILINE),
    re.compile(r"^ {0,3}[-*+] +\S", re.MULTILINE),
    re.compile(r"\]\([\w./:#]"),
    re.compile(r"^```", re.MULTILINE),
    re.compile(r"\*\*\S"),
    re.compile(r"^\|[ :|-]+\|$", re.MULTILINE),
    re.compile(r"^> ?\S", re.MULTILINE),
)
# YAML between ---, or TOML between +++.
_FRONT_MATTER = re.compile(
    r"\A(?:---\n(?:[^\n]*\n){1,60}?(?:---|\.\.\.)|\+\+\+[ \t]*\n(?:[^\n]*\n){1,60}?\+\+\+)[ \t]*(?:\n|\Z)"
)
# The value stands in the same line, or after > or | in the next one.
_FIELD = re.compile(r"^([A-Za-z]+):[ \t]*(?:[>|][+-]?[ \t]*\n[ \t]+)?(\S[^\n]*)$", re.MULTILINE)
# A comment after a value without quotes.
_COMMENT = re.compile(r"(?<![\"'])[ \t]+#[ \t][^\"'\n]*$")
_TOML_FIELD = re.compile(r"^([A-Za-z]+)[ \t]*=[ \t]*(\"[^\"\n]+\"|'[^'\n]+'|[\w][^\n\"'#]*)", re.MULTILINE)
_LINE = re.compile(r"[^\n]+")
_STYLE = re.compile(r"<(style|script)\b[^<>]*>[^<]*</\1\s*>", re.IGNORECASE)
_FENCE = re.compile(r"^ {0,3}(?:```|~~~)[^\n]*$", re.MULTILINE)
# The groups of each pattern are hidden, and the text between them is read.
_MARKDOWN = tuple(
    re.compile(pattern, re.MULTILINE)
    for pattern in (
        r"^( {0,3}#{1,6} +)[^\n]*?((?<! ) ++#++)?$",  # headings
        r"(?<=\S\n)( {0,3}={2,}[ \t]*)$",  # the line under a heading
        r"^( {0,3}>(?: {0,3}>)* ?)",  # quotations
        r"^(?: {0,3}>)*([ \t]*[-*+] +)(?=\S)",  # lists
        r"^([ \t]*(?:[-*_][ \t]*){3,})$",  # rules
        r"^(\|?[ \t]*+:?-++:?[ \t]*+(?>(?:\|[ \t]*+:?-++:?[ \t]*+)*)\|?[ \t]*+)$",  # the line under a table's head
        r"(!\[[^\[\]\n]*\]\([^()\n]*\))",  # pictures
        rf"(?<!!)(\[)[^\[\]\n]+(\]\((?:https?:|[./#\w%?=&~+-])[^()\n{HANZI_RANGES}]*\))",  # links
        r"^(\[[^\[\]\n]+\]:[ \t]+\S+[^\n]*)$",  # addresses of links
        r"(\[\^[^\[\]\n]{1,40}\]:?)",  # footnotes
        r"(\*{2,3}|__|~~)(?=\S)[^*_~\n]{1,400}(\1)",  # strong
        r"(?<![*A-Za-z0-9])(\*)(?=\S)[^*\n]{1,400}(?<=\S)(\*)(?!\*)",  # emphasis
        r"(`{1,2})[^`\n]{1,400}(\1)",  # code
    )
)


def is_markdown(name: str, text: str) -> bool:
    """Whether a file says by its name that it is Markdown, or shows two of its signs."""
    return name.lower().endswith((".md", ".markdown")) or sum(s.search(text) is not None for s in _SIGNS) > 1


def find_tags(view: str) -> list[Span]:
    """The tags of HTML and XML, if any of them is closed."""
    return [Span(*match.span()) for match in _TAG.finditer(view)] if _HAS_TAGS.search(view) else []


def find_markdown_signs(view: str) -> list[Span]:
    """The signs of Markdown."""
    signs = [Span(*match.span(group)) for group, match in _matches(view)]
    return signs + [Span(*fence.span()) for fence in _FENCE.finditer(view)]


def _matches(view: str) -> Iterator[tuple[int, re.Match[str]]]:
    for pattern in _MARKDOWN:
        for match in pattern.finditer(view):
            for group in range(1, pattern.groups + 1):
                if match.start(group) < match.end(group):
                    yield group, match


def front_matter(text: str) -> dict[str, str]:
    r"""The fields at the head of a Markdown file that are one line of text.

    >>> front_matter("---\ntitle: '春'\ntags:\n  - 诗\n---\n春眠不觉晓")
    {'title': '春'}
    """
    front = _FRONT_MATTER.match(text)
    if front is None:
        return {}
    fields = _TOML_FIELD if text.startswith("+++") else _FIELD
    return {field[1].lower(): _COMMENT.sub("", field[2]).strip("'\" ") for field in fields.finditer(front[0])}


def front_matter_of(text: str) -> Span | None:
    """Where the front matter of a Markdown file stands, if it has any."""
    front = _FRONT_MATTER.match(text)
    return Span(*front.span()) if front else None


def find_front_matter(view: str) -> list[tuple[Span, str]]:
    """The front matter of any text, if it has a field: it is no text."""
    front = front_matter_of(view) if front_matter(view) else None
    return [(front, "front-matter")] if front else []


def find_non_text(view: str) -> list[tuple[Span, str]]:
    """The parts of a Markdown file that are not text, with the reason: front matter, and code without hanzi."""
    parts: list[tuple[Span, str]] = []
    if front := _FRONT_MATTER.match(view):
        parts.append((Span(*front.span()), "front-matter"))
    fences = [fence.span() for fence in _FENCE.finditer(view)]
    for (_, start), (end, _) in zip(fences[::2], fences[1::2], strict=False):
        has_text = HANZI.search(view, start, end) is not None
        lines = _LINE.finditer(view, start, end)
        parts += [(Span(*line.span()), "code") for line in lines if not _is_text(line.group(), beside_hanzi=has_text)]
    parts += [(Span(*match.span()), "code") for match in _STYLE.finditer(view)] if "</s" in view.lower() else []
    return parts


def _is_text(line: str, *, beside_hanzi: bool) -> bool:
    """Whether a line of a code block is text: it has hanzi, or is the pinyin of hanzi in the same block."""
    return bool(HANZI.search(line)) or (beside_hanzi and is_pinyin(line.strip("|> \t")))
