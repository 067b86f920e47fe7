"""Findings that a person has accepted: a table that is kept beside the articles, one finding a line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langdu.check.report import Located

_HEAD = (
    "# Findings of langdu check that a person has accepted: file, rule, text, what is written, what stands around it"
)
_FIELDS = 5


def write(found: Iterable[Located]) -> str:
    """The table of these findings. It holds no line numbers, so that text may be added above."""
    return "\n".join([_HEAD, *("\t".join(_key(each)) for each in found)]) + "\n"


def read(table: str, name: str) -> Counter[tuple[str, ...]]:
    """How often each finding is accepted.

    Raises: ConfigError: a line is none of such a table.
    """
    accepted: Counter[tuple[str, ...]] = Counter()
    for i, line in enumerate(table.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        fields = tuple(line.split("\t"))
        if len(fields) != _FIELDS:
            raise ConfigError(
                f"{name}:{i}: not a line of a baseline: {len(fields)} fields between tabs, not {_FIELDS};"
                " write the file anew with --write-baseline"
            )
        accepted[fields] += 1
    return accepted


def without(found: Iterable[Located], accepted: Counter[tuple[str, ...]]) -> list[Located]:
    """The findings that are not accepted; one that is accepted once is reported when it stands there twice."""
    left = Counter(accepted)
    new = []
    for each in found:
        key = _key(each)
        if left[key]:
            left[key] -= 1
        else:
            new.append(each)
    return new


def _key(found: Located) -> tuple[str, ...]:
    finding = found.finding
    fields = (Path(found.file).as_posix(), finding.rule, finding.text, finding.written, found.around)
    return tuple(" ".join(field.split()) for field in fields)
