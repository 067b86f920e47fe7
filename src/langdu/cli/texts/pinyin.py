"""langdu pinyin."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from langdu.cli.shared.common import load_article, no_text, notice, print_json, text_lines, write_out
from langdu.cli.shared.options import AsJson, Lexicon, Lines
from langdu.errors import plural

if TYPE_CHECKING:
    from collections.abc import Sequence

    from langdu.model import Paragraph, Reading


def pinyin(
    source: Annotated[str, typer.Argument(metavar="[SOURCE]", help="A file, or - for standard input.")] = "-",
    *,
    lines: Lines = False,
    surface: Annotated[
        bool, typer.Option("--surface", help="Print the tones as they are heard, after sandhi.")
    ] = False,
    json: AsJson = False,
    lexicon: Lexicon = None,
) -> None:
    """Print the reading of every character. Annotations are obeyed.

    Example: [bold]echo 长春 | langdu pinyin --lines[/bold]
    """
    # The matrices are small: more threads would only wait for each other. numpy reads this when it is imported.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    from langdu.lexicon.user import own_words
    from langdu.pipeline import text

    no_text(source, "langdu pinyin --lines")
    own = own_words(source, lexicon)
    if lines:
        texts = list(text_lines(source))
        other: list[int] = []
        for i, (line, (paragraph, readings)) in enumerate(zip(texts, text.read_lines(texts, own), strict=True), 1):
            _print(line, _in_source(line, paragraph, readings), surface=surface, json=json)
            if line.strip() and not any(readings):
                other.append(i)
        if other:
            verb = "has" if len(other) == 1 else "have"
            of = plural(len(texts), "line")
            notice(f"{len(other)} of {of} {verb} no Chinese characters (the first is line {other[0]})")
        return
    paragraphs = list(load_article(source, "pinyin").spoken_order())
    for paragraph, readings in zip(paragraphs, text.read_characters(paragraphs, own), strict=True):
        _print(paragraph.text, readings, surface=surface, json=json)


def _in_source(line: str, paragraph: Paragraph, readings: Sequence[Reading | None]) -> list[Reading | None]:
    """The readings of all characters of the input line; the brackets of annotations have none."""
    out: list[Reading | None] = [None] * len(line)
    at = 0
    for run in paragraph.runs:
        out[run.offset : run.offset + len(run.text)] = readings[at : at + len(run.text)]
        at += len(run.text)
    return out


def _print(text: str, readings: Sequence[Reading | None], *, surface: bool, json: bool) -> None:
    from langdu.pinyin import number, spell

    syllables = [r and (r.surface if surface else r.citation) for r in readings]
    if json:
        row = {"text": text, "readings": [s and number(s) for s in syllables]}
        sources = [r and r.origin for r in readings]
        print_json({**row, "sources": sources, "confidence": [r and round(r.confidence, 4) for r in readings]})
    else:
        write_out(" ".join(spell(s) for s in syllables if s))
