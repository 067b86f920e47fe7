"""The page to read along, in a real Chromium: what is lit, heard, clicked, typed, seen and read out.

The tests need Chromium (`apt install chromium`, or `playwright install chromium` with AAC in it) and skip without one.
"""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from browsers import chromium
from langdu.model import Finding, Origin, Reading, Severity, Span, Syllable, Tone
from pages import noise, page
from programs import langdu
from recorded import RATE, programme

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, Page

_PARAGRAPH: Final = "在长春全面振兴新突破三年攻坚行动中。值此三年攻坚行动决胜之年，走进 <长春>。" * 3
_AUDIO: Final = "document.querySelector('audio')"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


def findings() -> list[Finding]:
    return [
        Finding(
            rule="wrong-tone",
            severity=severity,
            message="cannot be read so",
            paragraph=0,
            span=Span(i, i + 2),
            text="长春",
            written="zhǎngchūn",
            suggestion="chángchūn",
        )
        for i, severity in enumerate(Severity, 1)
    ]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    tracks = programme(["长春全面振兴", *[_PARAGRAPH] * 6], 12_000)
    return page(tmp_path_factory.mktemp("page"), tracks, findings=findings()).as_uri()


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens the page; whatever it complains of, or asks for elsewhere, fails the test."""
    contexts: list[BrowserContext] = []
    faults: list[str] = []

    def opening(to: str = address, **options: Any) -> Page:  # noqa: ANN401 - Playwright's own options
        context = browser.new_context(viewport={"width": 1_000, "height": 700}, **options)
        contexts.append(context)
        made = context.new_page()
        made.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        made.on("pageerror", lambda error: faults.append(str(error)))
        made.on("request", lambda request: faults.append(request.url) if fetched(request.url, to) else None)
        made.goto(to)
        if options.get("java_script_enabled", True):
            made.evaluate(f"{_AUDIO}.addEventListener('seeking', (event) => window.sought = event.target.currentTime)")
        return made

    yield opening
    for context in contexts:
        context.close()
    assert faults == []


def fetched(url: str, page: str) -> bool:
    return url.partition("#")[0] != page and not url.startswith(("data:", "blob:"))


def words(page: Page) -> list[tuple[float, float]]:
    """When each word is heard."""
    found: list[list[str]] = page.evaluate(
        "[...document.querySelectorAll('[data-start]')].map((one) => [one.dataset.start, one.dataset.end])"
    )
    return [(float(start), float(end)) for start, end in found]


def word(page: Page, number: int) -> tuple[float, float]:
    """When a word is heard."""
    return words(page)[number]


def now(page: Page) -> float:
    time: float = page.evaluate(f"{_AUDIO}.currentTime")
    return time


def sought(page: Page) -> float:
    """The time from which it plays, however long ago it began: a busy machine is late to ask."""
    eventually(page, f"!{_AUDIO}.seeking")
    time: float = page.evaluate("window.sought")
    return time


def eventually(page: Page, condition: str) -> None:
    """Wait until it holds: the policy of the page does not let Playwright's own waiting run."""
    for _ in range(100):
        if page.evaluate(condition):
            return
        page.wait_for_timeout(50)
    pytest.fail(f"not within 5 s: {condition}")


def start_of_spoken(page: Page) -> float:
    return float(page.locator(".spoken").last.get_attribute("data-start") or "")


# --- sound and text -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("speed", ["0.5", "1", "2"])
def test_the_word_that_is_heard_is_lit(opened: Callable[..., Page], speed: str) -> None:
    made = opened()
    made.locator("#speed").fill(speed)
    made.locator("[data-start]").nth(10).click()
    seen = made.evaluate(
        f"""() => new Promise((done) => {{
          const seen = [], audio = {_AUDIO};
          const look = () => {{
            const word = [...document.querySelectorAll(".spoken")].at(-1); // before it, what frames were too late for
            seen.push([audio.currentTime, word ? Number(word.dataset.start) : null]);
            if (audio.currentTime < seen[0][0] + 3) requestAnimationFrame(look); else done(seen);
          }};
          requestAnimationFrame(look); // after the page's own: what is seen in this frame
        }})"""
    )
    assert made.evaluate(f"[{_AUDIO}.playbackRate, {_AUDIO}.preservesPitch]") == [float(speed), True]
    times = words(made)
    late = []
    for (before, _), (time, start) in pairwise(seen):
        # What may be lit within 60 ms of the time: a word that is heard then or since the last frame, or nothing in a
        # pause.
        right = {a for a, b in times if a - 0.06 <= time and before <= b + 0.06}
        pause = all(not a + 0.06 <= time <= b - 0.06 for a, b in times)
        if start not in right and not (start is None and pause):
            late.append((time, start))
    assert late == []
    assert len({start for _, start in seen}) > 8


