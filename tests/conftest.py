"""What every test shares."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

# A busy machine is slow, not wrong: speed is measured in benchmarks. The same source always gets the same answer;
# `poe explore` looks at other examples each time, and what it finds becomes an @example.
settings.register_profile("langdu", deadline=None, derandomize=True, database=None)
settings.register_profile("explore", deadline=None, max_examples=5_000, print_blob=True)
settings.load_profile("langdu")


def pytest_configure(config: pytest.Config) -> None:
    """Voices and clips of the tests are kept in pytest's own cache, not among the user's."""
    if "LANGDU_CACHE_DIR" not in os.environ:
        os.environ["LANGDU_CACHE_DIR"] = str(config.cache.mkdir("langdu"))


def pytest_xdist_auto_num_workers() -> int | None:
    """Four processes for two cores: half of the time, tests wait for a browser, a server or a sound that plays.

    There are at most eight, because each takes up to a gigabyte of memory.
    """
    if "PYTEST_XDIST_AUTO_NUM_WORKERS" in os.environ:
        return None  # xdist reads it
    return min(8, 2 * (os.cpu_count() or 1))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Modules that wait for a browser come first; started last, they would be waited for alone."""
    items.sort(key=lambda item: "in_browser" not in item.nodeid)


PROJECT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def project() -> Path:
    """The project's folder."""
    return PROJECT


@pytest.fixture(scope="session")
def sample() -> Path:
    """The sample article of the project."""
    return PROJECT / "audio" / "sample.txt"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The measuring data beside the project, where a checkout has them."""
    folder = PROJECT.parent / "shared"
    if not folder.is_dir():
        pytest.skip("needs ../shared, the measuring data beside the project")
    return folder
