"""The reading room as a person uses it, in a real Chromium: by mouse, and by keyboard alone."""

from __future__ import annotations

import re
import shutil
from time import sleep
from typing import TYPE_CHECKING, Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from desks import TEXT, paste

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from playwright.sync_api import Download, Page, Route


def readings(page: Page, hanzi: str) -> list[str]:
    """The readings over each of these hanzi."""
    found: list[str] = page.evaluate(
        "(hanzi) => [...document.querySelectorAll('article ruby')].filter((r) => r.firstChild.data === hanzi)"
        ".map((r) => r.querySelector('rt').textContent)",
        hanzi,
    )
    return found


def hanzi(page: Page, which: str, number: int = 0) -> Any:  # noqa: ANN401
    return page.locator("article ruby", has_text=re.compile(f"^{which}")).nth(number)


def mode(page: Page, name: str) -> None:
    page.locator(".modes label", has_text=name).click()


def downloaded(page: Page, act: Callable[[], None]) -> str:
    """What an act brings home."""
    with page.expect_download() as found:
        act()
    download: Download = found.value
    return download.path().read_text(encoding="utf-8")


# --- paste, drop, choose --------------------------------------------------------------------------------------------


def test_what_was_left_out_is_put_back(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    assert "王芳" not in page.locator("article p").last.inner_text()
    page.get_by_text("1 line left out").click()
    page.get_by_role("button", name="Put back").click()
    expect(page.locator("article p").last).to_contain_text(re.compile("王.*芳"))
    mode(page, "Correct")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("1 line left out")).to_be_visible()


def test_files_are_chosen_or_dropped(room: Callable[..., Page], tmp_path: Path) -> None:
    page = room()
    path = tmp_path / "课文.txt"
    path.write_text("课文\n\n今天下雨。", encoding="utf-8")
    page.locator("#file").set_input_files(path)
    expect(page.locator("article h1")).to_contain_text(re.compile("课.*文"))
    page.get_by_role("link", name="Shelf").click()
    page.evaluate(
        """() => {
          const dataTransfer = new DataTransfer();
          dataTransfer.items.add(new File(["雪天\\n\\n今天下雪。"], "雪天.txt"));
          document.body.dispatchEvent(new DragEvent("drop", { dataTransfer, bubbles: true, cancelable: true }));
        }"""
    )
    expect(page.locator("article h1")).to_contain_text(re.compile("雪.*天"))


def test_what_cannot_be_read_is_said(room: Callable[..., Page], faults: list[str]) -> None:
    page = room()
    with page.expect_response(lambda given: given.status == 422) as refused:
        page.locator("#file").set_input_files({"name": "a.pdf", "mimeType": "", "buffer": b"%PDF-1.4 no more"})
    faults.remove(f"422 {refused.value.url}")
    expect(page.get_by_role("alert")).to_contain_text("a.pdf")
    expect(page.get_by_label("Paste an article")).to_be_visible()
    for pasted, said in {
        "Only English.": "no Chinese characters in what you pasted",
        "/home/me/课文.txt": "name of a file",
    }.items():
        page.get_by_label("Paste an article").fill(pasted)
        page.get_by_role("button", name="Read it").click()
        expect(page.get_by_role("alert")).to_contain_text(said)


def test_a_first_sentence_is_not_shown_twice(room: Callable[..., Page]) -> None:
    page = room()
    paste(page, "今天下雪，孩子们很高兴。")
    assert page.locator("article h1").bounding_box()["width"] <= 1  # type: ignore[index]


def test_article_text_is_text(room: Callable[..., Page]) -> None:
    page = room()
    paste(page, "<img src=x onerror=alert(1)>长\n\n<script>window.caught = 1</script>春天\n\n'\"><b>长</b>")
    assert page.evaluate("document.querySelectorAll('article :is(script, img), :is(p, h1) > * b').length") == 0
    assert page.evaluate("window.caught") is None


# --- read -----------------------------------------------------------------------------------------------------------