# What the browser plays, taken in the thread that plays it, so that a busy machine loses nothing.
_RECORD: Final = """async () => {
  const code = `registerProcessor("recorder", class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.heard = [];
      this.port.onmessage = () => { this.port.postMessage(this.heard.splice(0)); };
    }
    process([[channel]]) {
      this.heard.push(...(channel ?? new Float32Array(128)));
      return true;
    }
  });`;
  const context = new AudioContext({ sampleRate: 24000 });
  await context.audioWorklet.addModule("data:text/javascript," + encodeURIComponent(code));
  const recorder = new AudioWorkletNode(context, "recorder");
  context.createMediaElementSource(document.querySelector("audio")).connect(recorder).connect(context.destination);
  window.taken = () => new Promise((done) => {
    recorder.port.onmessage = (event) => done(event.data);
    recorder.port.postMessage("take");
  });
}"""


def test_a_click_is_heard_from_the_word_on(opened: Callable[..., Page]) -> None:
    made = opened(bypass_csp=True)  # for the recorder
    made.evaluate(_RECORD)
    sound = noise(programme(["长春全面振兴", *[_PARAGRAPH] * 6], 12_000)[-1].end)
    for number in (0, 1, 40, 5, 199, 250, 120):
        start, _ = word(made, number)
        made.evaluate("taken()")
        made.locator("[data-start]").nth(number).click()
        made.wait_for_timeout(500)
        made.evaluate(f"{_AUDIO}.pause()")
        heard = np.array(made.evaluate("taken()"))
        first = int(np.argmax(np.abs(heard) > 0.0001))
        # Where in the programme are the first 40 ms? That the noise tells.
        low = max(0, round((start - 1) * RATE))
        likeness = np.correlate(sound[low : low + 2 * RATE], heard[first : first + 960], "valid")
        assert (low + int(np.argmax(likeness))) / RATE == pytest.approx(start, abs=0.01)
        assert now(made) > start


def test_sentences(opened: Callable[..., Page]) -> None:
    made = opened()
    firsts: list[float] = made.evaluate(
        "[...document.querySelectorAll('.sentence')].map((s) => s.querySelector('[data-start]'))"
        ".filter(Boolean).map((w) => Number(w.dataset.start))"
    )

    def heard() -> int:
        return firsts.index(float(made.locator(".heard [data-start]").first.get_attribute("data-start") or ""))

    made.get_by_role("button", name="Next sentence").click()
    assert heard() == 0
    made.get_by_role("button", name="Next sentence").click()
    made.get_by_role("button", name="Next sentence").click()
    assert heard() == 2
    made.get_by_role("button", name="Sentence before").click()
    assert heard() == 1
    made.evaluate(f"{_AUDIO}.currentTime = {firsts[1] + 1.5}")
    made.get_by_role("button", name="Sentence before").click()  # of which much was heard
    assert heard() == 1
    assert now(made) < firsts[1] + 1
    made.keyboard.press(" ")  # not the button again
    assert made.evaluate(f"{_AUDIO}.paused")
    assert heard() == 1


def test_a_sentence_is_repeated(opened: Callable[..., Page]) -> None:
    made = opened()
    made.locator("#speed").fill("1.5")
    made.locator("[data-start]").first.click()
    repeat = made.get_by_role("button", name="Repeat the sentence")
    repeat.click()
    expect(repeat).to_have_attribute("aria-pressed", "true")
    times = made.evaluate(
        f"""() => new Promise((done) => {{
          const times = [];
          const look = () => {{
            times.push({_AUDIO}.currentTime);
            if (times.length < 500) setTimeout(look, 5); else done(times);
          }};
          look();
        }})"""
    )
    assert sum(after < before for before, after in pairwise(times)) >= 2
    assert max(times) < 1.2 + 0.25 + 0.25  # six syllables, a breath, and a slow frame of the screen
    repeat.click()
    made.wait_for_timeout(1_500)
    assert now(made) > 1.7


