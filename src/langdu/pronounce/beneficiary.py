"""为 before the one who benefits: wèi where what is done for somebody stands behind it, 为过境旅客简化手续."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_TABLE: Final = Path(__file__).parent.parent / "data" / "done_for_somebody.txt"


def _table() -> list[str]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


# What is done for somebody. On our own sentences and g2pL's training part none of 147 places found is read wéi.
# Source: 吕叔湘, 现代汉语八百词 (1999), 为 wèi.
_DONE: Final = "|".join(_table())
# A verb that ends in 为 wéi: 成为, 视为, 解读为; and what an adverb says of the verb 为: 实为, 极为.
_VERB: Final = "原成作视认称变改分列名定评选誉因以化译实极颇更最较甚尤大广所人行何无难略稍读入封解转贬升奉尊"
# Behind it no one who benefits: 为了, 为期, 为何, and the prepositions of 其目标为向公众提供.
_NOBODY: Final = "了此何向给对由与和主期止限例首先数时之其人师国"
_FOR: Final = re.compile(rf"(?<![{_VERB}])为(?![{_NOBODY}])[^，。；：！？、所为]{{2,17}}?(?:{_DONE})(?!的)")


def beneficiaries(text: str) -> Iterator[int]:
    """The places of 为 before the one who benefits.

    >>> list(beneficiaries("警方为失主追回现金，被视为胜利"))
    [2]
    """
    yield from (match.start() for match in _FOR.finditer(text))
