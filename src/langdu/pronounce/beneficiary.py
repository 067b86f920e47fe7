"""为 before a beneficiary is wèi: a verb after it says what is done for somebody, 为过境旅客简化手续."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from langdu.data import rows

if TYPE_CHECKING:
    from collections.abc import Iterator

# Verbs of doing something for somebody.
# Source: 吕叔湘, 现代汉语八百词 (1999), 为 wèi.
_DONE: Final = "|".join(verb for (line,) in rows("readings/done_for_somebody.txt") for verb in line.split())
# Verbs that end in 为 wéi, 成为, 视为, 解读为, and adverbs before the verb 为, 实为, 极为.
_VERB: Final = "原成作视认称变改分列名定评选誉因以化译实极颇更最较甚尤大广所人行何无难略稍读入封解转贬升奉尊"
# After 为 these do not begin a beneficiary: 为了, 为期, 为何, and prepositions, 其目标为向公众提供.
_NOBODY: Final = "[了此何向给对由与和期止限例首先数时之其人师国]|主(?![队人场])"
_FOR: Final = re.compile(rf"(?<![{_VERB}])为(?!{_NOBODY})[^，。；：！？、所为]{{2,17}}?(?:{_DONE})(?!的)")


def beneficiaries(text: str) -> Iterator[int]:
    """The places of 为 before a beneficiary.

    >>> list(beneficiaries("警方为失主追回现金，被视为胜利"))
    [2]
    """
    yield from (match.start() for match in _FOR.finditer(text))
