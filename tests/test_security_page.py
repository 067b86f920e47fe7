"""docs/security.md names the tests of each promise."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
ROWS = [line for line in (ROOT / "docs" / "security.md").read_text(encoding="utf-8").splitlines() if "**" in line]


def test_each_promise_names_tests_that_exist() -> None:
    assert len(ROWS) >= 12
    for row in ROWS:
        named = re.findall(r"[\w/]+\.(?:py|txt)\b", row)
        assert named, row
        folder = ROOT
        for name in named:
            path = ROOT / name if "/" in name else folder / name
            assert path.is_file(), name
            folder = path.parent
