r"""Cues → ASS: subtitles in which each character lights up as it is said.

Source: ASS as libass and Aegisub read it (Advanced SubStation Alpha, script type v4.00+). Times are in hundredths; `\k`
is the duration of a syllable, from the end of the one before it. Braces cannot be escaped for every player.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Final

from langdu.export.view.cues import cues
from langdu.export.view.words import by_character, by_word
from langdu.files import atomic
from langdu.sound.clock import ticks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.view.cues import Cue
    from langdu.export.view.words import Word

_WORD_JOINER: Final = "\u2060"
_WIDE: Final = str.maketrans("{}", "｛｝")
# A line holds 20 hanzi of 88 units between the margins. Text is grey, and white once it has been said; the outline
# keeps both readable on any picture. Noto Sans CJK SC is free and has every hanzi; players without it use another font.
# WrapStyle 0 breaks lines evenly, between any two hanzi.
_HEAD: Final = """\
[Script Info]
; Written by langdu
Title: {title}
ScriptType: v4.00+
WrapStyle: 0
ScaledBorderAndShadow: yes
PlayResX: 1920
PlayResY: 1080

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Noto Sans CJK SC,88,&H00FFFFFF,&H00A0A0A0,&H00101010,&H80000000,0,0,0,0,100,100,0,0,1,4,0,2,80,80,60,1

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def write(path: Path, programme: Programme) -> None:
    """The programme's cues, with karaoke times for each character.

    Raises: ExportError: the file cannot be written.
    """
    rate = programme.sample_rate
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.write(_HEAD.format(title=_one_line(programme.title)))
        for cue in cues(programme.tracks(), programme.display.cues):
            times = f"{_time(cue.start, rate)},{_time(cue.end, rate)}"
            voice = _one_line(cue.voice).replace(",", " ")
            file.write(f"Dialogue: 0,{times},Default,{voice},0,0,0,,{_karaoke(cue, rate)}\n")


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _karaoke(cue: Cue, rate: int) -> str:
    groups = by_word(by_character(cue.words))
    starts = [next((word.start for word in group if word.start is not None), cue.start) for group in groups]
    # Durations are differences of rounded times, so that rounding does not add up.
    at = [ticks(start, rate, 100) for start in (*starts, cue.end)]
    durations = [end - start for start, end in pairwise(at)]
    return "".join(f"{{\\k{d}}}{_plain(group)}" for d, group in zip(durations, groups, strict=True)).strip()


def _plain(words: Iterable[Word]) -> str:
    r"""Text that contains no commands: wide braces, `\` glued to what follows, and line breaks as `\N`."""
    text = "".join(word.text for word in words).replace("\\", "\\" + _WORD_JOINER).translate(_WIDE)
    return re.sub(r"\s*[\r\n]\s*", r"\\N", text)


def _time(samples: int, sample_rate: int) -> str:
    """Hours, minutes, seconds and hundredths.

    >>> _time(24_000 * 3_725 + 240, 24_000)
    '1:02:05.01'
    """
    seconds, hundredths = divmod(ticks(samples, sample_rate, 100), 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}.{hundredths:02}"
