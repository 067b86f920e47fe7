"""Which lines repeat the title, and which are sentences with the same words."""

from __future__ import annotations

import pytest

from langdu.model import Source
from langdu.parse.parser import parse_article

LONG = "松花江上结了冰，孩子们在冰上滑来滑去，岸边的老人看着他们，想起了自己的小时候。"
SONG = "小船儿推开波浪\n海面倒映着美丽的白塔\n四周环绕着绿树红墙\n"


@pytest.mark.parametrize(
    ("text", "title", "body"),
    [
        (f"春天来了\n\n春天来了\n\n{LONG}\n", "春天来了", [LONG]),
        (f"松江上的冬天\n松江上的冬天\n松江上的冬天{LONG}\n", "松江上的冬天", [LONG]),
        (f"松江上的冬天\n\n作者：王明\n\n松江上的冬天\n\n{LONG}\n", "松江上的冬天", ["作者：王明", LONG]),
        (f"春天来了\n\n春天来了。\n\n{LONG}\n", "春天来了", ["春天来了。", LONG]),
        (f"谁动了我的奶酪\n\n谁动了我的奶酪？\n\n{LONG}\n", "谁动了我的奶酪", ["谁动了我的奶酪？", LONG]),
        (f"谁动了我的奶酪\n\n谁动了我的奶酪，{LONG}\n", "谁动了我的奶酪", [f"谁动了我的奶酪，{LONG}"]),
        (f"春天来了\n\n{LONG}\n\n春天来了\n\n{LONG[20:]}\n", "春天来了", [LONG, "春天来了", LONG[20:]]),
        (f"荡起双桨歌声\n\n荡起双桨歌声\n{SONG}", "荡起双桨歌声", ["荡起双桨歌声", *SONG.split()]),
        (
            f"---\ntitle: 春天来了\n---\n\n{LONG}\n\n春天来了\n\n{LONG[20:]}\n",
            "春天来了",
            [LONG, "春天来了", LONG[20:]],
        ),
    ],
)
def test_a_line_with_the_words_of_the_title(text: str, title: str, body: list[str]) -> None:
    article = parse_article(Source("a.md" if text.startswith("---") else "a.txt", text))
    assert article.title is not None
    assert (article.title.text, [paragraph.text for paragraph in article.paragraphs]) == (title, body)
