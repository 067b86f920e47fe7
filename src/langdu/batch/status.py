"""The status file: what monitoring reads of a run, in the text format of Prometheus (its node exporter collects it)."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final

from langdu import files
from langdu.batch.assignment import Status
from langdu.errors import ConfigError
from langdu.files import write_text
from langdu.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from langdu.batch.tally import Tally

# How often the file is written, in seconds.
EVERY_S: Final = 10.0
# How a status file begins.
_FIRST: Final = b"# HELP langdu_batch_"


class StatusFile:
    """Writes the file every few seconds, whole or not at all.

    Raises: ConfigError: there is a file that is no status file, and might be dear to somebody.
    """

    def __init__(self, path: Path) -> None:
        _refuse_foreign(path)
        self._path = path
        self._started = time.time()
        self._written = 0.0

    def write(self, tally: Tally, *, running: bool) -> None:
        """Write how far the run is, unless that was written a moment ago. Raises: ExportError."""
        now = time.time()
        if running and now - self._written < EVERY_S:
            return
        self._written = now
        write_text(self._path, "".join(_lines(tally, self._started, now, running=running)))


def _refuse_foreign(path: Path) -> None:
    try:
        files.refuse_irregular(path)
        with files.opened(path) as file:
            is_ours = file.read(len(_FIRST)) == _FIRST
    except FileNotFoundError:
        return
    except OSError as error:
        raise ConfigError(
            f"--status {path} cannot be written: {files.reason(error)}; name a file that does not exist"
        ) from error
    if not is_ours:
        raise ConfigError(f"--status {path} would replace a file that is no status file of langdu: name another file")


def _lines(tally: Tally, started: float, now: float, *, running: bool) -> Iterator[str]:
    yield from _metric("running", "gauge", "1 while the run goes on.", {"": float(running)})
    yield from _metric("start_time_seconds", "gauge", "When the run began.", {"": started})
    yield from _metric("update_time_seconds", "gauge", "When this file was written.", {"": now})
    yield from _metric("articles", "gauge", "Articles of the batch.", {"": tally.total})
    outcomes = {f'{{status="{status.value}"}}': tally.statuses[status] for status in Status}
    yield from _metric("articles_done_total", "counter", "Articles by what came of them.", outcomes)
    yield from _metric("sound_seconds_total", "counter", "Seconds of sound that were made.", {"": tally.seconds})
    findings = {f'{{severity="{severity.value}"}}': tally.findings[severity] for severity in Severity}
    yield from _metric("findings_total", "counter", "Findings of the check.", findings)


def _metric(name: str, kind: str, told: str, values: Mapping[str, float]) -> Iterator[str]:
    full = f"langdu_batch_{name}"
    yield f"# HELP {full} {told}\n# TYPE {full} {kind}\n"
    yield from (f"{full}{labels} {value!r}\n" for labels, value in values.items())
