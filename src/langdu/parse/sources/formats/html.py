"""HTML and XHTML → text, in which ruby keeps its tags for the scanner of ruby."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from lxml import etree

from langdu.errors import InputError
from langdu.marks import HANZI
from langdu.model import Source
from langdu.parse.annotations.alignment.written import TONED
from langdu.parse.article.details import find_details, is_byline

if TYPE_CHECKING:
    from collections.abc import Mapping

_RUBY = frozenset({"ruby", "rb", "rt", "rp", "rtc", "rbc"})
_BLOCKS = frozenset({
    "address", "article", "aside", "blockquote", "body", "caption", "center", "dd", "details", "div", "dl", "dt",
    "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "legend",
    "li", "main", "nav", "ol", "option", "p", "pre", "section", "summary", "table", "tbody", "tfoot", "thead", "title",
    "tr", "ul",
})  # fmt: skip
_READINGS = frozenset({"rt", "rp", "rtc"})
_SILENT = frozenset({"script", "style", "template", "noscript", "svg", "math", "iframe", "object", "select"})
_CELLS = frozenset({"td", "th"})
_HEADINGS = frozenset({"h1", "h2"})
# What stands between a title and the name of its site: 江上的冬天 - 松江晚报, 江上的冬天_新闻_松江晚报
_SITE = re.compile(r"\s+[-–—|·]\s+|[_|｜]")
_AUTHOR = frozenset({"author", "article:author", "dc.creator"})
_DATE = frozenset({"article:published_time", "pubdate", "publishdate", "date", "dc.date", "datepublished"})
_ORIGIN = frozenset({"source", "og:site_name", "mediaid"})
# (The pattern matches a run of blanks from its beginning only, so that it is linear.)
_BLANK = r"[ \t\r\f\v\u00a0]"
_BLANKS = re.compile(rf"(?:(?<!{_BLANK}){_BLANK}++)?\n{_BLANK}*+|[ \r\f\v]{{2,}}")
# A line end in the file is a blank on the page, but nothing between hanzi. The parser drops control characters, so this
# one cannot be in the file.
_WRAP = "\x1f"
_WRAPPED = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef]) ?\x1f[ \x1f]*(?=[\u3000-\u9fff\uff00-\uffef])")
_PROTECTED = re.compile(r"<(/?(?:ruby|rb|rt|rp|rtc|rbc))\b[^<>]*>", re.IGNORECASE)
_RESTORED = re.compile(r"⟦(/?(?:ruby|rb|rt|rp|rtc|rbc))⟧", re.IGNORECASE)
_READING = re.compile(f"<rt>|[{TONED}][A-Za-z]*|[a-zü][1-5]")
# The main text must have at least this share of the readings on a page.
_KEPT = 0.9
# Pages with more of these are read whole: to find the main text takes memory for each element, and time with the square
# of the number of its attributes.
_ELEMENTS = 50_000
_ATTRIBUTES = 200
# The parser would take minutes and gigabytes for more.
_SIZE = 16_000_000
# How many characters are compared to find the lines of a page in its main text: a second's work.
_WORK = 1_000_000_000
# The heading is among this many first lines.
_HEAD = 6
# If a page has one main heading with at most this many characters, it is the title, whatever the page's head says.
_TITLE = 60


class _Text:
    """Collects the text of a page from the events of a parser: a line for each block, tabs between cells."""

    def __init__(self, silent: frozenset[str] = _SILENT) -> None:
        self._not_read = silent
        self.out: list[str] = []
        self.meta: dict[str, str] = {}
        self.title: list[str] = []
        self.headings: list[str] = []
        self.subheadings: list[str] = []
        self.elements = 0
        self.attributes = 0
        self._heading = self.headings
        self._parts: list[str] = []  # of the heading: joined once, since a heading may have no end
        self._silent = 0
        self._in_title = False
        self._in_heading = False
        self._in_reading = False

    def start(self, tag: str, attrs: Mapping[str, str]) -> None:
        """A tag opens: those of blocks become line ends, those of ruby stay."""
        self.elements += 1
        self.attributes = max(self.attributes, len(attrs))
        if tag == "meta":
            key = attrs.get("name") or attrs.get("property") or attrs.get("itemprop")
            if key and attrs.get("content"):
                self.meta.setdefault(key.lower(), attrs["content"].strip())
        self._in_title = tag == "title" and not self.title
        if tag in _HEADINGS:
            self._end_heading()
            self._heading = self.headings if tag == "h1" else self.subheadings
            self._in_heading = True
        self._in_reading = self._in_reading or tag in _READINGS
        self._silent += tag in self._not_read
        if not self._silent:
            self.out.append(_sign(tag, f"<{tag}>"))

    def end(self, tag: str) -> None:
        """A tag closes."""
        self._in_title = False
        if tag in _HEADINGS:
            self._end_heading()
        if tag in _READINGS:
            self._in_reading = False
        if not self._silent and tag != "br":
            self.out.append(_sign(tag, f"</{tag}>"))
        self._silent -= tag in self._not_read

    def data(self, data: str) -> None:
        """Text."""
        if self._in_title:
            self.title.append(data)
        elif not self._silent:
            if self._in_heading and not self._in_reading:
                self._parts.append(data)
            self.out.append(data.replace("\n", _WRAP).replace("\t", " "))

    def _end_heading(self) -> None:
        if self._in_heading:
            self._heading.append("".join(self._parts))
            self._parts, self._in_heading = [], False

    def comment(self, text: str) -> None:
        """Not read."""

    def pi(self, target: str, data: str | None = None) -> None:
        """Not read."""

    def close(self) -> _Text:
        """The result of the parser."""
        self._end_heading()
        return self

    def text(self) -> str:
        """All the text, without blank lines and outer blanks."""
        whole = _WRAPPED.sub("", "".join(self.out)).replace(_WRAP, " ")
        lines = _BLANKS.sub(lambda match: "\n" if "\n" in match[0] else " ", whole).split("\n")
        return "".join(f"{line.strip(' ')}\n" for line in lines if line.strip())


def _sign(tag: str, written: str) -> str:
    if tag in _RUBY:
        return written
    if tag in _CELLS:
        return "" if written.startswith("<t") else "\t"
    return "\n" if tag in _BLOCKS or tag == "br" else ""


def _parsed(markup: str, name: str, silent: frozenset[str] = _SILENT) -> _Text:
    if len(markup) > _SIZE:
        raise InputError(f"{name} has more than {_SIZE // 1_000_000} million characters of HTML; save its text instead")
    parser = etree.HTMLParser(target=_Text(silent), huge_tree=True)
    parser.feed(markup)
    page: _Text = parser.close()
    return page


def read(markup: str, name: str) -> Source:
    """All the text of a page, with the title, author and date of its head."""
    return _source(_parsed(markup, name), name, None)


def read_page(markup: str, name: str) -> Source:
    """The main text of a web page; all of it if readings would be lost, as of a lesson or a table."""
    page = _framed(markup, name)
    main = _main_text(markup) if page.elements <= _ELEMENTS and page.attributes <= _ATTRIBUTES else None
    if main is not None and _readings(main) < _KEPT * _readings(page.text()):
        main = None
    if main is not None:
        main = _in_own_lines(main, page.text())
    return _source(page, name, main)


def _framed(markup: str, name: str) -> _Text:
    """A page without its navigation, unless that has readings in it, or was never closed and holds the whole page."""
    page = _parsed(markup, name)
    if "<nav" not in markup.lower():
        return page
    inside = _parsed(markup, name, _SILENT | {"nav"})
    text = inside.text()
    lost = (
        not HANZI.search(text)
        or _readings(text) < _KEPT * _readings(page.text())
        or len(inside.headings) < len(page.headings)
    )
    return page if lost else inside


def _in_own_lines(main: str, everything: str) -> str:
    """The main text in the lines of the page, if trafilatura has joined its paragraphs."""
    wanted = _key(main)
    if everything.count("\n") * len(wanted) > _WORK:
        return main
    lines = [line for line in everything.splitlines() if (key := _key(line)) and key in wanted]
    joined = len(lines) > len(main.splitlines()) and len(_key("".join(lines))) >= _KEPT * len(wanted)
    return "".join(f"{line}\n" for line in lines) if joined else main


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _readings(text: str) -> int:
    """How many readings a text may have, in ruby or in toned letters."""
    return len(_READING.findall(text))


def _main_text(markup: str) -> str | None:
    """The main text by trafilatura. Ruby tags are disguised as words meanwhile."""
    import trafilatura  # noqa: PLC0415  # a third of a second, only for web pages

    if "⟦" in markup:
        return None
    protected = _PROTECTED.sub(lambda tag: f"⟦{tag[1].lower()}⟧", markup)
    main = trafilatura.extract(
        protected, include_comments=False, include_tables=True, favor_recall=True, prune_xpath="//nav"
    )
    return _RESTORED.sub(lambda tag: f"<{tag[1]}>", main) + "\n" if main else None


def _source(page: _Text, name: str, main: str | None) -> Source:
    title = (page.meta.get("og:title") or "".join(page.title)).strip() or None
    headings = [heading.strip() for heading in page.headings if HANZI.search(heading)]
    if len(headings) == 1 and "\n" not in headings[0] and len(headings[0]) <= _TITLE:
        title = headings[0]
    elif title is None and len(page.subheadings) == 1:
        title = page.subheadings[0].strip() or None
    text = page.text() if main is None else _with_heading(main, page.text(), title)
    if alone := _title_of_head(page, title):
        title, text = alone, f"{alone}\n\n{text}"
    text, _ = _without_bylines(text, title)
    details = find_details(_without_bylines(page.text(), title)[1])
    return Source(
        name,
        text,
        title=title,
        author=_first(page, _AUTHOR) or details.author,
        date=_first(page, _DATE) or details.date,
        origin=_first(page, _ORIGIN) or details.origin,
    )


def _title_of_head(page: _Text, title: str | None) -> str | None:
    """The title that only the page's head has, without the name of the site; None if the page has headings, or none."""
    if title is None or any(HANZI.search(heading) for heading in (*page.headings, *page.subheadings)):
        return None
    alone = _SITE.split(title)[0].strip()
    key, lines = _key(alone), page.text().splitlines()[:_HEAD]
    is_known = any(_key(line).startswith(key) for line in lines)
    fits = HANZI.search(alone) and "\n" not in alone and len(key) > 2 and len(alone) <= _TITLE
    return alone if fits and not is_known and alone != page.meta.get("og:site_name") else None


def _without_bylines(text: str, title: str | None) -> tuple[str, list[str]]:
    """The text without the bylines right under its heading, and these bylines."""
    lines = text.splitlines(keepends=True)
    heads = (i for i, line in enumerate(lines[:_HEAD]) if title and line.strip() and title.startswith(line.strip()))
    start = next(heads, len(lines)) + 1
    end = start
    while end < len(lines) and (not any(map(str.isalnum, lines[end])) or is_byline(lines[end].strip())):
        end += 1
    bylines = [line.strip() for line in lines[start:end] if line.strip()]
    return ("".join([*lines[:start], *lines[end:]]), bylines) if bylines else (text, [])


def _with_heading(main: str, everything: str, title: str | None) -> str:
    """The main text with its heading, which trafilatura drops: a line with which the title of the page begins."""
    lines = (line.strip() for line in everything.splitlines())
    heading = next((line for line in lines if len(line) > 3 and (title or "").startswith(line)), None)
    return main if heading is None or heading in main else f"{heading}\n\n{main}"


def _first(page: _Text, keys: frozenset[str]) -> str | None:
    return next((page.meta[key] for key in page.meta if key in keys), None)
