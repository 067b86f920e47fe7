"""Surnames that are read otherwise than the same character elsewhere: 单 is Shàn."""

from __future__ import annotations

import re
from typing import Final

from langdu.data import rows

# A surname of one hanzi → its readings as a surname, the usual one first (shan4).
SURNAMES: Final = {surname: tuple(readings.split(" ")) for surname, readings in rows("names/surnames.tsv")}

# A form of address, which follows a surname; 先生产 is 先 and 生产.
FORM_OF_ADDRESS: Final = re.compile("先生(?!产)|女士|小姐|太太|老师")
