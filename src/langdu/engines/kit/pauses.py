"""How long to pause at the punctuation between two characters, for engines that make pauses themselves."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from langdu.model import Utterance


class Pause(IntEnum):
    """How strong a pause is."""

    NONE = 0
    MINOR = 1
    COMMA = 2
    COLON = 3
    STOP = 4


# A newsreader's pauses, in seconds at the voice's own pace.
SECONDS: Final = {Pause.NONE: 0.0, Pause.MINOR: 0.1, Pause.COMMA: 0.18, Pause.COLON: 0.3, Pause.STOP: 0.45}
_MARKS: Final = {
    **dict.fromkeys("、()（）[]［］【】〔〕", Pause.MINOR),
    **dict.fromkeys(",，—–…\n", Pause.COMMA),
    **dict.fromkeys(":：;；", Pause.COLON),
    **dict.fromkeys("。．！？!?｡", Pause.STOP),
}


def between(utterance: Utterance, start: int, end: int) -> Pause:
    """The longest pause that any punctuation in `text[start:end]`, between two said characters, asks for.

    A blank between two hanzi is a pause (时间过半 任务过半); a blank beside a letter (iPhone 十五) is only spelling.
    """
    between_them = utterance.text[start:end]
    hanzi = utterance.readings[start - 1] and utterance.readings[end]
    blank = Pause.COMMA if hanzi and any(map(str.isspace, between_them)) else Pause.NONE
    return max([blank, *(_MARKS.get(char, Pause.NONE) for char in between_them)])
