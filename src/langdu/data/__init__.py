"""Tables, each with its source on top; lexicon.bin is compiled when langdu is built."""

from __future__ import annotations

from functools import cache
from importlib import resources


@cache
def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a table, each as its fields, separated by tabs. Empty lines and notes (`# …`) are left out.

    >>> rows("names/surnames.tsv")[0]
    ('任', 'ren2')
    """
    text = resources.files(__name__).joinpath(*name.split("/")).read_text(encoding="utf-8")
    return tuple(tuple(line.split("\t")) for line in text.splitlines() if line and not line.startswith("# "))
