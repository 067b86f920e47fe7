"""Files in every format: their text, ruby and metadata."""

from __future__ import annotations

import json
from io import BytesIO
from typing import TYPE_CHECKING

import pytest

from archives import archive, docx, epub
from langdu.parse.parser import parse_article
from langdu.parse.sources.source import read_source
from langdu.pinyin import join_numbers

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Article

SENTENCE = "江上(jiāngshàng)结了冰，孩子们在冰上滑来滑去。"


def parsed(folder: Path, name: str, data: bytes | str) -> Article:
    path = folder / name
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return parse_article(read_source(str(path)))


def texts(article: Article) -> list[str]:
    return [paragraph.text for paragraph in article.paragraphs]


def readings(article: Article) -> list[str]:
    return [
        f"{span.of(p.text)}/{join_numbers(annotation.syllables)}"
        for p in article.spoken_order()
        for span, annotation in p.annotated()
    ]


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be", "big5hkscs"]
)
def test_encodings(tmp_path: Path, encoding: str) -> None:
    text = "江上结了冰，孩子們在冰上滑來滑去，大人們在岸邊煮魚湯。" if encoding == "big5hkscs" else SENTENCE * 2
    text = text.replace("结", "結") if encoding == "big5hkscs" else text
    assert read_source(_write(tmp_path, "a.txt", text.encode(encoding))).text == text


@pytest.mark.parametrize("line", ["江上的冬天", "第三章 江上的冬天", "台州有江。", "看了本周的雪"])
@pytest.mark.parametrize("encoding", ["gb18030", "utf-16-le"])
def test_short_lines_are_no_korean(tmp_path: Path, line: str, encoding: str) -> None:
    assert read_source(_write(tmp_path, "a.txt", line.encode(encoding))).text == line


def _write(folder: Path, name: str, data: bytes) -> str:
    (folder / name).write_bytes(data)
    return str(folder / name)


def test_line_ends(tmp_path: Path) -> None:
    assert read_source(_write(tmp_path, "a.txt", "春\r\n夏\r秋\n".encode())).text == "春\n夏\n秋\n"


def test_standard_input() -> None:
    assert read_source("-", BytesIO(SENTENCE.encode())).text == SENTENCE


def test_html_page(tmp_path: Path) -> None:
    page = (
        "<!doctype html><html><head><meta charset='gb2312'><title>江上的冬天 - 松江晚报</title>"
        "<meta name='author' content='王小明'></head><body><nav><a href='/'>首页</a></nav><article><h1>江上的冬天</h1>"
        f"<p>{SENTENCE}大人们在岸边煮上一锅<ruby>热腾腾<rp>(</rp><rt>rè téngténg</rt><rp>)</rp></ruby>的鱼汤。</p>"
        "<p>第二天早上，雪又下了起来，街上的人们裹着厚厚的棉衣，匆匆地走向车站。</p></article>"
        "<footer>版权所有</footer><script>var a = '你好';</script></body></html>"
    )
    article = parsed(tmp_path, "a.html", page.encode("gbk"))
    assert readings(article) == ["江上/jiang1 shang4", "热腾腾/re4 teng2 teng2"]
    assert not any("首页" in text or "你好" in text for text in texts(article))
    assert (article.author, article.title and article.title.text) == ("王小明", "江上的冬天")


def test_html_lesson_without_main_text(tmp_path: Path) -> None:
    page = "<html><body><table><tr><td>春</td><td>chūn</td></tr><tr><td>雪</td><td>xuě</td></tr></table></body></html>"
    assert readings(parsed(tmp_path, "a.html", page)) == ["春/chun1", "雪/xue3"]


def test_epub_chapters_in_the_order_of_the_spine(tmp_path: Path) -> None:
    book = epub({"b.xhtml": "<h1>第一章</h1><p><ruby>江<rt>jiāng</rt></ruby>上</p>", "a.xhtml": f"<p>{SENTENCE}</p>"})
    article = parsed(tmp_path, "book.epub", book)
    assert texts(article) == ["第一章", "江上", "江上结了冰，孩子们在冰上滑来滑去。"]
    assert readings(article) == ["江/jiang1", "江上/jiang1 shang4"]
    assert (article.author, article.date) == ("王小明", "2024-01-05")


def test_docx_with_phonetic_guides_new_and_old(tmp_path: Path) -> None:
    ruby = (
        "<w:ruby><w:rubyPr/><w:rt><w:r><w:t>jiāng</w:t></w:r></w:rt>"
        "<w:rubyBase><w:r><w:t>江</w:t></w:r></w:rubyBase></w:ruby>"
    )
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>EQ \\* jc2 \\* "Font:宋体" \\* hps10 '
        '\\o\\ad(\\s\\up 9(xuě),雪)</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in ("春", "chūn"))
    deleted = "<w:p><w:del><w:r><w:t>不读</w:t></w:r></w:del></w:p>"
    line = f"<w:p><w:r>{ruby}</w:r><w:r><w:t>上下</w:t></w:r>{field}<w:r><w:t>。</w:t></w:r></w:p>"
    body = f"{line}{deleted}<w:tbl><w:tr>{cells}</w:tr></w:tbl>"
    article = parsed(tmp_path, "a.docx", docx(body))
    assert texts(article) == ["江上下雪。", "春\t"]
    assert readings(article) == ["江/jiang1", "雪/xue3", "春/chun1"]
    assert article.author == "王小明"


