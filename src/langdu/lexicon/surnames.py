"""Characters that are surnames with a reading of their own."""

from __future__ import annotations

from typing import Final

from langdu.data import rows

# A surname of one hanzi, and its readings as a surname, the usual one first (shan4).
SURNAMES: Final = {surname: tuple(readings.split(" ")) for surname, readings in rows("surnames.tsv")}
