"""The lines and columns of findings: those of the file, whatever its text was taken from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import langdu
from langdu.check.report import located
from langdu.check.report.sarif import sarif
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pipeline import text as stages
from programs import langdu as langdu_command

if TYPE_CHECKING:
    from pathlib import Path

    from langdu.model import Article

PAGE = """<!DOCTYPE html>
<html><head><title>江上的冬天 - 长城(zhǎngchéng)网</title>
<style>p { color: red }</style><meta property="og:title" content="江上的冬天"></head>
<body>
<nav>首页 新闻</nav>
<h1>江上的冬天</h1>
<p class="a">江上结了冰，孩子们在冰上滑来滑去，大人们在岸边看。</p>
<p class="a" title="个">
  我有<b>三</b>
  <ruby class="x">个<rt>gē</rt></ruby><ruby>朋<rp>(</rp><rt>p&eacute;ng</rt><rp>)</rp></ruby>友，
  他在长&#x57ce;(chángchèng)里。
</p><!-- 北京(běijǐng) -->
<p>北京(běijǐng)&nbsp;和<i>长</i>城(zhǎngchéng)</p>
</body></html>
"""
LONG = "江上结了冰，孩子们在冰上滑来滑去，大人们在岸边看。天黑了，灯一盏一盏亮起来，他们才慢慢走回家去。"
SRT = """
1
00:00:01,000 --> 00:00:02,000
<i>我们</i>在长春(zhǎngchūn)开会，

2
00:00:02,000 --> 00:00:03,000
{\\an8}江上结了冰。
北京(běijǐng)很大。
"""
# What langdu does not read has the same mistakes, before the text that it reads.
UNREAD_PAGE = """<!DOCTYPE html><html><body>
<!-- <p>北京(běijǐng)很大。</p> -->
<script>"<p>北京(běijǐng)很大。</p>"</script>
<p>江上结了冰，孩子们在冰上滑来滑去。</p>
<p>1 < 2，北京(běijǐng)很大，3 > 2。</p></body></html>
"""
UNREAD_VTT = """WEBVTT

STYLE
::cue { content: "北京(běijǐng)很大" }

NOTE
北京(běijǐng)很大

00:01.000 --> 00:02.000
北京(běijǐng)很大
"""
RARE_JSON = """{"text": "\\ud842\\udfb7\\u5317京(běijǐng)很大"}"""
PAGE_IN_JSON = """{"text": "<p>AT&T; 的&ldquo;法&#39;&#x5317;京(běijǐng)</p>\\n在&nbsp;长春(zhǎngchūn)"}"""
ESCAPED_TWICE = """<p>&amp;ldquo;好&amp;rdquo;，北京(běijǐng)</p>
<p>R&amp;Dept; AT&amp;T &copyright 在&nbsp长春(zhǎngchūn)</p>"""
REFERENCES = """AT&amp;T &lt;p&gt;，&#21525;(Lǚ)长&#x6625;(zhǎngch&#363;n)，
&yen;北京(běijǐng)"""
# As Go and PHP write the signs of HTML.
ESCAPED_SIGNS = """{"title": "北京(Běijīng)",
"text": "\\u0026ldquo;三\\u003cruby\\u003e个\\u003crt\\u003egē\\u003c/rt\\u003e\\u003c/ruby\\u003e北京(běijǐng)"}"""
ADDRESS = "看 https://example.cn/?a=1&copy=2&reg=3，北京(běijǐng)"
VTT = """WEBVTT

NOTE 北京(běijǐng)

00:01.000 --> 00:02.000
<v 小明>北京(běijǐng)<00:01.500>很大

00:02.000 --> 00:03.000
<v 小明>北京(běijǐng)很大

00:02.000 --> 00:03.000
长<c.y>城</c>(chángchèng)很大
"""
JSON = """{"title": "江上的冬天",
 "text": "江上结了冰。\\n我们在长春(zhǎngchūn)\\n\\u5317京(běijǐng)很大"}
"""
JSONL = """{"hanzi": "你好", "pinyin": "nǐhǎo"}

