"""Markup in titles, annotations, addresses and file names: in every page that langdu makes of them, it is text.

Pages to read along, books and SSML have such tests of their own: export/test_page.py, export/test_epub.py,
engines/test_ssml.py.
"""

from __future__ import annotations

import re
from datetime import date

import pytest
from lxml import etree, html

import langdu
from langdu.check.report import html as report
from langdu.check.report import located
from langdu.export.text.notes import html as notes
from langdu.model import AnnotationStyle, Chapter, Heading, Source
from langdu.parse.parser import parse_article, parse_line
from langdu.parse.sources.source import read_source
from langdu.parse.writers import annotate
from langdu.rundown import Sounds, Story, Wording, brief_rundown
from raw_server import BODY, redirecting, server

MARKUP = [
    "<script>alert(1)</script>", "</title><script>alert(1)</script>", "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>', "'onmouseover='alert(1)", "]]><script/>", "--><script/>", "<!--", "&lt;script&gt;",
    "</rt></ruby><script/>", "<a href=javascript:alert(1)>x</a>", "<base href=//x>", "</style><script/>",
    "&#60;script&#62;",
]  # fmt: skip
_LOADED = re.compile("^on|^(?:src|srcdoc|formaction|action|background|poster|data|xlink:href|style)$", re.IGNORECASE)


def inert(page: str) -> None:
    """A page with no script, nothing that an event runs, and no address but within itself."""
    root = html.document_fromstring(page)
    assert not root.xpath("//script | //iframe | //object | //embed | //svg | //img | //base | //form | //link")
    for element in root.iter(etree.Element):
        assert not [name for name in element.attrib if _LOADED.search(str(name))]
        assert str(element.get("href", "#")).startswith("#")


@pytest.mark.parametrize("markup", MARKUP)
def test_pages_of_the_check_and_of_ruby(markup: str) -> None:
    text = f"山村{markup}图书馆\n\n长{markup}春(chángchūn)的{markup}春天(chūm)来了。他还{markup}(huán)了书。\n"
    article = parse_article(Source(f"{markup}.txt", text))
    page = report.page([(article, located(article, langdu.check(article)))])
    inert(page)
    assert "default-src 'none'" in page
    inert(annotate(article, AnnotationStyle.RUBY))


def _address(name: str) -> str | None:
    """What a brief links to as the source of a story of this name."""
    article = parse_article(Source(name, BODY.decode()))
    wording, sounds = Wording(opening="", headlines="", closing=""), Sounds()
    made = brief_rundown("早报", date(2026, 11, 25), [Story(article=article)], wording, parse_line, sounds=sounds)
    (heading,) = made.headings().values()
    return heading.address


@pytest.mark.parametrize("name", ["java\tscript://%0aalert(1)//a.txt", "data ://x", " https://x/", "a/https://x/a.txt"])
def test_the_name_of_a_file_is_no_address(name: str) -> None:
    assert _address(name) is None


@pytest.mark.parametrize(
    "path", ['/a"><script>alert(1)</script>', "/a> [x](javascript:x)", "/'onclick='x", "/a?b=<c>`|^"]
)
def test_an_address_that_a_server_chose(path: str) -> None:
    with server(redirecting(path)) as start:
        address = _address(read_source(start).name)
    assert address is not None
    assert address.startswith(start)
    assert not re.search(r'[\s<>"`{|}\\^]', address)
    chapter = Chapter(title="a", paragraph=0, start=0, end=1, heading=Heading("a", None, address))
    (link,) = html.fragment_fromstring(notes([chapter], 24_000)).iter("a")
    assert dict(link.attrib) == {"href": address}


def test_a_command_that_is_proposed_can_be_copied() -> None:
    from programs import langdu as run  # noqa: PLC0415 - beside the library of the same name

    said = run("pinyin", "长'; rm -rf ~ #", ok=(2,)).stderr
    assert """echo '长'"'"'; rm -rf ~ #' | langdu pinyin --lines""" in said
