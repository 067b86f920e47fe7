"""Running the installed command."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGDU = Path(sys.executable).with_name("langdu")


def langdu(
    *arguments: str,
    stdin: str | None = None,
    ok: tuple[int, ...] = (0,),
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Run `langdu ARGUMENTS`; fails the test if the exit status is not in `ok`."""
    done = subprocess.run(
        [LANGDU, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, "TERM": "dumb", "COLUMNS": "100", **(environment or {})},
        check=False,
    )
    assert done.returncode in ok, f"langdu {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}"
    return done


def interruptible() -> None:
    """For `preexec_fn`: a job in the background ignores Ctrl-C, and so would every program that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
