"""The workers of a Dask cluster: each does one article at a time, and no sound goes through the scheduler.

A worker is fit if its langdu is this one. What dies with its worker is done by another one; an article over which
workers die several times runs once more alone, since Dask blames all that waited for the same worker.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections import Counter
from concurrent.futures import CancelledError
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Final

from langdu.batch.assignment import Assignment, Outcome, Status
from langdu.batch.running.worker import Preparation, Unfit, do
from langdu.errors import EngineUnavailable, LangduError

try:
    from distributed import Client
    from distributed.scheduler import KilledWorker
except ImportError as missing:
    raise EngineUnavailable("--dask needs the package distributed; run: pip install 'langdu[dask]'") from missing

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator

    from distributed import Future

    from langdu.batch.assignment import Terms
    from langdu.batch.supply import Supply

# So many articles are with each worker: one is narrated, the others wait there, so that none is idle.
_EACH: Final = 3
# So often a task is tried whose worker could not even begin it.
_RETRIES: Final = 2
_TICK_S: Final = 1.0
# How long a scheduler may be away before the run ends.
_AWAY_S: Final = 600.0
_CONNECT_S: Final = 10.0
# How often the number of workers is asked for.
_COUNT_S: Final = 5.0


class _Lost(Exception):  # noqa: N818 - what happened
    """The scheduler is gone, and with it all that it knew."""


def outcomes(supply: Supply, terms: Terms, address: str, notice: Callable[[str], None]) -> Generator[Outcome | None]:
    """What came of the assignments, as they are done; None at least every second.

    Raises: EngineUnavailable: the scheduler cannot be reached; no worker is fit.
    """
    again = False
    while True:
        with _connected(address, _AWAY_S if again else _CONNECT_S) as client:
            session = _Session(client, supply, terms, notice)
            try:
                session.prepare()
                yield from session.outcomes()
            except _Lost:
                session.give_back()
                notice(f"the scheduler {address} is gone; the run goes on when it is back")
                again = True
            else:
                return


@contextmanager
def _connected(address: str, patience: float) -> Iterator[Client]:
    """A client of the scheduler. Raises: EngineUnavailable: it does not answer in time."""
    _silence()
    until = time.monotonic() + patience
    while True:
        try:
            client = Client(address, timeout=_CONNECT_S, set_as_default=False)
            break
        except (OSError, ValueError, RuntimeError) as error:
            if time.monotonic() >= until:
                raise EngineUnavailable(
                    f"the Dask scheduler {address} cannot be reached: {str(error) or type(error).__name__}; check the "
                    "address, or start one: dask scheduler"
                ) from error
            time.sleep(_TICK_S)
    try:
        yield client
    finally:
        with suppress(Exception):  # the scheduler may be gone
            client.close(timeout=_CONNECT_S)


def _silence() -> None:
    """Leave it to the run to say what happened: each part of distributed logs tracebacks by itself."""
    for name in list(logging.root.manager.loggerDict):
        if name.partition(".")[0] == "distributed":
            logging.getLogger(name).setLevel(logging.CRITICAL)


@dataclass(slots=True)
class _Given:
    assignment: Assignment
    is_alone: bool


@dataclass(slots=True)
class _Session:
    """What goes on as long as the scheduler is there."""

    client: Client
    supply: Supply
    terms: Terms
    notice: Callable[[str], None]
    _running: dict[Future[Outcome | Unfit], _Given] = field(default_factory=dict)
    _finished: SimpleQueue[Future[Outcome | Unfit]] = field(default_factory=SimpleQueue)
    _suspects: list[Assignment] = field(default_factory=list)
    _unfit: dict[str, str] = field(default_factory=dict)
    _tries: Counter[str] = field(default_factory=Counter)
    _workers: dict[str, int] = field(default_factory=dict)
    _counted: float = 0.0

    def prepare(self) -> None:
        """Make every worker ready, and each that comes later. Raises: EngineUnavailable: one is not fit."""
        try:
            with _losing():
                self.client.register_plugin(Preparation(self.terms), name="langdu")
        except (_Lost, LangduError):
            raise
        except Exception as error:  # another langdu, which has no such class
            raise EngineUnavailable(
                f"a worker cannot be made ready: {error!r}; install the same langdu there, with the extra dask"
            ) from error
        self._count()
        if busy := [worker for worker, threads in self._workers.items() if threads > 1]:
            self.notice(
                f"the worker {busy[0]} has {self._workers[busy[0]]} threads, which wait for each other: start workers "
                "with --nthreads 1"
            )

    def outcomes(self) -> Iterator[Outcome | None]:
        """Keep every worker busy until nothing is left. Raises: _Lost."""
        while True:
            self._count()
            self._fill()
            if not self._running:
                return
            if self.supply.ended and not self._workers:  # what was given out would wait for ever
                self.give_back()
                return
            future = self._next()
            if future is None:
                yield None
                continue
            outcome = self._outcome(future, self._running[future])
            del self._running[future]
            if outcome:
                yield outcome

    def give_back(self) -> None:
        """Take back what is with the workers: nobody will tell what came of it."""
        for given in self._running.values():
            self.supply.back(given.assignment)
        for assignment in self._suspects:
            self.supply.back(assignment)

    def _fill(self) -> None:
        """Give out as much as the workers need; what workers died of comes last, one at a time."""
        alone = any(given.is_alone for given in self._running.values())
        while not alone and len(self._running) < _EACH * max(1, len(self._workers)):
            if (assignment := self.supply.take()) is None:
                break
            self._give(assignment, is_alone=False)
        if not self._running and self._suspects:
            self._give(self._suspects.pop(), is_alone=True)

    def _give(self, assignment: Assignment, *, is_alone: bool) -> None:
        fit = [worker for worker in self._workers if worker not in self._unfit] if self._unfit else None
        if fit == []:
            raise EngineUnavailable(next(iter(self._unfit.values())))
        self._tries[assignment.folder] += 1
        key = _key(assignment, self.terms, self._tries[assignment.folder])
        with _losing():
            future = self.client.submit(do, assignment, self.terms, key=key, retries=_RETRIES, workers=fit, pure=False)
        self._running[future] = _Given(assignment, is_alone)
        future.add_done_callback(self._finished.put)

    def _next(self) -> Future[Outcome | Unfit] | None:
        """A task that is finished, after a second at most. Raises: _Lost."""
        try:
            return self._finished.get(timeout=_TICK_S)
        except Empty:
            if any(future.status in {"lost", "cancelled"} for future in self._running):
                raise _Lost from None
            return None

    def _outcome(self, future: Future[Outcome | Unfit], given: _Given) -> Outcome | None:
        """What came of an assignment, None if it is to be done again."""
        assignment = given.assignment
        if future.status in {"lost", "cancelled"}:
            raise _Lost
        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker) and not given.is_alone:
            self._suspects.append(assignment)
            return None
        if error is not None:
            outcome = _failed(assignment, error)
        else:
            with _losing():
                answer = future.result()
            if isinstance(answer, Unfit):
                if answer.worker not in self._unfit:
                    self.notice(answer.reason)
                self._unfit[answer.worker] = answer.reason
                self.supply.back(assignment)
                return None
            outcome = answer
        return outcome if self.supply.settled(assignment, outcome) else None

    def _count(self) -> None:
        now = time.monotonic()
        if now - self._counted >= _COUNT_S:
            self._counted = now
            with _losing():
                before, self._workers = self._workers, self.client.nthreads()
            if before and not self._workers:
                self.notice("the cluster has no workers: the run goes on when there are some")


@contextmanager
def _losing() -> Iterator[None]:
    """Raises: _Lost: the connection to the scheduler broke."""
    try:
        yield
    except (OSError, CancelledError) as error:  # CommClosedError and TimeoutError are OSErrors
        raise _Lost from error


def _failed(assignment: Assignment, error: BaseException) -> Outcome:
    if isinstance(error, KilledWorker):
        why = "several workers died over this article, of memory perhaps; try it alone: langdu read"
    else:
        why = f"langdu has a fault that this article shows: {error!r}; please report it"
    return Outcome(source=assignment.source, folder=assignment.folder, status=Status.FAILED, error=why)


def _key(assignment: Assignment, terms: Terms, tries: int) -> str:
    """The name of a task: the same article, narrated in the same way, has the same, and is done once."""
    try:
        status = Path(assignment.where).stat()
        state = f"{status.st_size} {status.st_mtime_ns}"
    except (OSError, ValueError):
        state = ""
    told = f"{assignment!r} {terms!r} {state} {tries}"
    return f"langdu-{hashlib.sha256(told.encode('utf-8', 'surrogateescape')).hexdigest()}"
