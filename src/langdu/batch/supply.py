"""Which assignment is next: within the budget, once more if a folder was busy, none after a stop."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.batch.assignment import Status
from langdu.errors import plural

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from langdu.batch.assignment import Assignment, Outcome

# How often an assignment is given out whose folder another process has.
_BUSY: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Budget:
    """How much a run may do; None is no limit. Articles that are up to date cost nothing."""

    hours: float | None = None
    articles: int | None = None
    characters: int | None = None


class Supply:
    """Gives out the assignments, in order. `characters` says what one would cost a voice."""

    def __init__(
        self,
        assignments: Iterable[Assignment],
        budget: Budget,
        characters: Callable[[Assignment], int],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._waiting = deque(assignments)
        self._again: deque[Assignment] = deque()
        self._busy: dict[str, int] = {}
        self._budget = budget
        self._characters = characters
        self._clock = clock
        self._started = clock()
        self._out: dict[str, int] = {}
        self._spent = self._made = 0
        self._priced: tuple[Assignment, int] | None = None
        self.ended: str | None = None

    def take(self) -> Assignment | None:
        """The next assignment; None if there is none now. Then there may be one after the next outcome."""
        if self.ended or not (self._waiting or (self._again and not self._out)):
            return None
        budget = self._budget
        if budget.hours is not None and self._clock() - self._started >= 3600 * budget.hours:
            self.stop(f"the budget of {budget.hours:g} hours is spent")
            return None
        if budget.articles is not None and self._made + len(self._out) >= budget.articles:
            if self._made >= budget.articles:
                self.stop(f"the budget of {plural(budget.articles, 'article')} is spent")
            return None
        return self._given(self._waiting or self._again)

    def _given(self, queue: deque[Assignment]) -> Assignment | None:
        assignment, most = queue[0], self._budget.characters
        cost = 0 if most is None else self._cost(assignment)
        if most is not None and self._spent + sum(self._out.values()) + cost > most:
            if not self._out:
                self.stop(
                    f"the budget of {most:,} characters has {most - self._spent:,} left, and the next article needs "
                    f"{cost:,}"
                )
            return None
        self._out[assignment.folder] = cost
        return queue.popleft()

    def _cost(self, assignment: Assignment) -> int:
        """What the next assignment costs, counted once however often it is asked for."""
        if self._priced is None or self._priced[0] != assignment:
            self._priced = assignment, self._characters(assignment)
        return self._priced[1]

    def settled(self, assignment: Assignment, outcome: Outcome) -> bool:
        """Note what came of an assignment. False if it is to be done once more."""
        cost = self._out.pop(assignment.folder)
        if outcome.is_busy:
            self._busy[assignment.folder] = self._busy.get(assignment.folder, 0) + 1
            if self._busy[assignment.folder] < _BUSY:
                self._again.append(assignment)
                return False
        if outcome.status is Status.MADE or (outcome.status is Status.FAILED and cost):
            self._spent += cost  # a voice may have been paid for a part
            self._made += outcome.status is Status.MADE
        return True

    def back(self, assignment: Assignment) -> None:
        """Take an assignment back that nobody could do; it is the next one."""
        del self._out[assignment.folder]
        self._waiting.appendleft(assignment)

    def stop(self, why: str) -> None:
        """Give out no more."""
        self.ended = self.ended or why

    @property
    def left(self) -> int:
        """How many were not given out."""
        return len(self._waiting) + len(self._again)
