"""`langdu batch --dask`: a real scheduler and a real worker on loopback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from contextlib import contextmanager
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import pytest

from batch.archive import Here, articles, files, plague, rows
from langdu.batch.running import local
from programs import langdu

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

# It is not imported here: the processes that collect tests need not do that.
pytestmark = pytest.mark.skipif(find_spec("distributed") is None, reason="needs the extra dask")
POSIX = pytest.mark.skipif(os.name == "nt", reason="Windows has no signals for another process")
# The first death of a worker names what it did as a suspect: elsewhere that takes four deaths.
STRICT = {"DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"}


@contextmanager
def dask(*arguments: str, environment: Mapping[str, str]) -> Iterator[None]:
    """A process of Dask's."""
    command = [sys.executable, "-m", "dask", *arguments, "--no-dashboard"]
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(command, env={**os.environ, **STRICT, **environment}, **quiet) as process:
        try:
            yield
        finally:
            process.terminate()


@contextmanager
def cluster(folder: Path, environment: Mapping[str, str]) -> Iterator[str]:
    """A scheduler and a worker; yields the scheduler's address."""
    about = folder / "scheduler.json"
    with dask(
        "scheduler", "--host", "127.0.0.1", "--port", "0", "--scheduler-file", str(about), environment=environment
    ):
        while not about.exists() or not about.read_text(encoding="utf-8"):
            time.sleep(0.05)
        address: str = json.loads(about.read_text(encoding="utf-8"))["address"]
        with dask("worker", address, "--nworkers", "1", "--nthreads", "1", environment=environment):
            yield address


@POSIX
def test_a_cluster_makes_what_a_machine_makes_and_survives_a_poison_article(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = plague(tmp_path / "voice")
    monkeypatch.syspath_prepend(environment["PYTHONPATH"])  # this process has the voice too
    monkeypatch.setattr(local, "_Slot", Here)
    articles(tmp_path / "in", {"1.txt": "山\n", "2.txt": "毒\n", "3.txt": "长(cháng)春\n", "4.txt": "水\n"})
    command = ("batch", "in", "--voice", "plague")
    with cluster(tmp_path, environment) as address:
        done = langdu(*command, "-o", "out", "--dask", address, ok=(1,), cwd=tmp_path, environment=environment)
        found = rows(done.stdout)
        assert {name for name, row in found.items() if row["status"] != "made"} == {"2.txt"}
        assert "several workers died over this article" in found["2.txt"]["error"]
        (tmp_path / "in" / "2.txt").unlink()
        again = langdu(*command, "-o", "out", "--dask", address, cwd=tmp_path, environment=environment)
        assert {row["status"] for row in rows(again.stdout).values()} == {"unchanged"}
        # A worker that has other readings than this machine would narrate differently.
        (tmp_path / "config" / "langdu").mkdir(parents=True)
        (tmp_path / "config" / "langdu" / "lexicon.tsv").write_text("长春\tzhǎngchūn\n", encoding="utf-8")
        own = environment | {"XDG_CONFIG_HOME": str(tmp_path / "config")}
        told = langdu(*command, "-o", "out", "--dask", address, ok=(3,), cwd=tmp_path, environment=own).stderr
        assert "would narrate differently" in told
        assert "not the same: lexicon.tsv; install" in told
    langdu(*command, "-o", "alone", "--jobs", "1", cwd=tmp_path, environment=environment)
    made, alone = files(tmp_path / "out"), files(tmp_path / "alone")
    del made["index.html"], alone["index.html"]
    assert made == alone


def test_a_scheduler_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("langdu.batch.running.cluster._CONNECT_S", 0.5)
    articles(tmp_path, {"a.txt": "山\n"})
    command = ("batch", "a.txt", "-o", "out", "--voice", "silence", "--dask", "tcp://127.0.0.1:9")
    told = langdu(*command, ok=(3,), cwd=tmp_path).stderr
    assert "the Dask scheduler tcp://127.0.0.1:9 cannot be reached" in told
    assert len(told.splitlines()) == 1
