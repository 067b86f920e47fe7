"""Running the command line: in this process, or as it is installed."""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
from contextlib import chdir
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING
from unittest.mock import patch

import typer.main

from langdu.cli import main
from langdu.engines.running import pool

if TYPE_CHECKING:
    from collections.abc import Mapping

LANGDU = Path(sys.executable).with_name("langdu")
# No colours, and lines that do not depend on the terminal of whoever runs the tests.
TERMINAL = {"TERM": "dumb", "COLUMNS": "100"}
# Typer reads the signatures of all commands each time one is called: a third of what a small one takes.
_command_of = cache(typer.main.get_command)


def langdu(
    *arguments: str,
    stdin: str = "",
    ok: tuple[int, ...] = (0,),
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """Call what `langdu ARGUMENTS` calls; fails the test if the exit status is not in `ok`.

    No process is started, nor workers to speak: that would take half a second of importing for each, hundreds of times.
    """
    given = io.TextIOWrapper(io.BytesIO(stdin.encode()), encoding="utf-8")
    out = io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
    said = io.TextIOWrapper(io.BytesIO(), encoding="utf-8", errors="backslashreplace")
    status: object = 0
    with (
        patch.dict(os.environ, {**TERMINAL, **(environment or {})}),
        patch.multiple(sys, argv=["langdu", *arguments], stdin=given, stdout=out, stderr=said),
        patch.object(typer.main, "get_command", _command_of),
        patch.object(pool, "FEW", sys.maxsize),
        chdir(cwd or Path.cwd()),
    ):
        try:
            main()
        except SystemExit as leaving:
            status = leaving.code or 0
    assert isinstance(status, int)
    return _checked(subprocess.CompletedProcess(arguments, status, _written(out), _written(said)), ok)


def _written(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


def installed(
    *arguments: str,
    stdin: str = "",
    ok: tuple[int, ...] = (0,),
    cwd: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[str]:
    """The same through the installed program, in a process of its own."""
    done = subprocess.run(
        [LANGDU, *arguments],
        input=stdin,
        capture_output=True,
        encoding="utf-8",
        cwd=cwd,
        env={**os.environ, **TERMINAL, **(environment or {})},
        check=False,
    )
    return _checked(subprocess.CompletedProcess(arguments, done.returncode, done.stdout, done.stderr), ok)


def _checked(done: subprocess.CompletedProcess[str], ok: tuple[int, ...]) -> subprocess.CompletedProcess[str]:
    assert done.returncode in ok, f"langdu {' '.join(done.args)}: exit {done.returncode}\n{done.stderr}"
    return done


def interruptible() -> None:
    """For `preexec_fn`: a job in the background ignores Ctrl-C, and so would every program that it starts."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
