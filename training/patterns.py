"""Labels for unlabelled sentences that follow from the words beside a character.

They are langdu's own patterns (langdu.pronounce.patterns) and one more that is nearly always right, which is enough to
learn from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.pinyin import number
from langdu.pronounce.patterns import certain_readings

if TYPE_CHECKING:
    from collections.abc import Iterator

# 为 after a verb of naming.
_CALLED: Final = re.compile(r"(?<=[名命评选定列设改译变转化尊誉封喻聘提升降判拜])为(?!了|此|什|何)")


def labels(text: str) -> Iterator[tuple[int, str]]:
    """The labels of a text: places and readings."""
    yield from ((at, number(reading)) for at, reading in certain_readings(text))
    yield from ((match.start(), "wei2") for match in _CALLED.finditer(text))
