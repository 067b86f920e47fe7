"""One room for the tests of a module."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rooms import ARTICLE, Served, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    import httpx


@pytest.fixture(autouse=True, scope="module")
def _own_configuration(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """The user's own readings are not touched."""
    with pytest.MonkeyPatch.context() as patch:
        table = tmp_path_factory.mktemp("configuration") / "lexicon.tsv"
        patch.setattr("langdu.lexicon.user.user_table", lambda: table)
        yield


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, _own_configuration: None) -> Iterator[Served]:
    with served(tmp_path_factory.mktemp("shelf")) as opened:
        yield opened


@pytest.fixture(scope="module")
def browser(room: Served) -> Iterator[httpx.Client]:
    with room.browser() as client:
        yield client


@pytest.fixture
def article(browser: httpx.Client) -> Iterator[dict[str, Any]]:
    """The article, opened anew for each test."""
    answer = browser.post("/api/articles", json={"text": ARTICLE})
    assert answer.status_code == 201, answer.text
    opened: dict[str, Any] = answer.json()
    yield opened
    browser.request("DELETE", f"/api/articles/{opened['id']}", json={"confirm": opened["title"]})
