"""onnxruntime: nothing is reported to its maker, and a damaged graph is told."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from langdu.inference import session

if TYPE_CHECKING:
    from pathlib import Path

READ = "from langdu.pronounce import readings_in_context; print(len(list(readings_in_context(['长春']))))"


def test_nothing_is_left_at_home(tmp_path: Path) -> None:
    quiet = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"}
    home = {"HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path), "USERPROFILE": str(tmp_path)}
    subprocess.run([sys.executable, "-c", READ], check=True, env=quiet | home, stdout=subprocess.DEVNULL)
    assert list(tmp_path.rglob("*")) == []


def test_a_damaged_graph_is_told() -> None:
    with pytest.raises(ValueError, match=r"(?i)protobuf|parse|invalid"):
        session(b"no graph")
