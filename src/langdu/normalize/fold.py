"""Reduces variants of a character to one shape, so that the rules need to know only that one.

Every character becomes exactly one character, so offsets in the folded text are offsets in the written text.
"""

from __future__ import annotations

import unicodedata

from langdu.normalize import tables

_SAME = (
    ("-", "‐‑‒–−﹣－"),
    ("~", "～〜∼˜﹏"),
    ("—", "―─"),
    (":", "：∶꞉﹕"),
    ("·", "・•‧∙⋅･"),
    ("/", "／⁄∕"),
    ("%", "％﹪"),
    ("¥", "￥"),
    ("£", "￡"),
    ("¢", "￠"),
    ("μ", "µ"),
    ("Ω", "Ω"),
    ("×", "✕✖╳"),
    (" ", "\u00a0\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u3000"),
)
# Full-width marks separate sentences; in numbers people type the narrow ones.
_STAYS_WIDE = "，！？；"


class _Fold(dict[int, str]):
    """Code point → character. Characters that no table lists are computed on first use."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if 0xFF01 <= code <= 0xFF5E and char not in _STAYS_WIDE:
            folded = chr(code - 0xFEE0)
        elif unicodedata.category(char) == "Nd":
            folded = str(unicodedata.digit(char))
        else:
            folded = char
        self[code] = folded
        return folded


_FOLD = _Fold({ord(char): shape for shape, chars in _SAME for char in chars})
_FOLD.update({ord(row[0]): row[1] for row in tables.rows("traditional")})


def fold(text: str) -> str:
    """The text with narrow digits and signs, one kind of hyphen, and simplified forms of the characters in our tables.

    >>> fold("２０１５年，３—５個，１２：３０")
    '2015年，3—5个，12:30'
    """
    return text.translate(_FOLD)
