"""What a person does in the room with an article: open, read, correct, undo, judge findings, put lines back."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from archives import docx
from langdu.lexicon import user
from rooms import ARTICLE, Served

if TYPE_CHECKING:
    import httpx


def at(article: dict[str, Any], paragraph: int, text: str) -> int:
    """Where a word stands."""
    found = next(p for p in article["paragraphs"] if p["index"] == paragraph)
    return int(found["text"].index(text))


def correct(browser: httpx.Client, article: dict[str, Any], paragraph: int, word: str, **how: str) -> Any:  # noqa: ANN401
    place = {"paragraph": paragraph, "at": at(article, paragraph, word)}
    answer = browser.post(f"/api/articles/{article['id']}/correct", json={**place, **how})
    assert answer.status_code == 200, answer.text
    return answer.json()


def source(article: dict[str, Any]) -> str:
    return Path(article["file"]).read_text(encoding="utf-8")


def readings(browser: httpx.Client, article: dict[str, Any], paragraph: int) -> dict[str, list[str]]:
    """The readings of each word of a paragraph, joined."""
    answer = browser.get(f"/api/articles/{article['id']}/paragraphs", params={"from": paragraph, "count": 1}).json()
    out: dict[str, list[str]] = {}
    for word in answer["paragraphs"][0]["words"]:
        if word["chars"]:
            out.setdefault(word["text"], []).append(" ".join(c["syllable"] or "-" for c in word["chars"]))
    return out


def test_a_text_is_opened_with_its_readings(browser: httpx.Client, article: dict[str, Any]) -> None:
    assert article["title"] == "江上的冬天"
    assert [p["index"] for p in article["paragraphs"]] == [-1, 0, 1]
    assert [(d["text"], d["reason"], d["after"]) for d in article["left_out"]] == [("分享到微信", "furniture", 0)]
    got = browser.get(f"/api/articles/{article['id']}/paragraphs").json()["paragraphs"]
    for paragraph, whole in zip(got, article["paragraphs"], strict=True):
        assert "".join(word["text"] for word in paragraph["words"]) == whole["text"]
    words = {word["text"]: word for word in got[1]["words"]}
    assert words["120"] == {
        "at": words["120"]["at"], "text": "120", "sentence": 0, "chars": None, "spoken": "一百二十",
        "reads": "yī bǎi èr shí",
    }  # fmt: skip
    assert [c["source"] for c in got[1]["words"][0]["chars"]] == ["annotation", "annotation"]
    erhua = next(word for word in got[2]["words"] if word["text"] == "玩儿")
    assert [c["syllable"] for c in erhua["chars"]] == ["wanr2", None]


def test_a_document_is_opened_as_bytes(browser: httpx.Client) -> None:
    headers = {"Content-Type": "application/octet-stream"}
    answer = browser.post(
        "/api/articles?name=课文.docx",
        content=docx("<w:p><w:r><w:t>长(cháng)城很长。</w:t></w:r></w:p>"),
        headers=headers,
    )
    assert answer.status_code == 201, answer.text
    opened = answer.json()
    assert opened["paragraphs"][0]["text"] == "长城很长。"
    assert Path(opened["file"]).name == "课文.txt"


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"text": "hello"}, "no Chinese characters"),
        ({"text": ""}, "empty"),
        ({"address": "ftp://example.org/a"}, "not an http or https address"),
        ({"address": "http://127.0.0.1/a"}, "private address"),
        ({"address": "http://192.168.1.1/"}, "private address"),
        ({"address": "http://[::1]/"}, "private address"),
        ({"address": "/etc/passwd"}, "not an http or https address"),
    ],
)
def test_what_cannot_be_opened_is_refused_in_words(browser: httpx.Client, body: dict[str, str], says: str) -> None:
    answer = browser.post("/api/articles", json=body)
    assert answer.status_code == 422
    assert says in answer.json()["error"]


@pytest.mark.parametrize(
    ("text", "says", "code"),
    [
        ("Only English here", "what you pasted has no Chinese characters", "no-hanzi"),
        ("", "what you pasted is empty", "empty"),
        ("www.example.com", "begins with https://", "pasted-address"),
        ("news.example.cn/江上?a=b", "begins with https://", "pasted-address"),
        ("/home/ann/01.txt", "choose the file", "pasted-path"),
        ('"C:\\\\课文\\\\第一课.docx"\n', "choose the file", "pasted-path"),
        ("file:///home/ann/春天.html", "choose the file", "pasted-path"),
    ],
)
def test_a_paste_that_is_no_text_is_refused_with_what_to_do(
    browser: httpx.Client, text: str, says: str, code: str
) -> None:
    answer = browser.post("/api/articles", json={"text": text})
    assert answer.status_code == 422
    assert says in answer.json()["error"]
    assert ".txt" not in answer.json()["error"]
    assert answer.json()["code"] == code


@pytest.mark.parametrize("text", ["见 www.example.com/江上。", "/人/手/口。", "春天.", "~ 春天来了。"])
def test_a_paste_that_only_looks_like_a_name_is_a_text(browser: httpx.Client, text: str) -> None:
    assert browser.post("/api/articles", json={"text": text}).status_code == 201


@pytest.mark.parametrize(
    ("method", "path", "body", "code"),
    [
        ("POST", "/api/articles", {"address": "http://127.0.0.1/a"}, "private-address"),
        ("POST", "/api/articles", {"address": "ftp://example.org/a"}, "no-address"),
        ("GET", "/api/articles/nothing", None, "no-article"),
    ],
)
def test_what_the_page_says_in_chinese_has_a_code(
    browser: httpx.Client, method: str, path: str, body: dict[str, str] | None, code: str
) -> None:
    assert browser.request(method, path, json=body).json()["code"] == code


def test_a_title_with_pinyin_over_every_word_stands_once(browser: httpx.Client) -> None:
    opened = browser.post("/api/articles", json={"text": "重庆(chóng qìng)\n\n六月的重庆很热。"}).json()
    assert [(p["text"], p["title"]) for p in opened["paragraphs"]] == [("重庆", True), ("六月的重庆很热。", False)]


def test_a_character_has_its_readings_and_a_reason(browser: httpx.Client, article: dict[str, Any]) -> None:
    where = at(article, 0, "长大")
    place = browser.get(f"/api/articles/{article['id']}/places/0/{where}").json()
    assert (place["char"], place["word"], place["present"], place["reason"]) == ("长", "长大", "zhang3", "dictionary")
    assert [r["syllable"] for r in place["readings"]] == ["zhang3", "chang2"]
    assert place["everywhere"] == 2
    annotated = browser.get(f"/api/articles/{article['id']}/places/0/0").json()
    assert (annotated["reason"], annotated["present"]) == ("annotation", "zhong4")
    comma = browser.get(f"/api/articles/{article['id']}/places/0/{at(article, 0, '，')}")
    assert comma.status_code == 422


def test_a_reading_is_corrected_here_and_undone(browser: httpx.Client, article: dict[str, Any]) -> None:
    change = correct(browser, article, 0, "长大", syllable="chang2", scope="here")
    assert [p["index"] for p in change["paragraphs"]] == [0]
    assert source(article) == ARTICLE.replace("长大了", "长(cháng)大了")
    assert readings(browser, article, 0)["长大"] == ["chang2 da4", "zhang3 da4"]
    back = browser.post(f"/api/articles/{article['id']}/undo", json={}).json()
    assert (back["undo"], back["redo"], source(article)) == (False, True, ARTICLE)
    again = browser.post(f"/api/articles/{article['id']}/redo", json={}).json()
    assert (again["undo"], again["redo"]) == (True, False)
    assert "长(cháng)大了" in source(article)
    assert browser.post(f"/api/articles/{article['id']}/redo", json={}).status_code == 409


def test_a_reading_is_corrected_everywhere(browser: httpx.Client, article: dict[str, Any]) -> None:
    correct(browser, article, 0, "长大", syllable="chang2", scope="everywhere")
    assert source(article) == ARTICLE.replace("长大", "长(cháng)大")


def test_an_annotation_keeps_its_style(browser: httpx.Client, article: dict[str, Any]) -> None:
    correct(browser, article, 0, "重庆", syllable="chong2", scope="here")
    assert source(article) == ARTICLE.replace("Zhòngqìng", "Chóngqìng")


@pytest.mark.parametrize(
    ("text", "corrected"),
    [
        ("长(chang2)江。他长大了。", "长(chang2)江。他长(chang2)大了。"),
        ("长（ㄔㄤˊ）江。他长大了。", "长（ㄔㄤˊ）江。他长（ㄔㄤˊ）大了。"),
        (
            "<ruby>长<rt>cháng</rt></ruby>江。他长大了。",
            "<ruby>长<rt>cháng</rt></ruby>江。他<ruby>长<rt>cháng</rt></ruby>大了。",
        ),
        ("他长大了。", "他长(cháng)大了。"),
        ("他长大(zhǎng dà)了。", "他长大(cháng dà)了。"),
        ("他长大(zhang3da4)了。", "他长大(chang2da4)了。"),
        ("他长大(zhangda)了，银行(yinhang)关了。", "他长大(chángdà)了，银行(yinhang)关了。"),
    ],
)
def test_a_correction_is_written_as_the_article_writes(browser: httpx.Client, text: str, corrected: str) -> None:
    opened = browser.post("/api/articles", json={"text": text}).json()
    last = opened["paragraphs"][-1]
    place = {"paragraph": last["index"], "at": last["text"].index("长大"), "syllable": "chang2", "scope": "here"}
    answer = browser.post(f"/api/articles/{opened['id']}/correct", json=place)
    assert answer.status_code == 200, answer.text
    assert source(opened) == corrected
    assert browser.get(f"/api/articles/{opened['id']}/text").text == corrected


@pytest.mark.parametrize(
    ("text", "char", "syllable", "corrected"),
    [
        ("孔子说得好。", "子", "zi5", "孔子(zi5)说得好。"),  # (zi) would have no tone
        ("孔子(zǐ)说得好。", "子", "zi5", "孔子(zi5)说得好。"),
        ("他慢慢地走。", "地", "de5", "他慢慢地(de)走。"),  # 地 has no other de
        ("他在这儿玩儿。", "玩", "wan2", "他在这儿玩(wán)儿。"),
        ("这是驻(助)校教师。", "驻", "zhu3", "这是驻(zhǔ)校教师。"),
    ],
)
def test_what_is_written_is_read_so(browser: httpx.Client, text: str, char: str, syllable: str, corrected: str) -> None:
    opened = browser.post("/api/articles", json={"text": text}).json()
    index = opened["paragraphs"][-1]["index"]
    correct(browser, opened, index, char, syllable=syllable, scope="here")
    assert source(opened) == corrected
    url = f"/api/articles/{opened['id']}/places/{index}/{at(opened, index, char)}"
    assert browser.get(url).json()["present"] == syllable


def test_a_reading_that_holds_always_is_the_users_own(browser: httpx.Client, article: dict[str, Any]) -> None:
    change = correct(browser, article, 1, "觉得", syllable="jiao4", scope="always")
    assert [entry.word for entry in user.read_table(user.user_table())] == ["觉得"]
    assert [p["index"] for p in change["paragraphs"]] == [1]
    assert source(article) == ARTICLE
    place = browser.get(f"/api/articles/{article['id']}/places/1/{at(article, 1, '觉得')}").json()
    assert (place["present"], place["reason"]) == ("jiao4", "user")
    browser.post(f"/api/articles/{article['id']}/undo", json={})
    assert user.read_table(user.user_table()) == []
    assert readings(browser, article, 1)["觉得"] == ["jue2 de5"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"syllable": "xyz9"}, {"scope": "never"}, {"paragraph": 99}, {"at": 500}, {"at": -5}, {"at": "0"}, {"at": True},
        {"paragraph": None},
    ],
)  # fmt: skip
def test_a_correction_that_cannot_be_is_refused(
    browser: httpx.Client, article: dict[str, Any], wrong: dict[str, Any]
) -> None:
    right = {"paragraph": 0, "at": 0, "syllable": "chong2", "scope": "here"}
    answer = browser.post(f"/api/articles/{article['id']}/correct", json={**right, **wrong})
    assert answer.status_code in {400, 422}
    assert answer.json()["error"]
    assert source(article) == ARTICLE


def test_findings_are_accepted_ignored_and_restored(browser: httpx.Client, article: dict[str, Any]) -> None:
    url = f"/api/articles/{article['id']}/findings"
    (finding,) = browser.get(url).json()["findings"]
    assert (finding["text"], finding["suggestion"], finding["can_accept"]) == ("重庆", "Chóngqìng", True)
    browser.post(url, json={"finding": finding["id"], "do": "ignore"})
    assert [f["id"] for f in browser.get(url).json()["accepted"]] == [finding["id"]]
    assert browser.get(url).json()["findings"] == []
    browser.post(url, json={"finding": finding["id"], "do": "restore"})
    assert [f["id"] for f in browser.get(url).json()["findings"]] == [finding["id"]]
    change = browser.post(url, json={"finding": finding["id"], "do": "accept"}).json()
    assert [p["index"] for p in change["paragraphs"]] == [0]
    assert source(article) == ARTICLE.replace("Zhòngqìng", "Chóngqìng")
    assert browser.get(url).json()["findings"] == []
    assert browser.post(url, json={"finding": "f0", "do": "accept"}).status_code == 422


def test_a_rule_explains_itself(browser: httpx.Client) -> None:
    rule = browser.get("/api/rules/wrong-tone").json()
    assert rule["summary"]
    assert rule["bad"]
    assert browser.get("/api/rules/no-such").status_code == 404


def test_a_line_is_put_back_and_left_out_again(browser: httpx.Client, article: dict[str, Any]) -> None:
    url = f"/api/articles/{article['id']}/keep"
    (line,) = article["left_out"]
    change = browser.post(url, json={"line": line["line"], "keep": True}).json()
    now = change["article"]
    assert [p["text"] for p in now["paragraphs"]][2] == "分享到微信"
    assert now["left_out"] == []
    (kept,) = now["kept"]
    assert source(article).startswith("---\nkeep: 8\n---\n江上的冬天")
    change = browser.post(url, json={"line": kept["line"], "keep": False}).json()
    assert source(article) == ARTICLE
    assert browser.post(url, json={"line": 77, "keep": True}).status_code == 422


def test_paragraphs_are_read_while_others_come_and_go(browser: httpx.Client, article: dict[str, Any]) -> None:
    address = f"/api/articles/{article['id']}"

    seen: set[int] = set()

    def put_back_and_leave_out() -> None:
        for count in range(500):
            if count >= 20 and len(seen) == 2:
                return
            line = browser.get(address).json()["left_out"][0]["line"]
            browser.post(f"{address}/keep", json={"line": line, "keep": True}).raise_for_status()
            browser.post(f"{address}/undo", json={}).raise_for_status()

    with ThreadPoolExecutor(1) as other:
        changing = other.submit(put_back_and_leave_out)
        while not changing.done():
            answer = browser.get(f"{address}/paragraphs")
            assert answer.status_code == 200, answer.text
            seen.add(len(answer.json()["paragraphs"]))
        changing.result()
    assert seen == {3, 4}


def test_two_articles_do_not_mix(browser: httpx.Client, article: dict[str, Any], room: Served) -> None:
    with room.browser() as other:
        second = other.post("/api/articles", json={"text": "第二篇\n\n他长大了，很高兴。"}).json()
        correct(other, second, 0, "长大", syllable="chang2", scope="here")
    assert source(article) == ARTICLE
    assert browser.get(f"/api/articles/{article['id']}").json()["version"] == 0
    assert "长(cháng)大" in source(second)


def test_every_code_has_its_words_in_chinese() -> None:
    docs = Path(__file__).parents[2] / "docs" / "room-api.md"
    table = docs.read_text(encoding="utf-8").split("| code | what it means |")[1].split("\n\n")[0]
    codes = {code for row in table.splitlines()[1:] for code in re.findall(r"`([a-z-]+)`", row.split("|")[1])}
    page = Path(str(resources.files("langdu.room"))) / "page" / "chinese.js"
    spoken = set(re.findall(r'"refused: ([a-z-]+)"', page.read_text(encoding="utf-8")))
    assert codes - {"confirm", "fault"} == spoken  # these two are not met by a person at the page
