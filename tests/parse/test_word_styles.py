"""Ten documents as Word, WPS and Pages write them: what is read of each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from archives import archive
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.pinyin import join_numbers

if TYPE_CHECKING:
    from langdu.model import Article

SPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)


def p(*texts: str, style: str = "") -> str:
    head = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{head}{''.join(texts)}</w:p>"


def r(text: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def guide(base: str, reading: str) -> str:
    """Word's phonetic guide."""
    return f"<w:r><w:ruby><w:rubyPr/><w:rt>{r(reading)}</w:rt><w:rubyBase>{r(base)}</w:rubyBase></w:ruby></w:r>"


def table(*rows: tuple[str, ...]) -> str:
    return (
        "<w:tbl>" + "".join(f"<w:tr>{''.join(f'<w:tc>{p(c)}</w:tc>' for c in row)}</w:tr>" for row in rows) + "</w:tbl>"
    )


def box(text: str) -> str:
    inside = f"<w:txbxContent>{p(r(text))}</w:txbxContent>"
    return (
        f"<w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{inside}</wps:txbx></w:drawing></mc:Choice>"
        f"<mc:Fallback><w:pict><v:textbox>{inside}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent></w:r>"
    )


DELETED = "<w:del><w:r><w:delText>雪</w:delText></w:r></w:del>"
VERTICAL = '<w:eastAsianLayout w:vert="1"/>'
LONG = "江上结了冰，孩子们在冰上滑来滑去，大人们在岸边看。"
# body, title, texts, annotations
STYLES = {
    "Word's Title style behind another line": (
        p(r("小学语文")) + p(r("江上的冬天"), style="Title") + p(r(LONG)),
        "江上的冬天", ["小学语文", LONG], [],
    ),
    "WPS's Title style": (p(r("江上的"), r("冬天"), style="a3") + p(r(LONG)), "江上的冬天", [LONG], []),
    "headings": (
        p(r("江上的冬天"), style="Title") + p(r("一、结冰"), style="Heading1") + p(r(LONG)),
        "江上的冬天", ["一、结冰", LONG], [],
    ),
    "a table with a row of pinyin": (
        p(r(LONG)) + table((r("chūn"), r("xuě")), (r("春"), r("雪"))),
        None, [LONG, "春\t雪"], ["春/chun1", "雪/xue3"],
    ),
    "a phonetic guide in a table": (
        p(r(LONG)) + table((guide("长", "zhǎng") + r("大"), r("了"))),
        None, [LONG, "长大\t了"], ["长/zhang3"],
    ),
    "a table in a table": (
        p(r(LONG)) + f"<w:tbl><w:tr><w:tc>{table((r('春'), r('夏')))}{p(r('秋'))}</w:tc></w:tr></w:tbl>",
        None, [LONG, "春\t夏 秋"], [],
    ),
    "a text box, which Word writes twice": (p(r(LONG), box("冰(bīng)很厚。")), None, [LONG, "冰很厚。"], ["冰/bing1"]),
    "tracked changes": (
        p(r("江上结了"), DELETED, "<w:ins>" + r("冰") + "</w:ins>", r("，很厚。"))
        + "<w:tbl><w:tr><w:trPr><w:del/></w:trPr><w:tc><w:p/></w:tc></w:tr></w:tbl>",
        None, ["江上结了冰，很厚。"], [],
    ),
    "footnotes and hidden text": (
        p(r("江上结了冰"), '<w:r><w:footnoteReference w:id="1"/></w:r>', r("（内部）", "<w:vanish/>"), r("，很厚。")),
        None, ["江上结了冰，很厚。"], [],
    ),
    "vertical text in a content control": (
        "<w:sdt><w:sdtContent>" + p(r("江(jiāng)上"), r("有船。", VERTICAL)) + "</w:sdtContent></w:sdt>",
        None, ["江上有船。"], ["江/jiang1"],
    ),
}  # fmt: skip


def parsed(body: str) -> Article:
    document = f"<w:document {SPACES}><w:body>{body}</w:body></w:document>"
    return parse_article(extract(archive({"word/document.xml": document}), "a.docx"))


@pytest.mark.parametrize("name", STYLES)
def test_style(name: str) -> None:
    body, title, texts, annotations = STYLES[name]
    article = parsed(body)
    assert (article.title.text if article.title else None) == title
    assert [paragraph.text for paragraph in article.paragraphs] == texts
    assert [
        f"{span.of(paragraph.text)}/{join_numbers(annotation.syllables)}"
        for paragraph in article.paragraphs
        for span, annotation in paragraph.annotated()
    ] == annotations
