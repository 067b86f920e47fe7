"""A real Chromium for the tests of pages."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright
from websockets.sync.client import connect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_LISTENING: Final = re.compile(r"DevTools listening on ws://([^/]+)/")
# In the locale C, Chromium can neither open nor save a file whose name has hanzi.
_ENVIRONMENT: Final = {**os.environ, "LC_ALL": "C.UTF-8"}
_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


def _installed() -> str | None:
    return next(filter(None, map(shutil.which, _NAMES)), None)


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Chromium, in which a page may play at once; the test is skipped if there is none."""
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    path = _installed()
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("needs Chromium: apt install chromium")
        flags = ("--autoplay-policy=no-user-gesture-required", *flags)
        made = playwright.chromium.launch(executable_path=path, args=flags, env={**_ENVIRONMENT})
        yield made
        made.close()


class Tabs:
    """The tabs of a Chromium of which only one is visible. For Playwright each is, as if it had a window of its own."""

    def __init__(self, host: str, client: httpx.Client) -> None:
        self._host = host
        self._http = client

    def new(self, address: str = "about:blank") -> str:
        """Opens a tab, which is visible then; returns its identity."""
        opened: str = self._http.put(f"/json/new?{address}").json()["id"]
        return opened

    def show(self, tab: str) -> None:
        self._http.get(f"/json/activate/{tab}").raise_for_status()

    def evaluate(self, tab: str, script: str) -> Any:  # noqa: ANN401 - whatever JSON can hold
        """The value of an expression in a tab; a promise is waited for. None if the tab is on its way to a page."""
        asked = {"expression": script, "returnByValue": True, "awaitPromise": True}
        with connect(f"ws://{self._host}/devtools/page/{tab}", max_size=None, proxy=None) as browser:
            browser.send(json.dumps({"id": 1, "method": "Runtime.evaluate", "params": asked}))
            answer = json.loads(browser.recv())
        result = answer.get("result", {})
        assert "exceptionDetails" not in result, result
        return result.get("result", {}).get("value")


@contextmanager
def tabs(folder: Path) -> Iterator[Tabs]:
    """A Chromium of its own, with its profile in a folder; the test is skipped if there is none."""
    path = _installed()
    if path is None:
        pytest.skip("needs Chromium: apt install chromium")
    flags = ["--headless=new", "--no-sandbox", "--remote-debugging-port=0", f"--user-data-dir={folder}", "--mute-audio"]
    flags.append("--autoplay-policy=no-user-gesture-required")
    with subprocess.Popen([path, *flags], stderr=subprocess.PIPE, encoding="utf-8", env=_ENVIRONMENT) as running:
        assert running.stderr
        try:
            host = next(found[1] for line in running.stderr if (found := _LISTENING.match(line)))
            with httpx.Client(base_url=f"http://{host}") as client:
                yield Tabs(host, client)
        finally:
            running.terminate()
            running.stderr.read()
