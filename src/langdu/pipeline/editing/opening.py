"""A source of any kind → plain text that langdu reads in the same way, so that corrections can be written into it."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langdu.errors import InputError
from langdu.model import AnnotationStyle
from langdu.parse import writers
from langdu.parse.parser import parse_article
from langdu.parse.sources.formats import extract
from langdu.parse.sources.source import read_page, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from langdu.model import Article, Source

# What messages call a text that has no name.
_PASTED: Final = "what you pasted"
# The name of a file, with the quotation marks that a desktop puts around it: /srv/a/b.txt, ~/b.txt, C:\\a\\b.txt.
_PATH: Final = re.compile(r"""["']?(?:file://|~?/|[A-Za-z]:[\\/]|\\\\)[^\n]*\.[A-Za-z0-9]{1,8}["']?""")
# An address without https://: www.example.com, example.com/a?b=c. It has no spaces.
_ADDRESS: Final = re.compile(r"(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?::\d+)?(?:[/?#]\S*)?")
# How much of a text is looked at for a word that names it, and how much of that word.
_NAME: Final = 200
_WORD: Final = 20
_MARKDOWN: Final = (".md", ".markdown")


def article_of(data: bytes, name: str) -> Article:
    """The article in the bytes of a file; its name may show its format.

    Raises: InputError: there is no article that can be read.
    """
    return parse_article(source_of(data, name))


def pasted_article(text: str) -> Article:
    """The article that somebody pasted. Its first word names its file.

    Raises: InputError: there is no article that can be read; what was pasted may be the name of one.
    """
    line = text.strip()
    if _PATH.fullmatch(line):
        raise InputError(
            f"{_PASTED} is the name of a file: choose the file instead, or drop it here", code="pasted-path"
        )
    if _ADDRESS.fullmatch(line):
        raise InputError(f"{_PASTED} is no whole address: it begins with https://", code="pasted-address")
    source = source_of(text.encode("utf-8", "replace"), _PASTED)
    words = "".join(char if char.isalnum() else " " for char in text[:_NAME]).split()
    return parse_article(replace(source, name=f"{words[0][:_WORD] if words else 'article'}.txt"))


def article_at(address: str) -> Article:
    """The article at a public web address.

    Raises: InputError: it is no web address, is in a private network, or has no article that can be read.
    """
    return parse_article(read_page(address))


def plain_text(article: Article) -> tuple[str, str]:
    """The ending of a file's name, and its text, as which langdu reads the same article: the source's if possible.

    What the source's own format says of title, author and date goes into a front matter. If neither works, the text is
    the clean article without what was left out.
    """
    ending = ".md" if article.source.name.lower().endswith(_MARKDOWN) else ".txt"
    for text in _candidates(article):
        if _reads_the_same(text, f"article{ending}", article):
            return ending, text
    return ending, writers.annotate(article, AnnotationStyle.BRACKETS)


def _candidates(article: Article) -> Iterator[str]:
    source = article.source
    yield source.text
    fields = {"title": source.title, "author": source.author, "date": source.date, "source": source.origin}
    lines = [f"{name}: {value}\n" for name, value in fields.items() if value]
    if lines and not source.text.startswith(("---", "+++")):
        yield f"---\n{''.join(lines)}---\n{source.text}"


def _reads_the_same(text: str, name: str, article: Article) -> bool:
    try:
        source = extract(text.encode("utf-8", "surrogateescape"), name)
    except InputError:
        return False
    if _plain(article.source) and source == _named(article.source, name):
        return True
    again = parse_article(source)
    return _said(again) == _said(article)


def _plain(source: Source) -> bool:
    """Whether all that is known of an article is in its text."""
    return not (source.title or source.author or source.date or source.origin)


def _named(source: Source, name: str) -> Source:
    return type(source)(name, source.text)


def _said(article: Article) -> list[object]:
    return [
        (p.text, p.is_title, [(span, note.syllables) for span, note in p.annotated()]) for p in article.spoken_order()
    ]
