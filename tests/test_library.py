"""`import langdu` offers what the command line does."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

import langdu

if TYPE_CHECKING:
    from pathlib import Path


def test_parse_check_narrate_say(sample: Path, tmp_path: Path) -> None:
    article = langdu.parse(sample)
    assert langdu.parse(str(sample)) == article
    assert article.title is not None
    assert {f.severity.value for f in langdu.check(article)} == {"info"}
    settings = langdu.Settings(voice="silence")
    narration = langdu.narrate(article, tmp_path / "out", settings)
    assert sorted(narration.files) == sorted(p.name for p in (tmp_path / "out").iterdir() if p.name != ".langdu")
    assert narration.findings == {"error": 0, "warning": 0, "info": 3}
    assert narration.samples / narration.sample_rate > 30
    said = langdu.say("长(cháng)城", settings)
    assert [t.text for t in said.track.timings] == ["长", "城"]
    assert len(said.pcm) == 2 * said.track.end


def test_functions_stay_in_front_of_the_packages_of_the_same_names() -> None:
    from langdu.check import rules  # noqa: PLC0415 (the import is what is tested)

    assert rules.RULES
    assert callable(langdu.check)
    assert callable(langdu.parse)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        langdu.nothing  # type: ignore[attr-defined]  # noqa: B018 (it must not be there)


def test_help_imports_nothing_heavy() -> None:
    program = "import sys, langdu.cli; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert "langdu.cli.read" in loaded
    assert {"numpy", "wetext", "pydub", "ai_edge_litert", "rich.table"} & loaded == set()
