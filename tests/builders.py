"""Values that tests build by hand."""

from __future__ import annotations

from langdu import pinyin
from langdu.model import Annotation, Kind, Paragraph, Run, Span


def annotated(*runs: tuple[str, str]) -> Paragraph:
    """A paragraph of (text, pinyin with digits and blanks, or "" for none); as if written 长(chang2)春."""
    made, offset = [], 0
    for text, written in runs:
        after = offset + len(text)
        note = None
        if written:
            syllables = tuple(pinyin.parse_syllable(s) for s in written.split())
            where = Span(after + 1, after + 1 + len(written))
            note = Annotation(syllables=syllables, written=written, span=where, kind=Kind.PINYIN)
        made.append(Run(text, offset, note))
        offset = after + (len(written) + 2 if written else 0)
    return Paragraph(0, tuple(made))
