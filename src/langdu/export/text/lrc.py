"""Cues → LRC: lyrics for music players, with a time for each line and each word (enhanced LRC).

Source: a line is `[mm:ss.xx]` and its text, which all players read; `<mm:ss.xx>` before each word, and after the last,
is the extension of A2 Media Player that others adopted. LRC has no way to escape anything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.export.view.cues import cues
from langdu.export.view.words import by_word
from langdu.files import atomic
from langdu.sound.clock import ticks

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from langdu.export.programme import Programme
    from langdu.export.view.cues import Cue
    from langdu.export.view.words import Word

_WORD_JOINER: Final = "\u2060"
# In a header a bracket ends the header even if a word joiner stands beside it.
_WIDE: Final = str.maketrans("[]", "［］")


def write(path: Path, programme: Programme) -> None:
    """A line for each cue, with the time of each word; a cue of one word has only the line's time.

    Raises: ExportError: the file cannot be written.
    """
    rate = programme.sample_rate
    seconds = ticks(programme.samples, rate, 1)
    head = {"ti": programme.title, "ar": f"langdu {programme.voices}", "length": f"{seconds // 60}:{seconds % 60:02}"}
    with atomic(path) as partial, partial.open("w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"[{name}:{' '.join(text.split()).translate(_WIDE)}]\n" for name, text in head.items())
        for cue in cues(programme.tracks(), programme.display.cues):
            file.write(f"[{_time(cue.start, rate)}]{_line(cue, rate)}\n")


def _line(cue: Cue, rate: int) -> str:
    groups = by_word(cue.words)
    if len(groups) == 1:
        return _plain(groups[0])
    starts = [(group, next(word.start for word in group if word.start is not None)) for group in groups]
    last = max(word.end for word in cue.words if word.end is not None)
    return "".join(f"<{_time(start, rate)}>{_plain(group)}" for group, start in starts) + f"<{_time(last, rate)}>"


def _plain(words: Iterable[Word]) -> str:
    """Text in one line that no player takes for a time or a header. ffmpeg would drop a bracket after a time."""
    text = re.sub(r"\s*[\r\n]\s*", " ", "".join(word.text for word in words))
    return re.sub(r"([\[<])", rf"{_WORD_JOINER}\1{_WORD_JOINER}", text)


def _time(samples: int, sample_rate: int) -> str:
    """Minutes (there may be more than 99), seconds and hundredths.

    >>> _time(24_000 * 6_005 + 120, 24_000)
    '100:05.01'
    """
    seconds, hundredths = divmod(ticks(samples, sample_rate, 100), 100)
    minutes, seconds = divmod(seconds, 60)
    return f"{minutes:02}:{seconds:02}.{hundredths:02}"
