"""Spoilt files of every type, a few; `python tests/fuzz_parse.py 100000` reads many."""

from fuzz_parse import fuzz


def test_no_crash_and_no_hang() -> None:
    assert fuzz(300, seed=7) == []
