"""Character references of HTML, &nbsp; and &#21525;, which texts have that were copied from the source of a page."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import Final

# What stands between & and ; in a reference: nbsp, #160, #xA0.
REFERENCE: Final = r"(?:#[0-9]{1,10}|#[Xx][0-9A-Fa-f]{1,10}|[A-Za-z][A-Za-z0-9]{1,31})"
WHOLE: Final = re.compile(f"&{REFERENCE};")
# Categories of Unicode that are no text: control characters, halves of a pair, line and paragraph separators.
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def shown(reference: str) -> str:
    """What a page shows for a reference; the reference itself if it is unknown, a control character, < or >.

    Signs of markup stay as they are written, so that they do not become tags. Source: HTML Living Standard, 13.5.

    >>> [shown(written) for written in ("&#x5415;", "&deg;", "&lt;", "&unknown;", "&#0;", "&notit;")]
    ['吕', '°', '&lt;', '&unknown;', '&#0;', '&notit;']
    """
    meant = html.unescape(reference)
    # Of a name that only begins like one of HTML, the rest stays and is longer: &notit; is ¬it;.
    return meant if len(meant) <= 2 and all(map(_is_text, meant)) else reference


def _is_text(char: str) -> bool:
    return char not in "<>\ufffd" and unicodedata.category(char) not in _NO_TEXT


def decoded(text: str) -> str:
    """The text with its references as a page shows them.

    >>> decoded("气温20&deg;C，R&amp;D")
    '气温20°C，R&D'
    """
    return WHOLE.sub(lambda match: shown(match[0]), text) if "&" in text else text
