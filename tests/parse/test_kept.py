"""Lines that a person keeps although langdu would leave them out."""

from __future__ import annotations

import pytest

from langdu.model import Source
from langdu.parse.article.kept import kept_lines, with_kept
from langdu.parse.parser import parse_article

TEXT = "江上的冬天\n\n江上很冷(lěng)。\n\n分享到微信\n\n第二天又下雪了。\n\n责任编辑：王芳\n"


def texts(text: str, name: str = "a.txt") -> list[str]:
    return [paragraph.text for paragraph in parse_article(Source(name, text)).spoken_order()]


@pytest.mark.parametrize("head", ["", "---\nauthor: 王小明\n---\n", '+++\nauthor = "王小明"\n+++\n'])
def test_a_kept_line_is_read_at_its_place(head: str) -> None:
    text = head + TEXT
    left_out = {d.text: d.line for d in parse_article(Source("a.txt", text)).dropped}
    kept = with_kept(text, [left_out["分享到微信"]])
    assert texts(kept) == ["江上的冬天", "江上很冷。", "分享到微信", "第二天又下雪了。"]
    (line,) = kept_lines(kept)
    assert kept.splitlines()[line - 1] == "分享到微信"
    both = with_kept(kept, {line, line + 4})
    assert texts(both)[-1] == "责任编辑：王芳"
    assert with_kept(both, ()) == text
    assert parse_article(Source("a.txt", both)).author == parse_article(Source("a.txt", text)).author


def test_a_copy_is_kept() -> None:
    verse = "春天来了，山坡上的花都开了，孩子们跑到河边去看冰是不是已经化了，老人们坐在门口晒太阳，说着去年的事。"
    text = f"春\n\n{verse}\n\n后来下雨了。\n\n{verse}\n"
    assert texts(text) == ["春", verse, "后来下雨了。"]
    assert texts(with_kept(text, [7])) == ["春", verse, "后来下雨了。", verse]


def test_front_matter_is_no_text_in_any_file() -> None:
    text = "---\nauthor: 王小明\n---\n春天来了。\n"
    assert texts(text, "a.txt") == texts(text, "a.md") == ["春天来了。"]
    # Two rules around a verse are none.
    assert "春眠不觉晓" in texts("---\n春眠不觉晓\n---\n春天来了。\n", "a.txt")


def test_lines_that_are_not_there_change_nothing() -> None:
    assert texts(with_kept(TEXT, [1, 3, 4, 99])) == texts(TEXT)
    assert kept_lines("---\nkeep: all\n---\n春") == frozenset()
