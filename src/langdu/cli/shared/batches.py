"""What `langdu batch` shows while it runs and at its end, on standard error; and how it is stopped."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from contextlib import ExitStack, closing, contextmanager
from typing import TYPE_CHECKING, Any, Final

from langdu.cli.shared.common import notice, print_json
from langdu.errors import plural
from langdu.sound.clock import minutes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from langdu.batch.run import Batch
    from langdu.batch.tally import Tally

# A log gets a line after so many seconds.
EVERY_S: Final = 60.0
# How many findings the table has.
_FREQUENT: Final = 20


def processors() -> int:
    """How many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def carry_out(run: Batch, *, quiet: bool) -> None:
    """Do a run: print a line of JSON for each outcome, and show the progress: a bar, or elsewhere a line each minute.

    At the end of a service (SIGTERM), articles that have begun are finished; after Ctrl-C they are not.
    """
    with ExitStack() as stack:
        stack.enter_context(_stopped_by_signal(run))
        tell: Callable[[Any], None] = print_json
        show = _silent
        if not quiet and sys.stderr.isatty():
            tell, show = _bar(run.tally, stack)
        elif not quiet:
            show = _lines(run.tally)
        for outcome in stack.enter_context(closing(run.outcomes())):
            show()
            if outcome:
                tell(outcome.row())
                sys.stdout.flush()  # somebody may be waiting for it


@contextmanager
def _stopped_by_signal(run: Batch) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(*_: object) -> None:
        run.interrupted = True
        run.stop("the run was told to stop: what has begun was finished")

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


def _silent() -> None:
    pass


def _lines(tally: Tally) -> Callable[[], None]:
    started = last = time.monotonic()

    def show() -> None:
        nonlocal last
        now = time.monotonic()
        if now - last >= EVERY_S:
            last = now
            notice(progress_line(tally, now - started))

    return show


def progress_line(tally: Tally, seconds: float) -> str:
    """How far a run is, at what rate, and how long the rest will take at that rate."""
    told = f"{tally.done:,} of {plural(tally.total, 'article')}"
    if not tally.done:
        return told
    failed = _failed(tally)
    rest = minutes(round(seconds / tally.done * (tally.total - tally.done)))
    return f"{told}{failed}, {60 * tally.done / seconds:.1f} a minute, {rest} left"


def _failed(tally: Tally) -> str:
    from langdu.batch.assignment import Status

    failed = tally.statuses[Status.FAILED]
    return f", {failed:,} failed" if failed else ""


def _bar(tally: Tally, stack: ExitStack) -> tuple[Callable[[Any], None], Callable[[], None]]:
    """What prints a row, and what moves the bar."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    from langdu.cli.shared.terminal import terminal

    columns: tuple[Any, ...] = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.fields[rate]}", markup=False),
        TimeRemainingColumn(),
    )
    # For a million articles too, the time left is that of the last minutes.
    console = terminal(stderr=True, soft_wrap=True)
    bar = stack.enter_context(
        Progress(*columns, console=console, transient=True, speed_estimate_period=600, redirect_stdout=False)
    )
    task, started = bar.add_task("articles", total=tally.total, rate=""), time.monotonic()

    def tell(row: Any) -> None:  # noqa: ANN401 - as `print_json`
        if sys.stdout.isatty():  # the same terminal: above the bar, which would be in the way
            console.print(json.dumps(row, ensure_ascii=False))
        else:
            print_json(row)

    def show() -> None:
        rate = 60 * tally.done / max(time.monotonic() - started, 1)
        bar.update(task, completed=tally.done, rate=f"{rate:.1f} a minute{_failed(tally)}")

    return tell, show


def summarize(run: Batch, *, quiet: bool) -> None:
    """Say what came of a run, and why it ended before all was done."""
    from langdu.batch.assignment import Status
    from langdu.cli.shared.findings import counted
    from langdu.model import Severity

    tally, left = run.tally, run.supply.left
    if quiet:
        return
    if tally.misread:
        _print_frequent(tally)
    counts = ", ".join(f"{tally.statuses[status]:,} {status.value}" for status in Status if tally.statuses[status])
    sound = f", {minutes(round(tally.seconds))} of sound" if tally.seconds else ""
    found = counted({severity: tally.findings[severity] for severity in Severity})
    notice(f"{plural(tally.done, 'article')}: {counts or 'nothing was done'}{sound}; {found}")
    for outcome in tally.failed:
        notice(f"failed: {outcome.error if outcome.source in outcome.error else f'{outcome.source}: {outcome.error}'}")
    if (more := tally.statuses[Status.FAILED] - len(tally.failed)) > 0:
        notice(f"{more:,} more failed: their lines on standard output tell why")
    if left:
        notice(f"{run.supply.ended}; {plural(left, 'article')} left: the same command goes on with them")
    if run.terms.out is not None:
        notice(f"written: {run.index}")


def _print_frequent(tally: Tally) -> None:
    """A table of what was found most often, over all articles."""
    from rich.table import Table

    from langdu.cli.shared.terminal import terminal

    table = Table(box=None, pad_edge=False)
    for head in ("times", "articles", "", "text", "suggestion", "rule"):
        table.add_column(head, justify="right" if head in {"times", "articles"} else "left")
    for misread, times, articles in tally.frequent(_FREQUENT):
        written = f"({misread.written})" if misread.written else ""
        row = (misread.severity.value, misread.text + written, misread.suggestion, misread.rule)
        table.add_row(f"{times:,}", f"{articles:,}", *row)
    terminal(stderr=True).print(table)
