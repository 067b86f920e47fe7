"""What the rules' patterns are built from: numbers, measures, units, and what may follow a number."""

from __future__ import annotations

import re
from functools import cache

from langdu.normalize import tables

INTEGER = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)"
NUMBER = rf"(?:{INTEGER}(?:\.[0-9]+)?)"
# Ends a whole number: no further digit, no fraction, no group of thousands.
WHOLE = r"(?![0-9]|\.[0-9]|,[0-9]{3}(?![0-9]))"
DASH = r"(?:[-~]|—{1,2}|--)"
SPACE = r"[ \t]?"
UNIT = tables.any_of(tables.words("units"))
# A·B and A/B of known units; the 100 in L/100km is the only number that may stand inside a unit.
UNITS = rf"(?:{UNIT}(?:[·/](?:100{SPACE})?{UNIT})*(?![A-Za-z0-9²³^])|[°º′](?=[0-9])|h(?=[0-9]+min))"
MEASURE = tables.any_of(tables.words("measures"))
MULTIPLIER = r"(?:[十百千万亿兆]+)"
ABOUT = r"[多余几来]"


@cache
def _quantity() -> re.Pattern[str]:
    return re.compile(rf"{SPACE}(?:{ABOUT}?(?:{MEASURE}|{MULTIPLIER})|[%‰]|{UNITS})")


def is_quantity(text: str, end: int) -> bool:
    """Whether the number that ends at `end` counts or measures something: a measure word, a unit, 万 or % follows.

    >>> [is_quantity(text, 1) for text in ("3个", "3 km/h", "3万多", "3%", "3的", "3")]
    [True, True, True, True, False, False]
    """
    return _quantity().match(text, end) is not None


_ER = re.compile(SPACE + tables.any_of(tables.words("er_words")))
_COUNTED = re.compile(rf"{SPACE}(?:{MEASURE}|[千万亿]|{UNITS})")


def is_two_liang(text: str, end: int) -> bool:
    """Whether a lone 2 that ends at `end` is said 两: before a measure word, in 2个, 2、3年, but not in 2月, 2楼."""
    end += 2 if text.startswith(("、3", "，3"), end) else 0
    return not _ER.match(text, end) and _COUNTED.match(text, end) is not None
