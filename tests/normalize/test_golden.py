"""One table a semiotic class: `written => spoken`, in the folder tests/golden/normalize, named after the rule.

Each line holds what the class does in a sentence; an Edit of that class must be among the edits.
"""

from __future__ import annotations

import pytest

from langdu.normalize import normalize
from tables import GOLDEN, golden

# These tables are about what is not done, or about a whole sentence with many classes.
NOT_A_CLASS = {"untouched", "sentences", "bad_input", "traditional"}


def cases() -> list[tuple[str, str, str]]:
    names = sorted(path.stem for path in (GOLDEN / "normalize").glob("*.txt"))
    return [(name, *case) for name in names for case in golden(f"normalize/{name}.txt")]


@pytest.mark.parametrize(("rule", "written", "spoken"), cases())
def test_written_is_said(rule: str, written: str, spoken: str) -> None:
    result = normalize(written)
    assert result.spoken == spoken
    if rule not in NOT_A_CLASS:
        assert rule in {edit.rule for edit in result.edits}
