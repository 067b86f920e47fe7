"""The words of an article as lists: rows for programs, and a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any, Final

from langdu.pinyin import number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.pipeline.study.words import ArticleWord

_FORMULA: Final = tuple("=+-@\t\r\n＝＋－＠")  # the last four are full-width forms
_COLUMNS: Final = ("word", "pinyin", "count", "annotated", "level", "sentence", "meaning")


def word_row(entry: ArticleWord) -> dict[str, Any]:
    """One word as `langdu words --format json` prints it."""
    return {
        "word": entry.text,
        "pinyin": entry.pinyin,
        "syllables": [number(syllable) for syllable in entry.syllables],
        "count": entry.count,
        "annotated": entry.annotated,
        "level": entry.level,
        "sentence": entry.sentence,
        "meanings": list(entry.meanings),
        "paragraph": entry.first.paragraph,
        "start": entry.first.span.start,
        "end": entry.first.span.end,
    }


def word_table(entries: Sequence[ArticleWord]) -> str:
    """The list for a spreadsheet, as CSV. Excel recognises UTF-8 by the byte order mark at the beginning."""
    text = io.StringIO("\ufeff", newline="")
    text.seek(0, io.SEEK_END)
    writer = csv.DictWriter(text, _COLUMNS, extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for entry in entries:
        annotated, meaning = "yes" if entry.annotated else "no", "; ".join(entry.meanings)
        row = word_row(entry) | {"annotated": annotated, "meaning": meaning}
        writer.writerow({name: _cell(value) for name, value in row.items()})
    return text.getvalue()


def _cell(value: Any) -> Any:  # noqa: ANN401 - texts, numbers, nothing
    """A value that no spreadsheet takes for a formula, because a formula could load data from anywhere.

    Source: OWASP, CSV Injection: an apostrophe goes before a character that begins a formula, or its full-width form.
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value