def test_the_last_sentence_is_repeated(opened: Callable[..., Page]) -> None:
    made = opened()
    last = made.locator("[data-start]").last
    last.click()
    made.get_by_role("button", name="Repeat the sentence").click()
    start, _ = word(made, made.locator("[data-start]").count() - 1)
    eventually(made, f"{_AUDIO}.currentTime < {start - 1}")
    assert not made.evaluate(f"{_AUDIO}.paused")


def test_the_position_can_be_chosen(opened: Callable[..., Page]) -> None:
    made = opened()
    position = made.get_by_role("slider", name="Position")
    start, _ = word(made, 60)
    position.fill(f"{start + 0.05:.2f}")
    assert start_of_spoken(made) == start
    assert re.fullmatch(r"\d:\d\d of \d:\d\d", position.get_attribute("aria-valuetext") or "")
    assert made.evaluate(f"{_AUDIO}.paused")


def test_the_text_follows_what_is_heard_unless_the_reader_looks_elsewhere(opened: Callable[..., Page]) -> None:
    made = opened()
    made.locator("#position").fill(str(word(made, 200)[0]))
    made.get_by_role("button", name="Play").click()
    eventually(made, "document.querySelector('.spoken')?.getBoundingClientRect().bottom < innerHeight")
    made.wait_for_timeout(600)
    made.mouse.wheel(0, -20_000)
    made.wait_for_timeout(1_000)
    assert made.evaluate("scrollY") == 0
    made.get_by_role("button", name="Follow the voice").click()
    expect(made.locator(".spoken").last).to_be_in_viewport()
    expect(made.locator("#follow")).to_be_hidden()


# --- keyboard and screen reader -------------------------------------------------------------------------------------


def test_the_keyboard_reaches_everything(opened: Callable[..., Page]) -> None:
    made = opened()
    names = []
    for _ in range(10):
        made.keyboard.press("Tab")
        names.append(
            made.evaluate(
                """() => {
                  const on = document.activeElement;
                  return on.matches("summary") ? on.innerText : on.id || on.className.split(" ")[0];
                }"""
            )
        )
        assert made.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
    assert names == [
        "skip", "play", "back", "next", "repeat", "position", "speed", "Contents", "View", "word"
    ]  # fmt: skip


def test_words_by_keyboard(opened: Callable[..., Page]) -> None:
    made = opened()
    made.locator("[data-start][tabindex]").focus()
    for key, number in {"ArrowRight": 1, "ArrowLeft": 0, "ArrowDown": 3, "End": -1, "Home": 0}.items():
        made.keyboard.press(key)
        focused = float(made.locator("[data-start]:focus").get_attribute("data-start") or "")
        assert focused == word(made, number)[0] if number >= 0 else focused > 60
    assert made.evaluate(f"{_AUDIO}.paused")
    for key in ("Enter", " "):  # Space is for the word that the arrow keys have reached; else it plays and pauses
        made.keyboard.press("ArrowDown")
        made.keyboard.press("ArrowRight")
        focused = float(made.locator("[data-start]:focus").get_attribute("data-start") or "")
        made.keyboard.press(key)
        assert sought(made) == pytest.approx(focused, abs=0.05)
        assert not made.evaluate(f"{_AUDIO}.paused")
        made.keyboard.press("Escape")
        assert made.evaluate(f"{_AUDIO}.paused")
    # One word at a time is a button: Tab leaves the text at once, and a screen reader reads text.
    made.keyboard.press(" ")
    assert not made.evaluate(f"{_AUDIO}.paused")
    made.keyboard.press(" ")
    assert made.evaluate(f"{_AUDIO}.paused")
    assert made.locator("article [role=button]").count() == made.locator("article .word[tabindex]").count() == 1


