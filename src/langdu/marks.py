"""Hanzi, zhuyin, punctuation and character references, and where a sentence ends: the only place that says so.

tests/golden/marks.txt shows the decisions on examples. Pauses, subtitles, practice, word lists and headlines are tested
against it.
"""

from __future__ import annotations

import html
import re
import unicodedata
from itertools import islice
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

# Hanzi, as ranges for a character class: 〇 (it has a reading, líng), extension A, the basic block, the compatibility
# ideographs, and planes 2 and 3, which Unicode keeps for more of them. 々, kana and radicals (⼀) have no reading.
HANZI_RANGES: Final = r"〇㐀-䶿一-鿿\uf900-\ufaff\U00020000-\U0003ffff"
HANZI: Final = re.compile(f"[{HANZI_RANGES}]+")
# Letters and tone marks of zhuyin, for a character class. ˅ stands for ˇ in many files.
ZHUYIN: Final = "ㄅ-ㄩ"
ZHUYIN_TONES: Final = "ˊˇˋ˙˅"

# What stands between & and ; in a reference: nbsp, #160, #xA0.
REFERENCE: Final = r"(?:#[0-9]{1,10}|#[Xx][0-9A-Fa-f]{1,10}|[A-Za-z][A-Za-z0-9]{1,31})"
# In code between backticks, a reference is what the text is about.
_CODE_OR_REFERENCE: Final = re.compile(rf"`++[^`\n]+`+|&{REFERENCE};")
# Signs that would become tags or signs of Markdown.
_MARKUP: Final = frozenset("<>*_`#[]()!|~+=-")
# Categories of Unicode that are no text: control characters, halves of a pair, line and paragraph separators.
_NO_TEXT: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})

# Sets of marks, for a character class.
FULL_STOPS: Final = "。｡！？!?"
ELLIPSIS: Final = "…"
SEMICOLONS: Final = "；;"
COLONS: Final = "：:"
COMMAS: Final = "，,"
ENUMERATION: Final = "、"
DASH: Final = "—"
# Brackets in which people write readings, for a character class. Signs of comparison serve as brackets, too.
READING_OPENS: Final = r"(（\[［【〔〖{｛‹«〈⟨<＜⟮﹙"
READING_CLOSES: Final = r")）\]］】〕〗}｝›»〉⟩>＞⟯﹚"
# A closing mark belongs to the sentence before it: “走！”他说 has one boundary, after ”. A typed " may open or close.
CLOSING: Final = "”’』」》〉）)】］"

# A sentence goes on if one of these follows: “走！”，他说. So do some words after a quotation: “走！”的, “走！”等.
_GOES_ON: Final = frozenset(COMMAS + ENUMERATION + SEMICOLONS + COLONS + DASH)
_GOES_ON_AFTER_A_QUOTE: Final = frozenset("的之等和与與及或")
_QUOTES: Final = frozenset("”’』」\"'")
# What belongs to the same end of a sentence as the mark before it.
_FOLLOWING: Final = re.compile(rf"[{FULL_STOPS}{ELLIPSIS}.．{CLOSING}\s]*")
# Marks inside a title are part of it: 《怎么办？》是一本书。
_TITLE: Final = re.compile(r"《[^《》\n]{1,80}》")
# A typed full stop ends a sentence after two letters or hanzi, before a blank or the end of a quotation. The dots in
# J. K. Rowling, Mr. Wang, 3.5, 约翰.史密斯 and 一. 引言 end none.
_DOT: Final = (
    rf"(?<=[A-Za-z][a-z]|[A-Z][A-Z]|[{HANZI_RANGES}][{HANZI_RANGES}])"
    + "".join(
        rf"(?<!(?<![A-Za-z]){short})" for short in ("Mr", "Mrs", "Ms", "Dr", "Prof", "St", "No", "Vol", "Fig", "vs")
    )
    + rf"(?<![一二三四五六七八九十])[.．](?=[\s{CLOSING}\"']|\Z)"
)
# A typed ! or ? between letters is part of a name or an address: Go!go!, a.com/?q=x.
_END: Final = re.compile(rf"[。｡！？{ELLIPSIS}\n]|(?<![!-~])[!?]|[!?](?![A-Za-z0-9])|{_DOT}")
# An apostrophe inside a word is not a quotation mark: it's.
_TYPED_QUOTES: Final = (re.compile('"'), re.compile("(?<![A-Za-z])'|'(?![A-Za-z])"))


def is_hanzi(char: str) -> bool:
    """Whether a character is a hanzi, known to dictionaries or not."""
    return HANZI.match(char) is not None


def sentence_ends(text: str) -> list[int]:
    """The offsets at which all sentences but the first begin, each right after the end of the one before.

    >>> sentence_ends("“走！”他说，明天再来。好……")
    [4, 12]
    """
    return [end for end in _ends(text) if end < len(text)]


def ends_sentence(text: str) -> bool:
    """Whether a sentence ends at the end of the text.

    >>> ends_sentence("他说：“走！”"), ends_sentence("他说，"), ends_sentence("看《走！》")
    (True, False, False)
    """
    return len(text) in _ends(text)


def _ends(text: str) -> Iterator[int]:
    """The offsets at which sentences end, with the marks and blanks that belong to the end."""
    text = _TITLE.sub(lambda title: "书" * len(title[0]), text)
    closing = _closing_quotes(text)
    end = 0
    for mark in _END.finditer(text):
        if mark.start() < end:
            continue
        end = mark.end()
        while (after := _following(text, end, closing)) > end:
            end = after
        if "\n" in text[mark.start() : end] or not _goes_on(text, end):
            yield end


def _following(text: str, at: int, closing: frozenset[int]) -> int:
    """The end of the marks and blanks at an offset, and of one typed quotation mark after them."""
    match = _FOLLOWING.match(text, at)
    end = match.end() if match else at
    return end + 1 if end in closing else end


def _goes_on(text: str, at: int) -> bool:
    """Whether the text after an offset goes on with the same sentence."""
    follows = text[at : at + 1]
    return follows in _GOES_ON or (text[at - 1] in _QUOTES and follows in _GOES_ON_AFTER_A_QUOTE)


def _closing_quotes(text: str) -> frozenset[int]:
    """The places of typed quotation marks that close a quotation: every second one."""
    return frozenset(match.start() for quote in _TYPED_QUOTES for match in islice(quote.finditer(text), 1, None, 2))


# --- character references of HTML, which texts have from the source of a page -----------------------------------------


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
