"""One room and one Chromium for the tests of a module; they skip without Chromium (`apt install chromium`)."""

from __future__ import annotations

import signal
import subprocess
from typing import TYPE_CHECKING, Any, Final

import pytest

from browsers import chromium
from programs import LANGDU

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

# What Chromium says of an answer that refuses something.
_REFUSED: Final = "Failed to load resource"


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("shelf")


@pytest.fixture(scope="module")
def address(shelf: Path) -> Iterator[str]:
    """The address of a room, which opens it once."""
    command: list[str | Path] = [LANGDU, "room", "--no-browser", "--voice", "silence", "--shelf", shelf]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as room:
        assert room.stdout
        yield room.stdout.readline().strip()
        room.send_signal(signal.SIGINT)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream") as made:
        yield made


@pytest.fixture(scope="module")
def key(browser: Browser, address: str) -> Any:  # noqa: ANN401 - Playwright's own
    """What a browser has that was let in."""
    with browser.new_context() as context:
        context.new_page().goto(address)
        return context.storage_state()


@pytest.fixture
def faults() -> list[str]:
    """What the page complains of, what it is refused, and what it asks for elsewhere."""
    return []


@pytest.fixture
def room(browser: Browser, address: str, key: Any, faults: list[str]) -> Iterator[Callable[..., Page]]:  # noqa: ANN401
    """Opens the room; any fault fails the test."""
    contexts: list[BrowserContext] = []
    base = address.partition("?")[0]

    def opening(**options: Any) -> Page:  # noqa: ANN401
        context = browser.new_context(**{"viewport": {"width": 1_000, "height": 700}, **options}, storage_state=key)
        contexts.append(context)
        made = context.new_page()
        made.on(
            "console",
            lambda said: faults.append(said.text) if said.type == "error" and _REFUSED not in said.text else None,
        )
        made.on("response", lambda given: faults.append(f"{given.status} {given.url}") if given.status >= 400 else None)
        made.on("pageerror", lambda error: faults.append(str(error)))
        made.on("request", lambda asked: None if asked.url.startswith((base, "blob:")) else faults.append(asked.url))
        made.goto(base)
        return made

    yield opening
    for context in contexts:
        context.close()
    assert faults == []
