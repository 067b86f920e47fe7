"""A brief and a feed that are killed (-9) and run again; benchmarks/kills.py does that a hundred times."""

from __future__ import annotations

import random

import pytest

from engines.test_pool import LINUX
from kills import killed_tries


@LINUX
@pytest.mark.parametrize("command", ["brief", "feed"])
def test_the_files_are_those_of_a_run_that_nobody_disturbed(command: str) -> None:
    kills, wrong = killed_tries(command, 2, "silence", random.Random(3))  # noqa: S311 - the same moments every time
    assert kills == 2
    assert wrong == []
