"""Letters without a tone among annotations with tones: a neutral tone, or one that is missing."""

from __future__ import annotations

import pytest

import langdu
from langdu.model import Article, Source
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pinyin import number
from langdu.pipeline.text import read_characters

TONED = "我(wǒ)喜欢(xǐhuan)喝茶(chá)。"


def judged(article: Article, char: str) -> list[tuple[str, bool]]:
    """Each annotation of a character: how it is read, and whether the check misses its tone."""
    flagged = {(f.paragraph, f.span.start) for f in langdu.check(article) if f.rule == "no-tones"}
    paragraphs = list(article.spoken_order())
    found = []
    for paragraph, readings in zip(paragraphs, read_characters(paragraphs, {}), strict=True):
        for span, _ in paragraph.annotated():
            reading = readings[span.start]
            if span.of(paragraph.text) == char and reading:
                found.append((number(reading.citation), (paragraph.index, span.start) in flagged))
    return found


def ruby(*pairs: str) -> str:
    bases = (pair.split("/") for pair in pairs)
    return "".join(f"<ruby>{hanzi}<rt>{reading}</rt></ruby>" if reading else hanzi for hanzi, reading in bases)


@pytest.mark.parametrize(
    "text",
    [
        "我有三个(ge)朋友。",
        "这里有3个(ge)人。",
        "有一个(ge)人来了。",
        "我们去吃个(ge)饭。",
        "書有兩個(ge)。",
        "书放在桌子上(shang)。",
        "桌子上(shang)的书",
        "他在屋里(li)看书。",
        "他回来(lai)了。",
        "他放下(xia)书。",
    ],
)
def test_a_neutral_tone(text: str) -> None:
    at = text.index("(")
    char, letters = text[at - 1], text[at + 1 : text.index(")")]
    assert judged(parse_article(Source("-", f"题目\n\n{TONED}{text}")), char) == [(f"{letters}5", False)]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("我要回家(jia)了。", "jia1"),
        ("他明天来(lai)。", "lai2"),
        ("他上(shang)学去了。", "shang4"),
        ("走了十里(li)路。", "li3"),
        ("这是个(ge)体户。", "ge4"),
        ("五个(Ge)人。", "ge4"),
        ("我爱看书(shu)。", "shu1"),
        ("公里(li)数不少。", "li3"),
    ],
)
def test_a_tone_that_is_missing(text: str, reading: str) -> None:
    article = parse_article(Source("-", f"题目\n\n{TONED}{text}"))
    assert judged(article, text[text.index("(") - 1]) == [(reading, True)]


def test_ruby() -> None:
    body = ruby("我/wǒ", "有/yǒu", "三/sān", "个/ge", "朋/péng", "友/you", "，。/", "这/zhè", "个/ge", "人/rén")
    article = parse_article(extract(f"<html><body><p>{body}</p></body></html>".encode(), "a.html"))
    assert judged(article, "个") == [("ge5", False)] * 2
    assert judged(article, "友") == [("you5", False)]


def test_an_author_who_writes_no_tones_does_not_say_that_they_are_neutral() -> None:
    body = ruby("我/wo", "有/you", "三/san", "个/ge", "朋/peng", "友/you", "，/", "住/zhu", "在/zài", "城/cheng")
    article = parse_article(extract(f"<html><body><p>{body}</p></body></html>".encode(), "a.html"))
    assert judged(article, "个") == [("ge4", True)]
    assert judged(article, "城") == [("cheng2", True)]


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("吃(chī)了(le)三个(ge)好(hǎo)的(de)了(le)", "ge5"),  # two tones, and none is missing
        ("吃(chī)了三个(ge)好(hao)", "ge4"),  # as many are missing as are written
        ("吃(chī)喝(hē)了三个(ge)好(hao)", "ge5"),
        ("吃(chī)喝(hē)三个(ge)好(hao)看(kan)书(shu)", "ge4"),
    ],
)
def test_what_most_annotations_do(text: str, reading: str) -> None:
    article = parse_article(Source("-", f"题目\n\n今天他们{text}。"))
    assert judged(article, "个") == [(reading, reading == "ge4")]
