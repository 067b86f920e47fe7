"""Character references of HTML, &nbsp; and &#21525;, which texts have that were copied from the source of a page."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# What stands between & and ; in a reference: nbsp, #160, #xA0.
REFERENCE: Final = r"(?:#[0-9]{1,10}|#[Xx][0-9A-Fa-f]{1,10}|[A-Za-z][A-Za-z0-9]{1,31})"
# In code between backticks, a reference is what the text is about.
_CODE_OR_REFERENCE: Final = re.compile(rf"`++[^`\n]+`+|&{REFERENCE};")
# Signs that would become tags or signs of Markdown.
_MARKUP: Final = frozenset("<>*_`#[]()!|~+=-")
# Categories of Unicode that are no text: control characters, halves of a pair, line and paragraph separators.
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def shown(reference: str) -> str:
    """What a page shows for a reference; the reference itself if it is unknown, a control character or markup.

    Source: HTML Living Standard, 13.5; CommonMark 0.31, 6.2: a reference is no markup.

    >>> [shown(written) for written in ("&#x5415;", "&deg;", "&lt;", "&unknown;", "&#27;", "&notit;")]
    ['吕', '°', '&lt;', '&unknown;', '&#27;', '&notit;']
    """
    meant = html.unescape(reference)
    # Of a name that only begins like one of HTML, the rest stays and is longer: &notit; is ¬it;.
    return meant if 0 < len(meant) <= 2 and all(map(_is_text, meant)) else reference


def _is_text(char: str) -> bool:
    return char not in _MARKUP and char != "\ufffd" and unicodedata.category(char) not in _NO_TEXT


def find_references(text: str) -> Iterator[re.Match[str]]:
    """The references for which a reader sees something else."""
    for match in _CODE_OR_REFERENCE.finditer(text):
        if match[0][0] == "&" and shown(match[0]) != match[0]:
            yield match


def decoded(text: str) -> str:
    """The text with its references as a page shows them.

    >>> decoded("气温20&deg;C，R&amp;D，`&nbsp;`")
    '气温20°C，R&D，`&nbsp;`'
    """
    if "&" not in text:
        return text
    out, at = list[str](), 0
    for match in find_references(text):
        out += [text[at : match.start()], shown(match[0])]
        at = match.end()
    return "".join([*out, text[at:]])
