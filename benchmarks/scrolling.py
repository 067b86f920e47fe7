"""Measure the reading room's page while 10,000 characters are scrolled and heard: what its main thread does at a time.

Run: python benchmarks/scrolling.py [SECONDS]   (default: 15; needs Chromium, and langdu[dev])

It prints the longest tasks in processor time, which is the page's own, and in time of the clock, which also has what
other programs take; and the longest times between two frames. Say how busy the machine was beside these two.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright

from room import long_text

_SECONDS: Final = 15.0
_STEP_MS: Final = 50
_WHEEL: Final = 120  # pixels, a notch of most mice
_FRAMES: Final = """() => {
  window.frames_at = [];
  const look = (now) => { frames_at.push(now); requestAnimationFrame(look); };
  requestAnimationFrame(look);
}"""


def main() -> None:
    """Print a line for each figure."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else _SECONDS
    langdu = str(Path(sys.executable).with_name("langdu"))
    with tempfile.TemporaryDirectory() as shelf, sync_playwright() as playwright:
        command = [langdu, "room", "--no-browser", "--voice", "silence", "--shelf", shelf]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as room:
            assert room.stdout  # noqa: S101 - it is a pipe
            browser = playwright.chromium.launch(
                executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
                args=["--autoplay-policy=no-user-gesture-required"],
            )
            page = browser.new_page()
            page.goto(room.stdout.readline().strip())
            _open(page)
            tasks = _traced(page, seconds)
            gaps = [after - before for before, after in pairwise(page.evaluate("frames_at"))]
            browser.close()
            room.terminate()
    _print("tasks, processor time", [task["tdur"] / 1000 for task in tasks])
    _print("tasks, clock", [task["dur"] / 1000 for task in tasks])
    _print("between frames", gaps)
    print(f"load of the machine      {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")


def _open(page: Page) -> None:
    page.get_by_label("Paste an article").fill(long_text())
    page.get_by_role("button", name="Read it").click()
    page.locator("article p ruby").first.wait_for()
    while page.locator(".unread").count():
        page.wait_for_timeout(500)
    page.get_by_role("button", name="Play").click()
    page.wait_for_timeout(2_000)


def _traced(page: Page, seconds: float) -> list[dict[str, Any]]:
    """The tasks of the page's main thread while it is scrolled."""
    events: list[dict[str, Any]] = []
    ends: list[object] = []
    session = page.context.new_cdp_session(page)
    session.on("Tracing.dataCollected", lambda told: events.extend(told["value"]))
    session.on("Tracing.tracingComplete", ends.append)
    chosen = {"includedCategories": ["toplevel"]}
    session.send("Tracing.start", {"transferMode": "ReportEvents", "traceConfig": chosen})
    page.evaluate(_FRAMES)
    page.mouse.move(500, 500)
    for _ in range(int(seconds * 1000 / _STEP_MS)):
        page.mouse.wheel(0, _WHEEL)
        page.wait_for_timeout(_STEP_MS)
    session.send("Tracing.end")
    while not ends:
        page.wait_for_timeout(100)
    named = [each for each in events if each["name"] == "thread_name" and each["args"]["name"] == "CrRendererMain"]
    threads = {(each["pid"], each["tid"]) for each in named}
    return [e for e in events if e["name"].endswith("RunTask") and "tdur" in e and (e["pid"], e["tid"]) in threads]


def _print(what: str, times: list[float]) -> None:
    longest = sorted(times, reverse=True)
    over = sum(time > 50 for time in times)
    print(f"{what:24} {longest[0]:6.1f} ms at most; {over} of {len(times)} over 50 ms")


if __name__ == "__main__":
    main()