def test_readings_are_shown_as_chosen(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    annotated, other = hanzi(page, "长").locator("rt"), hanzi(page, "飘").locator("rt")
    page.get_by_text("View").click()
    page.locator("#annotated").check()
    expect(annotated).to_be_visible()
    expect(other).to_be_hidden()
    page.locator("#unsure").check()
    expect(annotated).to_be_hidden()
    page.locator("#hanzi").check()
    expect(other).to_be_hidden()
    page.locator("#both").check()
    page.locator("#all").check()
    page.locator("#zhuyin").check()
    expect(other).to_have_text("ㄆㄧㄠ")
    page.locator("#tones").check()
    colours = [hanzi(page, each).evaluate("(e) => getComputedStyle(e).color") for each in "飘长"]
    assert len(set(colours)) == 2
    page.reload()
    expect(hanzi(page, "飘").locator("rt")).to_have_text("ㄆㄧㄠ")


# --- correct --------------------------------------------------------------------------------------------------------


def test_a_reading_is_corrected_by_mouse(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    mode(page, "Correct")
    hanzi(page, "少").click()
    sheet = page.get_by_role("dialog", name="Readings of 少")
    expect(sheet.get_by_role("radio", checked=True)).to_have_count(1)
    with page.expect_response(lambda answer: "/hear/" in answer.url) as heard:
        sheet.get_by_role("button", name="Hear shǎo").click()
    assert heard.value.ok
    sheet.get_by_text("shǎo", exact=True).click()
    sheet.get_by_role("button", name="Here").click()
    expect(sheet).to_be_hidden()
    assert readings(page, "少") == ["shǎo"]
    page.get_by_role("button", name="Undo").click()
    expect(hanzi(page, "少").locator("rt")).to_have_text("shào")
    page.get_by_role("button", name="Redo").click()
    expect(hanzi(page, "少").locator("rt")).to_have_text("shǎo")
    page.reload()  # nothing is lost
    expect(hanzi(page, "少").locator("rt")).to_have_text("shǎo")


def test_a_reading_is_corrected_by_keyboard(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    page.locator("#listen").focus()
    page.keyboard.press("ArrowRight")  # to Correct
    page.locator("article ruby[tabindex]").focus()
    page.keyboard.press("ArrowDown")  # to the first sentence after the title
    for _ in range(2):
        page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.firstChild.data") == "重"
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog", name="Readings of 重")).to_be_visible()
    assert page.evaluate("document.activeElement.checked")
    page.keyboard.press("ArrowDown")
    chosen = page.evaluate("document.activeElement.value")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.firstChild.data") == "重"  # back in the text
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("ArrowDown")
    while page.evaluate("document.activeElement.innerText") != "Here":
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert page.evaluate("document.activeElement.firstChild.data") == "重"
    wanted = {"chong2": "chóng", "zhong4": "zhòng"}[chosen]
    assert readings(page, "重")[0] == wanted
    page.keyboard.press("Control+z")
    expect(hanzi(page, "重").locator("rt")).to_have_text("zhòng")
    expect(page.locator("#status")).to_have_text("Taken back")
    assert page.evaluate("document.activeElement.firstChild.data") == "重"


def test_findings_stand_at_their_place(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    finding = page.locator(".findings li", has_text="zhòngqìng")
    expect(finding).to_be_hidden()
    mode(page, "Correct")
    finding.get_by_role("button", name="Explain").click()
    expect(finding.get_by_text("Right:")).to_be_visible()
    finding.get_by_role("button", name="Ignore").click()
    expect(finding).to_have_count(0)
    page.get_by_text("Ignored findings (1)").click()
    page.get_by_role("button", name="Restore").click()
    finding.get_by_role("button", name="Accept chóngqìng").click()
    expect(finding).to_have_count(0)
    assert readings(page, "重") == ["chóng", "chóng"]


# --- listen ---------------------------------------------------------------------------------------------------------


def test_the_word_that_is_heard_is_lit(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    word = page.locator("article p .word").nth(4)
    word.click()
    expect(word).to_have_class(re.compile("spoken"))
    page.keyboard.press(" ")
    assert page.evaluate("document.querySelector('audio').paused")
    stopped = page.locator(".spoken").last.get_attribute("data-at")
    page.locator("#speed").fill("2")
    assert page.evaluate(
        "[document.querySelector('audio').playbackRate, document.querySelector('audio').preservesPitch]"
    ) == [
        2,
        True,
    ]
    page.locator("#speed").fill("1")
    page.wait_for_timeout(300)  # the place is kept when it pauses
    page.reload()
    expect(page.locator(".spoken")).to_have_attribute("data-at", stopped or "")
    page.get_by_role("button", name="Play").click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    # It goes on through all pieces to the end, and every word of what follows is lit.
    page.evaluate(
        """() => {
          window.lit = new Set();
          const look = () => {
            for (const word of document.querySelectorAll(".spoken")) window.lit.add(word);
            requestAnimationFrame(look);
          };
          look();
        }"""
    )
    expect(page.get_by_role("button", name="Play")).to_be_visible(timeout=60_000)
    unlit = page.evaluate(
        "[...document.querySelectorAll('#p1 .word')].filter((w) => !window.lit.has(w)).map((w) => w.textContent)"
    )
    assert unlit == []


def test_sentences_are_looped_and_contents_lead_on(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    page.get_by_text("Contents").click()
    page.locator("#contents a").last.click()
    page.get_by_role("button", name="Repeat the sentence").click()
    page.locator("#speed").fill("2")
    page.get_by_role("button", name="Play").click()
    first = page.locator("#p1 .word").first
    expect(first).to_have_class(re.compile("spoken"))
    expect(first).not_to_have_class(re.compile("spoken"))
    expect(first).to_have_class(re.compile("spoken"))
    page.clock.install()
    page.get_by_text("View").click()
    page.get_by_label("Stop after").select_option("10 minutes")
    page.clock.fast_forward(600_000)
    expect(page.get_by_role("button", name="Play")).to_be_visible()


# --- practise -------------------------------------------------------------------------------------------------------


def test_a_sentence_is_practised(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)
    sent: list[str] = []
    page.on("request", lambda asked: sent.append(asked.post_data or "") if asked.method != "GET" else None)
    mode(page, "Practise")
    page.locator("#p0 .word").first.click()
    sheet = page.get_by_role("dialog", name="Practise a sentence")
    sheet.get_by_role("button", name="Record").click()
    page.wait_for_timeout(700)  # somebody speaks
    sheet.get_by_role("button", name="Stop").click()
    expect(sheet.get_by_role("button", name="Hear both")).to_be_enabled()
    expect(sheet.get_by_role("img", name="The pitch of the voice and yours")).to_be_visible()
    assert all(len(body) < 200 for body in sent)  # the recording goes nowhere
    with page.expect_download() as saved:
        sheet.get_by_role("button", name="Save").click()
    assert saved.value.path().stat().st_size > 100
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


# --- take away, and the shelf ---------------------------------------------------------------------------------------


def test_what_is_taken_away(room: Callable[..., Page]) -> None:
    page = room()
    text = paste(page)
    page.get_by_text("Take away").click()
    assert downloaded(page, page.get_by_role("button", name="srt").click).startswith("1\n00:00:00")
    assert downloaded(page, page.get_by_role("link", name="as it was annotated").click) == text
    assert "飘" in downloaded(page, page.get_by_role("link", name="CSV").click)
    with page.expect_download() as deck:
        page.get_by_role("button", name="anki").click()
    assert deck.value.suggested_filename.endswith(".apkg")


def test_a_file_that_is_done_before_its_request_is_answered(room: Callable[..., Page]) -> None:
    page = room()
    paste(page)

    def late(route: Route) -> None:
        answer = route.fetch()
        sleep(0.8)  # the event that the file is done comes meanwhile
        route.fulfill(response=answer)

    page.route("**/exports", late)
    page.get_by_text("Take away").click()
    assert downloaded(page, page.get_by_role("button", name="srt").click).startswith("1\n00:00:00")


def test_who_writes_before_the_room_has_answered_keeps_the_focus(room: Callable[..., Page]) -> None:
    page = room()
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)

    page.route("**/api/room", hold)
    page.reload()
    page.get_by_label("Paste an article").focus()
    page.keyboard.insert_text("早到\n\n今天下雪。")
    with page.expect_response("**/api/shelf"):
        held[0].continue_()
    page.keyboard.press("Control+Enter")
    expect(page.locator("article p ruby").first).to_be_visible()


def test_an_article_is_opened_and_heard_by_keyboard(room: Callable[..., Page]) -> None:
    page = room()
    page.get_by_label("Paste an article").focus()
    page.keyboard.insert_text("键盘\n\n今天下雪。明天下雨。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("article p ruby").first).to_be_visible()
    assert page.evaluate("document.activeElement.id") == "text"
    page.keyboard.press(" ")
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    expect(page.locator(".spoken")).to_have_count(1)
    assert page.evaluate("navigator.mediaSession.metadata.title") == "键盘"  # for the media keys
    page.keyboard.press("Escape")
    while page.evaluate("document.activeElement.innerText") != "Take away":
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "as it was annotated"
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="mp3")).to_be_hidden()


def test_the_shelf_keeps_articles(room: Callable[..., Page]) -> None:
    page = room()
    paste(page, "书架上的文章\n\n今天下雪。")
    page.get_by_role("link", name="Shelf").click()
    row = page.locator("#shelf li", has_text="书架上的文章")
    row.get_by_role("link").click()
    expect(page.locator("article ruby").first).to_be_visible()
    page.evaluate("document.querySelector('#shelf li').classList.add('earlier')")
    page.go_back()
    expect(page.locator("#shelf li.earlier")).to_have_count(0)  # the rows are made anew
    row.get_by_role("button").click()
    expect(row.get_by_role("button")).to_have_text("Remove for good?")
    row.get_by_role("button").click()
    expect(row).to_have_count(0)


def test_damaged_articles_are_named(room: Callable[..., Page], shelf: Path) -> None:
    damaged = shelf / "2026-01-01-旧文章"
    damaged.mkdir()
    (damaged / "shelf.json").write_text("{", encoding="utf-8")
    page = room()
    expect(page.get_by_role("region", name="Not on the shelf")).to_contain_text(str(damaged))
    expect(page.get_by_role("region", name="Not on the shelf")).to_contain_text("Nothing was deleted")
    shutil.rmtree(damaged)
    page.reload()
    expect(page.locator("#desk h1")).to_be_visible()
    expect(page.get_by_role("region", name="Not on the shelf")).to_be_hidden()


# --- everybody ------------------------------------------------------------------------------------------------------


# Colours and widths are independent of each other: each is judged once.
@pytest.mark.parametrize(("scheme", "width"), [("light", 1_000), ("dark", 360)])
def test_axe_finds_nothing(room: Callable[..., Page], scheme: str, width: int) -> None:
    page = room(color_scheme=scheme, viewport={"width": width, "height": 700})

    def judge() -> None:
        results = Axe().run(page)
        assert results.violations_count == 0, results.generate_report()
        assert page.evaluate("document.documentElement.scrollWidth") <= width

    judge()
    paste(page)
    page.get_by_text("View").click()
    page.locator("#tones").check()
    judge()
    page.get_by_text("Take away").click()
    judge()
    mode(page, "Correct")
    hanzi(page, "少").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    judge()
    mode(page, "Practise")
    page.locator("#p0 .word").first.click()
    expect(page.get_by_role("img", name="The pitch of the voice")).to_be_visible()
    judge()


def test_chinese_browsers_see_chinese(room: Callable[..., Page], faults: list[str]) -> None:
    page = room(locale="zh-CN")
    page.locator("#source").fill("http://127.0.0.1/")
    with page.expect_response(lambda given: given.status == 422) as refused:
        page.get_by_role("button", name="开始阅读").click()
    expect(page.locator("#fault")).to_contain_text("内部网络")
    faults.remove(f"422 {refused.value.url}")
    page.locator("#source").fill(TEXT)
    page.get_by_role("button", name="开始阅读").click()
    expect(page.locator("article ruby").first).to_be_visible()
    page.get_by_text("显示").click()
    mode(page, "校正")
    hanzi(page, "少").click()
    expect(page.get_by_role("dialog", name="少 的读音")).to_be_visible()
    finding = page.locator(".findings li", has_text="zhòngqìng")
    expect(finding).to_contain_text("“重”在“重庆”里读 chóng，不读 zhòng → chóngqìng 此处不这样读")
    letters = set(re.findall(r"[^\W\d_\u4e00-\u9fff]+", page.locator(".findings").inner_text()))
    assert letters == {"zhòngqìng", "chóng", "zhòng", "chóngqìng"}
    finding.get_by_role("button", name="说明").click()
    expect(finding).to_contain_text("这个字有这个读音，但在这个词或这句话里不这样读。")
    shown = "".join(page.locator(each).inner_text() for each in ("header", "footer"))
    assert set(re.findall("[A-Za-z]{2,}", shown)) <= {"Tab", "Ctrl"}
