"""A podcast and an article in two voices, killed (-9) and made again; benchmarks/kills.py does that a hundred times."""

from __future__ import annotations

import random

import pytest

from engines.test_pool import LINUX
from kills import killed_tries


@LINUX
@pytest.mark.parametrize("command", ["feed", "quotes"])
def test_the_files_are_those_of_a_run_that_nobody_disturbed(command: str) -> None:
    chance = random.Random(3)  # noqa: S311 - the same moments every time
    kills, wrong = killed_tries(command, 1, "silence", chance, paragraphs=2)
    assert kills == 1
    assert wrong == []
