"""The example of an engine in a package of its own (examples/): installed, and used as its README says."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from programs import installed

EXAMPLE = Path(__file__).parents[2] / "examples" / "langdu-hum"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of a process that has the example installed."""
    target = tmp_path_factory.mktemp("site")
    # With the builder that is here (the extra dev): no index is asked, and nothing of the source tree is touched.
    offline = ["--no-deps", "--no-build-isolation", "--no-index", "--disable-pip-version-check", "--quiet"]
    command = [sys.executable, "-m", "pip", "install", *offline, "--target", str(target), str(EXAMPLE)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return {"PYTHONPATH": str(target), "LANGDU_CACHE_DIR": str(tmp_path_factory.mktemp("cache"))}


def test_its_voice_is_listed(example: dict[str, str]) -> None:
    rows = map(json.loads, installed("voices", "list", "--json", environment=example).stdout.splitlines())
    [row] = [row for row in rows if row["id"] == "hum"]
    assert (row["engine"], row["obeys_pinyin"], row["exact_timings"], row["installed"]) == (
        "hum",
        "exactly",
        True,
        True,
    )


def test_it_says_a_line(example: dict[str, str], tmp_path: Path) -> None:
    out = tmp_path / "line.wav"
    installed("say", "--voice", "hum", "--output", str(out), "长(cháng)城(chéng)", environment=example)
    assert out.read_bytes()[:4] == b"RIFF"


def test_it_reads_an_article(example: dict[str, str], tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("标题\n\n我们登上长(cháng)城(chéng)。\n\n风很大。\n", encoding="utf-8")
    installed("read", "--voice", "hum", "--output", str(tmp_path / "out"), str(article), environment=example)
    assert len(list((tmp_path / "out").rglob("*.mp3"))) == 4


def test_it_does_what_every_engine_must(example: dict[str, str]) -> None:
    contract = Path(__file__).with_name("test_contract.py")
    command = [sys.executable, "-m", "pytest", "-q", "-n0", "-p", "no:cacheprovider", str(contract)]
    environment = {**os.environ, **example, "LANGDU_TEST_ENGINE": "hum"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stdout
    assert " passed" in done.stdout
