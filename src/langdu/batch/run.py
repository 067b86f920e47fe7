"""A batch from beginning to end: voices, assignments, outcomes, and the books that are kept of them."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

from langdu import files
from langdu.batch import addresses
from langdu.batch.assignment import Terms
from langdu.batch.fitness import programs_of
from langdu.batch.ledger import Ledger
from langdu.batch.placing import INDEX
from langdu.batch.running import local
from langdu.batch.supply import Budget, Supply
from langdu.batch.tally import Tally
from langdu.batch.work import spoken_characters
from langdu.errors import ExportError, LangduError
from langdu.pipeline.cast import cast

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from langdu.batch.assignment import Assignment, Outcome
    from langdu.batch.status import StatusFile
    from langdu.settings import Settings


@dataclass(slots=True, kw_only=True)
class Batch:
    """A run over many articles. `stop` ends it when what has begun is done; closing `outcomes` ends it at once."""

    assignments: Sequence[Assignment]
    terms: Terms
    jobs: int
    budget: Budget = field(default_factory=Budget)
    scheduler: str | None = None
    status: StatusFile | None = None
    notice: Callable[[str], None]
    interrupted: bool = False
    tally: Tally = field(init=False)
    supply: Supply = field(init=False)

    def __post_init__(self) -> None:
        self.tally = Tally(total=len(self.assignments))
        self.supply = Supply(self.assignments, self.budget, partial(spoken_characters, terms=self.terms))

    @property
    def index(self) -> str:
        """Where the index page is."""
        return addresses.join(self.terms.out or "", INDEX)

    def stop(self, why: str) -> None:
        """Give out no more articles."""
        self.supply.stop(why)

    def outcomes(self) -> Generator[Outcome | None]:
        """What came of each article, as it is done; None at least every second.

        Raises: EngineUnavailable: a voice cannot be installed. ExportError: the output cannot be written;
        the voice or the disk failed for many articles in a row.
        """
        if self.terms.out is not None:
            self._install()
        watch = self.status
        with ExitStack() as stack:
            ledger = stack.enter_context(self._ledger(self.terms.out)) if self.terms.out is not None else None
            if watch:
                stack.callback(lambda: watch.write(self.tally, running=False))
            for outcome in stack.enter_context(closing(self._running())):
                if outcome:
                    self.tally.add(outcome)
                    if ledger:
                        ledger.add(outcome)
                if watch:
                    watch.write(self.tally, running=True)
                yield outcome
                if self.tally.is_hopeless:
                    raise _hopeless(self.tally)

    def _ledger(self, out: str) -> Ledger:
        return Ledger(out, {assignment.folder for assignment in self.assignments}, self.notice)

    def _running(self) -> Generator[Outcome | None]:
        if self.scheduler:
            from langdu.batch.running import cluster  # noqa: PLC0415 - needs an extra

            return cluster.outcomes(self.supply, self.terms, self.scheduler, self.notice)
        return local.outcomes(self.supply, self.terms, min(self.jobs, len(self.assignments)))

    def _install(self) -> None:
        """Install the voices before many processes want them at once."""
        settings = self.terms.settings
        named = (assignment.options.get("voice") for assignment in self.assignments if not assignment.fault)
        known = sorted({voice for voice in named if voice})
        cast(settings, self.notice, filter(None, (settings.quotes, settings.fallback)))
        for voice in known:
            try:
                cast(replace(settings, voice=voice), self.notice)
            except LangduError as error:
                self.notice(f"the voice {voice} of some articles: {error}")


def _hopeless(tally: Tally) -> ExportError:
    return ExportError(
        f"the last {len(tally.blamed)} articles failed, so the run ends here: {tally.blamed[-1]}; run it again when "
        "that is mended, and it goes on where it stopped"
    )


def terms(settings: Settings, out: str | None, *, keep_all: bool) -> Terms:
    """The terms of a batch that begins on this machine; the paths in them are absolute."""
    lexicon, cover = (path and path.absolute() for path in (settings.lexicon, settings.cover))
    chosen = replace(settings, lexicon=lexicon, cover=cover, cache_dir=settings.cache_dir.absolute())
    if out is not None and not addresses.is_address(out):
        out = str(files.user_path(out).absolute())
    return Terms(settings=chosen, out=out, keep_all=keep_all, programs=programs_of(chosen))
