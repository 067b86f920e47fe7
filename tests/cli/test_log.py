"""What a run says where nobody looks at a progress bar: in a log, a line every ten seconds."""

from __future__ import annotations

import time
from contextlib import redirect_stderr
from io import StringIO

import pytest

from langdu.cli.shared import narrations
from langdu.cli.shared.narrations import watched
from langdu.model import Rundown, Source
from langdu.parse.parser import parse_article
from recorded import programme

TEXT = "天亮了，我们出门去。\n\n大家都说这里的山真高啊！\n"


def wait_for(said: str, log: StringIO) -> None:
    for _ in range(1_000):
        if said in log.getvalue():
            return
        time.sleep(0.02)
    pytest.fail(f"{said!r} is not in {log.getvalue()[-500:]!r}")


@pytest.fixture
def rundown() -> Rundown:
    return Rundown.of(parse_article(Source("a.txt", TEXT)))


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines come at once, and not every ten seconds."""
    monkeypatch.setattr(narrations, "EVERY_S", 0.01)


def test_a_log_gets_lines_that_count_the_paragraphs(rundown: Rundown) -> None:
    first, second = programme(["天亮了。", "山真高。"], 10)
    with redirect_stderr(StringIO()) as log:
        with watched(rundown, play=False) as (_, done):
            wait_for("langdu: 0 of 2 paragraphs spoken, 0:00 so far\n", log)
            done(first, b"")
            wait_for("langdu: 1 of 2 paragraphs spoken, ", log)
            done(first, b"")  # a fallback begins again
            done(second, b"")
            wait_for("langdu: all of 2 paragraphs spoken, ", log)
            wait_for("; writing the files\n", log)
        size = len(log.getvalue())
        time.sleep(0.05)
    assert len(log.getvalue()) == size


def test_quiet_means_quiet(rundown: Rundown) -> None:
    with redirect_stderr(StringIO()) as log, watched(rundown, play=False, quiet=True) as (tell, done):
        tell("something")
        done(programme(["天亮了。"], 10)[0], b"")
        time.sleep(0.05)
    assert log.getvalue() == ""
