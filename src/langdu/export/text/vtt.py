"""Cues → WebVTT, with pinyin over the hanzi.

Source: WebVTT, W3C Candidate Recommendation of 4 April 2019, sections 4.1 (file structure) and 4.2.2 (cue text: ruby,
voice and language spans, character references).
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from langdu.export.view.cues import cues
from langdu.files import atomic
from langdu.pinyin import spell
from langdu.sound.clock import clock

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.view.cues import Cue
    from langdu.export.view.words import Word


def write(path: Path, programme: Programme) -> None:
    """Write the programme's cues, each a voice span in the article's language, with pinyin as ruby over every hanzi.

    Raises: ExportError: the file cannot be written.
    """
    rate = programme.sample_rate
    language = f"<lang {_annotation(programme.language)}>"
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write("WEBVTT\n\n")
        for number, cue in enumerate(cues(programme.tracks(), programme.display.cues), 1):
            times = f"{clock(cue.start, rate)} --> {clock(cue.end, rate)}"
            speaker = f"<v {_annotation(cue.voice)}>"
            file.write(f"{number}\n{times}\n{speaker}{language}{_payload(cue)}</lang></v>\n\n")


def _annotation(text: str) -> str:
    """Text for a start tag: one line, without < and >."""
    return html.escape(" ".join(text.split()), quote=False)


def _payload(cue: Cue) -> str:
    r"""The text of a cue. An empty line would end it; `-->`, which is not allowed, does not survive the escaping."""
    text = "".join(_ruby(word) for word in cue.words)
    return re.sub(r"\s*[\r\n]\s*", "\n", text.strip())


def _ruby(word: Word) -> str:
    """A word as one ruby element if each of its characters has a reading, else its characters one by one.

    >>> from langdu.export.view.words import Word
    >>> from langdu.model import Span
    >>> from langdu.pinyin import parse_syllable
    >>> readings = (parse_syllable("cháng"), parse_syllable("chūn"))
    >>> _ruby(Word(span=Span(0, 2), text="长春", start=0, end=9, readings=readings, annotated=False, characters=()))
    '<ruby>长<rt>cháng</rt>春<rt>chūn</rt></ruby>'
    """
    out, open_ = "", False
    for part, reading in _parts(word):
        if open_ != bool(reading):
            out += "<ruby>" if reading else "</ruby>"
            open_ = bool(reading)
        out += html.escape(part, quote=False) + (f"<rt>{reading}</rt>" if reading else "")
    return out + ("</ruby>" if open_ else "")


def _parts(word: Word) -> list[tuple[str, str]]:
    """Pieces of text with the reading over each; the 儿 of an erhua is in one piece with the hanzi before it."""
    parts: list[tuple[str, str]] = []
    erhua = False
    for char, reading in zip(word.text, word.readings, strict=True):
        if erhua and reading is None and char in "儿兒":
            parts[-1] = (parts[-1][0] + char, parts[-1][1])
        else:
            parts.append((char, spell(reading) if reading else ""))
        erhua = reading is not None and reading.erhua
    return parts
