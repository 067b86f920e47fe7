"""Labels that follow from the words beside a character, in sentences without labels.

Beside what langdu itself takes for certain (langdu.pronounce.patterns), these are right nearly always, which is
enough to learn from.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.pinyin import number
from langdu.pronounce.patterns import certain

if TYPE_CHECKING:
    from collections.abc import Iterator

# 为 before the one who benefits; and after a verb of naming.
_FOR: Final = re.compile(
    r"(?<![成作称改分视认以变定命名评列设译转化尊誉封喻因何行人所])为(?=[一-鿿]{1,10}(?:提供|服务|带来|创造|奠定|做出|作出|增添|送行|庆生|加油|祝福|鼓掌|点赞"
    r"|让路|买单|捐款|护航|准备|争取|祈祷|设计|打造|解决|办理|谋|鸣不平|配音|献花|画上|按下))"
)
_CALLED: Final = re.compile(r"(?<=[名命评选定列设改译变转化尊誉封喻聘提升降判拜])为(?!了|此|什|何)")


def labels(text: str) -> Iterator[tuple[int, str]]:
    """Places and readings."""
    yield from ((at, number(reading)) for at, reading in certain(text))
    yield from ((found.start(), "wei4") for found in _FOR.finditer(text))
    yield from ((found.start(), "wei2") for found in _CALLED.finditer(text))
