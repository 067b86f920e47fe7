"""The browser is closed while the room speaks: it soon speaks no more, and what it has made is whole."""

from __future__ import annotations

import json
import signal
import time
import wave
from typing import TYPE_CHECKING

import psutil
import pytest
from playwright.sync_api import expect

from browsers import chromium
from desks import paste
from rooms import started

if TYPE_CHECKING:
    from pathlib import Path

# Long enough that it is still being spoken when the browser is closed.
_LONG = "长文章\n\n" + "\n\n".join(f"{number}。河边的孩子等着船，船来了，他们都很高兴。" * 8 for number in range(300))


@pytest.mark.parametrize("how", ["tab", "killed"])
def test_the_room_soon_speaks_no_more(tmp_path: Path, how: str) -> None:
    with started("--voice", "silence", folder=tmp_path) as (process, line):
        before = set(psutil.Process().children(recursive=True))
        with chromium() as browser:
            page = browser.new_page()
            page.goto(line.strip())
            paste(page, _LONG)
            page.get_by_role("button", name="Play").click()
            expect(page.locator(".spoken")).to_have_count(1)
            if how == "tab":
                with page.expect_event("close"):
                    page.close(run_before_unload=True)  # as when a person closes it
            else:
                for each in set(psutil.Process().children(recursive=True)) - before:
                    if "chrom" in each.name():
                        each.kill()
            closed = time.monotonic()
            spoken = at_rest(tmp_path / "tmp")
            assert time.monotonic() - closed < 10
            assert len(spoken) < 300  # it had not come to the end
            (shelved,) = (tmp_path / "shelf").iterdir()
            # The browser still sends where the listener is, and the room is still reading what the page had asked for.
            while how == "tab" and place(shelved) is None and time.monotonic() < closed + 60:
                time.sleep(0.2)
            assert how == "killed" or place(shelved) is not None
        for path in spoken:
            with wave.open(str(path)) as sound:
                assert path.stat().st_size == 44 + 2 * sound.getnframes()
        children = psutil.Process(process.pid).children(recursive=True)
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130
        assert not [child for child in children if child.is_running()]
    assert list((tmp_path / "tmp").iterdir()) == []


def place(shelved: Path) -> int | None:
    """The paragraph at which the listener stopped."""
    paragraph: int | None = json.loads((shelved / "shelf.json").read_text(encoding="utf-8"))["paragraph"]
    return paragraph


def at_rest(folder: Path) -> list[Path]:
    """The sound that is there when nothing has been added for two seconds."""
    found: list[Path] = []
    while (now := sorted(folder.rglob("*.wav"))) != found or not found:
        found = now
        time.sleep(2)
    assert not list(folder.rglob("*.part"))
    return found
