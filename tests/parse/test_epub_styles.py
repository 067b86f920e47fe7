"""Ten chapters as Calibre, Sigil and others write them: what is read of each."""

from __future__ import annotations

import pytest

from archives import epub
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pinyin import join_numbers

LONG = "江上结了冰，孩子们在冰上滑来滑去，大人们在岸边看。"
# body, texts, annotations
STYLES = {
    "Calibre: classes on everything": (
        f'<p class="calibre1"><span class="calibre2">{LONG}</span></p>', [LONG], [],
    ),
    "Sigil: headings and a list": (
        f"<h2>第二章</h2>\n  <p>{LONG}</p>\n<ul>\n<li>春(chūn)</li>\n</ul>", ["第二章", LONG, "春"], ["春/chun1"],
    ),
    "ruby a character": (
        "<p><ruby>江<rt>jiāng</rt>上<rt>shàng</rt></ruby>有船。</p>", ["江上有船。"], ["江/jiang1", "上/shang4"],
    ),
    "ruby with rb and rp": (
        "<p><ruby><rb>江上</rb><rp>(</rp><rt>jiāngshàng</rt><rp>)</rp></ruby>有船。</p>",
        ["江上有船。"], ["江上/jiang1 shang4"],
    ),
    "zhuyin ruby": ("<p><ruby>長<rt>ㄓㄤˇ</rt></ruby>大了。</p>", ["長大了。"], ["長/zhang3"]),
    "ruby that no dictionary has": (
        "<p><ruby>垃圾<rt>ㄌㄜˋ ㄙㄜˋ</rt></ruby>很多。</p>", ["垃圾很多。"], ["垃圾/le4 se4"],
    ),
    "lines that break inside a paragraph": ("<p>江上\n结了冰。</p>", ["江上结了冰。"], []),
    "a table with a row of pinyin": (
        "<table><tr><td>chūn</td><td>xuě</td></tr><tr><td>春</td><td>雪</td></tr></table>",
        ["春\t雪"], ["春/chun1", "雪/xue3"],
    ),
    "a picture, a style, a script": (
        f'<style>p {{ color: red }}</style><p><img src="a.png" alt="图"/></p><script>x()</script><p>{LONG}</p>',
        [LONG], [],
    ),
    "vertical text and page marks": (
        f'<div style="writing-mode: vertical-rl"><p>{LONG}<span id="page_3"/></p></div>', [LONG], [],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", STYLES)
def test_style(name: str) -> None:
    body, texts, annotations = STYLES[name]
    article = parse_article(extract(epub({"a.xhtml": body}), "a.epub"))
    assert [paragraph.text for paragraph in article.spoken_order()] == texts
    assert [
        f"{span.of(paragraph.text)}/{join_numbers(annotation.syllables)}"
        for paragraph in article.spoken_order()
        for span, annotation in paragraph.annotated()
    ] == annotations
