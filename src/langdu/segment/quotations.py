"""Written paragraph → the quotations in it that somebody says, for a voice of their own (docs/quotations.md).

“…” and 「…」 also stand around words that are only named (“双减”), so not every quotation is speech.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from langdu import marks
from langdu.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import NormalizedText

# A quotation, closed or up to the end of the paragraph: each paragraph of a long speech begins with “, and only the
# last one has the ” for all. Typed " are taken in pairs.
_QUOTATION: Final = re.compile(
    r"“(?P<double>[^“”]*)(?:”|\Z)|「(?P<corner>[^「」]*)(?:」|\Z)|\"(?P<typed>[^\"“”「」]*)\""
)
_TITLE: Final = re.compile(r"《[^《》\n]{1,80}》")
# Where a quotation may begin that nobody closes: at the beginning of a paragraph, and after a colon.
_MAY_STAY_OPEN: Final = re.compile(rf"(?:\A|[{marks.COLONS}])\s*\Z")
# 他说：“好”; 他告诉记者，“好”. In 知道, 小说 and 学问 nobody speaks.
_SAYS: Final = re.compile(
    r"(?:(?<![小传])说|(?<![知街大])道|(?<![学访])问|答|喊|讲|称|曰|表示|介绍|回忆|坦言|指出|强调|感叹|呼吁"
    rf"|(?:告诉|提醒|回复)[{marks.HANZI_RANGES}]{{1,6}})[了着]?[{marks.COLONS}{marks.COMMAS}]\s*\Z"
)
# A comma before the ” shows that a sentence goes on after it: “好，”他说。
_COMMA_BEFORE_THE_END: Final = re.compile(rf"[{marks.COMMAS}]\s*\Z")
# “走！”的声音, “走！”等: the quotation is a word of the sentence around it.
_IS_A_WORD: Final = re.compile("[的之等和与與及或]")
# How far back the words before a quotation are looked at.
_BEFORE: Final = 24


def quotations(text: str) -> list[Span]:
    """The quotations in a paragraph that somebody says, each with its quotation marks.

    A quotation is said if a sentence ends in it, or a comma stands before its end, or words of saying and a mark before
    it. It is not if it is in a title (《…》) or a word of the sentence around it. Quotations within quotations are part
    of them.

    >>> text = "“双减”以后，他说：“好”，又说：“走吧！我们回家。”"
    >>> [span.of(text) for span in quotations(text)]
    ['“好”', '“走吧！我们回家。”']
    """
    titles = [range(*title.span()) for title in _TITLE.finditer(text)]
    return [
        Span(*found.span())
        for found in _QUOTATION.finditer(text)
        if not any(found.start() in title for title in titles) and _is_said(text, found)
    ]


def _is_said(text: str, found: re.Match[str]) -> bool:
    inside = found["double"] or found["corner"] or found["typed"] or ""
    before = text[max(0, found.start() - _BEFORE) : found.start()]
    closed = found[0][-1:] in '”」"' and len(found[0]) > 1
    if not any(char.isalnum() for char in inside) or not (closed or _MAY_STAY_OPEN.search(before)):
        return False
    if _IS_A_WORD.match(text, found.end()):
        return False
    whole = bool(marks.sentence_ends(inside)) or marks.ends_sentence(inside)
    return whole or bool(_COMMA_BEFORE_THE_END.search(inside)) or bool(_SAYS.search(before))


def in_spoken(text: NormalizedText, written: Sequence[Span], whole: Sequence[Span] = ()) -> list[Span]:
    """Spans of a written text in the spoken one, without those that begin or end inside an edit or one of `whole`.

    `whole` are spans of the spoken text.
    """
    starts = [place.start for place in text.written_spans()]
    found = [Span(bisect_left(starts, span.start), bisect_left(starts, span.end)) for span in written]
    kept = (*whole, *(edit.spoken for edit in text.edits))
    inside = {at for span in kept for at in range(span.start + 1, span.end)}
    return [span for span in found if span.start < span.end and inside.isdisjoint((span.start, span.end))]
