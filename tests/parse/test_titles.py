"""Titles and dates that a file states: in Word's styles, in a page's head, in front matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archives import WORD, archive
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pinyin import join_numbers

if TYPE_CHECKING:
    from langdu.model import Article

TITLE = "江上的冬天"
LONG = "江上结了冰，孩子们在冰上滑来滑去，大人们在岸边看。"
TWO = f"<p>{LONG}</p><p>{LONG}后来天黑了。</p>"
STYLES = (
    f"<w:styles {WORD}>"
    '<w:style w:styleId="1"><w:name w:val="heading 1"/></w:style>'
    '<w:style w:styleId="a3"><w:name w:val="header"/></w:style>'
    '<w:style w:styleId="Mine"><w:name w:val="报纸标题"/><w:basedOn w:val="1"/></w:style></w:styles>'
)


def p(text: str, style: str = "") -> str:
    head = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{head}<w:r><w:t>{text}</w:t></w:r></w:p>"


def word(body: str, **parts: str) -> Article:
    named = {path.replace("__", "/") + ".xml": content for path, content in parts.items()}
    document = f"<w:document {WORD}><w:body>{body}</w:body></w:document>"
    return parse_article(extract(archive({"word/document.xml": document, **named}), "a.docx"))


def core(created: str, saved: str) -> str:
    return (
        '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
        'xmlns:t="http://purl.org/dc/terms/">'
        f"<t:created>{created}</t:created><t:modified>{saved}</t:modified></c:coreProperties>"
    )


def title(article: Article) -> str | None:
    return article.title.text if article.title else None


@pytest.mark.parametrize(
    ("body", "styles", "wanted"),
    [
        (p(TITLE, "Heading1") + p(LONG), None, TITLE),
        (p("松江晚报") + p(TITLE, "1") + p(LONG), None, TITLE),
        (p("松江晚报") + p(TITLE, "1") + p(LONG), STYLES, TITLE),
        (p("松江晚报") + p(TITLE, "Mine") + p(LONG), STYLES, TITLE),
        (p("第二版", "a3") + p(TITLE, "1") + p(LONG), STYLES, TITLE),  # a3 is the style of page headers here
        (p(TITLE, "Heading1") + p(LONG) + p("二、结尾", "Heading1") + p(LONG), None, TITLE),
        (p(LONG) + p(TITLE, "Heading1") + p(LONG), None, None),  # a heading in the text
        (p("第一章 结冰", "Heading1") + p(LONG) + p("第二章 化冰", "Heading1") + p(LONG), None, None),
    ],
)
def test_a_heading_of_word(body: str, styles: str | None, wanted: str | None) -> None:
    assert title(word(body, **({"word__styles": styles} if styles else {}))) == wanted


@pytest.mark.parametrize(
    ("created", "saved", "wanted"),
    [
        ("2026-11-20T08:00:00Z", "2026-11-21T09:00:00Z", "2026-11-20T08:00:00Z"),
        ("2019-02-01T08:00:00Z", "2026-11-21T09:00:00Z", None),  # a template of the paper
        ("2013-12-23T23:15:00Z", "2013-12-23T23:15:00Z", None),  # the empty document of python-docx
        ("2026-11-20", "soon", "2026-11-20"),
    ],
)
def test_the_creation_of_a_template_is_no_date(created: str, saved: str, wanted: str | None) -> None:
    assert word(p(LONG), docProps__core=core(created, saved)).date == wanted


@pytest.mark.parametrize(
    ("head", "before", "wanted"),
    [
        (f"<title>{TITLE}</title>", "", TITLE),
        (f"<title>{TITLE} - 松江晚报</title>", "", TITLE),
        (f"<title>{TITLE}_新闻_松江晚报</title>", "", TITLE),
        (f'<meta property="og:title" content="{TITLE}"><title>x</title>', "", TITLE),
        ("", f"<h2>{TITLE}</h2>", TITLE),
        ("", "<h1>江(jiāng)上的冬天</h1>", TITLE),
        (f"<title>{TITLE}</title>", f"<h1>{TITLE}</h1>", TITLE),
        ("<title>Untitled document</title>", "", None),
    ],
)
def test_the_title_of_a_page(head: str, before: str, wanted: str | None) -> None:
    page = f"<html><head>{head}</head><body>{before}{TWO}</body></html>"
    article = parse_article(extract(page.encode(), "a.html"))
    assert title(article) == wanted
    assert [paragraph.text for paragraph in article.paragraphs] == [LONG, f"{LONG}后来天黑了。"]


@pytest.mark.parametrize(
    "front",
    [
        f"title: {TITLE}",
        f"title: '{TITLE}'",
        f"title: {TITLE} # 第三稿",
        f"title: >\n  {TITLE}",
        f"title: |-\n  {TITLE}\ntags: [冬天]",
        "title: 江(jiāng)上的冬天",
    ],
)
def test_the_title_in_front_matter(front: str) -> None:
    article = parse_article(extract(f"---\n{front}\n---\n\n{LONG}\n".encode(), "a.md"))
    assert title(article) == TITLE
    assert [paragraph.text for paragraph in article.paragraphs] == [LONG]


def test_the_title_in_front_matter_keeps_its_readings() -> None:
    text = f"---\ntitle: 重庆(chóngqìng)的冬天\n---\n\n{LONG}\n"
    article = parse_article(extract(text.encode(), "a.md"))
    assert article.title is not None
    ((span, note),) = article.title.annotated()
    assert (span.of(article.title.text), join_numbers(note.syllables)) == ("重庆", "chong2 qing4")
    assert note.span.of(text) == "chóngqìng"