# Colours and widths are independent of each other: each is judged once.
@pytest.mark.parametrize(("scheme", "width"), [("light", 1_000), ("dark", 360)])
def test_axe_finds_nothing(opened: Callable[..., Page], tmp_path: Path, scheme: str, width: int) -> None:
    # A short page: axe takes long over each word, and more paragraphs have no other kinds of elements.
    tracks = programme(["长春全面振兴", *[_PARAGRAPH] * 2], 12_000)
    made = opened(page(tmp_path, tracks, findings=findings()).as_uri(), color_scheme=scheme)
    made.set_viewport_size({"width": width, "height": 700})
    made.get_by_text("View").click()
    for state in ("both", "hanzi", "pinyin"):
        made.locator(f"#{state}").check()
        made.locator("[data-start]").nth(2).click()
        made.wait_for_timeout(100)
        results = Axe().run(made)
        assert results.violations_count == 0, results.generate_report()
    assert made.evaluate("document.documentElement.scrollWidth") <= width


def test_findings_lead_to_the_text_and_back(opened: Callable[..., Page]) -> None:
    made = opened()
    expect(made.locator("#place1")).to_be_hidden()  # until they are asked for
    made.get_by_text("View").click()
    made.locator("#findings").check()
    made.get_by_role("link", name="error ✗1").click()
    expect(made.locator("#finding1")).to_be_in_viewport()
    assert made.evaluate(f"{_AUDIO}.paused")
    made.get_by_role("link", name="Back to the text, finding ✗1").click()
    expect(made.locator("#place1")).to_be_in_viewport()
    made.locator("#findings").uncheck()
    expect(made.locator("#place1")).to_be_hidden()
    expect(made.locator("#finding1")).to_be_hidden()


def test_the_contents_lead_to_a_paragraph(opened: Callable[..., Page]) -> None:
    made = opened()
    made.get_by_text("Contents").click()
    made.get_by_role("link", name="在长春全面振兴").nth(2).click()
    expect(made.locator("#p2")).to_be_in_viewport()
    first = made.locator("#p2 .word").first.get_attribute("data-start")
    assert now(made) == pytest.approx(float(first or ""), abs=0.01)


def test_the_page_remembers(opened: Callable[..., Page]) -> None:
    made = opened()
    made.get_by_text("View").click()
    made.locator("#huge").check()
    made.locator("#speed").fill("1.7")
    made.locator("[data-start]").nth(120).click()
    made.keyboard.press(" ")
    stopped = now(made)
    assert made.evaluate("navigator.mediaSession.metadata.title") == "长春"
    made.reload()
    assert now(made) == pytest.approx(stopped, abs=0.05)
    assert made.evaluate(f"{_AUDIO}.playbackRate") == 1.7
    assert made.locator("#huge").is_checked()
    assert made.locator("article").evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") > 40
    expect(made.locator("[data-start]").nth(120)).to_be_in_viewport()


def test_chinese_browsers_see_chinese(opened: Callable[..., Page]) -> None:
    made = opened(locale="zh-CN")
    made.get_by_role("button", name="下一句").click()
    expect(made.get_by_role("button", name="暂停")).to_be_visible()
    made.get_by_text("显示").click()
    shown = made.locator("header").inner_text() + made.locator("footer").inner_text()
    assert set(re.findall("[A-Za-z]+", shown)) == {"langdu", "baker", "Tab"}


def test_what_is_copied_is_the_article(opened: Callable[..., Page]) -> None:
    made = opened(permissions=["clipboard-read", "clipboard-write"])
    made.get_by_text("View").click()
    made.locator("#findings").check()
    copied = made.evaluate(
        """() => {
          getSelection().selectAllChildren(document.querySelector("article"));
          const clipboardData = new DataTransfer();
          const event = new ClipboardEvent("copy", { bubbles: true, cancelable: true, clipboardData });
          document.querySelector("article p").dispatchEvent(event);
          return clipboardData.getData("text/plain");
        }"""
    )
    assert copied == "\n\n".join(["长春全面振兴", *[_PARAGRAPH] * 6])


# --- what is seen ---------------------------------------------------------------------------------------------------


def test_pinyin_and_hanzi_are_shown_as_chosen(opened: Callable[..., Page]) -> None:
    made = opened()
    base = made.locator("article p ruby").first
    pinyin = base.locator("rt")
    expect(pinyin).to_be_visible()
    made.get_by_text("View").click()
    made.locator("#hanzi").check()
    expect(pinyin).to_be_hidden()
    made.locator("#pinyin").check()
    expect(pinyin).to_be_visible()
    assert base.evaluate("(e) => getComputedStyle(e).fontSize") == "0px"
    assert pinyin.evaluate("(e) => parseFloat(getComputedStyle(e).fontSize)") >= 16


