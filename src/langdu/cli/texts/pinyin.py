"""langdu pinyin."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from langdu.cli.shared.common import load_article, no_text, notice, print_json, text_lines, write_out
from langdu.cli.shared.options import AsJson, Lexicon, Lines
from langdu.errors import plural
from langdu.model import PinyinStyle

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from langdu.model import Paragraph, Reading, Syllable
    from langdu.pipeline.study.orthography import SpelledWord


def pinyin(
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="A file, or - for standard input.")] = "-",
    *,
    lines: Lines = False,
    surface: Annotated[
        bool, typer.Option("--surface", help="Print the tones as they are heard, after sandhi.")
    ] = False,
    words: Annotated[
        bool, typer.Option("--words", help="Write words, capitals and punctuation as GB/T 16159 has them.")
    ] = False,
    style: Annotated[PinyinStyle, typer.Option("--style", help="Tones as marks or numbers, none, or zhuyin.")] = (
        PinyinStyle.MARKS
    ),
    json: AsJson = False,
    lexicon: Lexicon = None,
) -> None:
    """Print the reading of every character, or of words as pinyin writes them. Annotations are obeyed.

    Example: [bold]langdu pinyin article.txt --words[/bold]
    """
    # The matrices are small: more threads would only wait for each other. numpy reads this when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from langdu.lexicon.user import own_words
    from langdu.pipeline import text
    from langdu.pipeline.study.names import names_in

    no_text(source, "langdu pinyin --lines")
    own, form = own_words(source, lexicon), _Form(words=words, style=style, surface=surface, json=json)
    if lines:
        texts = list(text_lines(source))
        other: list[int] = []
        for i, (line, (paragraph, readings)) in enumerate(zip(texts, text.read_lines(texts, own), strict=True), 1):
            spelled = _words(paragraph, readings, names_in([paragraph.text]), form) if words else None
            _print(line, _in_source(line, paragraph, readings), form, spelled)
            if line.strip() and not any(readings):
                other.append(i)
        if other:
            verb = "has" if len(other) == 1 else "have"
            of = plural(len(texts), "line")
            notice(f"{len(other)} of {of} {verb} no Chinese characters (the first is line {other[0]})")
        return
    paragraphs = list(load_article(source, "pinyin").spoken_order())
    names = names_in([paragraph.text for paragraph in paragraphs]) if words else frozenset[str]()
    for paragraph, readings in zip(paragraphs, text.read_characters(paragraphs, own), strict=True):
        _print(paragraph.text, readings, form, _words(paragraph, readings, names, form) if words else None)


@dataclass(frozen=True, kw_only=True)
class _Form:
    """How readings are printed: the options of the same names."""

    words: bool
    style: PinyinStyle
    surface: bool
    json: bool

    def syllables(self, readings: Sequence[Reading | None]) -> list[Syllable | None]:
        """The syllables with their dictionary's tones, or with those that are heard."""
        return [None if r is None else r.surface if self.surface else r.citation for r in readings]


def _words(
    paragraph: Paragraph, readings: Sequence[Reading | None], names: Collection[str], form: _Form
) -> list[SpelledWord]:
    from langdu.model import Span
    from langdu.pipeline.study.orthography import words_of

    whole = [span for span, _ in paragraph.annotated() if len(span) > 1]
    return words_of(paragraph.text, form.syllables(readings), names, [Span(span.start, span.end) for span in whole])


def _in_source(line: str, paragraph: Paragraph, readings: Sequence[Reading | None]) -> list[Reading | None]:
    """The readings of all characters of the input line; the brackets of annotations have none."""
    out: list[Reading | None] = [None] * len(line)
    at = 0
    for run in paragraph.runs:
        out[run.offset : run.offset + len(run.text)] = readings[at : at + len(run.text)]
        at += len(run.text)
    return out


def _print(text: str, readings: Sequence[Reading | None], form: _Form, words: Sequence[SpelledWord] | None) -> None:
    from langdu.pinyin import number
    from langdu.pipeline.study.orthography import line, one, spelled

    syllables = form.syllables(readings)
    if form.json:
        row: dict[str, Any] = {"text": text, "readings": [s and number(s) for s in syllables]}
        row["sources"] = [r and r.origin for r in readings]
        row["confidence"] = [r and round(r.confidence, 4) for r in readings]
        if words is not None:
            row["pinyin"] = line(words, form.style)
            row["words"] = [{"text": w.text, "pinyin": spelled(w, form.style)} for w in words if w.syllables]
        print_json(row)
    elif words is not None:
        write_out(line(words, form.style))
    else:
        write_out(" ".join(one(s, form.style) for s in syllables if s))
