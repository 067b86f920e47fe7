"""The lit word against the clock of the sound: at every speed, after seeks, in a hidden tab, when frames are late."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

import pytest
from playwright.sync_api import expect

from browsers import tabs
from desks import paste
from rooms import started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Page


def _text(days: str) -> str:
    said = "他去了河边，看见一只船。船上没有人，他等了很久，又回家了。"
    return "夜里的船\n\n" + "\n\n".join(f"第{number}天，{said}" for number in days)


_TEXT: Final = _text("一二")
_NIGHTS: Final = iter("头二三四五六七八九")
# Some of it is heard while the tab is hidden, however slow the machine is.
_LONG: Final = _text("一二三四五六七八")
# Notes every word that is lit, with the clock; how far apart frames are; and what could be seen in each frame. Pieces
# tell when each word is said.
_WATCH: Final = """
(url) => {
  const audio = document.querySelector("audio");
  const seen = (window.seen = { lit: [], painted: [], pieces: {}, frame: performance.now(), gap: 0 });
  const place = (word) => `${word.closest("p, h1").id} ${word.dataset.at}`;
  new MutationObserver((changes) => {
    for (const { target, oldValue } of changes) {
      if (!target.matches?.(".word.spoken") || /\\bspoken\\b/.test(oldValue)) continue;
      const gap = Math.max(seen.gap, performance.now() - seen.frame);
      seen.lit.push({ word: place(target), time: audio.currentTime, src: audio.getAttribute("src"), gap });
    }
  }).observe(document.querySelector("article"), {
    subtree: true, attributes: true, attributeFilter: ["class"], attributeOldValue: true,
  });
  const look = (now) => {
    [seen.gap, seen.frame] = [now - seen.frame, now];
    for (const word of document.querySelectorAll(".word.spoken"))
      if (seen.painted.at(-1) !== place(word)) seen.painted.push(place(word));
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
  const events = new EventSource(url);
  events.addEventListener("piece", ({ data }) => {
    const piece = JSON.parse(data);
    for (const [from, , start] of piece.words) seen.pieces[`p${piece.paragraph} ${from}`] = [start, piece.url];
  });
}
"""


_WORDS: Final = "[...document.querySelectorAll('.word')].map((one) => `${one.closest('p, h1').id} ${one.dataset.at}`)"
_LATE: Final = "setInterval(() => { const end = performance.now() + 350; while (performance.now() < end); }, 500)"


@pytest.fixture
def reading(room: Callable[..., Page]) -> Page:
    """An article that is spoken already, and is watched."""
    page = room()
    # Another one each time: in a known one the page lights the word at which the last listener stopped.
    paste(page, _TEXT.replace("夜里", f"{next(_NIGHTS)}夜里"))
    page.evaluate(_WATCH, page.evaluate("`/api/articles/${location.hash.slice(2)}/events`"))
    while page.evaluate("Object.keys(seen.pieces).length < document.querySelectorAll('.word').length"):
        page.wait_for_timeout(100)
    page.wait_for_timeout(500)  # the page itself has taken the pieces too
    return page


def words(page: Page) -> list[str]:
    """The places of all words, in order."""
    found: list[str] = page.evaluate(_WORDS)
    return found


def played_from(page: Page, word: int, speed: str = "1") -> dict[str, Any]:
    """What was seen from a word on to the end."""
    page.locator("#speed").fill(speed)
    page.evaluate("[seen.lit, seen.painted] = [[], []]")
    page.locator("article .word").nth(word).click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=90_000)
    page.wait_for_timeout(100)
    seen: dict[str, Any] = page.evaluate("seen")
    return seen


def lateness(seen: dict[str, Any], speed: float) -> list[tuple[float, float]]:
    """How many seconds after its sound each word was lit, and how many of these the machine was late with a frame."""
    late = []
    for lit in seen["lit"]:
        start, url = seen["pieces"][lit["word"]]
        if lit["src"] == url:  # the last words of a piece may be lit when the next piece has been taken up
            late.append(((lit["time"] - start) / speed, lit["gap"] / 1000))
    return late


@pytest.mark.parametrize("speed", ["0.5", "1", "1.5", "2"])
def test_every_word_is_lit_once_and_in_time(reading: Page, speed: str) -> None:
    first = 20 if speed == "0.5" else 5
    seen = played_from(reading, first, speed)
    wanted = words(reading)[first:]
    assert [lit["word"] for lit in seen["lit"]] == wanted
    assert list(dict.fromkeys(seen["painted"])) == wanted
    late = lateness(seen, float(speed))
    assert len(late) > len(wanted) / 2
    assert min(after for after, _ in late) >= -0.01
    assert max(after - frame for after, frame in late) <= 0.05
    assert reading.locator(".spoken").count() == 0


def test_no_word_is_lost_when_frames_are_late(reading: Page) -> None:
    reading.evaluate(_LATE)
    seen = played_from(reading, 0, "2")
    assert [lit["word"] for lit in seen["lit"]] == words(reading)
    assert list(dict.fromkeys(seen["painted"])) == words(reading)


def test_words_go_on_from_each_place_that_is_chosen(reading: Page) -> None:
    every = words(reading)
    for chosen in (20, 8, 25, 5):
        # At once, or else words of the place before come between.
        reading.evaluate("(n) => { seen.lit = []; document.querySelectorAll('.word')[n].click(); }", chosen)
        reading.wait_for_timeout(900)
        lit = [each["word"] for each in reading.evaluate("seen.lit")]
        assert len(lit) > 1
        assert lit == every[chosen:][: len(lit)]
    reading.keyboard.press(" ")
    reading.wait_for_timeout(100)
    assert reading.locator(".spoken").count() == 1  # the word at which it stopped
    reading.locator("article .word").nth(4).click()
    reading.keyboard.press(" ")
    reading.locator("#position").fill("8")
    expect(reading.locator(".spoken")).to_have_count(1)


def test_words_go_on_after_the_tab_was_hidden(tmp_path: Path) -> None:
    with started("--voice", "silence", folder=tmp_path) as (_, line), tabs(tmp_path / "profile") as browser:
        tab = browser.new(line.strip())

        def wait(condition: str) -> None:
            while not browser.evaluate(tab, condition):
                time.sleep(0.1)

        wait("document.readyState === 'complete' && location.pathname === '/' && !location.search")
        send = {"method": "POST", "headers": {"Content-Type": "application/json"}, "body": json.dumps({"text": _LONG})}
        identity = browser.evaluate(
            tab, f"fetch('/api/articles', {json.dumps(send)}).then((answer) => answer.json()).then(({{ id }}) => id)"
        )
        browser.evaluate(tab, f"location.hash = '#/{identity}'")
        wait("document.querySelectorAll('.word').length > 50")
        browser.evaluate(tab, f"({_WATCH})('/api/articles/{identity}/events')")
        wait("Object.keys(seen.pieces).length === document.querySelectorAll('.word').length")
        time.sleep(0.5)
        browser.evaluate(tab, "document.querySelectorAll('.word')[4].click()")
        time.sleep(2)
        before = browser.evaluate(tab, "seen.lit.length")
        other = browser.new()
        time.sleep(0.5)
        assert browser.evaluate(tab, "document.visibilityState") == "hidden"
        unseen, frozen = browser.evaluate(tab, "[seen.lit.length, seen.painted.length]")
        time.sleep(4)
        gone, still = browser.evaluate(tab, "[seen.lit.length, seen.painted.length]")
        assert (gone > unseen + 5, still) == (True, frozen)  # it is heard, and there are no frames
        browser.show(tab)
        browser.evaluate(tab, "speed.value = 2, speed.dispatchEvent(new Event('input'))")
        # At the end. The sound alone also stops for a moment between two pieces.
        wait("document.querySelector('#play').innerText === 'Play' && !document.querySelector('.spoken')")
        seen = browser.evaluate(tab, "seen")
        every = browser.evaluate(tab, _WORDS)
        lit = [each["word"] for each in seen["lit"]]
        assert lit == [word for word in every if word in lit]  # in order, none twice
        assert lit[:before] == every[4:][:before]
        after = lit[gone + 1 :]
        assert len(after) > 10
        painted = list(dict.fromkeys(seen["painted"]))  # two words that are lit in the same frames are noted in turn
        assert after == every[-len(after) :] == painted[-len(after) :]
        browser.show(other)
