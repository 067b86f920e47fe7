"""Surnames that are read otherwise than the same character elsewhere: 单 is Shàn."""

from __future__ import annotations

from typing import Final

from langdu.data import rows

# A surname of one hanzi → its readings as a surname, the usual one first (shan4).
SURNAMES: Final = {surname: tuple(readings.split(" ")) for surname, readings in rows("names/surnames.tsv")}