def test_json_article(tmp_path: Path) -> None:
    data = {"title": "江上的冬天", "author": "王小明", "id": "无关", "content": f"{SENTENCE}\n雪又下了。"}
    article = parsed(tmp_path, "a.json", json.dumps(data))
    assert article.title is not None
    assert (article.title.text, texts(article)) == ("江上的冬天", ["江上结了冰，孩子们在冰上滑来滑去。", "雪又下了。"])
    assert (article.author, readings(article)) == ("王小明", ["江上/jiang1 shang4"])


def test_json_holds_a_piece_of_a_page(tmp_path: Path) -> None:
    data = {"title": "甲&amp;乙", "content": "<p>他说：&ldquo;在长春(chángchūn)&hellip;&rdquo;</p>\n&#20140;城。"}
    article = parsed(tmp_path, "a.json", json.dumps(data))
    assert [p.text for p in article.paragraphs] == ["他说：“在长春…”", "京城。"]
    assert article.title is not None
    assert article.title.text == "甲&乙"


def test_json_records(tmp_path: Path) -> None:
    data = '[{"hanzi": "\\u6625\\u5929", "pinyin": "ch\\u016bnti\\u0101n"}, {"zi": "雪", "pinyin": "xu&#283;", "n": 1}]'
    assert readings(parsed(tmp_path, "a.json", data)) == ["春天/chun1 tian1", "雪/xue3"]


def test_json_lines(tmp_path: Path) -> None:
    lines = '{"hanzi": "春天", "pinyin": "chūntiān"}\n{"hanzi": "雪", "pinyin": "xuě"}\n'
    assert readings(parsed(tmp_path, "a.jsonl", lines)) == ["春天/chun1 tian1", "雪/xue3"]


def test_subrip(tmp_path: Path) -> None:
    cues = (
        "1\n00:00:01,000 --> 00:00:02,500\n江上(jiāngshàng)结了冰\n\n"
        "2\n00:00:03,000 --> 00:00:04,000\n<i>雪</i>又下了\n"
    )
    article = parsed(tmp_path, "a.srt", cues)
    assert (texts(article), readings(article)) == (["江上结了冰", "雪又下了"], ["江上/jiang1 shang4"])


def test_webvtt(tmp_path: Path) -> None:
    cues = (
        "WEBVTT\n\nNOTE 说明\n\n00:01.000 --> 00:02.500 align:start\n<v 小明><ruby>江<rt>jiāng</rt></ruby>上结了冰\n\n"
        "00:02.500 --> 00:03.500\n江上结了冰\n"
    )
    article = parsed(tmp_path, "a.vtt", cues)
    assert (texts(article), readings(article)) == (["江上结了冰", "江上结了冰"], ["江/jiang1"])


def test_markdown(tmp_path: Path) -> None:
    text = (
        "---\ntitle: 江上的冬天\nauthor: 王小明\n---\n\n江上的冬天\n**江上**(jiāngshàng)结了冰，见[地图](https://example.org/map)。\n\n"
        "> - 雪又*下*了\n\n```python\nprint(1)\n```\n\n![江](a.png)\n"
    )
    article = parsed(tmp_path, "a.md", text)
    assert article.title is not None
    assert article.title.text == "江上的冬天"
    assert texts(article) == ["江上结了冰，见地图。", "雪又下了"]
    assert readings(article) == ["江上/jiang1 shang4"]
    assert article.author == "王小明"
    assert {dropped.reason for dropped in article.dropped} == {"code", "front-matter"}


def test_offsets_point_at_the_text(tmp_path: Path) -> None:
    article = parsed(tmp_path, "a.md", "# 冬天\n\n**江上**(jiāngshàng)结了冰。\n")
    assert [paragraph.text for paragraph in article.spoken_order()] == ["冬天", "江上结了冰。"]
    for paragraph in article.spoken_order():
        for run in paragraph.runs:
            assert article.source.text[run.offset : run.offset + len(run.text)] == run.text


def test_contents_decide_not_the_name(tmp_path: Path) -> None:
    assert texts(parsed(tmp_path, "a.txt", epub({"a.xhtml": "<p>江上结了冰。</p>"}))) == ["江上结了冰。"]
    assert texts(parsed(tmp_path, "b.txt", "<!DOCTYPE html><html><body><p>江上</p><p>结冰</p></body></html>")) == [
        "江上",
        "结冰",
    ]
    assert texts(parsed(tmp_path, "c.zip", archive({"word/document.xml": docx_body("江上")}))) == ["江上"]


def docx_body(text: str) -> str:
    word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    return f'<w:document xmlns:w="{word}"><w:body><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:body></w:document>'


def test_references_are_no_markdown_and_stay_in_code(tmp_path: Path) -> None:
    written = "2 &#42;&#42;三&#42;&#42; 次。&#35; &#91;图&#93;(a.png) `&nbsp;&yen;` &#45;&#45;&#45; 前&#27;在&#10;四"
    assert texts(parsed(tmp_path, "a.md", written)) == [written.replace("`", "")]


def test_plain_text_shows_references_as_a_page_does(tmp_path: Path) -> None:
    article = parsed(tmp_path, "a.txt", "气温20&deg;C，&yen;100，AT&amp;T，&#x5415;(Lǚ)明&nbsp;来了，1&lt;2，R&D;&#0;")
    assert texts(article) == ["气温20°C，¥100，AT&T，吕明\u00a0来了，1&lt;2，R&D;&#0;"]
    assert readings(article) == ["吕/lü3"]
