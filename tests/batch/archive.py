"""Archives for tests: a few short articles, and a voice that dies, waits and keeps a log."""

from __future__ import annotations

import json
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from langdu.batch import work

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.batch.assignment import Assignment, Outcome, Terms

# The voice `plague` is that of silence. It notes what it speaks; at 毒 it kills its process, at 晕 only the first time,
# and at 等 it waits until there is a file `go`.
PLAGUE = """
import os, pathlib, signal, time
from dataclasses import replace
from langdu.engines.silence import Silence
from langdu.model import Voice

class Plague(Silence):
    name = "plague"
    def voices(self):
        return [Voice(id="plague", engine="plague", language="zh-CN", name="plague", licence="", origin="")]
    def synthesize(self, utterance, *rest):
        here = pathlib.Path(os.environ["PLAGUE"])
        with (here / "log").open("a", encoding="utf-8") as log:
            log.write(utterance.text + "\\n")
        fainted = here / "fainted"
        if "毒" in utterance.text or ("晕" in utterance.text and not fainted.exists()):
            if "晕" in utterance.text:
                fainted.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        if "等" in utterance.text:
            (here / "waiting").touch()
            while not (here / "go").exists():
                time.sleep(0.01)
        return super().synthesize(utterance, *rest)
"""


class Here:
    """In the place of `local._Slot`: does assignments in this process, for tests of all but processes.

    A process of its own takes a second to import what it needs.
    """

    def __init__(self, terms: Terms) -> None:
        self._terms = terms

    def give(self, assignment: Assignment) -> Future[Outcome]:
        done: Future[Outcome] = Future()
        done.set_result(work.done(assignment, self._terms))
        return done

    def end(self, *, at_once: bool) -> None:
        assert not at_once


def articles(folder: Path, texts: dict[str, str]) -> Path:
    """A folder of articles."""
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def plague(folder: Path) -> dict[str, str]:
    """Puts a package with the voice `plague` into a folder; returns the environment in which it is found."""
    about = folder / "plague-1.0.dist-info"
    about.mkdir(parents=True)
    (folder / "plague.py").write_text(PLAGUE, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: plague\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text("[langdu.engines]\nplague = plague:Plague\n", encoding="utf-8")
    return {"PYTHONPATH": str(folder), "PLAGUE": str(folder), "LANGDU_CACHE_DIR": str(folder / "cache")}


def rows(stdout: str) -> dict[str, dict[str, Any]]:
    """What came of each article, by its source's name."""
    found = [json.loads(line) for line in stdout.splitlines()]
    assert len({row["source"] for row in found}) == len(found)
    return {row["source"].replace("\\", "/").rpartition("/")[2]: row for row in found}


def files(folder: Path) -> dict[str, bytes]:
    """The files of an output, by name, except langdu's own."""
    paths = [path for path in folder.rglob("*") if path.is_file() and ".langdu" not in path.parts]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}