def test_pinyin_over_annotated_words(opened: Callable[..., Page], tmp_path: Path) -> None:
    path = page(tmp_path, programme(["长春", "长春"]))
    text = path.read_text(encoding="utf-8").replace('"word annotated"', '"word"', 1)
    path.write_text(text, encoding="utf-8")
    made = opened(path.as_uri())
    made.get_by_text("View").click()
    made.locator("#annotated").check()
    expect(made.locator("h1 rt").first).to_be_hidden()
    expect(made.locator("article p rt").first).to_be_visible()


@pytest.mark.parametrize("width", [1_000, 360])
def test_pinyin_does_not_move_lines(opened: Callable[..., Page], width: int) -> None:
    made = opened()
    made.set_viewport_size({"width": width, "height": 700})
    made.get_by_text("View").click()
    gaps = set()
    for state in ("both", "hanzi"):
        made.locator(f"#{state}").check()
        lines = made.evaluate(
            """() => [...document.querySelectorAll("article > p")].map((p) =>
              [...new Set([...p.querySelectorAll(".word")].flatMap((w) => [...w.childNodes].map((n) => {
                const range = document.createRange();
                range.selectNode(n.nodeName === "RUBY" ? n.firstChild : n);
                return Math.round(range.getBoundingClientRect().bottom);
              })))].sort((a, b) => a - b))"""
        )
        gaps |= {after - before for p in lines for before, after in pairwise(p) if after - before > 5}
    assert max(gaps) - min(gaps) <= 1, gaps


_PLACES: Final = """(selector) => [...document.querySelectorAll(`article ${selector}`)].map((e) => {
  const { left, right, top } = e.getBoundingClientRect();
  return [left, right, top];
})"""


# The width of three hanzi of 100 pixels. What a browser shows for a hanzi that no font has is narrower or wider.
_WIDTH: Final = """() => {
  const canvas = document.createElement("canvas").getContext("2d");
  canvas.font = "100px sans-serif";
  return canvas.measureText("长春城").width;
}"""


@pytest.mark.parametrize("width", [1_000, 390])
def test_hanzi_stand_on_an_even_grid(opened: Callable[..., Page], tmp_path: Path, width: int) -> None:
    # A short syllable is narrower than its hanzi and a long one is wider, in every font.
    for base, text in (("da", "大长大，大。"), ("zhuang", "长春长春长春")):
        syllable = Syllable(base, Tone.LOW)
        reading = Reading(syllable, syllable, Origin.LEXICON)
        tracks = programme([text, text * 12])
        tracks = [replace(t, timings=tuple(replace(x, reading=reading) for x in t.timings)) for t in tracks]
        made = opened(page(tmp_path, tracks).as_uri())
        made.set_viewport_size({"width": width, "height": 700})
        made.get_by_text("View").click()
        made.locator("#huge").check()
        if made.evaluate(_WIDTH) != 300:
            pytest.skip("needs a font with hanzi")
        places = made.evaluate(_PLACES, "p :is(ruby, .cell)")
        steps = {round(b[0] - a[0]) for a, b in pairwise(places) if a[2] == b[2] and b[0] > a[0]}
        assert max(steps) - min(steps) <= 1, steps
        syllables = made.evaluate(_PLACES, "rt")
        assert all(a[1] < b[0] for a, b in pairwise(syllables) if abs(a[2] - b[2]) < 1 and b[0] > a[0])
        # Marks close a line and never open one.
        commas = made.evaluate(_PLACES, "p .cell")
        assert all(left > places[0][0] + 1 for left, _, _ in commas)


def test_a_title_is_not_broken_inside_a_word(opened: Callable[..., Page], tmp_path: Path) -> None:
    title = "全面振兴新突破三年攻坚行动决胜之年走进长春"
    made = opened(page(tmp_path, programme([title, "长"])).as_uri())
    for width in range(360, 800, 40):
        made.set_viewport_size({"width": width, "height": 700})
        lines = made.evaluate(
            """() => [...document.querySelectorAll("h1 .word")].map((word) => new Set(
              [...word.querySelectorAll("ruby")].map((ruby) => Math.round(ruby.getBoundingClientRect().top))).size)"""
        )
        assert set(lines) == {1}


