"""Whatever changes an engine's sound changes the names of its cached clips."""

from __future__ import annotations

import json
import pickle
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import langdu
from engines.spoken import utterance
from langdu.engines import BUILT_IN, fingerprint, sources

if TYPE_CHECKING:
    from langdu.engines import Engine

PACKAGE = Path(langdu.__file__).parent
MIXED = utterance("女儿玩儿iPhone和A，好吗？", "nü3 er2 wanr2 - he2 hao3 ma5")
# A process of its own: in this one, other tests have loaded other modules.
SPEAKS = """
import json, pickle, sys
opened = set()
sys.addaudithook(lambda event, args: opened.add(str(args[0])) if event == "open" else None)
name, folder, said = pickle.load(sys.stdin.buffer)
from langdu.engines import create
engine = create(name, folder)
engine.synthesize(said, engine.voices()[0], 1.0)
modules = [module.__file__ for key, module in sys.modules.items() if key.partition(".")[0] == "langdu"]
print(json.dumps([*modules, *opened]))
"""


def loaded(engine: Engine) -> set[Path]:
    """The files of langdu that a new process needs to create an engine and speak one utterance: code and data."""
    folder = next((value for value in vars(engine).values() if isinstance(value, Path)), None)
    done = subprocess.run(
        [sys.executable, "-c", SPEAKS],
        input=pickle.dumps((engine.name, folder, MIXED)),
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    paths = {Path(path) for path in json.loads(done.stdout.splitlines()[-1])}
    return {path for path in paths if path.is_relative_to(PACKAGE) and "__pycache__" not in path.parts}


def test_every_file_an_engine_loads_makes_its_sound_or_is_known_not_to(engine: Engine) -> None:
    if engine.name not in BUILT_IN:
        pytest.skip("a plug-in is hashed by its own source")
    known = sources.sound_files(engine.name) | {PACKAGE / name for name in sources.NOT_SOUND}
    assert loaded(engine) - known == set()


@pytest.mark.parametrize("name", BUILT_IN)
def test_a_change_of_any_file_changes_the_fingerprint(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint(name)
    read = Path.read_bytes
    files = sources.sound_files(name)
    assert len(files) >= 4
    for file in files:
        with monkeypatch.context() as patch:
            patch.setattr(Path, "read_bytes", lambda path, changed=file: read(path) + b"#" * (path == changed))
            assert fingerprint(name) != before, file


def test_every_file_that_is_named_is_there() -> None:
    named = {name for names in sources.SHARED.values() for name in names} | sources.NOT_SOUND.keys()
    assert [name for name in sorted(named) if not (PACKAGE / name).exists()] == []
    assert sources.SHARED.keys() == BUILT_IN.keys()


def test_pinyin_and_letters_make_the_sound_of_baker() -> None:
    names = {str(file.relative_to(PACKAGE).as_posix()) for file in sources.sound_files("baker")}
    assert {"pinyin/__init__.py", "inference.py", "data/letters.tsv", "engines/kit/espeakng.py"} <= names
    assert any(name.startswith("sound/") for name in names)
