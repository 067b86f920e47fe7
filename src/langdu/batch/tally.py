"""Counts what came of a batch: for the summary, the status file and the line of progress."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from langdu.batch.assignment import Misread, Outcome, Status
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

# How many kinds of findings are counted: those of a few articles each are of no interest, and memory stays bounded.
_KINDS: Final = 20_000
# How many failures in a row, for which the run is to blame, end it: the next article would fail too.
_IN_A_ROW: Final = 10
# How many failed articles are told with their reasons.
_TOLD: Final = 5


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts so far; `total` is how many articles there are, `failed` has the first that failed."""

    total: int
    statuses: Counter[Status] = field(default_factory=Counter)
    findings: Counter[Severity] = field(default_factory=Counter)
    seconds: float = 0.0
    misread: Counter[Misread] = field(default_factory=Counter)
    articles: Counter[Misread] = field(default_factory=Counter)
    blamed: list[str] = field(default_factory=list)
    failed: list[Outcome] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        """Count an outcome."""
        self.statuses[outcome.status] += 1
        self.findings.update(outcome.findings)
        if outcome.status is Status.MADE:
            self.seconds += outcome.seconds
        self.misread.update(outcome.misread)
        self.articles.update(outcome.misread.keys())
        if len(self.misread) > _KINDS:
            self.misread = Counter(dict(self.misread.most_common(_KINDS // 2)))
            self.articles = Counter({misread: self.articles[misread] for misread in self.misread})
        if outcome.status is Status.FAILED and len(self.failed) < _TOLD:
            self.failed.append(outcome)
        if outcome.status is not Status.UNCHANGED:
            self.blamed = [*self.blamed, outcome.error][-_IN_A_ROW:] if outcome.blames_run else []

    @property
    def done(self) -> int:
        """How many articles have an outcome."""
        return self.statuses.total()

    @property
    def is_hopeless(self) -> bool:
        """Whether the voice or the disk fails for each article."""
        return len(self.blamed) == _IN_A_ROW

    def frequent(self, most: int) -> Sequence[tuple[Misread, int, int]]:
        """The most frequent findings: what, how often, in how many articles. What is only worth knowing is last."""

        def rank(entry: tuple[Misread, int]) -> tuple[bool, int]:
            return entry[0].severity is Severity.INFO, -entry[1]

        return [(misread, n, self.articles[misread]) for misread, n in sorted(self.misread.items(), key=rank)[:most]]
