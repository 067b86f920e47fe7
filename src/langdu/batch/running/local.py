"""Processes of this machine: one article each at a time, so that a death has one article's name on it.

Each process is an executor of its own. In an executor of several, the death of one would end all, and nobody would
know whose article it was.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from langdu.batch.assignment import Outcome, Status

if TYPE_CHECKING:
    from collections.abc import Generator
    from concurrent.futures import Future

    from langdu.batch.assignment import Assignment, Terms
    from langdu.batch.supply import Supply

# How many processes an article may take with it, before it is left out.
TRIES: Final = 3
_TICK_S: Final = 1.0


def outcomes(supply: Supply, terms: Terms, jobs: int) -> Generator[Outcome | None]:
    """What came of the assignments, as they are done; None at least every second. Closing this kills the processes."""
    slots = [_Slot(terms) for _ in range(jobs)]
    idle = list(slots)
    running: dict[Future[Outcome], _Running] = {}
    try:
        while True:
            while idle and (assignment := supply.take()):
                given = _Running(assignment, idle.pop())
                running[given.slot.give(assignment)] = given
            if not running:
                return
            finished, _ = wait(running, timeout=_TICK_S, return_when=FIRST_COMPLETED)
            for future in finished:
                given = running.pop(future)
                outcome = _outcome(future, given)
                if outcome is None:  # its process died
                    given.deaths += 1
                    given.slot.renew()
                    running[given.slot.give(given.assignment)] = given
                    continue
                idle.append(given.slot)
                if supply.settled(given.assignment, outcome):
                    yield outcome
            if not finished:
                yield None
    finally:
        for slot in slots:
            slot.end(at_once=bool(running))


@dataclass(slots=True)
class _Running:
    assignment: Assignment
    slot: _Slot
    deaths: int = 0


def _outcome(future: Future[Outcome], given: _Running) -> Outcome | None:
    """What came of an assignment; None if its process died and it is to be tried again."""
    try:
        return future.result()
    except BrokenProcessPool:
        if given.deaths + 1 < TRIES:
            return None
        given.slot.renew()
        why = f"{TRIES} processes died over this article, of memory perhaps; try it alone: langdu read"
    except Exception as error:  # noqa: BLE001 - what a process could not send back, for example
        why = f"langdu has a fault that this article shows: {error!r}; please report it"
    return Outcome(source=given.assignment.source, folder=given.assignment.folder, status=Status.FAILED, error=why)


class _Slot:
    """A process that does one assignment after the other, and its successors."""

    def __init__(self, terms: Terms) -> None:
        self._terms = terms
        self._executor: ProcessPoolExecutor | None = None

    def give(self, assignment: Assignment) -> Future[Outcome]:
        """Have an assignment done."""
        if self._executor is None:
            # Not forked: a fork has copies of our threads' locks, and no system but Linux forks safely.
            spawn = multiprocessing.get_context("spawn")
            self._executor = ProcessPoolExecutor(1, spawn, _begin, (self._terms,))
        return self._executor.submit(_do, assignment)

    def renew(self) -> None:
        """Forget a process that died."""
        if self._executor:
            self._executor.shutdown(wait=False)
        self._executor = None

    def end(self, *, at_once: bool) -> None:
        """End the process; `at_once` kills it in mid-article."""
        if self._executor is None:
            return
        if at_once:
            for process in multiprocessing.active_children():
                process.kill()
        self._executor.shutdown(cancel_futures=True)


# --- in the process -------------------------------------------------------------------------------------------------

_own: dict[str, Terms] = {}


def _begin(terms: Terms) -> None:
    """What a process does first."""
    # Ctrl-C and the end of a service reach all processes at once. It is for the first one to say what happens.
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    # One process for each processor: more threads would only wait for each other.
    os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    with suppress(OSError):  # whatever a library prints must not mix with the outcomes
        os.dup2(2, 1)
    _own["terms"] = terms


def _end_with_parent() -> None:
    """End when the parent is killed: an orphan would hold the lock of its folder."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _do(assignment: Assignment) -> Outcome:
    from langdu.batch.work import done  # noqa: PLC0415 - loads everything that narrates, after `_begin`
    from langdu.engines.running.pool import keep_engines  # noqa: PLC0415

    keep_engines()
    return done(assignment, _own["terms"])