{"hanzi": "北京", "pinyin": "běijǐng", "note": "\\ud83d\\ude00"}
"""


def checked(name: str, file: str) -> tuple[Article, list[langdu.Finding]]:
    article = parse_article(extract(file.encode(), name))
    return article, [finding for finding in langdu.check(article) if finding.severity != "info"]


@pytest.mark.parametrize(
    ("name", "file", "wanted"),
    [
        ("a.html", PAGE, [("个", 10, 19), ("长城", 11, 5), ("北京", 13, 4), ("长城", 13, 25)]),
        ("d.html", f"<html><body>\n{ESCAPED_TWICE}</body></html>", [("北京", 2, 28), ("长春", 3, 42)]),
        ("d.json", f'{{"text": "{ADDRESS}"}}', [("北京", 1, 50)]),
        ("a.srt", SRT, [("长春", 4, 11), ("北京", 9, 1)]),
        ("a.vtt", VTT, [("北京", 6, 7), ("长城", 12, 1)]),
        ("b.html", UNREAD_PAGE, [("北京", 5, 10)]),
        ("b.vtt", UNREAD_VTT, [("北京", 10, 1)]),
        ("b.json", RARE_JSON, [("北京", 1, 23)]),
        ("c.json", PAGE_IN_JSON, [("北京", 1, 34), ("长春", 1, 65)]),
        ("a.json", JSON, [("长春", 2, 22), ("北京", 2, 37)]),
        ("a.txt", "第一行\n\n在长春(zhǎngchūn)里。", [("长春", 3, 2)]),
        ("b.txt", REFERENCES, [("长春", 1, 32), ("北京", 2, 6)]),
        ("c.txt", "我们\n\n\n有&nbsp;三<ruby>个<rt>gē</rt></ruby>人", [("个", 4, 15)]),
        ("d.txt", "我们很好\n\n&ldquo;(liòng)你好&rdquo;", [("“", 3, 1)]),
        ("e.txt", "我\x1b[1m家\x1b[0m，&nbsp;在长春(zhǎngchūn)里。", [("长春", 1, 19)]),
        ("f.md", "好。&nbsp;\n<table><tr>\n<td>甲</td>\n<td>乙</td></tr></table>\n长春(zhǎngchūn)", [("长春", 5, 1)]),
        ("e.json", ESCAPED_SIGNS, [("个", 2, 39), ("北京", 2, 88)]),
        ("c.vtt", f"WEBVTT\n\n00:01.000 --> 00:02.000\n{REFERENCES}", [("长春", 4, 32), ("北京", 5, 6)]),
        ("a.md", "# 题\n\n我有三<ruby class='a'>个<rt>gē</rt></ruby>人", [("个", 3, 20)]),
    ],
)
def test_in_the_file(name: str, file: str, wanted: list[tuple[str, int, int]]) -> None:
    _, findings = checked(name, file)
    assert [(finding.text, finding.line, finding.column) for finding in findings] == wanted


def test_every_place_begins_with_the_text() -> None:
    for name, file in (("a.html", PAGE), ("a.srt", SRT), ("a.vtt", VTT)):
        lines = file.split("\n")
        for finding in checked(name, file)[1]:
            assert lines[(finding.line or 0) - 1][(finding.column or 0) - 1 :].startswith(finding.text[0])


def test_what_is_not_found_has_the_line_before_it() -> None:
    page = '<html><head><meta property="og:title" content="城里(chénglǐ)"></head><body>\n\n<p>江上。</p>\n'
    article = parse_article(
        # a number that is longer than any that langdu looks for
        extract(f"{page}<p>北&#{20140:040};(běijǐng)。</p></body></html>".encode(), "a.html")
    )
    (finding,) = [finding for finding in langdu.check(article) if finding.severity == "error"]
    assert (finding.text, finding.line, finding.column) == ("北京", 3, 1)


def test_comments_and_scripts_inside_a_word_are_passed_over() -> None:
    page = "<html><body>\n<p>江上。</p>\n<p>北<!-- 长 -->京(běi<script>x</script>jǐng)。</p></body></html>"
    (finding,) = [f for f in langdu.check(parse_article(extract(page.encode(), "a.html"))) if f.severity == "error"]
    assert (finding.text, finding.line, finding.column) == ("北京", 3, 4)


def test_sarif_mends_only_what_stands_in_the_file_as_it_was_read() -> None:
    body = "长城(chángchèng)，长&#x57ce;(ch&aacute;ngchèng)，冬天(dōng<b>tiǎn</b>)。"
    page = f"<!DOCTYPE html><html><body>\n<p>{body}</p></body></html>"
    article = parse_article(extract(page.encode(), "a.txt"))
    findings = located(article, [finding for finding in stages.check(article) if finding.certain])
    results = sarif(findings, [article.source], "1")["runs"][0]["results"]
    assert [
        (len(each.get("fixes", [])), each["locations"][0]["physicalLocation"]["region"]["startColumn"])
        for each in results
    ] == [(1, 4), (0, 19), (0, 48)]
    change = results[0]["fixes"][0]["artifactChanges"][0]["replacements"][0]
    assert change["deletedRegion"] == {"startLine": 2, "startColumn": 7, "endLine": 2, "endColumn": 17}
    assert change["insertedContent"] == {"text": "chángchéng"}


def test_sarif_cuts_no_reference_in_two() -> None:
    article = parse_article(extract("我们的书(shu&#x301;)很好看。书(shú)。".encode(), "a.txt"))
    findings = located(article, [finding for finding in stages.check(article) if finding.certain])
    results = sarif(findings, [article.source], "1")["runs"][0]["results"]
    assert [len(each.get("fixes", [])) for each in results] == [0, 1]


def test_lines_that_are_left_out(tmp_path: Path) -> None:
    source = tmp_path / "a.srt"
    cues = "".join(f"{i}\n00:00:0{i},000 --> 00:00:0{i},900\n{line}\n\n" for i, line in enumerate((LONG, "然后", LONG)))
    source.write_text(cues, encoding="utf-8")
    dropped = json.loads(langdu_command("parse", str(source), "--json").stdout)["dropped"]
    assert [(part["line"], part["text"]) for part in dropped] == [(11, LONG)]
