"""Golden tables: `written => wanted`, one case a line; # begins a comment."""

from __future__ import annotations

from pathlib import Path

GOLDEN = Path(__file__).parent / "golden"


def golden(name: str) -> list[tuple[str, str]]:
    """The cases of a table under tests/golden."""
    lines = (GOLDEN / name).read_text(encoding="utf-8").splitlines()
    cases = [tuple(line.split(" => ")) for line in lines if line.strip() and not line.startswith("#")]
    if not cases or any(len(case) != 2 for case in cases):
        raise ValueError(f"{name} is no table of `written => wanted`")
    return [(written, wanted) for written, wanted in cases]
