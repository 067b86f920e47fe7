"""Measure the reading room on 10,000 characters: pasted to readable, first sound, a correction heard anew, memory.

Run: python benchmarks/room.py [--voice ID]   (default: baker, which must be installed)

It starts the installed `langdu room` with an empty shelf, opens its address as a browser would, and waits until the
voice is loaded, as it is some seconds after somebody has opened the page. The text is new each time, so that no clip of
it is in the cache.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import psutil

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = (
    "今天 下雪 河边 孩子 图书馆 老师 重新 银行 长大 音乐 快乐 觉得 睡觉 还是 因为 行走 城市 春天 他们 看见 很多 地方"
)
_LENGTH = 10_000


def main() -> None:
    """Print a line for each figure."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--voice", default="baker")
    with tempfile.TemporaryDirectory() as shelf, _room(parser.parse_args().voice, shelf) as (room, browser):
        begun = time.monotonic()
        article = browser.post("/api/articles", json={"text": _text()}).json()
        url = f"/api/articles/{article['id']}"
        browser.get(f"{url}/paragraphs", params={"from": -1, "count": 16}).raise_for_status()
        _print("pasted to readable", begun)
        browser.get(f"{url}/findings").raise_for_status()
        _print("all checked", begun)
        begun = time.monotonic()
        browser.post(f"{url}/speak", json={"from": -1}).raise_for_status()
        heard: list[dict[str, Any]] = []
        for piece in _pieces(browser, url):
            heard.append(piece)
            if len(heard) == 1:
                _print("first sound", begun)
            if len(heard) == 20:  # in the middle of speaking
                begun = time.monotonic()
                sound = _correct(browser, url, heard[0]["paragraph"])
            elif len(heard) > 20 and piece["sound"] == sound:
                break
        _print("a correction heard anew", begun)
        _print_memory(room)


def _text() -> str:
    known = _WORDS.split()
    words = random.Random(time.time_ns())  # noqa: S311 - no secret
    paragraphs = ["".join(words.choice(known) for _ in range(40)) + "。" for _ in range(_LENGTH // 80)]
    return "新的文章\n\n" + "\n\n".join(paragraphs)


@contextmanager
def _room(voice: str, shelf: str) -> Iterator[tuple[psutil.Process, httpx.Client]]:
    command = [
        str(Path(sys.executable).with_name("langdu")),
        "room",
        "--no-browser",
        "--voice",
        voice,
        "--shelf",
        shelf,
    ]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout  # noqa: S101 - it is a pipe
        address = process.stdout.readline().strip()
        base = address.partition("/?")[0]
        with httpx.Client(base_url=base, headers={"Origin": base}, timeout=120) as browser:
            browser.get(address)
            browser.get("/api/room")
            time.sleep(10)
            yield psutil.Process(process.pid), browser
        process.send_signal(signal.SIGINT)


def _pieces(browser: httpx.Client, url: str) -> Iterator[dict[str, Any]]:
    with browser.stream("GET", f"{url}/events") as stream:
        name = ""
        for line in stream.iter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name == "piece":
                yield json.loads(line.removeprefix("data: "))


def _correct(browser: httpx.Client, url: str, paragraph: int) -> str:
    """Another reading for the first hanzi of a paragraph; returns the name of its new sound."""
    place = {"paragraph": paragraph, "at": 0, "syllable": "long2", "scope": "here"}
    changed: str = browser.post(f"{url}/correct", json=place).json()["paragraphs"][0]["sound"]
    return changed


def _print(what: str, begun: float) -> None:
    print(f"{what:24} {time.monotonic() - begun:6.2f} s")


def _print_memory(room: psutil.Process) -> None:
    own, voices = (sum(p.memory_info().rss for p in group) >> 20 for group in ([room], room.children()))
    print(f"memory                   {own} MiB, and {voices} MiB for the voice's processes")


if __name__ == "__main__":
    main()