def test_dark_and_light(opened: Callable[..., Page]) -> None:
    def paper(page: Page) -> int:
        channels = re.findall(r"\d+", page.evaluate("getComputedStyle(document.body).backgroundColor"))
        return sum(map(int, channels[:3]))

    assert paper(opened()) > 600
    made = opened(color_scheme="dark")
    assert paper(made) < 150
    made.get_by_text("View").click()
    made.locator("#light").check()
    assert paper(made) > 600
    made.locator("#dark").check()
    assert paper(made) < 150


def test_the_report_of_the_check_fits_a_phone(browser: Browser, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("标题\n\n行(xíng)长(zhǎng)来了，他在重(zhòng)庆(qìng)。", encoding="utf-8")
    report = tmp_path / "report.html"
    report.write_text(langdu("check", str(article), "--format", "html").stdout, encoding="utf-8")
    with browser.new_context(viewport={"width": 390, "height": 700}) as context:
        made = context.new_page()
        made.goto(report.as_uri())
        assert made.evaluate("document.documentElement.scrollWidth") <= 390
        expect(made.get_by_role("cell", name="→ chóng")).to_be_in_viewport(ratio=1)


def test_print(opened: Callable[..., Page]) -> None:
    made = opened(color_scheme="dark")
    made.locator("#position").fill(f"{word(made, 2)[0] + 0.05:.2f}")
    made.emulate_media(media="print")
    for hidden in ("header", "footer", ".skip"):
        expect(made.locator(hidden)).to_be_hidden()
    expect(made.locator("article rt").first).to_be_visible()
    assert made.evaluate("getComputedStyle(document.querySelector('.spoken')).backgroundColor") == "rgba(0, 0, 0, 0)"
    assert made.evaluate("getComputedStyle(document.body).color") == "rgb(34, 32, 28)"
    assert made.pdf()[:5] == b"%PDF-"


def test_without_scripts(opened: Callable[..., Page]) -> None:
    made = opened(java_script_enabled=False)
    expect(made.locator("audio")).to_be_visible()
    expect(made.locator("#player")).to_be_hidden()
    expect(made.locator("article rt").first).to_be_visible()
    made.get_by_text("View").click()
    made.locator("#hanzi").check()
    expect(made.locator("article rt").first).to_be_hidden()


# --- attacks --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "<script>window.caught = 1</script>长",
        "</script><script>window.caught = 1</script>长",
        "<img src=x onerror='window.caught = 1'>长",
        "\"' onclick='window.caught = 1' x=\"长",
        "</style></title><svg onload=window.caught=1>长",
        "<iframe src='https://example.org'></iframe>长<base href='https://example.org'>",
    ],
)
def test_an_article_runs_nothing(opened: Callable[..., Page], tmp_path: Path, text: str) -> None:
    wrong = Finding(
        rule=text, severity=Severity.ERROR, message=text, paragraph=0, span=Span(0, 2), text=text, written=text,
        suggestion=text,
    )  # fmt: skip
    made = opened(page(tmp_path, programme([text, text]), title=text, findings=[wrong]).as_uri())
    made.locator("[data-start]").last.click()
    assert made.evaluate("window.caught") is None
    assert made.evaluate("document.querySelectorAll('script, iframe, base, img').length") == 1
    assert made.title() == text


@pytest.mark.parametrize(
    "attack",
    [
        "<script>window.caught = 1</script>",
        "<img src='data:,x' onerror='window.caught = 1'>",
        "<a id='trap' href='javascript:window.caught = 1'>x</a>",
        "<style>article { display: none }</style>",
    ],
)
def test_the_policy_stops_what_gets_in_all_the_same(browser: Browser, tmp_path: Path, attack: str) -> None:
    path = page(tmp_path, programme(["长", "春"]))
    text = path.read_text(encoding="utf-8").replace("</article>", f"</article>{attack}")
    path.write_text(text, encoding="utf-8")
    with browser.new_context() as context:
        made = context.new_page()
        made.goto(path.as_uri())
        if made.locator("#trap").count():
            made.locator("#trap").click()
        made.wait_for_timeout(100)
        assert made.evaluate("window.caught") is None
        expect(made.locator("article")).to_be_visible()
        expect(made.locator("#player")).to_be_visible()  # our own script did run
