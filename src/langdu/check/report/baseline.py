"""Findings that a person has accepted: a table kept beside the articles, one finding a line."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from langdu.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from langdu.check.report import LocatedFinding

_HEAD = (
    "# Findings of langdu check that a person has accepted: file, rule, text, what is written, what stands around it"
)
_FIELDS = 5


def baseline_table(findings: Iterable[LocatedFinding]) -> str:
    """The table of these findings. It has no line numbers, so that it survives changes further up in the article."""
    return "\n".join([_HEAD, *("\t".join(_key(finding)) for finding in findings)]) + "\n"


def read_baseline(table: str, name: str) -> Counter[tuple[str, ...]]:
    """How often each finding is accepted.

    Raises: ConfigError: the table is damaged.
    """
    accepted: Counter[tuple[str, ...]] = Counter()
    for i, line in enumerate(table.splitlines(), 1):
        if line.startswith("#") or not line.strip():
            continue
        fields = tuple(line.split("\t"))
        if len(fields) != _FIELDS:
            raise ConfigError(
                f"{name}:{i}: not a line of a baseline: it has {len(fields)} fields between tabs instead of {_FIELDS};"
                " create the file again with --write-baseline"
            )
        accepted[fields] += 1
    return accepted


def without_accepted(findings: Iterable[LocatedFinding], accepted: Counter[tuple[str, ...]]) -> list[LocatedFinding]:
    """The findings that are not accepted; one accepted once is reported if it occurs a second time."""
    left = Counter(accepted)
    new = []
    for finding in findings:
        key = _key(finding)
        if left[key]:
            left[key] -= 1
        else:
            new.append(finding)
    return new


def _key(located: LocatedFinding) -> tuple[str, ...]:
    finding = located.finding
    fields = (Path(located.file).as_posix(), finding.rule, finding.text, finding.written, located.around)
    return tuple(" ".join(field.split()) for field in fields)
