"""A reading room in this process, a server in a thread, and browsers that ask it; or the installed program."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from langdu.pipeline.editing.shelf import Shelf
from langdu.room.app import Furniture, Room
from langdu.room.security import Door
from langdu.room.serving import listener, server
from langdu.settings import Settings
from programs import LANGDU, TERMINAL, interruptible

if TYPE_CHECKING:
    from collections.abc import Iterator

ARTICLE = (
    "江上的冬天\n\n重庆(Zhòngqìng)的长(cháng)江很长，他长大了，还了120块钱。他长大以后还要走重庆的路。\n\n"
    "分享到微信\n\n一会儿他就玩儿去了，觉得累(lèi)了。\n"
)


@dataclass(frozen=True)
class Served:
    """A room that is open: its port, its shelf, and what it told whoever started it."""

    port: int
    shelf: Path
    door: Door
    told: list[str]

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def stranger(self, **headers: str) -> httpx.Client:
        """A browser that has not been let in."""
        return httpx.Client(base_url=self.address, headers=headers, timeout=60)

    @contextmanager
    def browser(self) -> Iterator[httpx.Client]:
        """A browser that has opened the printed address, and sends what the room's page would send."""
        with self.stranger(**{"Origin": self.address, "Sec-Fetch-Site": "same-origin"}) as client:
            client.get("/", params={"token": self.door.invite()}, headers={"Sec-Fetch-Site": "none"})
            yield client

    def folder(self, article: dict[str, Any]) -> Path:
        return Path(article["file"]).parent


@contextmanager
def served(shelf: Path, *, voice: str = "silence") -> Iterator[Served]:
    """A room whose articles stand in the folder `shelf`."""
    cache = Path(os.environ["LANGDU_CACHE_DIR"])
    told: list[str] = []
    opened = listener(None, None)
    port = opened.getsockname()[1]
    door = Door(port)
    furniture = Furniture(
        settings=Settings(voice=voice, workers=1, cache_dir=cache),
        shelf=Shelf(shelf),
        first=None,
        address=lambda: f"http://127.0.0.1:{port}/?token={door.invite()}",
        elsewhere=False,
        notice=told.append,
    )
    room, answers = Room(furniture, door), threading.Event()
    with opened:
        running = server(room, answers.set, room.close)
        thread = threading.Thread(target=running.run, kwargs={"sockets": [opened]}, daemon=True)
        thread.start()
        assert answers.wait(60)
        yield Served(port, shelf, door, told)
        running.stop()
        thread.join(30)
        assert not thread.is_alive()


def heard(client: httpx.Client, article: dict[str, Any], *, until: str = "", start: int | None = -1) -> list[Any]:
    """The events of an article from when it is asked to speak until all is spoken, or until an event of this name."""
    got: list[tuple[str, Any]] = []
    url = f"/api/articles/{article['id']}"
    asked = client.post(f"{url}/speak", json={"from": start})
    assert asked.status_code == 204, asked.text
    for name, data in events(client, article):
        got.append((name, data))
        assert until == "failed" or name != "failed", data
        done = name == "progress" and data["done"] == data["of"]
        if name == until or (not until and done):
            return got
    raise AssertionError(got)


def events(client: httpx.Client, article: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    """The events of an article as they come."""
    with client.stream("GET", f"/api/articles/{article['id']}/events") as stream:
        assert stream.status_code == 200, stream.read()
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


def taken(client: httpx.Client, article: dict[str, Any], form: str) -> bytes:
    """A file that the room makes of an article."""
    url = f"/api/articles/{article['id']}/exports"
    begun = client.post(url, json={"format": form})
    assert begun.status_code == 202, begun.text
    while (answer := client.get(f"{url}/{begun.json()['export']}")).status_code == 409:
        assert "still" in answer.text, answer.text
        time.sleep(0.05)
    assert answer.status_code == 200, answer.text
    return answer.content


@contextmanager
def started(*arguments: str, folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """The program, and the line that it has printed. Its temporary folder is `folder`/tmp."""
    (folder / "tmp").mkdir(exist_ok=True)
    with subprocess.Popen(
        [LANGDU, "room", *arguments, "--no-browser", "--shelf", str(folder / "shelf")],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, **TERMINAL, "TMPDIR": str(folder / "tmp")},
        preexec_fn=None if sys.platform == "win32" else interruptible,
    ) as process:
        assert process.stdout
        try:
            yield process, process.stdout.readline()
        finally:
            process.kill()
