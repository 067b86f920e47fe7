"""A real Chromium for the tests of pages."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pytest
from playwright.sync_api import expect, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

_NAMES: Final = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


@contextmanager
def chromium(*flags: str) -> Iterator[Browser]:
    """Chromium, in which a page may play at once; the test is skipped if there is none."""
    expect.set_options(timeout=30_000)  # a busy machine is slow, not wrong
    path = next(filter(None, map(shutil.which, _NAMES)), None)
    with sync_playwright() as playwright:
        if path is None and not Path(playwright.chromium.executable_path).exists():
            pytest.skip("needs Chromium: apt install chromium")
        flags = ("--autoplay-policy=no-user-gesture-required", *flags)
        made = playwright.chromium.launch(executable_path=path, args=flags)
        yield made
        made.close()
