"""Characters that are surnames with a reading of their own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_TABLE: Final = Path(__file__).parent / "data" / "surnames.tsv"


def _table() -> dict[str, tuple[str, ...]]:
    lines = _TABLE.read_text(encoding="utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    return {surname: tuple(readings.split(" ")) for surname, readings in rows}


# A surname of one hanzi, and its readings as a surname, the usual one first (shan4).
SURNAMES: Final = _table()
