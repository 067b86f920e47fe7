"""The tables of `langdu/data/normalize`: one file for each kind of word, so that a linguist can add one without Python.

A line is a word, or a word and another field after a tab. Lines that begin with `# ` are notes on format and source.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from langdu import data

if TYPE_CHECKING:
    from collections.abc import Iterable


def rows(name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of `name`.tsv, each as its fields."""
    return data.rows(f"normalize/{name}.tsv")


def words(name: str) -> list[str]:
    """The first field of each row."""
    return [row[0] for row in rows(name)]


def mapping(name: str) -> dict[str, str]:
    """First field → second field."""
    return {row[0]: row[1] for row in rows(name)}


def group(name: str, key: str) -> list[str]:
    """The second fields of the rows whose first field is `key`."""
    return [row[1] for row in rows(name) if row[0] == key]


def group_first(name: str, key: str) -> list[str]:
    """The first fields of the rows whose second field is `key`."""
    return [row[0] for row in rows(name) if row[1] == key]


def any_of(choices: Iterable[str]) -> str:
    """A regular expression that matches any of the words, the longest first.

    >>> any_of(["m", "mm", "m²"])
    '(?:mm|m²|m)'
    """
    return "(?:" + "|".join(map(re.escape, sorted(choices, key=lambda word: (-len(word), word)))) + ")"
