"""What happens in the worker of a Dask cluster: it is made ready once, then does one assignment after the other."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

from distributed import WorkerPlugin, get_worker

from langdu.errors import EngineUnavailable, LangduError
from langdu.settings import Settings

if TYPE_CHECKING:
    from distributed import Worker

    from langdu.batch.assignment import Assignment, Outcome, Terms


@dataclass(frozen=True, slots=True)
class Unfit:
    """The answer of a worker that would narrate differently."""

    worker: str
    reason: str


class Preparation(WorkerPlugin):
    """Makes a worker ready: compares its programs and voices with those of the run, and loads the voice."""

    idempotent = False

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    async def setup(self, worker: Worker) -> None:
        """Prepare in the thread that will do the tasks: the voice is loaded for that thread alone.

        Raises: EngineUnavailable: the worker is not fit.
        """
        loop, thread = asyncio.get_running_loop(), worker.executors["default"]
        if reason := await loop.run_in_executor(thread, unfit, self._terms, worker.address):
            raise EngineUnavailable(reason)


def do(assignment: Assignment, terms: Terms) -> Outcome | Unfit:
    """Do an assignment, unless this worker is not fit: Dask lets a worker work whose preparation failed."""
    worker = get_worker().address
    if reason := unfit(terms, worker):
        return Unfit(worker, reason)
    from langdu.batch.work import done  # noqa: PLC0415 - loads everything that narrates

    return done(assignment, _here(terms))


def unfit(terms: Terms, worker: str) -> str:
    """Why this worker is not fit for a run; "" if it is."""
    return _unfit(terms.programs, terms.settings, None if terms.out is None else terms.settings.voice, worker)


@cache
def _unfit(programs: tuple[str, ...], settings: Settings, voice: str | None, worker: str) -> str:
    from langdu.batch.fitness import loaded, programs_of  # noqa: PLC0415

    try:
        here = programs_of(settings)
        if different := sorted(set(here) ^ set(programs)):
            return (
                f"the worker {worker} would narrate differently: there and here, these are not the same: "
                f"{', '.join(dict.fromkeys(name.rpartition(' ')[0] for name in different))}; install the same versions"
            )
        if voice is not None:
            loaded(replace(settings, cache_dir=Settings().cache_dir))
    except LangduError as error:
        return f"the worker {worker} is not ready: {error}"
    return ""


def _here(terms: Terms) -> Terms:
    """The terms with this machine's own folder of voices and clips."""
    return replace(terms, settings=replace(terms.settings, cache_dir=Settings().cache_dir))
